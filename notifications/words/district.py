"""What is said when a district bureau works and decides on a case."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Audience as To
from notifications.words.shape import REASON, Words

WORDS = {
    ("nomination.recommend", To.ACTOR): Words(
        title=_("Receipt: %(title)s is recommended"),
        body=_("You recommended %(title)s (%(number)s) to the city bureau."),
        then=_("The recommendation counts once your summary is sealed and sent to the city."),
    ),
    ("nomination.recommend", To.COMPANY): Words(
        title=_("Recommended by the district: %(title)s"),
        body=_("%(office)s recommends %(title)s to the city bureau."),
        then=_("The city evaluates on site by %(due)s. Please keep the community and its records ready for a visit."),
        quote=_("Opinion of the district"),
    ),
    ("nomination.recommend", To.CASE_REVIEWER): Words(
        title=_("Approved: recommendation of %(title)s"),
        body=_("%(office)s approved your review and recommends %(title)s (%(number)s)."),
        then=_("Next: rank and description in the recommendation summary, which goes to the city by %(due)s."),
        button=_("Go to the summary"),
        quote=_("Opinion of the approver"),
    ),
    ("nomination.recommend", To.CITY_REVIEWERS): Words(
        title=_("Recommended by %(district)s: %(title)s"),
        body=_("%(office)s recommends %(title)s (%(number)s), managed by %(company)s."),
        then=_(
            "Please plan the evaluation on site; it must be complete by %(due)s. It begins once you have received the "
            "district's summary."
        ),
        quote=_("Opinion of the district"),
    ),
    ("nomination.decline", To.ACTOR): Words(
        title=_("Receipt: %(title)s is not recommended"),
        body=_("You decided not to recommend %(title)s (%(number)s)."),
        then=_("The company is told of the decision and of your reason."),
    ),
    ("nomination.decline", To.COMPANY): Words(
        title=_("Not recommended: %(title)s"),
        body=_("%(office)s has decided not to recommend %(title)s (%(number)s)."),
        then=_(
            "The nomination ends here for this programme. If you think that something was overlooked, ask "
            "%(district)s; the city bureau can have the case considered again."
        ),
        button=_("See the decision"),
        quote=REASON,
    ),
    ("nomination.decline", To.CASE_REVIEWER): Words(
        title=_("Decided: %(title)s is not recommended"),
        body=_("%(office)s decided not to recommend %(title)s (%(number)s), which you reviewed."),
        then=_("The company has been told. You need do nothing more."),
        quote=REASON,
    ),
    ("nomination.rescind_recommendation", To.ACTOR): Words(
        title=_("Receipt: the recommendation of %(title)s is rescinded"),
        body=_("You rescinded the recommendation of %(title)s (%(number)s)."),
        then=_("The case is under review again, until %(due)s. An approved summary is a draft again."),
    ),
    ("nomination.rescind_recommendation", To.COMPANY): Words(
        title=_("Under review again: %(title)s"),
        body=_("%(office)s has rescinded its recommendation of %(title)s and is reviewing the case again."),
        then=_("A new decision is due by %(due)s. You need do nothing now."),
        quote=REASON,
    ),
    ("nomination.rescind_recommendation", To.CASE_REVIEWER): Words(
        title=_("To review again: %(title)s"),
        body=_(
            "%(office)s rescinded the recommendation of %(title)s (%(number)s); the case is back with the reviewers."
        ),
        then=_("Please take it up again and complete the review by %(due)s."),
        button=_("Take up the case"),
        quote=REASON,
    ),
    ("nomination.reconsider", To.ACTOR): Words(
        title=_("Receipt: %(title)s is considered again"),
        body=_("You had %(district)s consider %(title)s (%(number)s) again."),
        then=_("The district decides by %(due)s."),
    ),
    ("nomination.reconsider", To.COMPANY): Words(
        title=_("Considered again: %(title)s"),
        body=_("%(office)s has decided that %(district)s considers %(title)s again."),
        then=_("A new decision is due by %(due)s. You need do nothing now."),
        quote=REASON,
    ),
    ("nomination.reconsider", To.CASE_REVIEWER): Words(
        title=_("To review again: %(title)s"),
        body=_("%(office)s has decided that your bureau considers %(title)s (%(number)s) again."),
        then=_("Please take it up and complete the review by %(due)s."),
        button=_("Take up the case"),
        quote=REASON,
    ),
    ("nomination.claim", To.ACTOR): Words(
        title=_("Receipt: you took up %(title)s"),
        body=_("You took up the case of %(title)s (%(number)s)."),
        then=_("Please complete the review by %(due)s."),
    ),
    ("nomination.claim", To.COMPANY): Words(
        title=_("Now being checked: the form of %(title)s"),
        body=_("%(office)s has begun to check the form of %(title)s."),
        then=_("It can no longer be recalled. The result is due by %(due)s."),
    ),
    ("nomination.claim", To.DISTRICT_REVIEWERS): Words(
        title=_("Taken up by a colleague: %(title)s"),
        body=_("%(office)s took up the case of %(title)s (%(number)s)."),
    ),
    ("nomination.release", To.ACTOR): Words(
        title=_("Receipt: %(title)s is back on the pile"),
        body=_("You put the case of %(title)s (%(number)s) back on the pile."),
    ),
    ("nomination.release", To.DISTRICT_REVIEWERS): Words(
        title=_("To take up: %(title)s"),
        body=_("%(office)s put the case of %(title)s (%(number)s) back on the pile."),
        then=_("Somebody has to take it up; the review is due by %(due)s."),
        button=_("Take up the case"),
    ),
    ("nomination.hand_over", To.ACTOR): Words(
        title=_("Receipt: %(title)s is handed over"),
        body=_("You handed the case of %(title)s (%(number)s) over to another reviewer."),
    ),
    ("nomination.hand_over", To.CASE_REVIEWER): Words(
        title=_("Handed over to you: %(title)s"),
        body=_("%(office)s handed the case of %(title)s (%(number)s) over to you."),
        then=_("Please complete the review by %(due)s."),
        quote=REASON,
    ),
    ("nomination.complete_review", To.ACTOR): Words(
        title=_("Receipt: %(title)s is put up for approval"),
        body=_("You completed the review of %(title)s (%(number)s) and put it up for approval."),
        then=_("The approver decides by %(due)s. Checks, scores and opinion can no longer be changed."),
    ),
    ("nomination.complete_review", To.DISTRICT_APPROVERS): Words(
        title=_("To approve: %(title)s"),
        body=_("%(office)s completed the review of %(title)s (%(number)s)."),
        then=_("Please recommend, decline or send the review back by %(due)s."),
        button=_("Decide on the case"),
    ),
    ("nomination.reopen_review", To.ACTOR): Words(
        title=_("Receipt: the review of %(title)s is sent back"),
        body=_("You sent the review of %(title)s (%(number)s) back to the reviewer."),
    ),
    ("nomination.reopen_review", To.CASE_REVIEWER): Words(
        title=_("Your review is sent back: %(title)s"),
        body=_("%(office)s sent your review of %(title)s (%(number)s) back."),
        then=_("Please mend it and put it up for approval again by %(due)s."),
        quote=REASON,
    ),
}
