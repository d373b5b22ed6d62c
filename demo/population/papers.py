"""Files for the demo: scans, photographs and reports, drawn on the spot and the same every time."""

from __future__ import annotations

import random
from io import BytesIO
from time import gmtime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

PAPER, INK, LINE, SEAL = "#ffffff", "#4a505a", "#b9bfc9", "#b3141d"
SKY, GROUND, WALL, LEAF = "#dfe7ee", "#c9d2c4", "#8f9aa6", "#4b8a57"
BINS = ("#3f6fb0", "#4b8a57", "#b0534b", "#767d86")


def scan(name: str, seed: str) -> SimpleUploadedFile:
    """Return a sealed sheet of paper as it comes out of a scanner: one page of PDF without readable text."""
    chance = random.Random(seed)  # noqa: S311 - for looks, not for secrets
    page = Image.new("L", (620, 877), 255)
    pen = ImageDraw.Draw(page)
    pen.line((180, 90, 440, 90), fill=60, width=10)
    for top in range(150, 640, 26):
        pen.line((80, top, chance.randint(380, 540), top), fill=185, width=5)
    pen.rectangle((80, 660, 540, 780), outline=150, width=3)
    pen.ellipse((360, 640, 480, 760), outline=110, width=6)
    target = BytesIO()
    page.save(target, "PDF", resolution=75, creationDate=gmtime(0), modDate=gmtime(0))
    return SimpleUploadedFile(name, target.getvalue(), "application/pdf")


def photo(name: str, seed: str) -> SimpleUploadedFile:
    """Return a drawn photograph of a yard with its waste bins."""
    chance = random.Random(seed)  # noqa: S311 - for looks, not for secrets
    picture = Image.new("RGB", (640, 480), SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 330, 640, 480), fill=GROUND)
    for left in range(0, 640, 160):
        _house(pen, left + chance.randint(0, 30), chance.randint(80, 200))
    for number, color in enumerate(BINS):
        left = 60 + number * 70
        pen.rectangle((left, 360, left + 50, 430), fill=color)
        pen.rectangle((left - 4, 352, left + 54, 362), fill=color)
    pen.ellipse((470, 230, 600, 350), fill=LEAF)
    pen.rectangle((528, 340, 542, 400), fill="#6b5a45")
    target = BytesIO()
    picture.save(target, "JPEG", quality=70)
    return SimpleUploadedFile(name, target.getvalue(), "image/jpeg")


def _house(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
    pen.rectangle((left, top, left + 110, 330), fill=WALL)
    for row in range(top + 20, 310, 40):
        for column in range(left + 15, left + 100, 32):
            pen.rectangle((column, row, column + 16, row + 22), fill="#e7ebef")
