"""The auditor's words: acts and fields of events, kinds of exports, and what a verification finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.refusals import Sentence
from nominations.enums import Act
from workflow.declaration import all_flows, flow_named

FLOWS: Mapping[str, Sentence] = {
    "nomination": _("Nomination"),
    "recommendation_summary": _("Recommendation summary"),
    "work_report": _("Work report"),
    "selection": _("Selection"),
    "provincial_report": _("Report to the province"),
}
FIELDS: Mapping[str, Sentence] = {
    "claimed_by_id": _("District reviewer (account number)"),
    "preparer_id": _("Prepared by (account number)"),
    "submitted_at": _("Submitted at"),
    "recommended_at": _("Recommended at"),
    "evaluated_at": _("Evaluated at"),
    "received_at": _("Received at"),
    "approved_at": _("Approved at"),
    "sent_at": _("Sent at"),
    "correction_due_at": _("Correction due"),
    "corrections": _("Corrections so far"),
    "panel_score": _("Panel's score"),
    "confirmed_digest": _("Digest that the committee confirmed"),
    "content_digest": _("Digest of the content"),
    "sealed_digest": _("Digest under seal"),
    "sealed_copy_id": _("Sealed copy"),
    "result_document": _("Document of the result"),
    "document_number": _("Document number"),
    "letter": _("Letter"),
    "veto": _("Event that excludes"),
    "form": pgettext_lazy("event", "Form"),
    "evaluator": pgettext_lazy("event", "Evaluator (account number)"),
    "evaluators": pgettext_lazy("event", "Evaluators (account numbers)"),
    "assignment": pgettext_lazy("event", "Assignment"),
    "confirmation": pgettext_lazy("event", "Confirmation"),
    "capacity": pgettext_lazy("event", "Capacity"),
    "sealed_copy": pgettext_lazy("event", "Sealed copy"),
    "review": pgettext_lazy("event", "Review"),
    "expires_at": pgettext_lazy("event", "Expires"),
    "work_report": pgettext_lazy("event", "Work report"),
    "summary": pgettext_lazy("event", "Recommendation summary"),
    "visit": pgettext_lazy("event", "Visit"),
    "visited_on": pgettext_lazy("event", "Visited on"),
    "photo_1": pgettext_lazy("event", "Photo"),
    "ranking": pgettext_lazy("event", "Ranking"),
    "title_from": pgettext_lazy("event", "Title from"),
    "title_until": pgettext_lazy("event", "Title until"),
    "selection": pgettext_lazy("event", "Selection"),
    "proposal": pgettext_lazy("event", "Proposal"),
    "report": pgettext_lazy("event", "Report to the province"),
    "sections": pgettext_lazy("event", "Sections"),
    "assessment": pgettext_lazy("event", "Assessment"),
    "organization": pgettext_lazy("event", "Organization"),
    "remarks": pgettext_lazy("event", "Remarks"),
    "kind": pgettext_lazy("event", "Kind"),
    "override_reason": pgettext_lazy("event", "Reason for recommending all the same"),
    "until": pgettext_lazy("event", "Until"),
    "window": pgettext_lazy("event", "Period"),
    "extension": pgettext_lazy("event", "Extension"),
    "planned_from": pgettext_lazy("event", "Planned from"),
    "planned_until": pgettext_lazy("event", "Planned until"),
    "listed": pgettext_lazy("event", "Listed"),
    "valid_until": pgettext_lazy("event", "Valid until"),
    "revoked_on": pgettext_lazy("event", "Revoked on"),
    "revocation_document": pgettext_lazy("event", "Document of the revocation"),
    "substitute": pgettext_lazy("event", "Substitute"),
    "cause": pgettext_lazy("event", "Cause"),
    "document": pgettext_lazy("event", "Document"),
    "authority": pgettext_lazy("event", "Authority"),
    "deputy": pgettext_lazy("event", "Deputy (account number)"),
    "reason": pgettext_lazy("event", "Reason"),
    "replaces": pgettext_lazy("event", "Replaces"),
    "order": pgettext_lazy("event", "Order"),
    "reviewer": pgettext_lazy("event", "District reviewer (account number)"),
    "terms": pgettext_lazy("event", "Terms"),
    "score_sheet": pgettext_lazy("event", "Score sheet"),
    "sheet": pgettext_lazy("event", "Score sheet"),
    "version": pgettext_lazy("event", "Version"),
    "standard": pgettext_lazy("event", "Standard"),
    "finding": pgettext_lazy("event", "Finding"),
    "found": pgettext_lazy("event", "What was found"),
    "note": pgettext_lazy("event", "Note"),
    "checks": pgettext_lazy("event", "Requirements"),
    "before": pgettext_lazy("event", "Before"),
    "after": pgettext_lazy("event", "After"),
}
METHODS: Mapping[str, Sentence] = {
    "password": _("Password"),
    "totp": _("Authenticator app"),
    "webauthn": _("Passkey"),
    "recovery_codes": _("Recovery code"),
}
EXPORTS: Mapping[str, Sentence] = {
    "events": _("Events"),
    "contact": _("Contact's telephone number"),
    "archive": _("Archive"),
    "ranking": _("Ranking"),
    "queue": _("List of cases"),
    "summary": _("Recommendation summary"),
    "form": _("Self-recommendation form"),
    "districts": _("Cases and papers of each district"),
    "papers": _("Summaries and work reports"),
    "panels": _("Who scores what"),
    "evaluators": _("Pool of evaluators"),
    "visits": _("Calendar of visits"),
    "selection": _("Selection"),
    "titles": _("Register of titles"),
    "communities": _("My communities"),
    "nominations": _("Nominations"),
    "publicity": _("Publicity"),
    "practices": _("Good practice"),
    "third-party": _("Assessments by third parties"),
    "honors": _("Related honors"),
    "sign-ins": _("Sign-ins"),
    "grants": _("Grants"),
    "exports": _("Exports"),
}
FLAWS: Mapping[str, Sentence] = {
    r"event (?P<a>\d+) is missing; the next one says (?P<b>\d+)": _(
        "Event %(a)s is missing; the next one is number %(b)s."
    ),
    r"the content was changed": _("The content of the event was changed."),
    r"the link to the event before is broken": _("The link to the event before is broken."),
    r"the head counts (?P<a>\d+) events and there are (?P<b>\d+)": _(
        "The chain counts %(a)s events, and there are %(b)s."
    ),
    r"event (?P<a>\d+) of the object is missing": _("Event %(a)s of the object is missing."),
    r"the object is missing, its events are there": _("The object is missing, its events are there."),
    r"the object counts (?P<a>\d+) events and there are (?P<b>\d+)": _(
        "The object counts %(a)s events, and there are %(b)s."
    ),
    r"begins in (?P<a>\w+), the one before ended in (?P<b>\w+)": _(
        "An event begins in the state %(a)s, the one before ended in %(b)s."
    ),
    r"the object is (?P<a>\w+), its events end in (?P<b>\w+)": _(
        "The object is in the state %(a)s, its events end in %(b)s."
    ),
}


def label_of(flow: str, name: str) -> Sentence:
    """Return what happened, in words."""
    return flow_named(flow).label_of(name) if flow in FLOWS else name


def names() -> Iterator[tuple[str, Sentence]]:
    """Yield every move and act once, by the words that it goes by."""
    moves = {spec.name: spec.label for flow in all_flows() for spec in flow}
    yield from sorted({**dict(Act.choices), **moves}.items(), key=lambda pair: str(pair[1]))


def state_of(flow: str, state: str) -> Sentence:
    """Return a state in the office's words."""
    if flow not in FLOWS or not state:
        return state
    model: Any = flow_named(flow).model
    field = model._meta.get_field("state")
    return str(dict(field.flatchoices).get(state, state))


def method_of(code: str) -> Sentence:
    """Return by what somebody signed in, or tried to, in words."""
    return METHODS.get(code, code)


def flaw_in_words(reason: str) -> str:
    """Return what a verification has found, in the reader's language."""
    for pattern, sentence in FLAWS.items():
        found = re.fullmatch(pattern, reason)
        if found:
            return str(sentence) % found.groupdict()
    return reason
