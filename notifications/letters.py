"""From a notice to a letter: its sentences in the reader's language, the same for the product, the mail and its text.

Outside the own office an office is named and never a person (``flow.md``). Reads what was loaded, never queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import get_language, gettext, ngettext, override, pgettext
from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence
from nominations.enums import ConflictKind, DeadlineKind, DeclineReason, VetoKind, Window
from nominations.queries.confirmation import Invitation
from nominations.rules import form as form_rules
from nominations.rules.reporting import REMARKS, WORK_REPORT_SECTIONS
from notifications.audiences import told_of
from notifications.enums import Audience, Step
from notifications.models import Notice
from notifications.moments import spell_due, spell_moment
from notifications.words import INVITATION, TASKS, WORDS, Details, Words

OPEN = _("Open the case")
DUE = _("Due")
REMINDED = {
    Step.SEVEN_DAYS: _("%(days)s days left: %(task)s"),
    Step.THREE_DAYS: _("%(days)s days left: %(task)s"),
    Step.ONE_DAY: _("Due tomorrow: %(task)s"),
    Step.LAST_DAY: _("Due today: %(task)s"),
    Step.OVERDUE: _("Overdue: %(task)s"),
}
OUTCOMES = {
    "shortlist": _("Shortlisted, to be reported to the province"),
    "reserve": _("Placed on the reserve list"),
    "pass_over": _("Not selected this time"),
    "report": _("Reported to the provincial department"),
}
BECAUSE: Mapping[Audience, Sentence] = {
    Audience.ACTOR: _("You receive this receipt because you took this step yourself."),
    Audience.COMPANY: _("You receive this mail because you work on this nomination for %(organization)s."),
    Audience.CASE_REVIEWER: _("You receive this mail because you review this case for %(organization)s."),
    Audience.DISTRICT_REVIEWERS: _("You receive this mail because you review cases for %(organization)s."),
    Audience.DISTRICT_APPROVERS: _("You receive this mail because you approve for %(organization)s."),
    Audience.DISTRICT_PAIR: _("You receive this mail because you review or approve for %(organization)s."),
    Audience.DISTRICTS_CONCERNED: _("You receive this mail because you review or approve for %(organization)s."),
    Audience.CITY_REVIEWERS: _("You receive this mail because you review cases for %(organization)s."),
    Audience.CITY_APPROVERS: _("You receive this mail because you approve for %(organization)s."),
    Audience.CITY_PAIR: _("You receive this mail because you review or approve for %(organization)s."),
    Audience.EVALUATOR: _("You receive this mail because you were assigned as an evaluator."),
}
INVITED = _("You receive this mail because %(company)s named you as the contact of the owners' committee.")
DO_NOT_ANSWER = _("It was sent by the system; answers to it are not read.")
REPEAT = _("This mail may have reached you before: the connection broke while it was sent.")
ABOVE = _("You are told because the next decision is yours: see to it that it is done, or that it is extended.")
HEADINGS = {
    Details.REMARKS: _("What is to be corrected"),
    Details.REPORT_REMARKS: _("What is to be corrected"),
    Details.VETO: _("Event on record"),
    Details.FINDINGS: _("Found on site"),
    Details.OUTCOMES: "",
}
# Codes of an event that its words spell out.
CODES: Mapping[tuple[str, str], type[TextChoices]] = {
    ("declare_conflict", "kind"): ConflictKind,
    ("find_conflict", "kind"): ConflictKind,
    ("decline_assignment", "reason"): DeclineReason,
}
VETO_LABELS = {"kind": _("What happened"), "authority": _("Found by"), "document": _("Number of the document")}


@dataclass(frozen=True, slots=True)
class Due:
    """The box that says until when the reader has to act."""

    label: str
    text: str
    side_label: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """The actor's own words, under a heading."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; ``url`` where it leads somewhere."""

    heading: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that is said, in one language, before it takes any form."""

    language: str
    subject: str
    title: str
    greeting: str
    body: tuple[str, ...]
    url: str
    button: str
    campaign: str
    footer: tuple[str, ...] = ()
    because: str = ""
    then: tuple[str, ...] = ()
    due: Due | None = None
    quote: Quote | None = None
    items_heading: str = ""
    items: tuple[Item, ...] = ()
    repeat: str = ""
    has_account: bool = True


def letter_for(
    notice: Notice,
    *,
    language: str = "",
    outcomes: Sequence[tuple[str, str]] = (),
    working_days: int | None = None,
    is_repeat: bool = False,
) -> Letter:
    """Return what ``notice`` says, by default in its reader's language.

    ``outcomes`` are pairs of a community's name and what became of it, for notices to districts of many communities;
    ``working_days`` is what is left until the date by which the reader has to act, where it was reckoned; ``is_repeat``
    warns that the mail perhaps came before.
    """
    with override(known_language(language or notice.recipient.language)):
        if notice.reminder_id:
            letter = _reminder_letter(notice, working_days)
        else:
            letter = _event_letter(notice, outcomes, working_days)
        return replace(letter, repeat=str(REPEAT)) if is_repeat else letter


def bundle_letter(notices: Sequence[Notice], *, is_repeat: bool = False) -> Letter:
    """Return one letter for several notices to one person, in the reader's language."""
    with override(known_language(notices[0].recipient.language)):
        letters = [letter_for(notice) for notice in notices]
        places = {"count": len(letters), "first": letters[0].title}
        return replace(
            letters[0],
            subject=gettext("%(first)s, and more: %(count)s notices") % places,
            title=gettext("Notices for you: %(count)s") % places,
            body=(gettext("These notices have come together; each leads to its own page."),),
            items=tuple(Item(letter.subject, " ".join(letter.body), letter.url) for letter in letters),
            url=f"{settings.SITE_URL}/account/notices/",
            button=gettext("See all notices"),
            because=f"{gettext('You receive this mail because these matters concern you.')}{_gap()}{DO_NOT_ANSWER}",
            items_heading="",
            footer=(),
            then=(),
            due=None,
            quote=None,
            repeat=str(REPEAT) if is_repeat else "",
        )


