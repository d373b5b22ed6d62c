"""What is said when a deadline nears or has passed; afterwards who holds the work hears it, and the office above."""

from django.utils.translation import gettext_lazy as _

from nominations.enums import DeadlineKind
from notifications.words.shape import Task

TASKS = {
    ("nomination", DeadlineKind.APPLICATION_CLOSES): Task(
        task=_("submit the form of %(title)s"),
        waiting=_("The form of %(title)s (%(number)s) has not been submitted yet."),
        after=_(
            "Afterwards the nomination lapses. Confirmation by the owners' committee and the seal take time; please "
            "see to them early."
        ),
        late=_("The form of %(title)s (%(number)s) was not submitted in time."),
        late_after=_("If something beyond your control prevented it, turn to %(district)s."),
        above=_("%(company)s did not submit the form of %(title)s in time."),
        button=_("Open the form"),
    ),
    ("nomination", DeadlineKind.CORRECTION_DUE): Task(
        task=_("correct and submit the form of %(title)s"),
        waiting=_("The form of %(title)s (%(number)s) was returned for correction and has not come back yet."),
        after=_("Afterwards the nomination lapses. A correction has to be confirmed and sealed again."),
        late=_("The form of %(title)s (%(number)s) was not corrected in time."),
        late_after=_("If something beyond your control prevented it, turn to %(district)s."),
        above=_("%(company)s did not correct the form of %(title)s in time."),
        button=_("See the remarks and correct"),
    ),
    ("nomination", DeadlineKind.DISTRICT_CLOSES): Task(
        task=_("decide on %(title)s"),
        waiting=_("The case of %(title)s (%(number)s) has not been decided yet."),
        after=_(
            "Afterwards it can neither be recommended nor declined without an extension, and your summary cannot be "
            "sent."
        ),
        late=_("The case of %(title)s (%(number)s) was not decided in time."),
        late_after=_("Please turn to the city bureau for an extension, and decide without delay."),
        above=_("In your bureau the case of %(title)s (%(number)s) was not decided in time."),
        button=_("Work on the case"),
    ),
    ("nomination", DeadlineKind.EVALUATION_CLOSES): Task(
        task=_("complete the evaluation of %(title)s"),
        waiting=_("The evaluation of %(title)s (%(number)s), %(district)s, is not complete yet."),
        after=_("Visit, sheets and open discrepancies have to be settled before; afterwards an extension is needed."),
        late=_("The evaluation of %(title)s (%(number)s) was not completed in time."),
        late_after=_("Please prepare an extension or settle what is open."),
        above=_("The evaluation of %(title)s (%(number)s), %(district)s, was not completed in time."),
        button=_("Work on the case"),
    ),
    ("recommendation_summary", DeadlineKind.DISTRICT_CLOSES): Task(
        task=_("send the recommendation summary"),
        waiting=_("The recommendation summary of %(district)s has not been sent to the city yet."),
        after=_("Approval, seal and sending have to be done before; afterwards an extension is needed."),
        late=_("The recommendation summary of %(district)s was not sent in time."),
        late_after=_("Please turn to the city bureau for an extension, and send it without delay."),
        above=_("The recommendation summary of %(district)s was not sent in time."),
        button=_("Go to the summary"),
    ),
    ("work_report", DeadlineKind.WORK_REPORT_CLOSES): Task(
        task=_("send the work report"),
        waiting=_("The work report of %(district)s has not been sent to the city yet."),
        after=_("Without an accepted work report no community of the district can be reported to the province."),
        late=_("The work report of %(district)s was not sent in time."),
        late_after=_("Please turn to the city bureau for an extension, and send it without delay."),
        above=_("The work report of %(district)s was not sent in time."),
        button=_("Write the work report"),
    ),
    ("provincial_report", DeadlineKind.REPORT_CLOSES): Task(
        task=_("report to the province"),
        waiting=_("The report to the province has not been sent yet."),
        after=_("Signature, seal and sending have to be done before."),
        late=_("The report to the province was not sent in time."),
        late_after=_("Please agree on the matter with the provincial department."),
        above=_("The report to the province was not sent in time."),
        button=_("Finish the report"),
    ),
}
