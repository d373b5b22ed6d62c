"""Every page of the running demo, found as people find it: by following the links from the first page."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext

HREF = re.compile(r'\shref="([^"#]+)')
# One reader of each desk; between them they may see every page.
READERS = (
    "",
    "qinghe.admin",
    "zhilin.admin",
    "yunqi.reviewer",
    "yunqi.approver",
    "city.reviewer",
    "city.approver",
    "pool-a.evaluator",
    "city.auditor",
    "province.province_viewer",
    "operator.system_admin",
    "operator.security_admin",
)
# Pages that show each reader something else.
OWN = {"web:home", "web:notices", "web:pile in_hand"}
MOST = 6  # so many objects of a kind are looked into for links


@dataclass(frozen=True)
class Stop:
    """A page as somebody sees it; its kind is its name with the words of its address, without its object."""

    kind: str
    reader: str
    address: str


def kind_of(path: str) -> str:
    """Return what kind of page an address names, empty for none."""
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    words = [str(value) for value in found.kwargs.values() if isinstance(value, str)]
    return " ".join([found.view_name, *words]) if found.view_name else ""


def stops(reader: str, request: APIRequestContext) -> Iterator[Stop]:
    """Yield the first page of each kind that a reader comes to."""
    waiting, seen, met = deque(["/"]), {"/"}, Counter[str]()
    while waiting:
        address = waiting.popleft()
        kind = kind_of(urlsplit(address).path)
        if not kind or met[kind] == MOST:
            continue
        answer = request.get(address)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            continue
        path = urlsplit(answer.url).path
        kind = kind_of(path)
        met[kind] += 1
        if met[kind] == 1:
            yield Stop(f"{kind} {reader}".strip() if kind in OWN else kind, reader, path)
        for link in HREF.findall(answer.text()):
            plain = link.replace("&amp;", "&")
            if plain.startswith("/") and plain not in seen:
                seen.add(plain)
                waiting.append(plain)
