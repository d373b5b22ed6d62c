"""Names, sizes, pixels, pages, packages: each check by itself."""

from __future__ import annotations

from zipfile import ZIP_LZMA, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from attachments import rules
from attachments.enums import AttachmentKind, Rejection
from attachments.limits import Limits, limits
from attachments.rules import Stored
from common.refusals import Refusal

CAPS = Limits()


def entry(name: str, *, size: int = 10, packed: int = 10, offset: int = 0) -> ZipInfo:
    """Return a part as a directory lists it."""
    info = ZipInfo(name)
    info.file_size, info.compress_size, info.header_offset = size, packed, offset
    return info


def code(found: Refusal | None) -> str:
    """Return the code of a refusal, or nothing."""
    return found.code if found else ""


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("附件3.pdf", "附件3.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\\b\\c.pdf", "c.pdf"),
        ("", "file"),
        ("...", "file"),
        ("\ud800.pdf", "file.pdf"),
        ("汉" * 300, "汉" * 66),
        ("a." + "b" * 300, "a." + "b" * 200),
    ],
)
def test_name_is_cleaned(raw: str, shown: str) -> None:
    assert rules.clean_name(raw) == shown


@given(st.text(max_size=400))
def test_clean_name_is_fit_for_a_file_system(raw: str) -> None:
    name = rules.clean_name(raw)

    assert name
    assert rules.clean_name(name) == name
    assert not set(name) & set('/\\\0<>:"|?*\n\r')
    assert len(name.encode()) <= 2 * rules.NAME_BYTES + 1
    assert name not in {".", ".."}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PDF", AttachmentKind.PDF),
        ("a.jpeg", AttachmentKind.JPEG),
        ("a.heif", AttachmentKind.HEIC),
        ("a.b.xlsx", AttachmentKind.XLSX),
        ("pdf", None),
        ("a.exe", None),
    ],
)
def test_kind_follows_the_ending(name: str, kind: AttachmentKind | None) -> None:
    assert rules.kind_by_ending(name) == kind


def test_wrong_ending_lists_the_accepted_ones() -> None:
    refusal = rules.wrong_ending("a.exe")

    assert refusal.params == {"name": "a.exe", "accepted": "pdf, jpg, jpeg, png, heic, heif, docx, xlsx"}
    assert refusal.fix == "file"


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "empty"), (-1, "empty"), (1, ""), (CAPS.max_bytes, ""), (CAPS.max_bytes + 1, "too_large")],
)
def test_size_has_a_floor_and_a_cap(size: int, expected: str) -> None:
    assert code(rules.within_size("a.pdf", size, CAPS)) == expected


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(1, 1, ""), (10_000, 5_000, ""), (10_000, 5_001, "too_many_pixels"), (0, 9, "damaged"), (9, -1, "damaged")],
)
def test_pixels_have_a_cap(width: int, height: int, expected: str) -> None:
    assert code(rules.within_pixels("a.png", width, height, CAPS)) == expected


def test_pixel_refusal_rounds_up() -> None:
    found = rules.within_pixels("a.png", 10_000, 5_001, CAPS)

    assert found is not None
    assert found.params == {"name": "a.png", "megapixels": 51, "limit": 50}


@pytest.mark.parametrize(("pages", "expected"), [(0, "damaged"), (1, ""), (1_000, ""), (1_001, "too_many_pages")])
def test_pages_have_a_cap(pages: int, expected: str) -> None:
    assert code(rules.within_pages("a.pdf", pages, CAPS)) == expected


def test_kinds_that_differ_are_both_named() -> None:
    found = rules.kinds_agree("a.pdf", AttachmentKind.PDF, AttachmentKind.PNG)

    assert found == rules.refusal(Rejection.KIND_MISMATCH, "a.pdf", expected="PDF", found="PNG")
    assert rules.kinds_agree("a.pdf", AttachmentKind.PDF, AttachmentKind.PDF) is None


def test_label_that_is_too_long_is_the_labels_fault() -> None:
    found = rules.label_fits("a.pdf", "汉" * 121, CAPS)

    assert found == rules.refusal(Rejection.LABEL_TOO_LONG, "a.pdf", fix="label", limit=120)
    assert rules.label_fits("a.pdf", "汉" * 120, CAPS) is None


