"""The two looks at a file: whatever the bytes, the answer is findings or a refusal."""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings

from attachments.enums import AttachmentKind
from attachments.errors import FileRefused
from attachments.inspection import ceiling
from attachments.inspection.ceiling import memory_ceiling
from attachments.inspection.examination import examine, glance
from tests.corpus.uploads import CORPUS
from tests.corpus.uploads.pdfs import pdf
from tests.corpus.uploads.pictures import flat_png

GOOD = [one for one in CORPUS if one.kept_as and not one.key.startswith("name_") and one.key not in {
    "pdf_of_20_mb_exactly", "pdf_content_that_unpacks_to_200_mb", "png_50_megapixels", "docx_long",
}]  # fmt: skip
MEBIBYTE = 1024 * 1024
# In a process of its own: memory that other tests have freed would be used again, and count for nothing.
EXAMINATION = """
import sys
from pathlib import Path
import django
from django.conf import settings
django.setup()
settings.ATTACHMENT_LIMITS = {"max_picture_memory": 32 * 1024 * 1024}
from attachments.enums import AttachmentKind
from attachments.errors import FileRefused
from attachments.inspection.examination import examine
try:
    examine(Path(sys.argv[1]), AttachmentKind.PNG, "a.png", Path(sys.argv[2]))
except FileRefused as refused:
    print(refused)
"""


def mutated(content: bytes, luck: random.Random) -> bytes:
    """Return the content with a few bytes changed, dropped, doubled or put in."""
    changed = bytearray(content)
    for _ in range(luck.choice([1, 2, 4, 16])):
        at = luck.randrange(len(changed)) if luck.random() < 0.5 else luck.randrange(min(len(changed), 300))
        kind = luck.randrange(4)
        if kind == 0:
            changed[at] = luck.choice([0, 1, 127, 128, 255, luck.randrange(256)])
        elif kind == 1 and len(changed) > 100:
            del changed[at : at + luck.randrange(1, 9)]
        elif kind == 2:
            changed[at:at] = luck.randbytes(4)
        else:
            changed[at : at + 16] = changed[: 16 + at % 64][-16:]
    return bytes(changed)


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
@pytest.mark.parametrize("seed", range(len(GOOD)))
def test_damaged_bytes_are_found_acceptable_or_refused_and_nothing_else(seed: int, tmp_path: Path) -> None:
    luck, specimen = random.Random(seed), GOOD[seed]
    good, path = specimen.build(), tmp_path / "received"
    outcomes = set()

    for _ in range(25):
        content = mutated(good, luck)
        path.write_bytes(content)
        try:
            kind = glance(io.BytesIO(content), specimen.name, len(content))
            outcomes.add(type(examine(path, kind, specimen.name, tmp_path)).__name__)
        except FileRefused as refused:
            outcomes.add(type(refused).__name__)

    assert outcomes <= {"Findings", "FileRefused"}


def test_examination_that_wants_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "received"
    path.write_bytes(flat_png(8_000, 6_000, transparent=True))  # 183 MiB once its color has become a channel

    done = subprocess.run(
        [sys.executable, "-c", EXAMINATION, path, tmp_path],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "[too_complex]" in done.stdout


def test_limit_is_lifted_afterwards(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    path = tmp_path / "received"
    path.write_bytes(pdf())

    examine(path, AttachmentKind.PDF, "a.pdf", tmp_path)

    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_ceilings_of_two_threads_follow_each_other() -> None:
    before, seen = resource.getrlimit(resource.RLIMIT_DATA), []

    def climb() -> None:
        with memory_ceiling(64 * MEBIBYTE):
            seen.append(resource.getrlimit(resource.RLIMIT_DATA)[0] != before[0])

    threads = [threading.Thread(target=climb) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [True] * 8
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_ceiling_stays_below_a_hard_limit() -> None:
    assert ceiling._lower(100, 50) == 50
    assert ceiling._lower(100, 500) == 100
    assert ceiling._lower(100, resource.RLIM_INFINITY) == 100


def test_system_that_does_not_tell_is_not_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ceiling, "_STATUS", tmp_path / "absent")
    before = resource.getrlimit(resource.RLIMIT_DATA)

    with memory_ceiling(MEBIBYTE):
        assert resource.getrlimit(resource.RLIMIT_DATA) == before
