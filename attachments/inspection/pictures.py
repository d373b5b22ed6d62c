"""Pictures: size before decoding, place and time before re-encoding, nothing but pixels after it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.utils import timezone
from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from pillow_heif import HeifImageFile

from attachments.enums import AttachmentKind, Rejection
from attachments.errors import FileRefused
from attachments.limits import limits
from attachments.rules import refusal, within_pixels

# The classes are called directly: Image.open would try other formats, and its pixel cap is global and warns first.
_READERS: dict[AttachmentKind, Callable[[IO[bytes]], Image.Image]] = {
    AttachmentKind.JPEG: JpegImageFile,
    AttachmentKind.PNG: PngImageFile,
    AttachmentKind.HEIC: HeifImageFile,
}
# What Pillow and libheif raise over damaged bytes; anything else is a fault of ours and must show.
_DAMAGE = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, AssertionError,
    RuntimeError, struct.error, zlib.error,
)  # fmt: skip
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
JPEG_QUALITY = 90
SMALL_SIDE, SMALL_QUALITY = 480, 80  # pixels; three times the tile of a list, for the screens of phones
WHITE = (255, 255, 255, 255)
PNG_LEVEL = 3  # level 6 takes nearly three times as long over photographs and makes them no smaller


@dataclass(frozen=True, slots=True)
class Picture:
    """What is kept of a picture: its size as shown, and when and where it was taken, if the camera said so."""

    kind: AttachmentKind
    width: int
    height: int
    taken_at: datetime | None
    latitude: Decimal | None
    longitude: Decimal | None
    small: Path | None


def glance_picture(stream: IO[bytes], kind: AttachmentKind, name: str) -> None:
    """Refuse a JPEG or PNG whose header is unreadable or announces too many pixels; nothing is decoded.

    HEIC is left to the examination: its reader parses the whole file, which has no place in a request.
    Raises ``FileRefused``.
    """
    if kind is not AttachmentKind.HEIC:
        stream.seek(0)
        _open(stream, kind, name)


def examine_picture(path: Path, kind: AttachmentKind, name: str, output: Path) -> Picture:
    """Read place and time, turn the picture upright and write its bare pixels to ``output``.

    HEIC becomes JPEG; JPEG and PNG stay what they are. No metadata survive, and neither does anything that was hidden
    before, between or behind the pixels. A large picture gets a small copy for lists. Raises ``FileRefused``.
    """
    kept = AttachmentKind.PNG if kind is AttachmentKind.PNG else AttachmentKind.JPEG
    with path.open("rb") as stream:
        picture = _open(stream, kind, name)
        _decode(picture, name)
    tags, gps = _camera_data(picture)
    # One name throughout: a picture is let go as soon as the next one stands, so that two are held and never three.
    picture = _upright(picture, tags)
    picture = _in_mode(picture, kept)
    picture.info.clear()  # the encoders would carry comments, profiles and text over from here
    _write(picture, kept, output)
    width, height = picture.size
    small = _write_small(picture, output.with_name(f"{output.name}-small"))
    return Picture(kept, width, height, _moment(tags), *_place(gps), small)


def _open(stream: IO[bytes], kind: AttachmentKind, name: str) -> Image.Image:
    try:
        picture = _READERS[kind](stream)
        width, height = picture.size
    except _DAMAGE as error:
        raise FileRefused(refusal(Rejection.DAMAGED, name)) from error
    if found := within_pixels(name, width, height, limits()):
        raise FileRefused(found)
    return picture


def _decode(picture: Image.Image, name: str) -> None:
    """Decode before anything else: a PNG asked for its EXIF decodes by itself, and forgets that it went wrong."""
    try:
        picture.load()
    except _DAMAGE as error:
        raise FileRefused(refusal(Rejection.DAMAGED, name)) from error


def _upright(picture: Image.Image, tags: dict[int, Any]) -> Image.Image:
    """Turn the pixels as the camera was held; libheif has done so already, and says so in the tag."""
    turn = _TURNS.get(tags.get(ExifTags.Base.Orientation, 1))
    return picture if turn is None else picture.transpose(turn)


def _in_mode(picture: Image.Image, kept: AttachmentKind) -> Image.Image:
    """Return the picture in a mode that its format can hold; the transparent color becomes a real channel."""
    if kept is AttachmentKind.JPEG:
        return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
    return picture.convert("RGBA") if "transparency" in picture.info else picture


def _write(picture: Image.Image, kind: AttachmentKind, output: Path) -> None:
    if kind is AttachmentKind.PNG:
        picture.save(output, format="PNG", compress_level=PNG_LEVEL)
    else:
        picture.save(output, format="JPEG", quality=JPEG_QUALITY)


def _write_small(picture: Image.Image, output: Path) -> Path | None:
    """Shrink the picture in place, for it is not needed any more, and write it as a JPEG on white."""
    if max(picture.size) <= SMALL_SIDE:
        return None
    picture.thumbnail((SMALL_SIDE, SMALL_SIDE))
    if picture.mode not in {"L", "RGB"}:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, WHITE), picture).convert("RGB")
    picture.save(output, format="JPEG", quality=SMALL_QUALITY)
    return output


def _camera_data(picture: Image.Image) -> tuple[dict[int, Any], dict[int, Any]]:
    """Return the tags of the EXIF block and those of its place; a block that cannot be read is no reason to refuse."""
    try:
        exif = picture.getexif()
        detail, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
        return {**exif, **detail}, gps
    except _DAMAGE:
        return {}, {}


def _moment(tags: dict[int, Any]) -> datetime | None:
    """Return when the shutter was released; a camera that names no offset is taken to be on the site's own time."""
    base = ExifTags.Base
    written = tags.get(base.DateTimeOriginal) or tags.get(base.DateTimeDigitized) or tags.get(base.DateTime)
    offset = tags.get(base.OffsetTimeOriginal) or tags.get(base.OffsetTime) or ""
    try:
        local = datetime.strptime(str(written).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # given a zone below
        zone = datetime.strptime(str(offset).strip("\0 "), "%z").tzinfo if offset else None
        return local.replace(tzinfo=zone or timezone.get_default_timezone())
    except ValueError:
        return None


def _place(gps: dict[int, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Return latitude and longitude in degrees (WGS 84, north and east positive), both or neither."""
    tag = ExifTags.GPS
    latitude = _degrees(gps.get(tag.GPSLatitude), gps.get(tag.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(gps.get(tag.GPSLongitude), gps.get(tag.GPSLongitudeRef), "EW", 180)
    return (latitude, longitude) if latitude is not None and longitude is not None else (None, None)


def _degrees(parts: Any, reference: Any, letters: str, limit: int) -> Decimal | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
        sign = {letters[0]: 1, letters[1]: -1}[str(reference).strip("\0 ").upper()]
    except (TypeError, ValueError, KeyError, ZeroDivisionError):
        return None
    value = sign * (degrees + minutes / 60 + seconds / 3600)
    return Decimal(value).quantize(Decimal("0.000001")) if abs(value) <= limit else None  # also false for NaN
