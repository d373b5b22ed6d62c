"""The root of every error that the domain raises on purpose."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from common.refusals import Refusal, Sentence, filled


class DomainError(Exception):
    """Something that was asked for cannot be done, and the asker can be told why.

    ``code`` is stable, ``message`` translatable with ``%(name)s`` places, ``attr`` the input at fault (empty if none).
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[Sentence] = ""

    def __init__(self, *, attr: str = "", refusals: Sequence[Refusal] = (), **params: Any) -> None:
        self.attr = attr
        self.refusals = tuple(refusals)
        self.params: Mapping[str, Any] = params
        super().__init__(self.code, attr, params)

    def sentence(self) -> str:
        """Return the sentence in the active language."""
        return filled(self.message, self.params)

    def __str__(self) -> str:
        reasons = ", ".join(refusal.code for refusal in self.refusals)
        return f"{self.code}: {self.sentence()}" + (f" [{reasons}]" if reasons else "")
