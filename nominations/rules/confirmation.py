"""When the owners' committee may be asked, and who may stand in for one that does not exist (row S-03). Pure."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from attachments.enums import AttachmentState
from common.refusals import Refusal
from nominations.enums import CommitteeKind
from nominations.rules import form
from nominations.rules.nomination import incomplete_sections


def faults_of_invitation(nomination: Any) -> list[Refusal]:
    """Return why the committee cannot be invited: gaps in the form, no committee, no address, confirmed already."""
    refusals = [*incomplete_sections(nomination), *_confirmed_already(nomination)]
    committee = nomination.form.get("committee", {})
    if committee.get("kind") == CommitteeKind.NONE:
        message = _("There is no committee to invite. Let the substitute named in the form confirm.")
        return [*refusals, Refusal("no_committee", message, fix="form.committee.kind")]
    if not committee.get("contact_email"):
        message = _("Give the committee's e-mail address, to which the invitation goes.")
        refusals.append(Refusal("contact_email_missing", message, fix="form.committee.contact_email"))
    return refusals


def faults_of_substitute(nomination: Any, document: Any) -> list[Refusal]:
    """Return why a substitute cannot confirm: gaps, a committee that exists, a document missing or not yet checked."""
    refusals = [*incomplete_sections(nomination), *_confirmed_already(nomination)]
    if nomination.form.get("committee", {}).get("kind") != CommitteeKind.NONE:
        message = _("A substitute confirms only where the form says that there is no committee.")
        refusals.append(Refusal("committee_exists", message, fix="form.committee.kind"))
    if document is None:
        message = _("Attach the document by which the substitute named in the form confirms the text.")
        refusals.append(Refusal("substitute_document_missing", message, fix="attachments"))
    elif document.state != AttachmentState.CLEAN:
        message = _("The substitute's document has not passed its check yet.")
        refusals.append(Refusal("substitute_document_unchecked", message, fix="attachments"))
    return refusals


def committee_name(values: form.Form) -> str:
    """Return the name of the committee that the form gives."""
    return str(values.get("committee", {}).get("name") or "")


def _confirmed_already(nomination: Any) -> list[Refusal]:
    if not nomination.content_digest or nomination.confirmed_digest != nomination.content_digest:
        return []
    return [Refusal("confirmed_already", _("The present text is confirmed already."), fix="confirmation")]
