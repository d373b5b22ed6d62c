"""People, offices and grants in the administration: what each administrator role may do, read afresh every time.

``is_staff`` opens the door; what lies behind it is decided by memberships alone, as everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import operations
from accounts.actors import SYSTEM, Actor
from accounts.enums import EXCLUSIVE_ROLES, OrganizationKind, Role
from accounts.models import ApiToken, District, GrantRecord, Membership, Organization, User
from accounts.queries import as_actor
from common.errors import DomainError

admin.site.site_header = admin.site.site_title = _("Jiayuan administration")
# One way in for everybody: second factor, throttle and list of sessions apply here too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth's handbook has it


def administrator(request: HttpRequest, roles: Iterable[Role]) -> Actor | None:
    """Return the signed-in person in one of the operator's roles, or ``None``; one query.

    A city's own auditor sees one city and so has no place here, where every city's offices stand in one list.
    """
    memberships = Membership.objects.valid_at(timezone.now()).select_related("user", "organization")
    operators = memberships.filter(organization__kind=OrganizationKind.OPERATOR)
    found = operators.filter(user=request.user.pk, role__in=list(roles)).order_by("pk").first()
    return as_actor(found) if found else None


class ReferenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Rows that one administrator role keeps and every administrator may look at; nothing is deleted."""

    keepers: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM_ADMIN})

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the module to whoever may see its rows."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let the three administrator roles look."""
        return is_superuser(request) or administrator(request, EXCLUSIVE_ROLES) is not None

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let the keepers add."""
        return self.is_keeper(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let the keepers change."""
        return self.is_keeper(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Delete nothing: what was once referred to is deactivated or ended."""
        return False

    def is_keeper(self, request: HttpRequest) -> bool:
        """Tell whether the person keeps these rows."""
        return is_superuser(request) or administrator(request, self.keepers) is not None


class ListedAdmin(ReferenceAdmin):
    """Rows that are looked at only."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Add nothing here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Change nothing here."""
        return False


class ListedInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    """Rows that are shown beside what they belong to, and kept elsewhere."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Show them to whoever may see that."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Add nothing here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Change nothing here."""
        return False


def is_superuser(request: HttpRequest) -> bool:
    """Tell whether the person set the installation up and may do everything in the administration."""
    return bool(getattr(request.user, "is_superuser", False)) and request.user.is_active


@admin.register(User)
class PersonAdmin(ReferenceAdmin, UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """People; their rights are memberships, so that groups and single permissions are not shown."""

    list_display = ("username", "name", "email", "is_active")
    list_filter = ("is_active",)
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("name", "email", "phone", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "last_login", "date_joined")}),
    )
    add_fields = ("username", "name", "email", "usable_password", "password1", "password2")
    add_fieldsets = ((None, {"classes": ("wide",), "fields": add_fields}),)
    readonly_fields = ("last_login", "date_joined")


@admin.register(District)
class DistrictAdmin(ReferenceAdmin):
    """County-level units and development zones."""

    list_display = ("code", "name")
    search_fields = ("code", "name", "pinyin")


@admin.register(Organization)
class OrganizationAdmin(ReferenceAdmin):
    """Offices, companies and committees; what kind one is stays as it was entered."""

    list_display = ("name", "kind", "district", "parent", "is_active")
    list_filter = ("kind", "is_active", "district")
    list_select_related = ("district", "parent")
    search_fields = ("name", "pinyin", "initials", "credit_code")
    autocomplete_fields = ("district", "parent")
    fields = ("kind", "name", "credit_code", "district", "parent", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Organization | None = None) -> tuple[str, ...]:
        """Keep the kind of an office that exists: memberships and cases rest on it."""
        return ("kind",) if obj else ()


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A role for a person in an office, as far as the kind of office knows it."""

    class Meta:
        model = Membership
        fields = ("user", "organization", "role", "valid_until")

    def clean(self) -> dict[str, Any]:
        """Try the grant and take it back, so that whatever the operation refuses is told at the field, in its words."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                with transaction.atomic():
                    granted(cleaned, by=SYSTEM)
                    transaction.set_rollback(True)
            except DomainError as error:
                self.add_error(error.attr, error.sentence())
        return cleaned


def granted(cleaned: Mapping[str, Any], *, by: Actor) -> Membership:
    """Grant what a form asks for."""
    return operations.grant(
        user=cleaned["user"],
        organization=cleaned["organization"],
        role=Role(cleaned["role"]),
        at=timezone.now(),
        by=by,
        until=cleaned["valid_until"],
    )


@admin.register(Membership)
class MembershipAdmin(ReferenceAdmin):
    """Grants: given and ended by the security administrator through the operations that write the log."""

    keepers = frozenset({Role.SECURITY_ADMIN})
    form = GrantForm
    list_display = ("user", "organization", "role", "valid_from", "valid_until")
    list_filter = ("role", "organization__kind")
    list_select_related = ("user", "organization")
    search_fields = ("user__username", "user__name", "organization__name", "organization__pinyin")
    autocomplete_fields = ("user", "organization")
    actions = ("end_now",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Change no grant: it is ended, and another one given."""
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Let the security administrator end grants."""
        return self.is_keeper(request)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Grant, and show the granted row."""
        written = granted(form.cleaned_data, by=self.granter(request))
        obj.pk, obj.valid_from = written.pk, written.valid_from

    @admin.action(description=_("End the chosen grants now"), permissions=["end"])
    def end_now(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Revoke what is still valid; the next request of its holder finds it gone."""
        at, by = timezone.now(), self.granter(request)
        for membership in queryset.filter(pk__in=Membership.objects.valid_at(at).values("pk")):
            operations.revoke(membership=membership, at=at, by=by, reason=str(_("Ended in the administration")))
        messages.success(request, _("The chosen grants are ended."))

    def granter(self, request: HttpRequest) -> Actor:
        """Return who grants: the security administrator, or whoever set the installation up."""
        person = request.user
        fallback = Actor(user_id=person.pk, name=person.get_username(), role=Role.SECURITY_ADMIN)
        return administrator(request, self.keepers) or fallback


@admin.register(GrantRecord)
class GrantRecordAdmin(ListedAdmin):
    """The log of grants."""

    list_display = ("at", "action", "membership", "granted_by", "reason")
    list_select_related = ("membership", "granted_by")
    date_hierarchy = "at"


@admin.register(ApiToken)
class ApiTokenAdmin(ListedAdmin):
    """Tokens of programs: listed, never shown, and made useless by the security administrator."""

    keepers = frozenset({Role.SECURITY_ADMIN})
    list_display = ("label", "prefix", "membership", "created_at", "expires_at", "revoked_at")
    list_select_related = ("membership",)
    fields = ("membership", "label", "prefix", "created_at", "expires_at", "revoked_at")
    actions = ("revoke_now",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Let the security administrator revoke tokens."""
        return self.is_keeper(request)

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["revoke"])
    def revoke_now(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Make the chosen tokens useless from now on."""
        at = timezone.now()
        for token in queryset:
            operations.revoke_token(token=token, at=at)
        messages.success(request, _("The chosen tokens are revoked."))
