"""Telephone numbers as outsiders may see them."""

import re

_MOBILE = re.compile(r"^(\d{3})\d{4}(\d{4})$")


def mask_phone(number: str) -> str:
    """Return ``138****0000`` for a mobile number; of any other number only the last two digits stay."""
    if _MOBILE.match(number):
        return _MOBILE.sub(r"\1****\2", number)
    return "*" * max(len(number) - 2, 0) + number[-2:]
