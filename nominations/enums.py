"""States and codes of the programme; the values are the codes of the table of moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NominationState(TextChoices):
    """Where a nomination stands, in the words of the offices."""

    DRAFT = "draft", pgettext_lazy("nomination", "Draft")
    SUBMITTED = "submitted", _("Submitted, waiting for the district")
    RETURNED = "returned", _("Returned for correction")
    RECOMMENDED = "recommended", _("Recommended by the district")
    NOT_RECOMMENDED = "not_recommended", _("Not recommended")
    EVALUATED = "evaluated", _("Evaluated")
    RESERVED = "reserved", _("On reserve")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    NOT_SELECTED = "not_selected", _("Not selected")
    REPORTED = "reported", _("Reported to the province")
    AWARDED = "awarded", _("Awarded")
    NOT_AWARDED = "not_awarded", _("Not awarded")
    REVOKED = "revoked", _("Title revoked")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
    DISQUALIFIED = "disqualified", _("Disqualified")


# What a company or a resident reads instead of the office's word.
PUBLIC_LABELS = {
    NominationState.DRAFT: _("Being filled in"),
    NominationState.SUBMITTED: _("The district is checking"),
    NominationState.RETURNED: _("Please correct and submit again"),
    NominationState.RECOMMENDED: _("Recommended to the city"),
    NominationState.NOT_RECOMMENDED: _("Not recommended by the district"),
    NominationState.EVALUATED: _("The city has evaluated"),
    NominationState.RESERVED: _("On the reserve list"),
    NominationState.SHORTLISTED: _("On the city's list"),
    NominationState.NOT_SELECTED: _("Not among those selected"),
    NominationState.REPORTED: _("Reported to the province"),
    NominationState.AWARDED: _("Title awarded"),
    NominationState.NOT_AWARDED: _("Title not awarded"),
    NominationState.REVOKED: _("Title revoked"),
    NominationState.WITHDRAWN: _("Withdrawn by the company"),
    NominationState.LAPSED: _("Not submitted in time"),
    NominationState.DISQUALIFIED: _("Disqualified"),
}

# A community has at most one nomination in these states per campaign.
ENDED_STATES = (
    NominationState.WITHDRAWN,
    NominationState.LAPSED,
    NominationState.DISQUALIFIED,
)


class SummaryState(TextChoices):
    """Where a district's recommendation summary (form 4) stands."""

    DRAFT = "draft", pgettext_lazy("recommendation_summary", "Draft")
    APPROVED = "approved", pgettext_lazy("recommendation_summary", "Approved")
    SUBMITTED = "submitted", pgettext_lazy("recommendation_summary", "Submitted to the city")
    RECEIVED = "received", _("Received by the city")
    RETURNED = "returned", pgettext_lazy("recommendation_summary", "Returned")


