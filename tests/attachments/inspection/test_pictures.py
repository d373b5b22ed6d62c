"""Pictures: what the camera wrote is stored, and none of it is handed out."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational
from pytest_django import Settings

from attachments.enums import AttachmentKind
from attachments.inspection import pictures
from attachments.inspection.examination import Findings, examine
from tests.corpus.uploads.pictures import camera_data, heic, jpeg, png, scene

GPS = ExifTags.GPS
TAKEN_AT = datetime(2023, 7, 18, 1, 30, 15, tzinfo=UTC)
PLACE = (Decimal("31.736000"), Decimal("116.520000"))


def examined(content: bytes, kind: AttachmentKind, folder: Path) -> Findings:
    """Examine a picture and return what was found; its ``path`` holds what would be kept."""
    path = folder / "received"
    path.write_bytes(content)
    return examine(path, kind, "a", folder)


def place_of(findings: Findings) -> tuple[Decimal | None, Decimal | None]:
    """Return where the picture was taken."""
    return findings.latitude, findings.longitude


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (jpeg(exif=camera_data()), AttachmentKind.JPEG),
        (png(exif=camera_data()), AttachmentKind.PNG),
        (heic(exif=camera_data().tobytes()), AttachmentKind.HEIC),
    ],
    ids=["jpeg", "png", "heic"],
)
def test_time_and_place_are_read_and_then_stripped(content: bytes, kind: AttachmentKind, tmp_path: Path) -> None:
    findings = examined(content, kind, tmp_path)

    kept = findings.path.read_bytes()
    with Image.open(io.BytesIO(kept)) as picture:
        left = (dict(picture.getexif()), picture.info.keys() - {"jfif", "jfif_version", "jfif_unit", "jfif_density"})
    assert findings.taken_at == TAKEN_AT
    assert place_of(findings) == PLACE
    assert left == ({}, set())
    assert [word for word in (b"Exif", b"GPS", b"Telephone", b"2023:07:18") if word in kept] == []


@pytest.mark.parametrize(
    "content",
    [
        jpeg(comment=b"<script>alert(1)</script>"),
        jpeg(icc_profile=b"<script>" * 9),
        jpeg(xmp=b"<script>"),
        jpeg() + b"<script>",
    ],
    ids=["comment", "profile", "xmp", "behind"],
)
def test_nothing_but_pixels_survives(content: bytes, tmp_path: Path) -> None:
    assert b"<script>" in content

    kept = examined(content, AttachmentKind.JPEG, tmp_path).path.read_bytes()

    assert b"<script>" not in kept


@pytest.mark.parametrize("turn", range(1, 9))
def test_picture_is_turned_upright(turn: int, tmp_path: Path) -> None:
    """Store the scene turned as a camera held that way would; the kept picture shows the scene (EXIF 2.32, 4.6.5)."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    as_stored = scene().transpose(undo[turn]) if turn in undo else scene()

    findings = examined(png(as_stored, exif=camera_data(turn)), AttachmentKind.PNG, tmp_path)

    with Image.open(findings.path) as picture:
        assert picture.convert("RGB").tobytes() == scene().tobytes()
    assert (findings.width, findings.height) == scene().size


def test_heic_becomes_jpeg(tmp_path: Path) -> None:
    findings = examined(heic(), AttachmentKind.HEIC, tmp_path)

    with Image.open(findings.path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 64))
    assert findings.kind is AttachmentKind.JPEG


