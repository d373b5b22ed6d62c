"""Addresses of publications: judged by their form alone, never fetched (row S-18)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal

SCHEMES = frozenset({"http", "https"})
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_UNFIT = re.compile(r"[\s<>\"`{}|\\^]")


def link_fault(link: str, fix: str = "link") -> Refusal | None:
    """Return why this is no address of a public page: http or https, a public name, nobody's password in it."""
    parts = _split(link)
    if parts is None or _UNFIT.search(link) or parts.scheme not in SCHEMES or not parts.hostname:
        message = _("This is not the address of a web page, such as https://mp.weixin.qq.com/s/example.")
        return Refusal("not_a_link", message, fix=fix)
    if parts.username is not None or parts.password is not None:
        return Refusal("link_with_password", _("An address with a name or password in it is not kept."), fix=fix)
    if not _is_public(parts.hostname):
        return Refusal("link_not_public", _("This address is not on the public internet."), fix=fix)
    return None


def _split(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link)
        _port = parts.port  # read for its range: a port beyond 65535 raises
    except ValueError:
        return None
    return parts


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        labels = host.rstrip(".").split(".")
        named = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
        return named and labels[-1] not in {"local", "localhost", "internal", "lan"}
