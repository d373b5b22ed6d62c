"""What may be done with a case now, or why not, and where that is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.enums import Role
from common.refusals import Refusal
from nominations.enums import NominationState as S
from nominations.queries.district_review import Reviewed
from web.kit import Action, Reason, action_of
from workflow import engine
from workflow.judging import Verdict

LOOKS = {"recommend": "primary", "decline": "danger"}
ICONS = {"return_for_correction": "arrow-back-up", "rescind_recommendation": "arrow-back-up"}
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Doing:
    """The actions of a case: those that are one click, and those that ask on a page of their own."""

    can_claim: bool
    can_release: bool
    can_hand_over: bool
    pages: tuple[Action, ...]


def doing(shown: Reviewed, *, actor: Actor, at: datetime) -> Doing:
    """Return what the actor may do with the case now; costs no query."""
    nomination = shown.nomination
    is_submitted, is_approver = nomination.state == S.SUBMITTED, actor.role == Role.DISTRICT_APPROVER
    taken, mine = nomination.claimed_by_id is not None, nomination.claimed_by_id == actor.user_id
    unfinished = is_submitted and not shown.is_complete
    return Doing(
        can_claim=unfinished and not taken and not is_approver,
        can_release=unfinished and taken and (mine or is_approver),
        can_hand_over=unfinished and is_approver,
        pages=tuple(_pages(shown, actor, at)),
    )


def gap_reasons(shown: Reviewed) -> tuple[Reason, ...]:
    """Return what the review lacks, each with the way to it; many gaps of the score sheet are told in one line."""
    on_sheet = [gap for gap in shown.gaps if gap.fix.startswith("scores/")]
    others = [gap for gap in shown.gaps if not gap.fix.startswith("scores/")]
    reasons = [Reason(gap.sentence(), place_of(gap, shown), _("Go there")) for gap in others]
    if len(on_sheet) > MOST_NAMED:
        words = ngettext("%(count)s gap on the score sheet", "%(count)s gaps on the score sheet", len(on_sheet))
        return (*reasons, Reason(words % {"count": len(on_sheet)}, _sheet(shown), _("Go and score")))
    return (*reasons, *(Reason(gap.sentence(), place_of(gap, shown), _("Go and score")) for gap in on_sheet))


def place_of(refusal: Refusal, shown: Reviewed) -> str:
    """Return where a reason is mended, empty where the district cannot mend it."""
    case = reverse("web:district:case", args=[shown.nomination.pk])
    kind, _slash, rest = refusal.fix.partition("/")
    places = {
        "requirements": f"{case}#check-{rest}",
        "opinion": f"{case}#f-opinion",
        "district-review": f"{case}#review",
        "attachments": f"{case}#evidence",
        "scores": f"{_sheet(shown)}#{rest.replace('items/', 'item-').replace('groups/', 'group-')}",
    }
    return places.get(kind, "")


def _sheet(shown: Reviewed) -> str:
    return reverse("web:district:case-scores", args=[shown.nomination.pk])


def _pages(shown: Reviewed, actor: Actor, at: datetime) -> Iterable[Action]:
    nomination = shown.nomination
    if shown.is_writable_by(actor):
        url = reverse("web:district:case-complete", args=[nomination.pk])
        yield Action("complete", _("Hand to the approver"), url, gap_reasons(shown), "primary", "send")
    [verdicts] = engine.available([nomination], actor=actor, at=at)
    for verdict in verdicts:
        name = verdict.transition.name
        # What can be written on the page of the move itself does not stand in its way.
        left = tuple(refusal for refusal in verdict.refusals if not refusal.fix.startswith("data."))
        yield action_of(
            Verdict(verdict.transition, left),
            reverse("web:district:case-move", args=[nomination.pk, name]),
            look=LOOKS.get(name, ""),
            icon=ICONS.get(name, ""),
            places=lambda refusal: place_of(refusal, shown),
        )
    if actor.role == Role.DISTRICT_APPROVER and nomination.state == S.SUBMITTED and shown.is_complete:
        url = reverse("web:district:case-reopen", args=[nomination.pk])
        yield Action("reopen", _("Send back to the reviewer"), url, icon="arrow-back-up")
