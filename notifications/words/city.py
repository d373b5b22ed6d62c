"""What is said when the city bureau evaluates and selects."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Audience as To
from notifications.words.shape import REASON, Details, Words

WORDS = {
    ("nomination.return_to_district", To.ACTOR): Words(
        title=_("Receipt: %(title)s is returned to the district"),
        body=_("You returned %(title)s (%(number)s) to %(district)s."),
        then=_("A summary already received from this district is returned with it."),
    ),
    ("nomination.return_to_district", To.COMPANY): Words(
        title=_("Back with the district: %(title)s"),
        body=_("%(office)s has sent the nomination of %(title)s back to %(district)s for another review."),
        then=_("The district decides again by %(due)s. You need do nothing now."),
    ),
    ("nomination.return_to_district", To.DISTRICT_PAIR): Words(
        title=_("Returned by the city: %(title)s"),
        body=_("%(office)s returned %(title)s (%(number)s) to you."),
        then=_(
            "Please review and decide again by %(due)s. A summary that names this community has to be approved, sealed "
            "and sent again."
        ),
        quote=REASON,
    ),
    ("nomination.complete_evaluation", To.ACTOR): Words(
        title=_("Receipt: the evaluation of %(title)s is complete"),
        body=_("You completed the evaluation of %(title)s (%(number)s)."),
        then=_("It takes part in the ranking once that is frozen."),
    ),
    ("nomination.complete_evaluation", To.DISTRICT_PAIR): Words(
        title=_("Evaluated by the city: %(title)s"),
        body=_("%(office)s has completed the evaluation of %(title)s on site."),
        then=_(
            "Next the city ranks and selects. You need do nothing for this case; please mind the date of your work "
            "report."
        ),
    ),
    ("nomination.reopen_evaluation", To.ACTOR): Words(
        title=_("Receipt: %(title)s is evaluated again"),
        body=_("You had the evaluation of %(title)s (%(number)s) opened again."),
        then=_("It must be complete by %(due)s."),
    ),
    ("nomination.reopen_evaluation", To.DISTRICT_PAIR): Words(
        title=_("Evaluated again: %(title)s"),
        body=_("%(office)s has %(title)s evaluated again."),
        then=_("Another visit may follow before %(due)s. Please tell the company to be prepared."),
        quote=REASON,
    ),
    ("nomination.reopen_evaluation", To.CITY_REVIEWERS): Words(
        title=_("To evaluate again: %(title)s"),
        body=_("%(office)s opened the evaluation of %(title)s (%(number)s) again."),
        then=_("Please complete it by %(due)s."),
        quote=REASON,
    ),
    ("nomination.shortlist", To.ACTOR): Words(
        title=_("Receipt: %(title)s is shortlisted"),
        body=_("By approving the selection you shortlisted %(title)s (%(number)s)."),
    ),
    ("nomination.shortlist", To.COMPANY): Words(
        title=_("Shortlisted: %(title)s"),
        body=_("%(office)s has selected %(title)s as one of the communities to be reported to the province."),
        then=_(
            "The report goes to the province by %(due)s. The title is given by the province; until then please do not "
            "announce it."
        ),
    ),
    ("nomination.reserve", To.ACTOR): Words(
        title=_("Receipt: %(title)s is on the reserve list"),
        body=_("By approving the selection you placed %(title)s (%(number)s) on the reserve list."),
    ),
    ("nomination.reserve", To.COMPANY): Words(
        title=_("On the reserve list: %(title)s"),
        body=_("%(office)s has placed %(title)s on the reserve list."),
        then=_(
            "If a place falls free, the city may still select the community; you will be told. You need do nothing."
        ),
    ),
    ("nomination.pass_over", To.ACTOR): Words(
        title=_("Receipt: %(title)s is not selected"),
        body=_("By approving the selection you left %(title)s (%(number)s) out of it."),
    ),
    ("nomination.pass_over", To.COMPANY): Words(
        title=_("Not selected: %(title)s"),
        body=_("%(office)s has selected the communities to be reported; %(title)s is not among them."),
        then=_(
            "The nomination ends here for this programme. Thank you for taking part; the scores of your community can "
            "be asked for at %(district)s."
        ),
    ),
    ("nomination.remove_from_shortlist", To.ACTOR): Words(
        title=_("Receipt: %(title)s is off the shortlist"),
        body=_("You took %(title)s (%(number)s) off the shortlist."),
        then=_("The free place can be given to a reserve by a further selection."),
    ),
    ("nomination.remove_from_shortlist", To.COMPANY): Words(
        title=_("No longer shortlisted: %(title)s"),
        body=_("%(office)s has taken %(title)s off the list of communities to be reported."),
        then=_("The nomination stays evaluated; a further selection may decide on it. You will be told."),
        quote=REASON,
    ),
    ("nomination.remove_from_shortlist", To.DISTRICT_PAIR): Words(
        title=_("Off the shortlist: %(title)s"),
        body=_("%(office)s has taken %(title)s (%(number)s), in your district, off the shortlist."),
        then=_("The company has been told. You need do nothing."),
        quote=REASON,
    ),
    ("nomination.remove_from_shortlist", To.CITY_REVIEWERS): Words(
        title=_("A place is free: %(title)s is off the shortlist"),
        body=_("%(office)s took %(title)s (%(number)s) off the shortlist."),
        then=_("If the place is to be filled, please propose a further selection from the reserves."),
        button=_("Prepare a selection"),
        quote=REASON,
    ),
    ("nomination.hand_in_sheet", To.ACTOR): Words(
        title=_("Receipt: your score sheet for %(title)s is handed in"),
        body=_("You handed in your score sheet for %(title)s. It can no longer be changed."),
    ),
    ("nomination.hand_in_sheet", To.CITY_REVIEWERS): Words(
        title=_("Score sheet handed in: %(title)s"),
        body=_("A score sheet for %(title)s (%(number)s) was handed in. It can be read once the whole panel has."),
    ),
    ("nomination.unlock_sheet", To.ACTOR): Words(
        title=_("Receipt: a score sheet for %(title)s is unlocked"),
        body=_("You unlocked a score sheet for %(title)s (%(number)s). The version handed in before is kept."),
    ),
    ("nomination.unlock_sheet", To.EVALUATOR): Words(
        title=_("Your score sheet is unlocked: %(title)s"),
        body=_("%(office)s has unlocked your score sheet for %(title)s. Your marks are still on it."),
        then=_("Please look at it again and hand it in by %(due)s. The version handed in before is kept."),
        button=_("Open the score sheet"),
        quote=REASON,
    ),
    ("nomination.unlock_sheet", To.CITY_REVIEWERS): Words(
        title=_("A score sheet is unlocked: %(title)s"),
        body=_(
            "%(office)s unlocked a score sheet for %(title)s (%(number)s). It does not count until it is handed in."
        ),
    ),
    ("nomination.record_veto", To.ACTOR): Words(
        title=_("Receipt: an excluding event of %(title)s is recorded"),
        body=_("You recorded an event that excludes %(title)s (%(number)s)."),
    ),
    ("nomination.record_veto", To.CITY_APPROVERS): Words(
        title=_("To decide: an event may exclude %(title)s"),
        body=_("%(office)s recorded an event that excludes %(title)s, %(district)s."),
        then=_("Please decide on the disqualification. Until then the community cannot be shortlisted."),
        button=_("Go to the decision"),
        details=Details.VETO,
    ),
}
