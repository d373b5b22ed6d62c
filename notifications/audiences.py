"""Who is told of what: one table for every event, and who stands behind its words (row S-20).

The actor of an event always gets a receipt in the product and no mail, so it is not repeated in the rows. A person who
is told in several capacities is told once, in the first of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.enums import Role
from nominations.enums import DeadlineKind, Window
from notifications.enums import Audience as To
from notifications.enums import Category


@dataclass(frozen=True, slots=True)
class Told:
    """One audience of one event: how it may be told, until when something is due, and whether the reader has to act."""

    audience: To
    category: Category
    until: Window | None = None
    must_act: bool = False
    by_mail: bool = True


def _works(audience: To, until: Window | None = None) -> Told:
    """Tell somebody whose turn it is now."""
    return Told(audience, Category.WORK, until, must_act=True)


def _knows(audience: To, until: Window | None = None) -> Told:
    """Tell somebody for information; ``until`` is the date by which others act."""
    return Told(audience, Category.PROGRESS, until)


def _glances(audience: To, until: Window | None = None) -> Told:
    """Tell somebody in the product only."""
    return Told(audience, Category.PROGRESS, until, by_mail=False)


def _decided(audience: To, until: Window | None = None, *, must_act: bool = False) -> Told:
    """Tell somebody of a decision about a matter of theirs."""
    return Told(audience, Category.DECISION, until, must_act=must_act)


def _served(audience: To, until: Window | None = None, *, must_act: bool = False) -> Told:
    """Tell somebody of a decision with legal effect; no preference keeps it back."""
    return Told(audience, Category.LEGAL, until, must_act=must_act)


_NOMINATION: dict[str, tuple[Told, ...]] = {
    "submit": (_knows(To.COMPANY, Window.DISTRICT), _works(To.DISTRICT_REVIEWERS, Window.DISTRICT)),
    "recall": (_knows(To.COMPANY, Window.APPLICATION), _knows(To.DISTRICT_REVIEWERS)),
    "withdraw": (_decided(To.COMPANY), _knows(To.DISTRICT_PAIR), _knows(To.CITY_REVIEWERS)),
    "return_for_correction": (_served(To.COMPANY, Window.CORRECTION, must_act=True),),
    "recommend": (
        _decided(To.COMPANY, Window.EVALUATION),
        _knows(To.CASE_REVIEWER, Window.DISTRICT),
        _works(To.CITY_REVIEWERS, Window.EVALUATION),
    ),
    "decline": (_served(To.COMPANY), _knows(To.CASE_REVIEWER)),
    "rescind_recommendation": (_decided(To.COMPANY, Window.DISTRICT), _works(To.CASE_REVIEWER, Window.DISTRICT)),
    "return_to_district": (_knows(To.COMPANY, Window.DISTRICT), _works(To.DISTRICT_PAIR, Window.DISTRICT)),
    "complete_evaluation": (_knows(To.DISTRICT_PAIR),),
    "reopen_evaluation": (_knows(To.DISTRICT_PAIR, Window.EVALUATION), _works(To.CITY_REVIEWERS, Window.EVALUATION)),
    "shortlist": (_decided(To.COMPANY, Window.REPORT),),
    "reserve": (_decided(To.COMPANY),),
    "pass_over": (_decided(To.COMPANY),),
    "remove_from_shortlist": (_decided(To.COMPANY), _knows(To.DISTRICT_PAIR), _works(To.CITY_REVIEWERS)),
    "report": (_decided(To.COMPANY),),
    "record_award": (_decided(To.COMPANY), _knows(To.DISTRICT_PAIR), _knows(To.CITY_REVIEWERS)),
    "record_no_award": (_decided(To.COMPANY), _knows(To.DISTRICT_PAIR), _knows(To.CITY_REVIEWERS)),
    "revoke": (_served(To.COMPANY), _knows(To.DISTRICT_PAIR), _knows(To.CITY_REVIEWERS)),
    "disqualify": (_served(To.COMPANY), _knows(To.DISTRICT_PAIR), _knows(To.CITY_REVIEWERS)),
    "lapse": (_served(To.COMPANY), _knows(To.DISTRICT_PAIR), _knows(To.CITY_REVIEWERS)),
    "reopen": (
        _decided(To.COMPANY, Window.APPLICATION, must_act=True),
        _knows(To.DISTRICT_PAIR, Window.APPLICATION),
        _knows(To.CITY_REVIEWERS, Window.APPLICATION),
    ),
    "reconsider": (_decided(To.COMPANY, Window.DISTRICT), _works(To.CASE_REVIEWER, Window.DISTRICT)),
}

# Acts: operations with an event of their own that leave the state as it is.
_ACTS: dict[str, tuple[Told, ...]] = {
    "invite_committee": (_glances(To.COMPANY, Window.APPLICATION),),
    "confirm_substitute": (_works(To.COMPANY, Window.APPLICATION),),
    "committee_confirmed": (_works(To.COMPANY, Window.APPLICATION),),
    "committee_refused": (_works(To.COMPANY, Window.APPLICATION),),
    "claim": (_glances(To.COMPANY, Window.DISTRICT), _glances(To.DISTRICT_REVIEWERS)),
    "release": (_glances(To.DISTRICT_REVIEWERS, Window.DISTRICT),),
    "hand_over": (_works(To.CASE_REVIEWER, Window.DISTRICT),),
    "complete_review": (_works(To.DISTRICT_APPROVERS, Window.DISTRICT),),
    "reopen_review": (_works(To.CASE_REVIEWER, Window.DISTRICT),),
    "assign_evaluator": (_works(To.EVALUATOR, Window.EVALUATION), _glances(To.CITY_REVIEWERS)),
    "accept_assignment": (_glances(To.CITY_REVIEWERS, Window.EVALUATION),),
    "decline_assignment": (_works(To.CITY_REVIEWERS, Window.EVALUATION),),
    "release_evaluator": (_knows(To.EVALUATOR), _glances(To.CITY_REVIEWERS)),
    "declare_conflict": (_works(To.CITY_REVIEWERS, Window.EVALUATION),),
    "hand_in_sheet": (_glances(To.CITY_REVIEWERS, Window.EVALUATION),),
    "unlock_sheet": (_works(To.EVALUATOR, Window.EVALUATION), _glances(To.CITY_REVIEWERS, Window.EVALUATION)),
    "find_conflict": (_decided(To.EVALUATOR), _works(To.CITY_REVIEWERS, Window.EVALUATION)),
    "plan_visit": (_knows(To.EVALUATOR), _glances(To.CITY_REVIEWERS)),
    "move_visit": (_knows(To.EVALUATOR), _glances(To.CITY_REVIEWERS)),
    "cancel_visit": (_knows(To.EVALUATOR), _glances(To.CITY_REVIEWERS)),
    "find_veto": (_works(To.CITY_PAIR, Window.EVALUATION),),
    "record_veto": (_works(To.CITY_APPROVERS),),
    "grant_extension": (_decided(To.COMPANY), _glances(To.DISTRICT_PAIR), _glances(To.CITY_REVIEWERS)),
}

_SUMMARY: dict[str, tuple[Told, ...]] = {
    "approve": (_works(To.DISTRICT_PAIR, Window.DISTRICT),),
    "amend": (_works(To.DISTRICT_PAIR, Window.DISTRICT),),
    "submit": (_works(To.CITY_REVIEWERS, Window.EVALUATION),),
    "receive": (_knows(To.DISTRICT_PAIR),),
    "return": (_served(To.DISTRICT_PAIR, Window.DISTRICT, must_act=True),),
    "grant_extension": (_decided(To.DISTRICT_PAIR), _glances(To.CITY_REVIEWERS)),
}

_WORK_REPORT: dict[str, tuple[Told, ...]] = {
    "submit": (_works(To.CITY_REVIEWERS, Window.REPORT),),
    "accept": (_knows(To.DISTRICT_PAIR),),
    "return": (_served(To.DISTRICT_PAIR, Window.WORK_REPORT, must_act=True),),
    "grant_extension": (_decided(To.DISTRICT_PAIR), _glances(To.CITY_REVIEWERS)),
}

_SELECTION: dict[str, tuple[Told, ...]] = {
    "propose": (_works(To.CITY_APPROVERS, Window.REPORT),),
    "reject": (_works(To.CITY_REVIEWERS, Window.REPORT),),
    "approve": (_decided(To.CITY_PAIR, Window.REPORT), _decided(To.DISTRICTS_CONCERNED)),
}

_PROVINCIAL_REPORT: dict[str, tuple[Told, ...]] = {
    "approve": (_works(To.CITY_PAIR, Window.REPORT),),
    "amend": (_works(To.CITY_REVIEWERS, Window.REPORT),),
    "send": (_knows(To.CITY_PAIR), _decided(To.DISTRICTS_CONCERNED)),
    "grant_extension": (_decided(To.CITY_PAIR),),
}

TABLE: Mapping[tuple[str, str], tuple[Told, ...]] = {
    (flow, name): row
    for flow, rows in (
        ("nomination", _NOMINATION | _ACTS),
        ("recommendation_summary", _SUMMARY),
        ("work_report", _WORK_REPORT),
        ("selection", _SELECTION),
        ("provincial_report", _PROVINCIAL_REPORT),
    )
    for name, row in rows.items()
}

ROLES: Mapping[To, tuple[Role, ...]] = {
    To.COMPANY: (Role.COMPANY_ADMIN, Role.COMPANY_EDITOR),
    To.CASE_REVIEWER: (Role.DISTRICT_REVIEWER,),
    To.DISTRICT_REVIEWERS: (Role.DISTRICT_REVIEWER,),
    To.DISTRICT_APPROVERS: (Role.DISTRICT_APPROVER,),
    To.DISTRICT_PAIR: (Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER),
    To.DISTRICTS_CONCERNED: (Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER),
    To.CITY_REVIEWERS: (Role.CITY_REVIEWER,),
    To.CITY_APPROVERS: (Role.CITY_APPROVER,),
    To.CITY_PAIR: (Role.CITY_REVIEWER, Role.CITY_APPROVER),
    To.EVALUATOR: (Role.EVALUATOR,),
}


def told_of(flow: str, name: str) -> tuple[Told, ...] | None:
    """Return who is told of an event besides its actor; ``None`` for an act of which nobody is told."""
    return TABLE.get((flow, name))


# Who holds the work when a deadline nears, by flow, kind and state; in a state that is not named nobody does. A case is
# "reviewed" while it is still submitted and its review waits for the approver.
HOLDERS: Mapping[tuple[str, DeadlineKind], Mapping[str, To]] = {
    ("nomination", DeadlineKind.APPLICATION_CLOSES): {"draft": To.COMPANY, "returned": To.COMPANY},
    ("nomination", DeadlineKind.CORRECTION_DUE): {"returned": To.COMPANY},
    ("nomination", DeadlineKind.DISTRICT_CLOSES): {"submitted": To.CASE_REVIEWER, "reviewed": To.DISTRICT_APPROVERS},
    ("nomination", DeadlineKind.EVALUATION_CLOSES): {"recommended": To.CITY_REVIEWERS},
    ("recommendation_summary", DeadlineKind.DISTRICT_CLOSES): {
        "draft": To.DISTRICT_REVIEWERS,
        "returned": To.DISTRICT_REVIEWERS,
        "approved": To.DISTRICT_APPROVERS,
    },
    ("work_report", DeadlineKind.WORK_REPORT_CLOSES): {
        "draft": To.DISTRICT_REVIEWERS,
        "returned": To.DISTRICT_REVIEWERS,
    },
    ("provincial_report", DeadlineKind.REPORT_CLOSES): {"draft": To.CITY_REVIEWERS, "approved": To.CITY_APPROVERS},
}

# Who is told besides the holder when a deadline has passed.
ABOVE: Mapping[To, To] = {
    To.CASE_REVIEWER: To.DISTRICT_APPROVERS,
    To.DISTRICT_REVIEWERS: To.DISTRICT_APPROVERS,
    To.DISTRICT_APPROVERS: To.CITY_REVIEWERS,
    To.CITY_REVIEWERS: To.CITY_APPROVERS,
    To.EVALUATOR: To.CITY_REVIEWERS,
}