class WorkReportState(TextChoices):
    """Where a district's work report stands."""

    DRAFT = "draft", pgettext_lazy("work_report", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("work_report", "Submitted")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", pgettext_lazy("work_report", "Returned")


class SelectionState(TextChoices):
    """Where the city's selection stands."""

    DRAFT = "draft", pgettext_lazy("selection", "Draft")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", pgettext_lazy("selection", "Approved")


class ProvincialReportState(TextChoices):
    """Where the report to the province stands."""

    DRAFT = "draft", pgettext_lazy("provincial_report", "Draft")
    APPROVED = "approved", pgettext_lazy("provincial_report", "Signed")
    SENT = "sent", _("Sent")


class Act(TextChoices):
    """What is done besides the moves, in the words in which a history tells it; the values are the events' names."""

    START = "start", _("Form begun")
    DETACH = "detach", _("File set aside")
    INVITE_COMMITTEE = "invite_committee", _("Owners' committee invited")
    COMMITTEE_CONFIRMED = "committee_confirmed", _("Owners' committee confirmed")
    COMMITTEE_REFUSED = "committee_refused", _("Owners' committee did not confirm")
    CONFIRM_SUBSTITUTE = "confirm_substitute", _("Confirmed in place of a committee")
    SEAL = "seal", _("Sealed copy uploaded")
    CLAIM = "claim", _("Taken up by the district")
    RELEASE = "release", _("Put back by the district")
    HAND_OVER = "hand_over", _("Handed to another reviewer")
    COMPLETE_REVIEW = "complete_review", _("Handed to the approver")
    REOPEN_REVIEW = "reopen_review", _("Review opened again")
    GRANT_EXTENSION = "grant_extension", _("Extension granted")
    PREPARE = "prepare", _("Prepared for approval")
    DECIDE_ORDER = "decide_order", _("Order of equals decided")
    ASSIGN_EVALUATOR = "assign_evaluator", _("Evaluator assigned")
    ACCEPT_ASSIGNMENT = "accept_assignment", _("Assignment accepted")
    DECLINE_ASSIGNMENT = "decline_assignment", _("Assignment declined")
    RELEASE_EVALUATOR = "release_evaluator", _("Evaluator released")
    FIND_CONFLICT = "find_conflict", _("Conflict of interest found")
    DECLARE_CONFLICT = "declare_conflict", _("Evaluator in conflict")
    PLAN_VISIT = "plan_visit", _("Visit planned")
    MOVE_VISIT = "move_visit", _("Visit moved")
    CANCEL_VISIT = "cancel_visit", _("Visit canceled")
    RECORD_VISIT = "record_visit", _("Visited on site")
    HAND_IN_SHEET = "hand_in_sheet", _("Score sheet handed in")
    UNLOCK_SHEET = "unlock_sheet", _("Score sheet unlocked")
    RESOLVE_DISCREPANCY = "resolve_discrepancy", _("Discrepancy resolved")
    RECORD_FINDINGS = "record_findings", _("Findings on site recorded")
    FIND_VETO = "find_veto", _("Ground for exclusion found on site")
    DISMISS_FINDING = "dismiss_finding", _("Finding dismissed")
    RECORD_VETO = "record_veto", _("Ground for exclusion recorded")
    REFINE_STANDARD = "refine_standard", _("Standard refined by the district")
    REFRESH = "refresh", _("Brought up to date")
    CHANGE_TERMS = "change_terms", _("Terms of the campaign changed")
    RECORD_THIRD_PARTY = "record_third_party", _("Third party's assessment entered")
    CORRECT_THIRD_PARTY = "correct_third_party", _("Third party's assessment corrected")
    REMOVE_THIRD_PARTY = "remove_third_party", _("Third party's assessment removed")
    ATTACH_THIRD_PARTY = "attach_third_party", _("Third party's report uploaded")
    DETACH_THIRD_PARTY = "detach_third_party", _("Third party's report set aside")
    ENTER_HONOR = "enter_honor", _("Related honor entered")
    CORRECT_HONOR = "correct_honor", _("Related honor corrected")
    REMOVE_HONOR = "remove_honor", _("Related honor removed")


class Window(TextChoices):
    """Which period of the calendar a move must fall into."""

    APPLICATION = "application", _("Application")
    CORRECTION = "correction", _("Correction")
    DISTRICT = "district", _("District review")
    EVALUATION = "evaluation", _("Evaluation")
    WORK_REPORT = "work_report", _("Work report")
    REPORT = "report", _("Report to the province")


class DeadlineKind(TextChoices):
    """What the sweeper watches."""

    APPLICATION_CLOSES = "application_closes", _("Application closes")
    CORRECTION_DUE = "correction_due", _("Correction due")
    DISTRICT_CLOSES = "district_closes", _("District review closes")
    EVALUATION_CLOSES = "evaluation_closes", _("Evaluation closes")
    WORK_REPORT_CLOSES = "work_report_closes", _("Work report due")
    REPORT_CLOSES = "report_closes", _("Report to the province due")


class CommitteeKind(TextChoices):
    """How the owners of a community govern themselves."""

    OWNERS_COMMITTEE = "owners_committee", _("Owners' committee")
    PROPERTY_MANAGEMENT_COMMITTEE = "property_management_committee", _("Property management committee")
    NONE = "none", _("Neither")


class ConfirmationStatus(TextChoices):
    """Whether the committee stands behind the text."""

    INVITED = "invited", _("Invited")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not confirmed")
    VOID = "void", _("Void: the text was changed")


class CheckVerdict(TextChoices):
    """How a community stands to one requirement of annex 1."""

    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    NEEDS_CITY_FIGURES = "needs_city_figures", _("Needs the city's figures")
    OPEN = "open", _("To be judged")


class CheckSource(TextChoices):
    """Who came to the verdict."""

    COMPUTED = "computed", _("Computed from the figures")
    JUDGED = "judged", _("Judged by the reviewer")


class SelectionOutcome(TextChoices):
    """What a selection proposes for one community; the values are the moves that carry it out."""

    SHORTLIST = "shortlist", _("Shortlist")
    RESERVE = "reserve", _("Place on reserve")
    PASS_OVER = "pass_over", _("Not selected")


class SelectionStanding(TextChoices):
    """Where a community stood when a selection was prepared."""

    EVALUATED = "evaluated", _("Evaluated")
    RESERVED = "reserved", _("On reserve")
    REMOVED = "removed", _("Taken off the shortlist before")


class HonorStatus(TextChoices):
    """How far a related honor has come."""

    APPLYING = "applying", _("Applied for")
    GRANTED = "granted", _("Granted")
    NOT_GRANTED = "not_granted", _("Not granted")
    REVOKED = "revoked", pgettext_lazy("honor", "Revoked")


class TitleStanding(TextChoices):
    """How a title stands on a day."""

    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", pgettext_lazy("title", "Revoked")


class Capacity(TextChoices):
    """In which capacity an evaluator visits (notice, section four, 2)."""

    EXPERT = "expert", _("Expert")
    DEPARTMENT = "department", _("Department staff")


class Pile(TextChoices):
    """Where a nomination lies on a desk."""

    WAITING = "waiting", _("Waiting for me")
    IN_HAND = "in_hand", _("In hand")
    DONE = "done", _("Done")


class Specialty(TextChoices):
    """What an evaluator knows best; the words of the groups of annex 2 and of the trades behind them."""

    PARTY_BUILDING = "party_building", _("Party building in communities")
    PROPERTY_SERVICE = "property_service", _("Property service")
    FACILITIES = "facilities", _("Facilities and equipment")
    FIRE_SAFETY = "fire_safety", _("Fire safety")
    ENVIRONMENT = "environment", _("Greening and cleaning")
    WASTE_SORTING = "waste_sorting", _("Waste sorting")
    LAW_AND_FINANCE = "law_and_finance", _("Law and finance")


class ConflictKind(TextChoices):
    """How an evaluator stands to a company, an authority or a community; ``none`` is an answer too."""

    NONE = "none", _("No conflict of interest")
    EMPLOYMENT = "employment", _("Employment")
    OWNERSHIP = "ownership", _("Ownership")
    FAMILY = "family", _("Family")
    RESIDENCE = "residence", _("Residence")
    ADVISORY = "advisory", _("Advice or other paid work")
    OTHER = "other", _("Other relation")


class ConflictCause(TextChoices):
    """How a conflict of interest came to be known."""

    COMPANY = "company", _("Belongs to the company")
    GROUP = "group", _("Belongs to the company's owner or to a company of the same owner")
    AUTHORITY = "authority", _("Belongs to the district bureau")
    HOME = "home", _("Lives in the community")
    DISTRICT_SCORER = "district_scorer", _("Scored the community for the district")
    DECLARED = "declared", _("Declared by the evaluator")


class AssignmentEnd(TextChoices):
    """Why an evaluator no longer scores a community."""

    DECLINED = "declined", _("Declined by the evaluator")
    CONFLICT = "conflict", _("Conflict of interest")
    RELEASED = "released", _("Released by the city")


class DeclineReason(TextChoices):
    """Why an evaluator declines; a conflict of interest is declared instead."""

    AWAY = "away", _("Away in the period")
    ILL = "ill", _("Ill")
    OVERLOADED = "overloaded", _("Too many communities")
    NOT_MY_FIELD = "not_my_field", _("Not my field")
    OTHER = "other", pgettext_lazy("decline", "Another reason")


class AssignmentStage(TextChoices):
    """How far an evaluator has come with a community; says nothing of the points."""

    ASSIGNED = "assigned", _("Not answered yet")
    ACCEPTED = "accepted", _("Accepted")
    SCORING = "scoring", _("Scoring")
    HANDED_IN = "handed_in", _("Handed in")
    ENDED = "ended", pgettext_lazy("assignment", "Ended")


class VetoKind(TextChoices):
    """What a visit may find that excludes a community (annex 1)."""

    BLOCKED_FIRE_LANE = "blocked_fire_lane", _("Fire lane blocked")
    UNSAFE_CHARGING = "unsafe_charging", _("Electric bicycles charged in stairwells")
    BROKEN_FIRE_EQUIPMENT = "broken_fire_equipment", _("Fire equipment out of order")
    ILLEGAL_BUILDING = "illegal_building", _("Illegal building tolerated")
    SAFETY_ACCIDENT = "safety_accident", _("Accident for which the company answers")
    FALSE_STATEMENT = "false_statement", _("False statements in the form")
    OTHER = "other", pgettext_lazy("veto", "Another excluding fact")
