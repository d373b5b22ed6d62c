"""What must hold after any fault: reads evidence as JSON from standard input and prints what is wrong, as a list.

It runs as a process of its own, on the database that the fault was about, and asks the rows rather than the engine.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import django

REPEAT = "X-Jiayuan-Possible-Repeat"


def main() -> None:
    """Judge the database named by the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    django.setup()
    evidence = json.load(sys.stdin)
    print(json.dumps([*_lost(evidence["acknowledged"]), *_altered(), *_off_the_map(), *_mails(evidence["mails"])]))


def _lost(acknowledged: Sequence[str]) -> Iterator[str]:
    """Name the events that a client was told of and that are not there."""
    from workflow.models import Event

    kept = {str(pk) for pk in Event.objects.filter(pk__in=acknowledged).values_list("pk", flat=True)}
    for event_id in sorted(set(acknowledged) - kept):
        yield f"event {event_id} was acknowledged and is lost"


def _altered() -> Iterator[str]:
    """Name broken chains, and objects whose state is not what their events lead to."""
    from workflow.verification import verify_all

    for _name, flaw in verify_all():
        if flaw:
            yield str(flaw)


def _off_the_map() -> Iterator[str]:
    """Name moves along an edge that no flow declares."""
    from workflow.declaration import all_flows
    from workflow.enums import EventKind
    from workflow.models import Event

    edges = ((flow.name, spec, str(source)) for flow in all_flows() for spec in flow for source in spec.sources)
    declared = {(flow, spec.name, source, str(spec.target)) for flow, spec, source in edges}
    made = Event.objects.filter(kind=EventKind.MOVE).values_list("flow", "name", "from_state", "to_state").distinct()
    for edge in sorted(set(made) - declared):
        yield f"nobody declared {edge}"


def _mails(arrived: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Name effects without exactly one delivery, and mails that arrived unaccounted for."""
    from notifications.models import Delivery, Notice
    from workflow.models import OutboxEntry

    waiting = OutboxEntry.objects.values("event")
    untold = Notice.objects.filter(wants_mail=True, deliveries__isnull=True).exclude(event__in=waiting)
    for notice in untold:
        yield f"nobody mails notice {notice.pk} of {notice.topic}"
    copies = Counter(mail["id"] for mail in arrived)
    sent = dict(Delivery.objects.filter(state="sent").values_list("message_id", "is_repeat"))
    if arrived:
        yield from (f"mail {message_id} is marked as sent and never arrived" for message_id in sent.keys() - copies)
    yield from _copies(arrived, copies, sent)


def _copies(arrived: Sequence[Mapping[str, Any]], copies: Counter[str], sent: Mapping[str, bool]) -> Iterator[str]:
    marked = Counter(mail["id"] for mail in arrived if mail["repeat"])
    for message_id, count in copies.items():
        if message_id not in sent:
            yield f"mail {message_id} arrived and is not marked as sent"
        if count > 1 and (count > 2 or marked[message_id] != 1 or not sent.get(message_id)):
            yield f"mail {message_id} arrived {count} times, {marked[message_id]} of them marked as a possible repeat"


if __name__ == "__main__":
    main()
