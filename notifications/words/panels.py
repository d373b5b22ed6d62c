"""What is said when evaluators are asked, step back or are taken off, and when visits are planned (row S-09)."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Audience as To
from notifications.words.shape import REASON, Details, Words

WORDS = {
    ("nomination.assign_evaluator", To.ACTOR): Words(
        title=_("Receipt: an evaluator is assigned to %(title)s"),
        body=_("You assigned an evaluator to %(title)s (%(number)s)."),
    ),
    ("nomination.assign_evaluator", To.EVALUATOR): Words(
        title=_("Your evaluation: %(title)s"),
        body=_("%(office)s asks you to evaluate %(title)s, %(district)s, on site."),
        then=_(
            "Please accept or decline. If you work for the company or have any other conflict of interest, please say "
            "so before you begin. The score sheet is due by %(due)s."
        ),
        button=_("Accept or decline"),
    ),
    ("nomination.assign_evaluator", To.CITY_REVIEWERS): Words(
        title=_("Evaluator assigned: %(title)s"),
        body=_("%(office)s assigned an evaluator to %(title)s (%(number)s)."),
    ),
    ("nomination.accept_assignment", To.ACTOR): Words(
        title=_("Receipt: you accepted the evaluation of %(title)s"),
        body=_("You accepted to evaluate %(title)s and declared that you have no conflict of interest."),
        then=_("The score sheet is due by %(due)s."),
    ),
    ("nomination.accept_assignment", To.CITY_REVIEWERS): Words(
        title=_("Accepted: the evaluation of %(title)s"),
        body=_("An evaluator of %(title)s (%(number)s) has accepted and declared no conflict of interest."),
    ),
    ("nomination.decline_assignment", To.ACTOR): Words(
        title=_("Receipt: you declined the evaluation of %(title)s"),
        body=_("You declined to evaluate %(title)s. Reason: %(reason)s."),
        then=_("You need do nothing more; the city bureau has been told."),
    ),
    ("nomination.decline_assignment", To.CITY_REVIEWERS): Words(
        title=_("An evaluator declined: %(title)s"),
        body=_("An evaluator of %(title)s (%(number)s) has declined. Reason: %(reason)s."),
        then=_(
            "If a deputy is free, the deputy has taken over and has been told; otherwise please assign somebody else. "
            "The evaluation must be complete by %(due)s."
        ),
        button=_("Look at the panel"),
    ),
    ("nomination.release_evaluator", To.ACTOR): Words(
        title=_("Receipt: an evaluator of %(title)s is released"),
        body=_("You took an evaluator off the panel of %(title)s (%(number)s)."),
    ),
    ("nomination.release_evaluator", To.EVALUATOR): Words(
        title=_("You no longer evaluate %(title)s"),
        body=_("%(office)s has taken you off the panel of %(title)s, %(district)s."),
        then=_("You need do nothing more for this community. Thank you."),
        quote=REASON,
    ),
    ("nomination.release_evaluator", To.CITY_REVIEWERS): Words(
        title=_("Evaluator released: %(title)s"),
        body=_("%(office)s took an evaluator off the panel of %(title)s (%(number)s)."),
        quote=REASON,
    ),
    ("nomination.declare_conflict", To.ACTOR): Words(
        title=_("Receipt: you stepped back from %(title)s"),
        body=_("You declared a conflict of interest and no longer evaluate %(title)s."),
    ),
    ("nomination.declare_conflict", To.CITY_REVIEWERS): Words(
        title=_("An evaluator stepped back: %(title)s"),
        body=_("An evaluator of %(title)s (%(number)s) has declared a conflict of interest. Kind: %(kind)s."),
        then=_("Please assign somebody else; the evaluation must be complete by %(due)s."),
        button=_("Assign an evaluator"),
    ),
    ("nomination.find_conflict", To.EVALUATOR): Words(
        title=_("Conflict of interest: you no longer evaluate %(title)s"),
        body=_(
            "By what is on record now you stand too close to %(title)s, its company or its authority. Kind: %(kind)s. "
            "Your score sheet for it does not count."
        ),
        then=_("You need do nothing. If the record is mistaken, please tell the city bureau."),
    ),
    ("nomination.find_conflict", To.CITY_REVIEWERS): Words(
        title=_("Conflict of interest found: %(title)s"),
        body=_(
            "An evaluator of %(title)s (%(number)s) turned out to have a conflict of interest. Kind: %(kind)s. The "
            "assignment has ended and a sheet that was handed in no longer counts."
        ),
        then=_("Please assign somebody else; the evaluation must be complete by %(due)s."),
        button=_("Assign an evaluator"),
    ),
    ("nomination.plan_visit", To.ACTOR): Words(
        title=_("Receipt: the visit to %(title)s is planned"),
        body=_("You planned the visit to %(title)s (%(number)s) for %(when)s."),
    ),
    ("nomination.plan_visit", To.EVALUATOR): Words(
        title=_("Visit planned: %(title)s, %(when)s"),
        body=_("%(office)s plans the visit to %(title)s, %(district)s, for %(when)s."),
        then=_("Please be there. If you cannot come, please tell the city bureau in good time."),
    ),
    ("nomination.plan_visit", To.CITY_REVIEWERS): Words(
        title=_("Visit planned: %(title)s"),
        body=_("%(office)s planned the visit to %(title)s (%(number)s) for %(when)s."),
    ),
    ("nomination.move_visit", To.ACTOR): Words(
        title=_("Receipt: the visit to %(title)s is moved"),
        body=_("You moved the visit to %(title)s (%(number)s) to %(when)s."),
    ),
    ("nomination.move_visit", To.EVALUATOR): Words(
        title=_("Visit moved: %(title)s, now %(when)s"),
        body=_("%(office)s has moved the visit to %(title)s, %(district)s. It now takes place on %(when)s."),
        then=_("The former time no longer holds. If you cannot come, please tell the city bureau in good time."),
    ),
    ("nomination.move_visit", To.CITY_REVIEWERS): Words(
        title=_("Visit moved: %(title)s"),
        body=_("%(office)s moved the visit to %(title)s (%(number)s) to %(when)s."),
    ),
    ("nomination.cancel_visit", To.ACTOR): Words(
        title=_("Receipt: the visit to %(title)s is called off"),
        body=_("You called off the visit to %(title)s (%(number)s)."),
    ),
    ("nomination.cancel_visit", To.EVALUATOR): Words(
        title=_("Visit called off: %(title)s, %(when)s"),
        body=_("%(office)s has called off the visit to %(title)s, %(district)s, planned for %(when)s."),
        then=_("You will be told when another time is found."),
        quote=REASON,
    ),
    ("nomination.cancel_visit", To.CITY_REVIEWERS): Words(
        title=_("Visit called off: %(title)s"),
        body=_("%(office)s called off the visit to %(title)s (%(number)s), planned for %(when)s."),
        quote=REASON,
    ),
    ("nomination.find_veto", To.ACTOR): Words(
        title=_("Receipt: what was found at %(title)s is recorded"),
        body=_("You recorded what a visit to %(title)s (%(number)s) has found against it."),
        then=_("Please record the excluding event, or say why there is none, by %(due)s."),
    ),
    ("nomination.find_veto", To.CITY_PAIR): Words(
        title=_("Found on site: %(title)s may have to be excluded"),
        body=_("A visit to %(title)s (%(number)s), %(district)s, has found what may exclude the community."),
        then=_("Please record the excluding event, or say why there is none, by %(due)s."),
        button=_("Go to the findings"),
        details=Details.FINDINGS,
    ),
}
