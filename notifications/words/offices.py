"""What is said of summaries, work reports, selections and the report to the province."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Audience as To
from notifications.words.shape import REASON, Details, Words

WORDS = {
    ("recommendation_summary.approve", To.ACTOR): Words(
        title=_("Receipt: the recommendation summary is approved"),
        body=_("You approved the recommendation summary of %(district)s."),
        then=_("Next: print it, have it sealed, upload the sealed copy and send it by %(due)s."),
    ),
    ("recommendation_summary.approve", To.DISTRICT_PAIR): Words(
        title=_("To seal and send: the recommendation summary"),
        body=_("%(office)s approved the recommendation summary of %(district)s."),
        then=_(
            "Please print it, have it sealed, upload the sealed copy and send it to the city by %(due)s. A change "
            "makes a new approval necessary."
        ),
        button=_("Seal and send"),
    ),
    ("recommendation_summary.amend", To.ACTOR): Words(
        title=_("Receipt: the recommendation summary is open again"),
        body=_("You opened the approved recommendation summary of %(district)s again."),
        then=_("Its seal is void; it has to be approved and sealed again before %(due)s."),
    ),
    ("recommendation_summary.amend", To.DISTRICT_PAIR): Words(
        title=_("Open again: the recommendation summary"),
        body=_("%(office)s opened the recommendation summary of %(district)s again."),
        then=_("Its seal is void. Please mend it and have it approved, sealed and sent by %(due)s."),
        button=_("Open the summary"),
        quote=REASON,
    ),
    ("recommendation_summary.submit", To.ACTOR): Words(
        title=_("Receipt: the recommendation summary is sent"),
        body=_("You sent the sealed recommendation summary of %(district)s to the city bureau."),
        then=_("You will be told when it is received. From now on only the city bureau can return it."),
    ),
    ("recommendation_summary.submit", To.CITY_REVIEWERS): Words(
        title=_("To receive: the summary of %(district)s"),
        body=_("%(office)s sent its sealed recommendation summary."),
        then=_(
            "Please check and receive it. The evaluation of its communities begins with that and must be complete by "
            "%(due)s."
        ),
        button=_("Check and receive"),
    ),
    ("recommendation_summary.receive", To.ACTOR): Words(
        title=_("Receipt: the summary of %(district)s is received"),
        body=_("You received the recommendation summary of %(district)s."),
    ),
    ("recommendation_summary.receive", To.DISTRICT_PAIR): Words(
        title=_("Received by the city: your recommendation summary"),
        body=_("%(office)s has received the recommendation summary of %(district)s."),
        then=_(
            "Next the city evaluates on site. Please prepare the communities for visits and mind the date of your work "
            "report."
        ),
        button=_("Open the summary"),
    ),
    ("recommendation_summary.return", To.ACTOR): Words(
        title=_("Receipt: the summary of %(district)s is returned"),
        body=_("You returned the recommendation summary to %(district)s."),
    ),
    ("recommendation_summary.return", To.DISTRICT_PAIR): Words(
        title=_("Returned: your recommendation summary"),
        body=_("%(office)s has returned the recommendation summary of %(district)s."),
        then=_("Please mend it, then approve, seal and send it again. The former seal is void."),
        due_label=_("Send again by"),
        button=_("See the reason and mend"),
        quote=REASON,
    ),
    ("work_report.submit", To.ACTOR): Words(
        title=_("Receipt: the work report is sent"),
        body=_("You sent the work report of %(district)s to the city bureau."),
        then=_("You will be told when it is accepted."),
    ),
    ("work_report.submit", To.CITY_REVIEWERS): Words(
        title=_("To read: the work report of %(district)s"),
        body=_("%(office)s sent its work report."),
        then=_(
            "Please accept or return it. Communities of a district without an accepted report cannot be reported to "
            "the province, due by %(due)s."
        ),
        button=_("Read the report"),
    ),
    ("work_report.accept", To.ACTOR): Words(
        title=_("Receipt: the work report of %(district)s is accepted"),
        body=_("You accepted the work report of %(district)s."),
    ),
    ("work_report.accept", To.DISTRICT_PAIR): Words(
        title=_("Accepted: your work report"),
        body=_("%(office)s has accepted the work report of %(district)s."),
        then=_("Nothing more needs to be done."),
        button=_("Open the work report"),
    ),
    ("work_report.return", To.ACTOR): Words(
        title=_("Receipt: the work report of %(district)s is returned"),
        body=_("You returned the work report to %(district)s."),
    ),
    ("work_report.return", To.DISTRICT_PAIR): Words(
        title=_("Returned: your work report"),
        body=_("%(office)s has returned the work report of %(district)s."),
        then=_("Please mend it and send it again."),
        due_label=_("Send again by"),
        button=_("See the reason and mend"),
        quote=REASON,
        details=Details.REPORT_REMARKS,
    ),
    ("selection.propose", To.ACTOR): Words(
        title=_("Receipt: the selection is proposed"),
        body=_("You put the selection up for decision."),
        then=_("The approver decides by %(due)s."),
    ),
    ("selection.propose", To.CITY_APPROVERS): Words(
        title=_("To decide: the selection"),
        body=_("%(office)s put the selection of this programme up for decision."),
        then=_("Please approve it or send it back. The report to the province is due by %(due)s."),
        button=_("Go to the decision"),
    ),
    ("selection.reject", To.ACTOR): Words(
        title=_("Receipt: the selection is sent back"),
        body=_("You sent the proposed selection back."),
    ),
    ("selection.reject", To.CITY_REVIEWERS): Words(
        title=_("To mend: the selection"),
        body=_("%(office)s sent the proposed selection back."),
        then=_("Please mend it and propose it again; the report to the province is due by %(due)s."),
        button=_("Open the selection"),
        quote=REASON,
    ),
    ("selection.approve", To.ACTOR): Words(
        title=_("Receipt: the selection is approved"),
        body=_("You approved the selection. Every company concerned is told of the result for its community."),
        then=_("The report to the province is due by %(due)s."),
    ),
    ("selection.approve", To.CITY_PAIR): Words(
        title=_("Approved: the selection"),
        body=_("%(office)s approved the selection of this programme."),
        then=_("Next: the report to the province with the dossier of every shortlisted community, due by %(due)s."),
        button=_("Open the selection"),
    ),
    ("selection.approve", To.DISTRICTS_CONCERNED): Words(
        title=_("Selection decided: your communities"),
        body=_("%(office)s has decided on the selection. The result for the communities that you recommended:"),
        then=_(
            "The companies have been told, each of its own community. Communities are reported only if your work "
            "report is accepted."
        ),
        button=_("Open the results"),
        details=Details.OUTCOMES,
    ),
    ("provincial_report.approve", To.ACTOR): Words(
        title=_("Receipt: the report to the province is signed"),
        body=_("You signed the report to the province."),
        then=_("Next: have it sealed, upload the sealed copy and send it by %(due)s."),
    ),
    ("provincial_report.approve", To.CITY_PAIR): Words(
        title=_("To seal and send: the report to the province"),
        body=_("%(office)s signed the report to the province."),
        then=_("Please have it sealed, upload the sealed copy and send it by %(due)s."),
        button=_("Seal and send"),
    ),
    ("provincial_report.amend", To.ACTOR): Words(
        title=_("Receipt: the report to the province is open again"),
        body=_("You opened the signed report to the province again."),
    ),
    ("provincial_report.amend", To.CITY_REVIEWERS): Words(
        title=_("To mend: the report to the province"),
        body=_("%(office)s opened the signed report to the province again; its seal is void."),
        then=_("Please mend it; it must be signed, sealed and sent by %(due)s."),
        button=_("Open the report"),
        quote=REASON,
    ),
    ("provincial_report.send", To.ACTOR): Words(
        title=_("Receipt: the report to the province is sent"),
        body=_("You sent the report to the provincial department. Every company concerned is told."),
    ),
    ("provincial_report.send", To.CITY_PAIR): Words(
        title=_("Sent: the report to the province"),
        body=_("%(office)s sent the report of this programme to the provincial department."),
        then=_("Next: record the decision of the province for every community once it is known."),
        button=_("Open the report"),
    ),
    ("provincial_report.send", To.DISTRICTS_CONCERNED): Words(
        title=_("Reported to the province: communities of your district"),
        body=_("%(office)s has reported these communities of your district to the provincial department:"),
        then=_("The province decides on the titles. You will be told of its decision."),
        button=_("Open the results"),
        details=Details.OUTCOMES,
    ),
    ("recommendation_summary.grant_extension", To.ACTOR): Words(
        title=_("Receipt: more time for the recommendation summary of %(district)s"),
        body=_("You lengthened the period for the recommendation summary of %(district)s."),
        then=_("The new end is %(until)s."),
    ),
    ("recommendation_summary.grant_extension", To.DISTRICT_PAIR): Words(
        title=_("More time: the recommendation summary"),
        body=_("%(office)s has lengthened the period for the recommendation summary of %(district)s."),
        then=_("The new end is %(until)s."),
        button=_("Open the summary"),
        quote=REASON,
    ),
    ("recommendation_summary.grant_extension", To.CITY_REVIEWERS): Words(
        title=_("More time is approved: the recommendation summary of %(district)s"),
        body=_("%(office)s has lengthened the period for the recommendation summary of %(district)s."),
        then=_("The new end is %(until)s."),
        button=_("Open the summary"),
        quote=REASON,
    ),
    ("work_report.grant_extension", To.ACTOR): Words(
        title=_("Receipt: more time for the work report of %(district)s"),
        body=_("You lengthened the period for the work report of %(district)s."),
        then=_("The new end is %(until)s."),
    ),
    ("work_report.grant_extension", To.DISTRICT_PAIR): Words(
        title=_("More time: the work report"),
        body=_("%(office)s has lengthened the period for the work report of %(district)s."),
        then=_("The new end is %(until)s."),
        button=_("Open the work report"),
        quote=REASON,
    ),
    ("work_report.grant_extension", To.CITY_REVIEWERS): Words(
        title=_("More time is approved: the work report of %(district)s"),
        body=_("%(office)s has lengthened the period for the work report of %(district)s."),
        then=_("The new end is %(until)s."),
        button=_("Open the work report"),
        quote=REASON,
    ),
    ("provincial_report.grant_extension", To.ACTOR): Words(
        title=_("Receipt: more time for the report to the province"),
        body=_("You lengthened the period for the report to the province."),
        then=_("The new end is %(until)s."),
    ),
    ("provincial_report.grant_extension", To.CITY_PAIR): Words(
        title=_("More time: the report to the province"),
        body=_("%(office)s has lengthened the period for the report to the province."),
        then=_("The new end is %(until)s."),
        button=_("Open the report"),
        quote=REASON,
    ),
}
