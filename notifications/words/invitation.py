"""What is said to the owners' committee, which has no account (row S-03)."""

from django.utils.translation import gettext_lazy as _

from notifications.words.shape import Words

INVITATION = Words(
    title=_("Please confirm: the form of %(title)s"),
    body=_(
        "%(company)s nominates %(title)s and asks %(committee)s to read its self-recommendation form and to confirm or "
        "refuse it."
    ),
    then=_(
        "Open the page, read the text, enter the code, then confirm, or refuse and say why. No account and no password "
        "is needed.\nThe confirmation counts for exactly this text. Pass link and code on to nobody; if you do not act "
        "for the committee, take no notice of this mail."
    ),
    button=_("Read and confirm"),
)
