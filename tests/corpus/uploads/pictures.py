"""Pictures: every mode and turn a camera produces, and what passes itself off as one."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from pillow_heif import from_pillow

from attachments.enums import AttachmentKind, Rejection
from tests.corpus.uploads.specimen import Build, Specimen, at_inspection, at_upload, clean

LUAN = ((31.0, 44.0, 9.6), (116.0, 31.0, 12.0))  # 31.736 N, 116.52 E
TAKEN = "2023:07:18 09:30:15"


def scene(mode: str = "RGB", size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Return a gradient whose corners differ, so that a wrong turn shows."""
    width, height = size
    red = Image.linear_gradient("L").resize(size)
    green = red.rotate(180)
    blue = Image.linear_gradient("L").rotate(90).resize((width, height))
    return Image.merge("RGB", (red, green, blue)).convert(mode)


def camera_data(orientation: int = 1, **overrides: Any) -> Image.Exif:
    """Return an EXIF block with time, place and turn as a telephone writes it."""
    base, gps = ExifTags.Base, ExifTags.GPS
    exif = Image.Exif()
    exif[base.Orientation] = orientation
    exif[base.Model] = "Telephone 12"
    moment: dict[int, Any] = {
        base.DateTimeOriginal: overrides.get("taken", TAKEN),
        base.OffsetTimeOriginal: overrides.get("offset", "+08:00"),
    }
    exif.get_ifd(ExifTags.IFD.Exif).update(moment)
    place = {gps.GPSLatitudeRef: "N", gps.GPSLatitude: LUAN[0], gps.GPSLongitudeRef: "E", gps.GPSLongitude: LUAN[1]}
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(place | overrides.get("place", {}))
    return exif


def jpeg(picture: Image.Image | None = None, **options: Any) -> bytes:
    """Return a picture as JPEG."""
    return _saved(picture or scene(), "JPEG", **options)


def png(picture: Image.Image | None = None, **options: Any) -> bytes:
    """Return a picture as PNG."""
    return _saved(picture or scene(), "PNG", **options)