def invitation_letter(invitation: Invitation, *, at: datetime, is_repeat: bool = False) -> Letter:
    """Return the invitation to the owners' committee, with the link and the one-time code, in Chinese (row S-03)."""
    places = {"title": invitation.community, "company": invitation.company, "committee": invitation.committee}
    with override(settings.LANGUAGE_CODE):
        until = spell_due(invitation.expires_at, at=at)
        return Letter(
            language=settings.LANGUAGE_CODE,
            subject=_subject(_fill(INVITATION.title, places), until),
            title=_fill(INVITATION.title, places),
            greeting=gettext("%(name)s,") % {"name": invitation.name},
            body=(_fill(INVITATION.body, places),),
            then=tuple(_fill(INVITATION.then, places).splitlines()),
            due=Due(gettext("Code"), invitation.code, side_label=gettext("Valid until"), side=until),
            url=invitation.link,
            button=str(INVITATION.button),
            campaign=invitation.campaign,
            because=_fill(INVITED, places),
            repeat=str(REPEAT) if is_repeat else "",
            has_account=False,
        )


def known_language(code: str) -> str:
    """Return ``code`` if the product speaks it, Chinese otherwise."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def address_of(notice: Notice) -> str:
    """Return the page of the notice, which leads its reader on to the object."""
    return f"{settings.SITE_URL}/n/{notice.pk}/"


def _event_letter(notice: Notice, outcomes: Sequence[tuple[str, str]], working_days: int | None) -> Letter:
    words, event = WORDS[notice.topic, Audience(notice.audience)], notice.event
    assert event is not None  # a notice without a reminder has an event: constraint notice_has_one_source
    places = _places(notice, event.at)
    title = _fill(words.title, places)
    due = _due(notice, words, places, working_days)
    return Letter(
        language=get_language() or "",
        subject=_subject(title, places["due"]) if due else title,
        title=title,
        greeting=_greeting(notice),
        body=(_fill(words.body, places),),
        then=tuple(_fill(words.then, places).splitlines()),
        due=due,
        quote=Quote(str(words.quote), event.comment) if words.quote and event.comment else None,
        items_heading=str(HEADINGS.get(words.details, "")),
        items=tuple(_items(words, event.payload, places, outcomes)),
        url=address_of(notice),
        button=str(words.button or OPEN),
        campaign=places["campaign"],
        footer=(_origin(places, event.at),),
        because=_because(notice),
    )


def _reminder_letter(notice: Notice, working_days: int | None) -> Letter:
    _prefix, flow, kind, step = notice.topic.split(".")
    task = TASKS[flow, DeadlineKind(kind)]
    places = _places(notice, notice.created_at)
    places["task"] = _fill(task.task, places)
    is_late = step == Step.OVERDUE
    is_above = notice.params.get("above", False)
    body = task.above if is_above else task.late if is_late else task.waiting
    title = _fill(REMINDED[Step(step)], places)
    side = {} if is_late else _side(working_days)
    due = Due(label=gettext("Was due") if is_late else str(DUE), text=_until(places["due"]), **side)
    then = ABOVE if is_above else task.late_after if is_late else task.after
    return Letter(
        language=get_language() or "",
        subject=title if is_late else _subject(title, places["due"]),
        title=title,
        greeting=_greeting(notice),
        body=(_fill(body, places),),
        then=(_fill(then, places),),
        due=due,
        url=address_of(notice),
        button=str(task.button),
        campaign=places["campaign"],
        because=_because(notice),
    )


class _Places(dict[str, Any]):
    """Values for the places of a sentence; one that an older notice lacks stays empty rather than stopping the mail."""

    def __missing__(self, name: str) -> str:
        return ""


def _places(notice: Notice, at: datetime) -> _Places:
    places = _Places(notice.params)
    for name in ("due", "until"):
        if name in places:
            places[name] = spell_due(datetime.fromisoformat(places[name]), at=at)
    if notice.event is not None:
        payload = notice.event.payload
        places["office"] = _office(notice)
        places["count"] = len(payload.get("sections", ()))
        places["document"] = payload.get("result_document", "")
        if "window" in payload:
            places["window"] = Window(payload["window"]).label
        if "planned_from" in payload:
            places["when"] = spell_moment(datetime.fromisoformat(payload["planned_from"]))
        spelled = ((name, codes) for (act, name), codes in CODES.items() if act == notice.event.name)
        places |= {name: codes(payload[name]).label for name, codes in spelled if name in payload}
    return places


def _office(notice: Notice) -> str:
    event = notice.event
    assert event is not None  # asked for events only
    office = event.organization_name or gettext("the system")
    if event.actor_id is None or event.organization_id != notice.membership.organization_id:
        return office
    return gettext("%(person)s (%(organization)s)") % {"organization": office, "person": event.actor_name}


def _fill(sentence: Sentence, places: Mapping[str, Any]) -> str:
    return str(sentence) % places


def _subject(title: str, due: str) -> str:
    return gettext("%(title)s, by %(due)s") % {"title": title, "due": due}


def _due(notice: Notice, words: Words, places: Mapping[str, Any], working_days: int | None) -> Due | None:
    event = notice.event
    assert event is not None  # asked for events only
    acts = any(told.audience == notice.audience and told.must_act for told in told_of(event.flow, event.name) or ())
    if not acts or "due" not in notice.params:
        return None
    return Due(label=str(words.due_label or DUE), text=_until(places["due"]), **_side(working_days))


def _until(due: str) -> str:
    return pgettext("box", "%(due)s") % {"due": due}


def _side(working_days: int | None) -> dict[str, str]:
    if not working_days:  # on the last day the date says it all
        return {}
    return {"side_label": gettext("Time left"), "side": _working_days(working_days)}


def _working_days(days: int) -> str:
    return ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}


def _greeting(notice: Notice) -> str:
    is_company = notice.audience == Audience.COMPANY
    name = notice.membership.organization.name if is_company else notice.recipient.name
    return gettext("%(name)s,") % {"name": name}


def _because(notice: Notice) -> str:
    organization = notice.membership.organization.name
    sentence = BECAUSE[Audience(notice.audience)]
    return f"{_fill(sentence, {'organization': organization})}{_gap()}{DO_NOT_ANSWER}"


def _gap() -> str:
    return " " if get_language() == "en" else ""


def _origin(places: Mapping[str, Any], at: datetime) -> str:
    said = {"number": places["number"], "at": spell_moment(at), "office": places["office"]}
    if places["number"]:
        return gettext("Case %(number)s, %(at)s, handled by %(office)s.") % said
    return gettext("%(at)s, handled by %(office)s.") % said


def _items(
    words: Words, payload: Mapping[str, Any], places: Mapping[str, Any], outcomes: Sequence[tuple[str, str]]
) -> Iterable[Item]:
    if words.details == Details.REMARKS:
        return [Item(_part(row), str(row["remark"])) for row in payload.get("sections", ())]
    if words.details == Details.REPORT_REMARKS:
        remarks = payload.get(REMARKS) or {}
        return [Item(str(title), str(remarks[name])) for name, title in WORK_REPORT_SECTIONS.items() if name in remarks]
    if words.details == Details.VETO:
        veto = places["veto"] or {}
        return [Item(str(label), str(veto[name])) for name, label in VETO_LABELS.items() if veto.get(name)]
    if words.details == Details.FINDINGS:
        return [Item(str(VetoKind(row["kind"]).label), str(row["note"])) for row in payload.get("found", ())]
    if words.details == Details.OUTCOMES:
        return [Item(name, str(OUTCOMES.get(outcome, ""))) for name, outcome in outcomes]
    return []


def _part(row: Mapping[str, Any]) -> str:
    """Return the title of the section, and of the field if one is named, as the form has them."""
    section = form_rules.section_named(str(row.get("section", "")))
    if section is None:
        return str(row.get("section", ""))
    field = section.field(str(row.get("field", "")))
    return str(section.title) if field is None else f"{section.title}{_(', ')}{form_rules.label_of(field)}"
