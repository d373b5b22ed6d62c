"""Uploads of every shade, made in memory from fixed seeds, each with the verdict it must get."""

from tests.corpus.uploads.disguises import disguises
from tests.corpus.uploads.names import names
from tests.corpus.uploads.offices import offices
from tests.corpus.uploads.pdfs import pdfs
from tests.corpus.uploads.pictures import pictures
from tests.corpus.uploads.specimen import Specimen

CORPUS: list[Specimen] = [*pdfs(), *pictures(), *offices(), *disguises(), *names()]

__all__ = ["CORPUS", "Specimen"]
