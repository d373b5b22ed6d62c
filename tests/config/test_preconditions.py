"""What a real installation must be told."""

import pytest

from config.preconditions import RULES, missing_or_unsafe

SOUND = {
    "SECRET_KEY": "kX9-" * 5 + "abcdefghijklmnopqrstuvwxyz0123456789",
    "ALLOWED_HOSTS": "jiayuan.test, www.jiayuan.test",
    "SITE_URL": "https://jiayuan.test",
    "DATABASE_URL": "postgresql://jiayuan:secret@db/jiayuan",
    "REDIS_URL": "redis://broker:6379/0",
    "EMAIL_HOST": "mail.jiayuan.test",
    "DEFAULT_FROM_EMAIL": "美好家园 <noreply@jiayuan.test>",
    "MESSAGE_ID_DOMAIN": "jiayuan.test",
    "VAR": "/var/lib/jiayuan",
}


def test_a_sound_environment_has_no_problems() -> None:
    assert missing_or_unsafe(SOUND) == []


def test_everything_that_is_missing_is_told_at_once() -> None:
    named = [sentence.partition(":")[0] for sentence in missing_or_unsafe({})]

    assert named == [name for name in RULES if name != "MFA_REQUIRED_FOR_STAFF"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "demo-only-key-that-production-refuses-to-start-with"),
        ("SECRET_KEY", "django-insecure-" + SOUND["SECRET_KEY"]),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("ALLOWED_HOSTS", "jiayuan.test,*"),
        ("SITE_URL", "http://jiayuan.test"),
        ("SITE_URL", "https://jiayuan.test/app"),
        ("SITE_URL", "https://elsewhere.test"),
        ("SITE_URL", "jiayuan.test"),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("DATABASE_URL", "mysql://db/jiayuan"),
        ("REDIS_URL", "amqp://broker"),
        ("DEFAULT_FROM_EMAIL", "Jiayuan <noreply@example.com>"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("MESSAGE_ID_DOMAIN", "jiayuan.example.com"),
        ("VAR", "var"),
        ("MFA_REQUIRED_FOR_STAFF", "False"),
        ("MFA_REQUIRED_FOR_STAFF", "0"),
    ],
)
def test_an_unsafe_value_is_named(name: str, value: str) -> None:
    (sentence,) = missing_or_unsafe(SOUND | {name: value})

    assert sentence.startswith(f"{name}: ")


def test_the_site_is_among_its_own_hosts() -> None:
    problems = missing_or_unsafe(SOUND | {"ALLOWED_HOSTS": "elsewhere.test"})

    assert problems == ["SITE_URL: jiayuan.test is not among ALLOWED_HOSTS"]


@pytest.mark.parametrize(("encryption", "count"), [({}, 1), ({"EMAIL_USE_TLS": "1"}, 0), ({"EMAIL_USE_SSL": "1"}, 0)])
def test_the_mail_password_does_not_travel_in_the_clear(encryption: dict[str, str], count: int) -> None:
    problems = missing_or_unsafe(SOUND | {"EMAIL_HOST_PASSWORD": "secret"} | encryption)

    assert len(problems) == count
    assert "secret" not in "".join(problems)
