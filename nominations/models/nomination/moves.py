"""Every move of a nomination, in the order of its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Role
from nominations.enums import Act, DeadlineKind, Window
from nominations.enums import NominationState as S
from nominations.models.nomination.record import NominationRecord
from nominations.rules import assessment as assessed
from nominations.rules import nomination as rules
from nominations.rules import ranking as ranked
from nominations.rules import recommendation as recommended
from nominations.rules import reporting as reported
from nominations.rules import selection as selected
from nominations.rules import title as titles
from nominations.rules import windows
from workflow.constraints import guard_states
from workflow.declaration import transition
from workflow.enums import Comment
from workflow.fields import StateField

if TYPE_CHECKING:
    from workflow.moves import Move

# What a nomination can be late for; who leaves the race is late for nothing any more.
DEADLINES = (
    DeadlineKind.APPLICATION_CLOSES,
    DeadlineKind.CORRECTION_DUE,
    DeadlineKind.DISTRICT_CLOSES,
    DeadlineKind.EVALUATION_CLOSES,
)


@guard_states
class Nomination(NominationRecord):
    """One community in one campaign (rows S-02 to S-06, S-10, S-15, S-16)."""

    flow = "nomination"
    acts = Act

    state = StateField(S)

    @transition(
        state,
        source=[S.DRAFT, S.RETURNED],
        target=S.SUBMITTED,
        role=Role.COMPANY_ADMIN,
        label=_("Submit to district"),
        guards=[
            rules.form_complete,
            rules.committee_confirmed,
            rules.sealed_copy_attached,
            rules.attachments_clean,
            windows.within_application_window,
        ],
        locks=["summary"],
    )
    def submit(self, move: Move) -> None:
        """Hand the form in to the district bureau (notice, section four, 1; row S-04)."""
        self.submitted_at, self.claimed_by_id, self.correction_due_at = move.at, None, None
        self.summary.overtake()
        move.cite("form", self.content_digest)
        move.settle(DeadlineKind.APPLICATION_CLOSES, DeadlineKind.CORRECTION_DUE)
        move.schedule(DeadlineKind.DISTRICT_CLOSES, windows.end_of(self, Window.DISTRICT))

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.DRAFT,
        role=Role.COMPANY_ADMIN,
        label=_("Recall"),
        comment=Comment.OPTIONAL,
        guards=[rules.not_claimed, windows.within_application_window],
    )
    def recall(self, move: Move) -> None:
        """Take the form back to change it while nobody works on it."""
        move.settle(DeadlineKind.DISTRICT_CLOSES)
        move.schedule(DeadlineKind.APPLICATION_CLOSES, windows.application_end(self))

    @transition(
        state,
        source=[S.DRAFT, S.SUBMITTED, S.RETURNED, S.RECOMMENDED],
        target=S.WITHDRAWN,
        role=Role.COMPANY_ADMIN,
        label=_("Withdraw"),
        comment=Comment.REQUIRED,
        guards=[rules.summary_not_submitted],
        locks=["summary"],
    )
    def withdraw(self, move: Move) -> None:
        """Give the nomination up; applying is voluntary (row S-02)."""
        self._leave_the_race(move)

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.RETURNED,
        role=Role.DISTRICT_REVIEWER,
        label=_("Return for correction"),
        comment=Comment.REQUIRED,
        guards=[rules.sections_named, rules.corrections_left, windows.within_district_window],
    )
    def return_for_correction(self, move: Move) -> None:
        """Send the form back with every defect at once, by section."""
        self.corrections += 1
        self.returned_form = self.form
        self.correction_due_at = windows.correction_end(self, move)
        move.settle(DeadlineKind.DISTRICT_CLOSES)
        move.schedule(DeadlineKind.CORRECTION_DUE, self.correction_due_at)

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.RECOMMENDED,
        role=Role.DISTRICT_APPROVER,
        label=_("Recommend"),
        comment=Comment.REQUIRED,
        guards=[
            rules.district_review_complete,
            rules.requirements_met_or_overridden,
            rules.not_the_reviewer,
            recommended.within_district_quota,
            windows.within_district_window,
        ],
        locks=["summary"],
    )
    def recommend(self, move: Move) -> None:
        """Recommend to the city bureau (notice, section four, 1; row S-05); an approved summary becomes a draft."""
        self.recommended_at = move.at
        self.summary.recommended_count += 1
        self.summary.unsettle()
        self._amend_summary(move)
        move.cite("review", self.review.digest)
        move.settle(DeadlineKind.DISTRICT_CLOSES)
        move.schedule(DeadlineKind.EVALUATION_CLOSES, windows.evaluation_end(self))

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.NOT_RECOMMENDED,
        role=Role.DISTRICT_APPROVER,
        label=_("Decline"),
        comment=Comment.REQUIRED,
        guards=[rules.district_review_complete, rules.not_the_reviewer, windows.within_district_window],
    )
    def decline(self, move: Move) -> None:
        """Decide not to recommend (row S-05)."""
        move.cite("review", self.review.digest)
        move.settle(DeadlineKind.DISTRICT_CLOSES)

    @transition(
        state,
        source=S.RECOMMENDED,
        target=S.SUBMITTED,
        role=Role.DISTRICT_APPROVER,
        label=_("Rescind recommendation"),
        comment=Comment.REQUIRED,
        guards=[rules.summary_not_submitted],
        locks=["summary"],
    )
    def rescind_recommendation(self, move: Move) -> None:
        """Take the recommendation back; an approved summary becomes a draft again."""
        self._back_to_district(move)
        self._amend_summary(move)

    @transition(
        state,
        source=S.RECOMMENDED,
        target=S.SUBMITTED,
        role=Role.CITY_REVIEWER,
        label=_("Return to district"),
        comment=Comment.REQUIRED,
        guards=[assessed.evaluation_not_started],
        locks=["summary"],
    )
    def return_to_district(self, move: Move) -> None:
        """Send the nomination back to the district, and with it the summary that names it."""
        self._back_to_district(move)
        if self.summary.is_with_city:
            move.then(self.summary, "return")

    @transition(
        state,
        source=S.RECOMMENDED,
        target=S.EVALUATED,
        role=Role.CITY_REVIEWER,
        label=_("Complete evaluation"),
        guards=[
            assessed.summary_received,
            assessed.visit_recorded,
            assessed.sheets_sufficient,
            assessed.discrepancies_resolved,
            windows.within_evaluation_window,
        ],
    )
    def complete_evaluation(self, move: Move) -> None:
        """Close the evaluation on site (notice, section four, 2; row S-09)."""
        self.evaluated_at = move.at
        self.panel_score = assessed.panel_score(self)
        move.settle(DeadlineKind.EVALUATION_CLOSES)

    @transition(
        state,
        source=S.EVALUATED,
        target=S.RECOMMENDED,
        role=Role.CITY_APPROVER,
        label=_("Reopen evaluation"),
        comment=Comment.REQUIRED,
        guards=[ranked.ranking_not_frozen],
    )
    def reopen_evaluation(self, move: Move) -> None:
        """Have the community evaluated again."""
        self.evaluated_at, self.panel_score = None, None
        move.schedule(DeadlineKind.EVALUATION_CLOSES, windows.evaluation_end(self))

    @transition(
        state,
        source=[S.EVALUATED, S.RESERVED],
        target=S.SHORTLISTED,
        role=Role.CITY_APPROVER,
        label=_("Shortlist"),
        comment=Comment.BY_SELECTION,
        guards=[selected.selection_approved, selected.within_quota, selected.no_veto_event],
        locks=["campaign"],
    )
    def shortlist(self, move: Move) -> None:
        """Put the community among those to be reported (row S-15)."""
        self.campaign.places_taken += 1

    @transition(
        state,
        source=S.EVALUATED,
        target=S.RESERVED,
        role=Role.CITY_APPROVER,
        label=_("Place on reserve"),
        comment=Comment.BY_SELECTION,
        guards=[selected.selection_approved],
    )
    def reserve(self, move: Move) -> None:
        """Keep the community in reserve for a place that falls free."""

    @transition(
        state,
        source=[S.EVALUATED, S.RESERVED],
        target=S.NOT_SELECTED,
        role=Role.CITY_APPROVER,
        label=pgettext_lazy("nomination", "Not selected"),
        comment=Comment.BY_SELECTION,
        guards=[selected.selection_approved],
    )
    def pass_over(self, move: Move) -> None:
        """Leave the community out of the selection."""

    @transition(
        state,
        source=S.SHORTLISTED,
        target=S.EVALUATED,
        role=Role.CITY_APPROVER,
        label=_("Remove from shortlist"),
        comment=Comment.REQUIRED,
        guards=[selected.not_the_proposer],
        locks=["campaign"],
    )
    def remove_from_shortlist(self, move: Move) -> None:
        """Take the community off the list; its place may go to a reserve by a further selection."""
        self.campaign.places_taken -= 1

    @transition(
        state,
        source=S.SHORTLISTED,
        target=S.REPORTED,
        role=Role.CITY_APPROVER,
        label=_("Report to province"),
        guards=[reported.provincial_report_sent, reported.work_report_accepted, windows.within_report_window],
    )
    def report(self, move: Move) -> None:
        """Report the community to the provincial department (notice, section four, 3; row S-16)."""

    @transition(
        state,
        source=S.REPORTED,
        target=S.AWARDED,
        role=Role.CITY_REVIEWER,
        label=_("Record award"),
        comment=Comment.REQUIRED,
        guards=[titles.result_document_given],
    )
    def record_award(self, move: Move) -> None:
        """Enter the title that the province has given."""
        self.enter_title(move, self.campaign.title_years)

    @transition(
        state,
        source=S.REPORTED,
        target=S.NOT_AWARDED,
        role=Role.CITY_REVIEWER,
        label=_("Record no award"),
        comment=Comment.REQUIRED,
        checks=[titles.result_document_readable],
    )
    def record_no_award(self, move: Move) -> None:
        """Enter that the province has not given the title, and by which document if there is one."""
        self.result_document = titles.document_in(move)

    @transition(
        state,
        source=S.AWARDED,
        target=S.REVOKED,
        role=Role.CITY_APPROVER,
        label=_("Revoke title"),
        comment=Comment.REQUIRED,
        guards=[titles.result_document_given],
    )
    def revoke(self, move: Move) -> None:
        """Enter that the title was taken back."""
        self.revoke_title(move)

    @transition(
        state,
        source=[S.SUBMITTED, S.RETURNED, S.RECOMMENDED, S.EVALUATED, S.RESERVED, S.SHORTLISTED],
        target=S.DISQUALIFIED,
        role=Role.CITY_APPROVER,
        label=_("Disqualify"),
        comment=Comment.REQUIRED,
        guards=[selected.veto_event_recorded],
        locks=["campaign", "summary"],
    )
    def disqualify(self, move: Move) -> None:
        """Exclude the community for a recorded event, such as an accident or a penalty."""
        if self.state == S.SHORTLISTED:
            self.campaign.places_taken -= 1
        self._leave_the_race(move)

    @transition(
        state,
        source=[S.DRAFT, S.RETURNED],
        target=S.LAPSED,
        role=Role.SYSTEM,
        label=_("Lapse"),
        guards=[windows.window_or_correction_over],
    )
    def lapse(self, move: Move) -> None:
        """End what was not submitted in time."""

    @transition(
        state,
        source=[S.WITHDRAWN, S.LAPSED],
        target=S.DRAFT,
        role=Role.CITY_APPROVER,
        label=pgettext_lazy("nomination", "Reopen"),
        comment=Comment.REQUIRED,
        guards=[windows.extension_granted],
    )
    def reopen(self, move: Move) -> None:
        """Let the company go on, within an extension that two people have granted."""
        self.correction_due_at = None
        move.schedule(DeadlineKind.APPLICATION_CLOSES, windows.application_end(self))

    @transition(
        state,
        source=S.NOT_RECOMMENDED,
        target=S.SUBMITTED,
        role=Role.CITY_APPROVER,
        label=_("Reconsider"),
        comment=Comment.REQUIRED,
        guards=[windows.within_district_window],
        locks=["summary"],
    )
    def reconsider(self, move: Move) -> None:
        """Have the district decide again."""
        self.claimed_by_id = None
        self.summary.overtake()
        move.schedule(DeadlineKind.DISTRICT_CLOSES, windows.end_of(self, Window.DISTRICT))

    def _back_to_district(self, move: Move) -> None:
        self.recommended_at, self.claimed_by_id = None, None
        self.summary.recommended_count -= 1
        self.summary.unsettle()
        move.settle(DeadlineKind.EVALUATION_CLOSES)
        move.schedule(DeadlineKind.DISTRICT_CLOSES, windows.end_of(self, Window.DISTRICT))

    def _amend_summary(self, move: Move) -> None:
        if self.summary.is_approved:
            move.then(self.summary, "amend")

    def _leave_the_race(self, move: Move) -> None:
        if self.state in {S.RECOMMENDED, S.EVALUATED, S.RESERVED, S.SHORTLISTED}:
            self.summary.recommended_count -= 1
            self.summary.unsettle()
        move.settle(*DEADLINES)
