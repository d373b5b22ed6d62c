"""The task list of a form in hand: each part with what is done and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from attachments import queries as attachments
from attachments.enums import AttachmentState
from nominations.models import Nomination
from nominations.operations.sealing import SEALED_COPY
from nominations.rules import form as rules
from web.company.cases import address
from web.company.forms import SUBS
from web.kit import Tag, Task
from web.looks import BACK, BAD, NOW, PASS, WAIT, tag


def tasks_of(nomination: Any, remarks: Iterable[Mapping[str, str]]) -> list[Task]:
    """Return the parts of the form, the evidence, the confirmation and the sealed copy. One query."""
    noted = [row["section"] for row in remarks]
    gaps = {section.name: names for section, names, _labels in rules.missing(nomination.form)}
    parts = [_part(nomination, section, gaps.get(section.name, []), noted) for section in rules.SECTIONS]
    return [*parts, _evidence(nomination, noted), _confirmation(nomination, bool(gaps)), _seal(nomination, bool(gaps))]


def _part(nomination: Any, section: rules.Section, gaps: list[str], noted: list[str]) -> Task:
    url = address(nomination, "section", section.name)
    return Task(section.title, _standing(nomination, section, gaps, noted), url, SUBS[section.name])


def _standing(nomination: Any, section: rules.Section, gaps: list[str], noted: list[str]) -> Tag:
    """Return what is to be done in a section: remarks of the district come first, as long as it is unchanged."""
    values, before = nomination.form.get(section.name, {}), nomination.returned_form
    if section.name in noted and (before is None or values == before.get(section.name, {})):
        return tag(BACK, _("To be corrected"))
    if not gaps:
        return tag(PASS, _("Complete"))
    if any(values.get(field.name) not in (None, "") for field in section.fields if field.name != "name"):
        words = ngettext("%(count)s entry missing", "%(count)s entries missing", len(gaps)) % {"count": len(gaps)}
        return tag(NOW, words)
    return tag(WAIT, _("Not begun yet"))


def _evidence(nomination: Any, noted: list[str]) -> Task:
    files = attachments.of(Nomination.flow, nomination.pk).exclude(purpose=SEALED_COPY).values_list("state", flat=True)
    states = list(files)
    sub = ngettext("%(count)s file attached", "%(count)s files attached", len(states)) % {"count": len(states)}
    url = address(nomination, "evidence")
    if AttachmentState.REJECTED in states:
        return Task(_("Evidence"), tag(BAD, _("A file was not accepted"), "alert-circle"), url, sub)
    if AttachmentState.QUARANTINED in states:
        return Task(_("Evidence"), tag(NOW, _("Being checked")), url, sub)
    if "attachments" in noted:
        return Task(_("Evidence"), tag(BACK, _("To be corrected")), url, sub)
    return Task(_("Evidence"), tag(PASS, _("Attached")) if states else tag(WAIT, _("Nothing attached yet")), url, sub)


def _confirmation(nomination: Any, has_gaps: bool) -> Task:
    title, sub = _("Confirmation by the committee"), _("By a link, on a phone, with a code from the mail")
    url = address(nomination, "committee")
    digest = nomination.content_digest
    if digest and nomination.confirmed_digest == digest:
        return Task(title, tag(PASS, _("Confirmed")), url, sub)
    if nomination.confirmed_digest:
        return Task(title, tag(BACK, _("Changed since: confirm again")), url, sub)
    if has_gaps:
        return Task(title, tag(WAIT, _("After all sections are complete"), "lock"), "", sub)
    return Task(title, tag(WAIT, _("Not confirmed yet")), url, sub)


def _seal(nomination: Any, has_gaps: bool) -> Task:
    title, sub = _("Sealed copy"), _("Print, seal, scan, upload")
    url = address(nomination, "seal")
    is_bound = bool(nomination.sealed_digest) and nomination.sealed_digest == nomination.content_digest
    if is_bound and nomination.sealed_copy_state == AttachmentState.CLEAN:
        return Task(title, tag(PASS, _("Attached")), url, sub)
    if is_bound and nomination.sealed_copy_state == AttachmentState.QUARANTINED:
        return Task(title, tag(NOW, _("Being checked")), url, sub)
    if nomination.sealed_digest and not is_bound:
        return Task(title, tag(BACK, _("Changed since: seal again")), url, sub)
    if has_gaps:
        return Task(title, tag(WAIT, _("After all sections are complete"), "lock"), "", sub)
    return Task(title, tag(WAIT, _("Not uploaded yet")), url, sub)
