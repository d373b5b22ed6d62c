"""Verifying the chains from the page: a bounded step at a time, each finding kept with who had it made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actors import Actor
from common.refusals import Sentence
from nominations.queries.audit import streams_audited_by, titles_of_streams
from web.acting import for_members
from web.audit.words import FLOWS, flaw_in_words
from workflow.declaration import Flow, all_flows
from workflow.models import ChainCheck, Stream
from workflow.operations import keep_check
from workflow.verification import Flaw, verify_flow, verify_stream

STEP = 20_000  # events that one request reads; a longer chain is a step of its own


@dataclass(frozen=True, slots=True)
class Part:
    """One chain, or all objects of one flow: what is verified, and what was found last."""

    name: str
    label: Sentence
    length: int | None
    check: ChainCheck | None
    words: str
    verify: Callable[[], Flaw | None]


@for_members
def verify(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show what the last verification found, chain by chain, and verify the next step when asked."""
    parts = _parts(actor)
    begun = _begun(request.GET.get("done") or request.POST.get("done"), len(parts))
    if request.method == "POST":
        done = _step(parts, begun, actor, at)
        query = f"?done={done}" if done < len(parts) else ""
        return redirect(f"{reverse('web:audit:verification')}{query}")
    page = {
        "parts": parts,
        "flaws": [part for part in parts if part.check and not part.check.is_sound],
        "checked": sum(part.check is not None for part in parts),
        "done": begun,
        "at": at,
    }
    return render(request, "audit/verification.html", page)


def _parts(actor: Actor) -> list[Part]:
    """Return what there is to verify, chains first, in the order of their names; four queries."""
    known = {check.name: check for check in ChainCheck.objects.select_related("by")}
    titles = titles_of_streams(actor)
    chains = [
        _chain(stream, titles.get(stream.pk, ""), known.get(stream.name))
        for stream in streams_audited_by(actor).order_by("name")
    ]
    return [*chains, *(_objects(flow, known.get(flow.name)) for flow in all_flows())]


def _chain(stream: Stream, title: str, check: ChainCheck | None) -> Part:
    return Part(stream.name, title or stream.name, stream.length, check, _words(check), lambda: verify_stream(stream))


def _objects(flow: Flow, check: ChainCheck | None) -> Part:
    return Part(flow.name, FLOWS.get(flow.name, flow.name), None, check, _words(check), lambda: verify_flow(flow))


def _words(check: ChainCheck | None) -> str:
    return flaw_in_words(check.reason) if check and not check.is_sound else ""


def _step(parts: list[Part], begun: int, actor: Actor, at: datetime) -> int:
    """Verify from ``begun`` on until a step is full; return how many parts are done."""
    read = 0
    for number, part in enumerate(parts[begun:], start=begun):
        if read and read + (part.length or 0) > STEP:
            return number
        keep_check(name=part.name, flaw=part.verify(), at=at, user_id=actor.user_id)
        read += part.length or 0
    return len(parts)


def _begun(written: str | None, whole: int) -> int:
    return min(int(written), whole) if written and written.isdecimal() and len(written) < 7 else 0
