"""What the corpus costs a worker: no upload longer than two seconds, never half a gibibyte (make bench)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from attachments.rules import kind_by_ending
from tests.corpus.uploads import CORPUS

LONGEST, LARGEST = 2.0, 512


@pytest.mark.benchmark
def test_corpus_stays_within_time_and_memory(tmp_path: Path) -> None:
    for specimen in CORPUS:
        if kind_by_ending(specimen.name):
            ending = specimen.name.rpartition(".")[2]
            (tmp_path / f"{specimen.key.replace('/', ' ')}.{ending}").write_bytes(specimen.build())

    worker = subprocess.run(
        [sys.executable, "-m", "tests.attachments.cost", str(tmp_path)],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    costs = [json.loads(line) for line in worker.stdout.splitlines()]
    slowest, largest = max(costs, key=lambda cost: cost["seconds"]), max(costs, key=lambda cost: cost["peak"])
    print(f"\nuploads looked at: {len(costs)}")
    print(f"slowest: {slowest['seconds']:.2f} s CPU ({slowest['file']}); goal below {LONGEST} s")
    print(f"largest worker: {largest['peak']} MiB (after {largest['file']}); goal below {LARGEST} MiB")
    assert len(costs) >= 250
    assert slowest["seconds"] < LONGEST
    assert largest["peak"] < LARGEST
