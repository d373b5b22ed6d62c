"""What is said of the report to the province and of what became of it."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Audience as To
from notifications.words.shape import REASON, Details, Words

WORDS = {
    ("nomination.report", To.ACTOR): Words(
        title=_("Receipt: %(title)s is reported"),
        body=_("With the report to the province you reported %(title)s (%(number)s)."),
    ),
    ("nomination.report", To.COMPANY): Words(
        title=_("Reported to the province: %(title)s"),
        body=_("%(office)s has reported %(title)s to the provincial department."),
        then=_("The province decides on the title. You will be told of its decision; it sets no date."),
    ),
    ("nomination.record_award", To.ACTOR): Words(
        title=_("Receipt: the title of %(title)s is recorded"),
        body=_("You recorded that %(title)s (%(number)s) was given the title."),
    ),
    ("nomination.record_award", To.COMPANY): Words(
        title=_("Title awarded: %(title)s"),
        body=_("Congratulations: the province has given %(title)s the title of %(award)s. Document: %(document)s."),
        then=_("The title can be taken back if the conditions no longer hold; please keep up the standard."),
    ),
    ("nomination.record_award", To.DISTRICT_PAIR): Words(
        title=_("Title awarded in your district: %(title)s"),
        body=_("%(title)s (%(number)s) has been given the title by the province. Document: %(document)s."),
        then=_("Nothing needs to be done. Good practice may be collected for publicity."),
    ),
    ("nomination.record_award", To.CITY_REVIEWERS): Words(
        title=_("Award recorded: %(title)s"),
        body=_("%(office)s recorded the title of %(title)s, %(district)s. Document: %(document)s."),
    ),
    ("nomination.record_no_award", To.ACTOR): Words(
        title=_("Receipt: no title for %(title)s is recorded"),
        body=_("You recorded that %(title)s (%(number)s) was not given the title."),
    ),
    ("nomination.record_no_award", To.COMPANY): Words(
        title=_("No title this time: %(title)s"),
        body=_("The province has not given %(title)s the title this time."),
        then=_("The nomination ends here. Thank you for taking part; you can apply again in the next programme."),
        quote=REASON,
    ),
    ("nomination.record_no_award", To.DISTRICT_PAIR): Words(
        title=_("No title for a community of your district: %(title)s"),
        body=_("%(title)s (%(number)s), which you recommended, was not given the title."),
        then=_("The company has been told. You need do nothing."),
        quote=REASON,
    ),
    ("nomination.record_no_award", To.CITY_REVIEWERS): Words(
        title=_("Recorded: no title for %(title)s"),
        body=_("%(office)s recorded that %(title)s, %(district)s, was not given the title."),
        quote=REASON,
    ),
    ("nomination.revoke", To.ACTOR): Words(
        title=_("Receipt: the title of %(title)s is revoked"),
        body=_("You recorded that the title of %(title)s (%(number)s) was taken back."),
    ),
    ("nomination.revoke", To.COMPANY): Words(
        title=_("Title revoked: %(title)s"),
        body=_("The title of %(title)s has been taken back. Document: %(document)s."),
        then=_("Please remove plaques and publicity that use the title. Questions are answered by %(office)s."),
        button=_("See the decision"),
        quote=REASON,
    ),
    ("nomination.revoke", To.DISTRICT_PAIR): Words(
        title=_("Title revoked in your district: %(title)s"),
        body=_("The title of %(title)s (%(number)s) was taken back. Document: %(document)s."),
        then=_("Please see to it that plaques and publicity are removed."),
        quote=REASON,
    ),
    ("nomination.revoke", To.CITY_REVIEWERS): Words(
        title=_("Revocation recorded: %(title)s"),
        body=_(
            "%(office)s recorded that the title of %(title)s, %(district)s, was taken back. Document: %(document)s."
        ),
        quote=REASON,
    ),
    ("nomination.disqualify", To.ACTOR): Words(
        title=_("Receipt: %(title)s is disqualified"),
        body=_("You disqualified %(title)s (%(number)s)."),
    ),
    ("nomination.disqualify", To.COMPANY): Words(
        title=_("Disqualified: %(title)s"),
        body=_("%(office)s has excluded %(title)s (%(number)s) from this programme because of a recorded event."),
        then=_("The nomination ends here. Questions about the decision are answered by %(office)s."),
        button=_("See the decision"),
        quote=REASON,
        details=Details.VETO,
    ),
    ("nomination.disqualify", To.DISTRICT_PAIR): Words(
        title=_("Disqualified in your district: %(title)s"),
        body=_("%(office)s has excluded %(title)s (%(number)s), in your district, from this programme."),
        then=_("It no longer counts in your summary. The company has been told."),
        quote=REASON,
        details=Details.VETO,
    ),
    ("nomination.disqualify", To.CITY_REVIEWERS): Words(
        title=_("Disqualified: %(title)s, %(district)s"),
        body=_("%(office)s decided to exclude %(title)s (%(number)s)."),
        then=_("Planned visits and open sheets of this case need no further work."),
        quote=REASON,
        details=Details.VETO,
    ),
}
