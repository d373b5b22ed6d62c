"""How the files of the pages are delivered: collected once, compressed, under names that change with their content."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = (r"""(?P<matched>from\s+"(?P<url>\./[\w.-]+)"\s*;)""", 'from "%(url)s";')


class Delivery(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Modules import each other by those names too, so that a page never mixes the modules of two releases.

    Ours alone: Django's own switch also rewrites what others have bundled, and stops where it finds no file.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("web/*.js", (IMPORTS,)))