def test_renamed_file_gets_the_ending_of_its_kind() -> None:
    assert rules.renamed("IMG.1.HEIC", AttachmentKind.JPEG) == "IMG.1.jpg"


def test_sealed_purposes_are_the_sites_choice(settings: Settings) -> None:
    assert rules.is_sealed("sealed_copy") is True
    assert rules.is_sealed("evidence") is False

    settings.ATTACHMENT_SEALED_PURPOSES = ["contract"]

    assert rules.is_sealed("contract") is True
    assert rules.is_sealed("sealed_copy") is False


def test_limits_are_the_sites_choice(settings: Settings) -> None:
    settings.ATTACHMENT_LIMITS = {"max_bytes": 5 * 1024 * 1024}

    assert limits() == Limits(max_bytes=5 * 1024 * 1024)
    assert limits().max_megabytes == 5


@pytest.mark.parametrize(
    "name",
    ["", "/a", "../a", "a/../b", "a/..", "..", "a\\b", "C:/a", "a:b", "a\0b", "a\nb", "a\x7fb"],
)
def test_package_with_a_trap_is_refused(name: str) -> None:
    part = entry("x")
    part.orig_filename = name

    assert code(rules.package_acceptable("a.docx", [part], CAPS)) == "entry_name"


@pytest.mark.parametrize("name", ["word/document.xml", "[Content_Types].xml", "a..b/c", "说明.xml", "word/"])
def test_package_with_ordinary_names_passes(name: str) -> None:
    assert rules.package_acceptable("a.docx", [entry(name)], CAPS) is None


def test_package_says_the_first_reason() -> None:
    too_many = [entry(f"{at}", offset=at * 100) for at in range(2_001)]
    twice = [entry("a"), entry("A", offset=100)]
    locked, squeezed = entry("a"), entry("a")
    locked.flag_bits, squeezed.compress_type = 1, ZIP_LZMA
    overlapping = [entry("a", packed=500), entry("b", offset=100)]

    codes = [
        code(rules.package_acceptable("a.docx", parts, CAPS))
        for parts in (too_many, twice, [locked], [squeezed], overlapping)
    ]

    assert codes == ["entry_count", "entry_name", "legacy_office", "damaged", "unpacked_size"]


@pytest.mark.parametrize(
    ("size", "packed", "expected"),
    [
        (CAPS.max_unpacked, CAPS.max_unpacked, ""),
        (CAPS.max_unpacked + 1, CAPS.max_unpacked, "unpacked_size"),
        (CAPS.ratio_from, 1, ""),
        (CAPS.ratio_from + 1, 1, "unpacked_size"),
        (10_000_000, 100_000, ""),
    ],
)
def test_package_may_not_swell(size: int, packed: int, expected: str) -> None:
    found = rules.package_acceptable("a.docx", [entry("a", size=size, packed=packed)], CAPS)

    assert code(found) == expected


def test_every_rejection_has_a_sentence_that_names_the_file() -> None:
    assert [one.value for one in Rejection if "“%(name)s”" not in str(one.label)] == []


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (Stored(99, 299, 80, 180), ""),
        (Stored(100, 299, 80, 180), "too_many_files"),
        (Stored(99, 300, 80, 180), "too_many_kept_files"),
        (Stored(99, 299, 81, 180), "no_room_left"),
        (Stored(99, 299, 80, 181), "day_used_up"),
    ],
)
def test_one_file_more_must_find_room(stored: Stored, expected: str) -> None:
    caps = Limits(max_kept_bytes=100, max_day_bytes=200)

    assert code(rules.within_room("a.pdf", 20, stored, caps)) == expected


def test_refusal_for_want_of_room_names_the_limit() -> None:
    full = rules.within_room("a.pdf", 1, Stored(0, 0, CAPS.max_kept_bytes, 0), CAPS)

    assert full is not None
    assert (full.params, full.fix) == ({"name": "a.pdf", "limit": 2048}, "file")


@pytest.mark.parametrize(
    ("target", "is_plain"),
    [
        ("https://example.com/a", True),
        ("mailto:office@example.com", True),
        ("#chapter", True),
        ("http://[x", False),
        ("file:///etc/passwd", False),
        (r"\\share\a", False),
    ],
)
def test_link_leads_to_a_page_a_mail_or_a_place_in_the_file(target: str, is_plain: bool) -> None:
    assert rules.is_plain_address(target) is is_plain