def test_transparent_color_becomes_a_channel(tmp_path: Path) -> None:
    findings = examined(png(scene("P"), transparency=3), AttachmentKind.PNG, tmp_path)

    with Image.open(findings.path) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize(
    ("data", "taken_at"),
    [
        ({"offset": "+00:00"}, datetime(2023, 7, 18, 9, 30, 15, tzinfo=UTC)),
        ({"offset": ""}, TAKEN_AT),
        ({"taken": "2023:07:18 09:30:15\0", "offset": "+08:00\0"}, TAKEN_AT),
        ({"taken": "0000:00:00 00:00:00"}, None),
        ({"taken": "    :  :     :  :  "}, None),
        ({"taken": "2023-07-18"}, None),
        ({"taken": ""}, None),
        ({"offset": "somewhere"}, None),
    ],
)
def test_time_is_read_as_cameras_write_it(
    data: dict[str, Any], taken_at: datetime | None, tmp_path: Path, settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"

    findings = examined(jpeg(exif=camera_data(**data)), AttachmentKind.JPEG, tmp_path)

    assert findings.taken_at == taken_at


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({GPS.GPSLatitudeRef: "S", GPS.GPSLongitudeRef: "W"}, (-PLACE[0], -PLACE[1])),
        ({GPS.GPSLatitudeRef: "n"}, PLACE),
        ({GPS.GPSLatitudeRef: "?"}, (None, None)),
        ({GPS.GPSLatitude: (91.0, 0.0, 0.0)}, (None, None)),
        ({GPS.GPSLongitude: (180.0, 0.0, 1.0)}, (None, None)),
        ({GPS.GPSLongitude: (181.0, 0.0, 0.0)}, (None, None)),
        ({GPS.GPSLatitude: (31.0, 44.0)}, (None, None)),
        ({GPS.GPSLatitude: 31.0}, (None, None)),
        ({GPS.GPSLatitude: (90.0, 0.0, 0.0)}, (Decimal("90.000000"), PLACE[1])),
    ],
)
def test_place_is_read_whole_or_not_at_all(
    place: dict[int, Any], expected: tuple[Decimal | None, Decimal | None], tmp_path: Path
) -> None:
    findings = examined(jpeg(exif=camera_data(place=place)), AttachmentKind.JPEG, tmp_path)

    assert place_of(findings) == expected


def test_picture_without_camera_data_has_neither(tmp_path: Path) -> None:
    findings = examined(jpeg(), AttachmentKind.JPEG, tmp_path)

    assert (findings.taken_at, place_of(findings)) == (None, (None, None))


@pytest.mark.parametrize(
    ("content", "kind"),
    [(jpeg(exif=b"Exif\0\0nonsense"), AttachmentKind.JPEG), (png(exif=b"MM\0*\0\0"), AttachmentKind.PNG)],
    ids=["jpeg", "png"],
)
def test_camera_data_that_cannot_be_read_are_no_reason_to_refuse(
    content: bytes, kind: AttachmentKind, tmp_path: Path
) -> None:
    findings = examined(content, kind, tmp_path)

    assert (findings.taken_at, place_of(findings)) == (None, (None, None))


@pytest.mark.parametrize("turn", [0, 9, 65535])
def test_turn_that_does_not_exist_is_none(turn: int, tmp_path: Path) -> None:
    findings = examined(png(exif=camera_data(turn)), AttachmentKind.PNG, tmp_path)

    assert (findings.width, findings.height) == scene().size


def test_division_by_zero_is_no_place() -> None:
    nowhere = IFDRational(0, 0)

    assert pictures._place({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (nowhere, nowhere, nowhere)}) == (None, None)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (jpeg(scene(size=(1200, 900)), exif=camera_data(6)), AttachmentKind.JPEG),
        (png(scene("RGBA", (1200, 900))), AttachmentKind.PNG),
        (png(scene("L", (1200, 900))), AttachmentKind.PNG),
        (heic(scene(size=(1200, 900))), AttachmentKind.HEIC),
    ],
)
def test_large_picture_gets_a_small_copy_of_bare_pixels(content: bytes, kind: AttachmentKind, tmp_path: Path) -> None:
    received = tmp_path / "received"
    received.write_bytes(content)

    found = examine(received, kind, "现场", tmp_path)

    assert found.small is not None
    with Image.open(found.small) as small:
        assert (small.format, max(small.size), sorted(small.size)) == ("JPEG", 480, [360, 480])
        assert dict(small.getexif()) == {}
        assert (small.width < small.height) == ((found.width or 0) < (found.height or 0))


def test_small_copy_of_a_transparent_picture_stands_on_white(tmp_path: Path) -> None:
    received = tmp_path / "received"
    received.write_bytes(png(Image.new("RGBA", (600, 500), (200, 0, 0, 0))))

    found = examine(received, AttachmentKind.PNG, "图", tmp_path)

    assert found.small is not None
    with Image.open(found.small) as small:
        assert small.getpixel((10, 10)) == (255, 255, 255)


def test_small_picture_needs_no_copy(tmp_path: Path) -> None:
    received = tmp_path / "received"
    received.write_bytes(jpeg(scene(size=(480, 360))))

    assert examine(received, AttachmentKind.JPEG, "图", tmp_path).small is None
