"""What is said when a company files, recalls, corrects or gives up."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Audience as To
from notifications.words.shape import REASON, Details, Words

WORDS = {
    ("nomination.submit", To.ACTOR): Words(
        title=_("Receipt: the form of %(title)s is submitted"),
        body=_("You submitted the self-recommendation form of %(title)s (%(number)s) to %(district)s."),
        then=_("%(district)s checks it by %(due)s. You will be told of the result."),
    ),
    ("nomination.submit", To.COMPANY): Words(
        title=_("Submitted: the form of %(title)s"),
        body=_("%(office)s submitted the self-recommendation form of %(title)s (%(number)s) to %(district)s."),
        then=_(
            "%(district)s checks it by %(due)s. Until then you need do nothing; as long as nobody has taken the case "
            "up, your administrator can recall it."
        ),
    ),
    ("nomination.submit", To.DISTRICT_REVIEWERS): Words(
        title=_("To check: the form of %(title)s"),
        body=_("%(office)s submitted the self-recommendation form of %(title)s (%(number)s)."),
        then=_("Please take the case up and complete the review, or return the form for correction, by %(due)s."),
        button=_("Take up the case"),
    ),
    ("nomination.recall", To.ACTOR): Words(
        title=_("Receipt: the form of %(title)s is recalled"),
        body=_("You recalled the form of %(title)s from %(district)s in order to change it."),
        then=_("It counts only once it is submitted again, by %(due)s."),
    ),
    ("nomination.recall", To.COMPANY): Words(
        title=_("Recalled: the form of %(title)s"),
        body=_("%(office)s recalled the form of %(title)s from %(district)s in order to change it."),
        then=_(
            "It counts only once it is submitted again, by %(due)s. Any change makes confirmation and seal necessary "
            "again."
        ),
        button=_("See the form"),
    ),
    ("nomination.recall", To.DISTRICT_REVIEWERS): Words(
        title=_("No longer with you: the form of %(title)s"),
        body=_("%(office)s recalled the form of %(title)s (%(number)s) in order to change it."),
        then=_("There is nothing to do until it is submitted again; you will be told."),
    ),
    ("nomination.withdraw", To.ACTOR): Words(
        title=_("Receipt: the nomination of %(title)s is withdrawn"),
        body=_("You withdrew the nomination of %(title)s (%(number)s)."),
        then=_("The district and city bureaus are told. Only the city bureau can reopen it, within an extension."),
    ),
    ("nomination.withdraw", To.COMPANY): Words(
        title=_("Withdrawn: the nomination of %(title)s"),
        body=_("%(office)s withdrew the nomination of %(title)s (%(number)s)."),
        then=_(
            "The community takes no further part in this programme. Only the city bureau can reopen the nomination, "
            "within an extension."
        ),
        quote=REASON,
    ),
    ("nomination.withdraw", To.DISTRICT_PAIR): Words(
        title=_("Withdrawn by the company: %(title)s"),
        body=_("%(office)s withdrew the nomination of %(title)s (%(number)s)."),
        then=_("Nothing remains to be decided on this case. It no longer appears in your summary."),
        quote=REASON,
    ),
    ("nomination.withdraw", To.CITY_REVIEWERS): Words(
        title=_("Withdrawn: %(title)s, %(district)s"),
        body=_("%(office)s withdrew the nomination of %(title)s in %(district)s."),
        then=_("If an evaluation was planned, please cancel it."),
        quote=REASON,
    ),
    ("nomination.return_for_correction", To.ACTOR): Words(
        title=_("Receipt: the form of %(title)s is returned"),
        body=_("You returned the form of %(title)s (%(number)s) to %(company)s for correction."),
        then=_("The company has until %(due)s. Without a new submission the nomination lapses."),
        details=Details.REMARKS,
    ),
    ("nomination.return_for_correction", To.COMPANY): Words(
        title=_("To correct: the form of %(title)s"),
        body=_("%(office)s has checked the form of %(title)s. Points to correct: %(count)s."),
        then=_(
            "A correction changes the form, so the owners' committee must confirm it and the paper be sealed again. If "
            "it is not submitted again in time, the nomination lapses.\nThis is return number %(round)s; at most "
            "%(allowed)s are possible."
        ),
        due_label=_("Correct by"),
        button=_("See the remarks and correct"),
        quote=_("Remark on the whole"),
        details=Details.REMARKS,
    ),
    ("nomination.lapse", To.COMPANY): Words(
        title=_("Lapsed: the nomination of %(title)s"),
        body=_("The form of %(title)s (%(number)s) was not submitted in time; the nomination has lapsed."),
        then=_(
            "If something beyond your control prevented it, turn to %(district)s: the city bureau can grant an "
            "extension and reopen the nomination."
        ),
    ),
    ("nomination.lapse", To.DISTRICT_PAIR): Words(
        title=_("Lapsed in your district: %(title)s"),
        body=_("%(company)s did not submit the form of %(title)s (%(number)s) in time; the nomination has lapsed."),
        then=_("Nothing remains to be decided on this case."),
    ),
    ("nomination.lapse", To.CITY_REVIEWERS): Words(
        title=_("Lapsed: %(title)s, %(district)s"),
        body=_("%(company)s did not submit the form of %(title)s in time; the nomination has lapsed."),
        then=_(
            "If an extension is justified, it is prepared and approved by two people; then the nomination can be "
            "reopened."
        ),
    ),
    ("nomination.reopen", To.ACTOR): Words(
        title=_("Receipt: the nomination of %(title)s is reopened"),
        body=_("You reopened the nomination of %(title)s (%(number)s)."),
        then=_("The company has until %(due)s to submit."),
    ),
    ("nomination.reopen", To.COMPANY): Words(
        title=_("Reopened: the nomination of %(title)s"),
        body=_("%(office)s has granted an extension and reopened the nomination of %(title)s."),
        then=_(
            "Please complete the form, have it confirmed and sealed, and submit it in time; otherwise the nomination "
            "lapses again."
        ),
        due_label=_("Submit by"),
        button=_("Open the form"),
        quote=REASON,
    ),
    ("nomination.reopen", To.DISTRICT_PAIR): Words(
        title=_("Reopened in your district: %(title)s"),
        body=_("%(office)s reopened the nomination of %(title)s (%(number)s)."),
        then=_("The company may submit until %(due)s; you will be told when the case is yours to check."),
        quote=REASON,
    ),
    ("nomination.reopen", To.CITY_REVIEWERS): Words(
        title=_("Reopened: %(title)s, %(district)s"),
        body=_("%(office)s reopened the nomination of %(title)s under an extension."),
        then=_("The company may submit until %(due)s."),
        quote=REASON,
    ),
    ("nomination.committee_confirmed", To.COMPANY): Words(
        title=_("Confirmed by the owners' committee: %(title)s"),
        body=_("%(office)s has confirmed the form of %(title)s as it stands."),
        then=_(
            "Next: print the form, have it sealed, upload the sealed copy and submit by %(due)s. Any change makes a "
            "new confirmation necessary."
        ),
        button=_("Open the form"),
    ),
    ("nomination.committee_refused", To.COMPANY): Words(
        title=_("Not confirmed by the owners' committee: %(title)s"),
        body=_("%(office)s has not confirmed the form of %(title)s."),
        then=_(
            "Please settle the matter with the committee, mend the form and invite the committee again. The form is "
            "due by %(due)s."
        ),
        button=_("Mend the form"),
        quote=REASON,
    ),
    ("nomination.grant_extension", To.ACTOR): Words(
        title=_("Receipt: more time for %(title)s"),
        body=_("You lengthened the period “%(window)s” for %(title)s (%(number)s)."),
        then=_("The new end is %(until)s."),
    ),
    ("nomination.grant_extension", To.COMPANY): Words(
        title=_("More time: %(title)s"),
        body=_("%(office)s has lengthened the period “%(window)s” for %(title)s."),
        then=_("The new end is %(until)s."),
        quote=REASON,
    ),
    ("nomination.grant_extension", To.DISTRICT_PAIR): Words(
        title=_("More time for %(title)s (%(number)s)"),
        body=_("%(office)s has lengthened the period “%(window)s” for %(title)s."),
        then=_("The new end is %(until)s."),
        quote=REASON,
    ),
    ("nomination.grant_extension", To.CITY_REVIEWERS): Words(
        title=_("More time is approved: %(title)s"),
        body=_("%(office)s has lengthened the period “%(window)s” for %(title)s."),
        then=_("The new end is %(until)s."),
        quote=REASON,
    ),
    ("nomination.invite_committee", To.ACTOR): Words(
        title=_("Receipt: the owners' committee of %(title)s is invited"),
        body=_(
            "You invited the owners' committee to confirm the form of %(title)s. Link and code have gone to its e-mail "
            "address."
        ),
        then=_("The invitation is good for this text only: a change makes it void. The form is due by %(due)s."),
    ),
    ("nomination.invite_committee", To.COMPANY): Words(
        title=_("The owners' committee is invited: %(title)s"),
        body=_("%(office)s invited the owners' committee to confirm the form of %(title)s."),
        then=_("Please change nothing until it has answered. The form is due by %(due)s."),
        button=_("Open the form"),
    ),
    ("nomination.confirm_substitute", To.ACTOR): Words(
        title=_("Receipt: the substitute's confirmation for %(title)s is entered"),
        body=_("You entered that the declared substitute stands behind the form of %(title)s."),
        then=_("Next: print the form, have it sealed, upload the sealed copy and submit by %(due)s."),
    ),
    ("nomination.confirm_substitute", To.COMPANY): Words(
        title=_("Confirmed by the substitute: %(title)s"),
        body=_(
            "%(office)s entered that the declared substitute, with its document, stands behind the form of %(title)s."
        ),
        then=_(
            "Next: print the form, have it sealed, upload the sealed copy and submit by %(due)s. Any change makes a "
            "new confirmation necessary."
        ),
        button=_("Open the form"),
    ),
}
