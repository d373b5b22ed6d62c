"""Making the conditions of a move hold, guard by guard: what each one reads is put there, nothing more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from nominations.enums import Capacity, SelectionOutcome
from nominations.models import DistrictReview, Nomination, ProvincialReport, Ranking, Selection
from tests.nominations import city_stages, factories, stages
from tests.workflow.tampering import place
from tests.workflow.world import AT, World

DIGEST = "d" * 64
SENTENCES = ("practice_and_results", "problems", "suggestions")


def arrange(world: World, subject: Any, move: str, guards: tuple[str, ...]) -> None:
    """Let all of these guards be content with the object for this move."""
    for name in guards:
        maker = MAKERS.get(name)
        if maker:
            maker(world, subject, move)


def _fill_in(world: World, subject: Any, move: str) -> None:
    Nomination.objects.filter(pk=subject.pk).update(form=stages.form())


def _seal(world: World, subject: Any, move: str) -> None:
    seal = factories.AttachmentFactory.create(
        subject_kind=subject.flow, subject_id=subject.pk, purpose="sealed_copy", uploaded_at=AT
    )
    digests = {"content_digest": DIGEST, "sealed_digest": DIGEST, "sealed_copy_id": seal.pk}
    type(subject).objects.filter(pk=subject.pk).update(**digests)


def _confirm(world: World, subject: Any, move: str) -> None:
    Nomination.objects.filter(pk=subject.pk).update(content_digest=DIGEST, confirmed_digest=DIGEST)


def _review(world: World, subject: Any, move: str) -> None:
    Nomination.objects.filter(pk=subject.pk).update(content_digest=DIGEST, submitted_at=AT)
    DistrictReview.objects.create(
        nomination=subject,
        reviewer_id=world.programme.bureau.reviewer.person_id,
        writers=[world.programme.bureau.reviewer.person_id],
        opinion="同意推荐。",
        score=Decimal(90),
        completed_at=AT,
        content_digest=DIGEST,
        digest=DIGEST,
    )


def _receive_summary(world: World, subject: Any, move: str) -> None:
    place(world.programme.bureau.summary, "received")


def _visit(world: World, subject: Any, move: str) -> None:
    visit = subject.visits.create(
        visited_on=date(2023, 7, 12), members=["示例"], recorded_by=factories.UserFactory.create(), recorded_at=AT
    )
    factories.AttachmentFactory.create(subject_kind="visit", subject_id=visit.pk, purpose="photo")


def _score(world: World, subject: Any, move: str) -> None:
    for capacity in (Capacity.EXPERT, Capacity.EXPERT, Capacity.DEPARTMENT):
        city_stages.scored(world.programme, subject, Decimal(9), capacity=capacity, at=AT)


def _select(world: World, subject: Any, move: str) -> None:
    selection = place(world.selection(), "approved", approved_at=AT)
    selection.rows.create(nomination=subject, rank=1, outcome=SelectionOutcome(move))


def _send_report(world: World, subject: Any, move: str) -> None:
    place(ProvincialReport.objects.get(campaign=world.programme.campaign), "sent")


def _accept_work_report(world: World, subject: Any, move: str) -> None:
    place(world.programme.bureau.work_report, "accepted")


def _record_veto(world: World, subject: Any, move: str) -> None:
    veto = {"kind": "accident", "authority": "示例区应急管理局", "document": "示应急〔2023〕1号"}
    Nomination.objects.filter(pk=subject.pk).update(veto=veto)


def _write_sections(world: World, subject: Any, move: str) -> None:
    type(subject).objects.filter(pk=subject.pk).update(**dict.fromkeys(SENTENCES, "示例"))


def _freeze(world: World, subject: Any, move: str) -> None:
    frozen = {"frozen_at": AT, "frozen_by": factories.UserFactory.create(), "figures": {}, "digest": DIGEST}
    ranking, _made = Ranking.objects.get_or_create(campaign=world.programme.campaign, defaults=frozen)
    Selection.objects.filter(pk=subject.pk).update(ranking=ranking)


def _prepare(world: World, subject: Any, move: str) -> None:
    type(subject).objects.filter(pk=subject.pk).update(preparer=factories.UserFactory.create(), content_digest=DIGEST)


def _complete_dossier(world: World, subject: Any, move: str) -> None:
    draft = world.draft()
    for make in (_seal, _confirm, _review, _visit, _describe):
        make(world, draft, move)
    shortlisted = place(draft, "shortlisted", panel_score=Decimal(90))
    _receive_summary(world, shortlisted, move)
    _accept_work_report(world, shortlisted, move)
    listed = [{"nomination": str(shortlisted.pk)}]
    type(subject).objects.filter(pk=subject.pk).update(
        letter="示例", document_number="示城管〔2023〕12号", listed=listed
    )


def _describe(world: World, subject: Any, move: str) -> None:
    row = world.programme.bureau.summary.rows.create(nomination=subject, rank=1, score=Decimal(90))
    factories.AttachmentFactory.create(subject_kind="summary_row", subject_id=row.pk, purpose="description")


MAKERS: dict[str, Callable[[World, Any, str], None]] = {
    "form_complete": _fill_in,
    "committee_confirmed": _confirm,
    "sealed_copy_attached": _seal,
    "district_review_complete": _review,
    "summary_received": _receive_summary,
    "visit_recorded": _visit,
    "sheets_sufficient": _score,
    "selection_approved": _select,
    "provincial_report_sent": _send_report,
    "work_report_accepted": _accept_work_report,
    "veto_event_recorded": _record_veto,
    "sections_complete": _write_sections,
    "ranking_frozen": _freeze,
    "dossier_complete": _complete_dossier,
    "not_the_preparer": _prepare,
}