def heic(picture: Image.Image | None = None, **options: Any) -> bytes:
    """Return a picture as HEIC."""
    target = io.BytesIO()
    from_pillow(picture or scene(size=(64, 64))).save(target, quality=60, **options)
    return target.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a PNG chunk with its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def flat_png(width: int, height: int, *, transparent: bool = False) -> bytes:
    """Return a black PNG of one bit a pixel; it is small however large it unpacks."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + -(-width // 8))
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    color = chunk(b"tRNS", b"\0\0") if transparent else b""
    return _png_of(struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), rows, color)


def pictures() -> Iterator[Specimen]:
    """Yield every picture of the corpus."""
    yield from _jpegs()
    yield from _pngs()
    yield from _heics()
    yield from _oversized()
    yield from _broken()


def _jpegs() -> Iterator[Specimen]:
    for mode in ("RGB", "L", "CMYK"):
        yield clean(f"jpeg_{mode}", "a.jpg", partial(jpeg, scene(mode)), AttachmentKind.JPEG)
    for turn in range(1, 9):
        turned = partial(jpeg, exif=camera_data(turn))
        yield clean(f"jpeg_turn_{turn}", f"turn {turn}.jpeg", turned, AttachmentKind.JPEG)
    builds: dict[str, Build] = {
        "progressive": partial(jpeg, progressive=True),
        "with_comment": partial(jpeg, comment=b"<script>alert(1)</script>"),
        "with_profile": partial(jpeg, icc_profile=b"not really a profile" * 50),
        "archive_behind": lambda: jpeg() + b"PK\x03\x04 an archive, or so",
        "page_behind": lambda: jpeg() + b"<html><script>alert(1)</script></html>",
        "place_nonsense": lambda: jpeg(exif=camera_data(place={ExifTags.GPS.GPSLatitude: (400.0, 0.0, 0.0)})),
        "time_nonsense": lambda: jpeg(exif=camera_data(taken="yesterday", offset="?")),
        "camera_data_nonsense": lambda: jpeg(exif=b"Exif\0\0" + b"\xff" * 64),
    }
    for key, build in builds.items():
        yield clean(f"jpeg_{key}", "a.jpg", build, AttachmentKind.JPEG)


def _pngs() -> Iterator[Specimen]:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        picture = scene("I").convert("I;16") if mode == "I;16" else scene(mode)
        yield clean(f"png_{mode}", "a.png", partial(png, picture), AttachmentKind.PNG)
    text = PngInfo()
    text.add_text("Comment", "<script>alert(1)</script>")
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>", zip=True)
    builds: dict[str, Build] = {
        "with_text": partial(png, pnginfo=text),
        "with_camera_data": partial(png, exif=camera_data(6)),
        "with_transparent_color": partial(png, scene(), transparency=(0, 0, 0)),
        "palette_with_transparency": partial(png, scene("P"), transparency=3),
        "animated": partial(png, save_all=True, append_images=[scene().rotate(90), scene().rotate(180)]),
        "page_behind": lambda: png() + b"<html><script>alert(1)</script></html>",
    }
    for key, build in builds.items():
        yield clean(f"png_{key}", "a.png", build, AttachmentKind.PNG)


def _heics() -> Iterator[Specimen]:
    builds: dict[str, Build] = {
        "plain": heic,
        "gray": partial(heic, scene("L", (64, 64))),
        "transparent": partial(heic, scene("RGBA", (64, 64))),
        "with_camera_data": lambda: heic(exif=camera_data().tobytes()),
    }
    for key, build in builds.items():
        yield clean(f"heic_{key}", "IMG_0001.HEIC", build, AttachmentKind.JPEG, "IMG_0001.jpg")
    yield clean("heic_by_other_ending", "a.heif", heic, AttachmentKind.JPEG, "a.jpg")


def _oversized() -> Iterator[Specimen]:
    yield at_upload("png_169_megapixels", "a.png", partial(flat_png, 13_000, 13_000), Rejection.TOO_MANY_PIXELS)
    yield at_upload("png_one_row_too_many", "a.png", partial(flat_png, 10_000, 5_001), Rejection.TOO_MANY_PIXELS)
    yield clean("png_50_megapixels", "a.png", partial(flat_png, 10_000, 5_000), AttachmentKind.PNG)
    lie = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)
    yield at_upload("png_4_exapixels_in_the_header", "a.png", partial(_png_of, lie, b""), Rejection.TOO_MANY_PIXELS)
    yield at_upload("jpeg_4_gigapixels_in_the_header", "a.jpg", _jpeg_claiming_much, Rejection.TOO_MANY_PIXELS)
    yield at_inspection("heic_64_megapixels_in_the_header", "a.heic", _heic_claiming_much, Rejection.TOO_MANY_PIXELS)


def _broken() -> Iterator[Specimen]:
    at_once: dict[str, tuple[str, Build]] = {
        "jpeg_start_only": ("a.jpg", lambda: b"\xff\xd8\xff\xe0"),
        "png_signature_only": ("a.png", lambda: png()[:8]),
        "png_text_bomb": ("a.png", _text_bomb),
        "png_header_cut": ("a.png", lambda: png()[:20]),
        "png_of_width_zero": ("a.png", partial(_png_of, struct.pack(">IIBBBBB", 0, 9, 8, 2, 0, 0, 0), b"")),
    }
    for key, (name, build) in at_once.items():
        yield at_upload(key, name, build, Rejection.DAMAGED)
    later: dict[str, tuple[str, Build]] = {
        "jpeg_cut": ("a.jpg", lambda: jpeg(scene(size=(640, 480)))[:3_000]),
        "png_cut": ("a.png", lambda: png(scene(size=(640, 480)))[:2_000]),
        "png_pixels_garbled": ("a.png", lambda: _garbled(png(), png().index(b"IDAT") + 4)),
        "png_without_pixels": ("a.png", lambda: _png_of(struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0), b"")),
        "heic_cut": ("a.heic", lambda: heic()[: len(heic()) // 2]),
        "heic_type_only": ("a.heic", lambda: heic()[:40]),
        "heic_zeroed": ("a.heic", lambda: heic()[:200] + b"\0" * 600),
    }
    for key, (name, build) in later.items():
        yield at_inspection(key, name, build, Rejection.DAMAGED)


def _saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, form, **options)
    return target.getvalue()


def _png_of(header: bytes, rows: bytes, between: bytes = b"") -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + between + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _text_bomb() -> bytes:
    bomb = zlib.compress(b" " * 80_000_000, 9)
    plain = png()
    end = plain.index(b"IDAT") - 4
    return plain[:end] + chunk(b"zTXt", b"Comment\0\0" + bomb) + plain[end:]


def _jpeg_claiming_much() -> bytes:
    plain = jpeg()
    frame = plain.index(b"\xff\xc0") + 5
    return plain[:frame] + b"\xff\xff\xff\xff" + plain[frame + 4 :]


def _heic_claiming_much() -> bytes:
    """Write 8000 × 8000 into the box of spatial extents (ISO/IEC 23008-12, 6.5.3)."""
    plain = heic()
    extents = plain.index(b"ispe") + 8
    return plain[:extents] + struct.pack(">II", 8_000, 8_000) + plain[extents + 8 :]


def _garbled(content: bytes, at: int) -> bytes:
    return content[:at] + b"\xff" * 12 + content[at + 12 :]
