"""Make the references' tables, an approver with a token, and N cases (python -m …reference.prepare N)."""

import os
import sys

import django


def main() -> None:
    """Fill an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.reference.settings")
    django.setup()
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from rest_framework.authtoken.models import Token

    from tests.benchmarks.reference.models import Case
    from tests.benchmarks.reference.views import GROUP

    call_command("migrate", verbosity=0, run_syncdb=True)
    person = User.objects.create(username="approver")
    person.groups.add(Group.objects.create(name=GROUP))
    Token.objects.create(user=person, key="0" * 40)
    Case.objects.bulk_create([Case(district=number % 64) for number in range(int(sys.argv[1]))], batch_size=5000)


if __name__ == "__main__":
    main()
