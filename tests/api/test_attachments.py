from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from attachments import operations as attachments
from attachments.models import Attachment
from nominations.models import Nomination
from tests.api.people import Answer, Program, program_of
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db


def files_of(nomination: Nomination, *parts: object) -> str:
    return "/".join(["nominations", str(nomination.pk), "attachments", *map(str, parts)]) + "/"


def upload(program: Program, nomination: Nomination, **fields: Any) -> Answer:
    sent = {"file": city_stages.photo(), "purpose": "photo", **fields}
    return program.upload(files_of(nomination), {name: value for name, value in sent.items() if value is not None})


def inspected(pk: str) -> Attachment:
    found = attachments.inspect(attachment_id=Attachment.objects.get(pk=pk).pk, at=timezone.now())
    assert found is not None
    return found


def test_file_goes_into_quarantine_and_out_when_it_is_clean(company: Program, draft: Nomination) -> None:
    received = upload(company, draft, label="大门")
    early = company.get(files_of(draft, received.body["id"], "content"))
    inspected(received.body["id"])

    shown = company.get(files_of(draft, received.body["id"]))
    late = company.get(files_of(draft, received.body["id"], "content"))

    assert (received.status, received.body["state"], received.body["label"]) == (201, "quarantined", "大门")
    assert (early.status, early.body["code"]) == (409, "attachment_not_clean")
    assert (shown.body["state"], late.status) == ("clean", 200)
    assert late.header("Content-Disposition").startswith("attachment;")
    assert late.header("X-Content-Type-Options") == "nosniff"
    assert "sandbox" in late.header("Content-Security-Policy")


@pytest.mark.parametrize(
    ("name", "content", "answered"),
    [
        ("empty.pdf", b"", (400, "empty")),
        ("page.html", b"<script>alert(1)</script>", (415, "extension")),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", (415, "markup")),
        ("picture.jpg", b"%PDF-1.7 not a picture", (415, "kind_mismatch")),
        ("paper.pdf", b"nothing of the kind", (415, "kind_unknown")),
        ("../../etc/passwd", b"root", (415, "extension")),
        ("汉" * 255 + ".exe", b"MZ", (415, "extension")),
    ],
)
def test_file_that_is_not_taken_is_named_with_the_reason(
    company: Program, draft: Nomination, name: str, content: bytes, answered: tuple[int, str]
) -> None:
    answer = upload(company, draft, file=SimpleUploadedFile(name, content))

    status, code = answered
    assert (answer.status, answer.error_codes) == (status, {"file": code})
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"file": None}, {"file": "required"}),
        ({"purpose": None}, {"purpose": "required"}),
        ({"purpose": "decoration"}, {"purpose": "not_a_choice"}),
        ({"file": "text"}, {"file": "invalid"}),
        ({"color": "red"}, {"color": "unknown_field"}),
        ({"label": "x" * 201}, {"label": "max_length"}),
        ({"content_digest": "0" * 64}, {"content_digest": "unknown_field"}),
        ({"purpose": "sealed_copy"}, {"content_digest": "required"}),
        ({"purpose": "sealed_copy", "content_digest": "x"}, {"content_digest": "invalid"}),
    ],
)
def test_malformed_upload_names_its_field(
    company: Program, draft: Nomination, fields: dict[str, Any], named: dict[str, str]
) -> None:
    answer = upload(company, draft, **fields)

    assert (answer.status, answer.error_codes) == (400, named)


def test_upload_too_large_is_refused_before_it_is_read(company: Program, draft: Nomination) -> None:
    answer = company.call(
        "POST",
        files_of(draft),
        b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="99999999999",
    )

    assert (answer.status, answer.body["code"]) == (413, "too_large")


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\nContent-Disposition: form-data\r\n\r\n", b"\xff" * 100])
def test_upload_that_is_cut_off_is_malformed(company: Program, draft: Nomination, body: bytes) -> None:
    answer = company.call("POST", files_of(draft), body, content_type="multipart/form-data; boundary=x")

    assert answer.status == 400


def test_json_is_no_upload(company: Program, draft: Nomination) -> None:
    assert company.post(files_of(draft), {"purpose": "photo"}).status == 415


def test_sealed_copy_is_bound_to_the_text_it_was_printed_from(programme: Programme, company: Program) -> None:
    draft = stages.filled_in(programme, at=timezone.now())
    scan = {"purpose": "sealed_copy", "file": city_stages.photo("scan.jpg")}

    stale = upload(company, draft, **scan, content_digest="0" * 64)
    bound = upload(
        company, draft, **{**scan, "file": city_stages.photo("scan.jpg")}, content_digest=draft.content_digest
    )

    shown = company.get(f"nominations/{draft.pk}/").body
    assert (stale.status, stale.body["code"]) == (409, "content_changed")
    assert (bound.status, bound.body["sealed"]) == (201, True)
    assert (shown["sealed"], shown["sealed_copy"]) == (True, bound.body["id"])


def test_file_is_set_aside_while_the_form_is_a_draft(company: Program, draft: Nomination) -> None:
    received = upload(company, draft).body["id"]

    removed = company.delete(files_of(draft, received))

    assert (removed.status, company.get(files_of(draft)).body["results"]) == (204, [])
    assert company.get(files_of(draft, received)).status == 404
    assert company.delete(files_of(draft, received)).status == 404


def test_files_of_a_submitted_form_stay(programme: Programme, company: Program, ready: Nomination) -> None:
    received = upload(company, ready).body["id"]
    inspected(received)
    stages.moved(ready, "submit", programme.company.admin, at=timezone.now())

    answers = [company.delete(files_of(ready, received)), upload(company, ready)]

    assert [(one.status, one.body["code"]) for one in answers] == [(409, "not_editable")] * 2


def test_district_reads_the_files_and_adds_none(programme: Programme, company: Program, draft: Nomination) -> None:
    received = upload(company, draft).body["id"]
    inspected(received)
    district = program_of(programme.bureau.reviewer)

    listed = district.get(files_of(draft)).body["results"]

    assert [row["id"] for row in listed] == [received]
    assert district.get(files_of(draft, received, "content")).status == 200
    assert upload(district, draft).status == 403


def test_file_of_another_nomination_is_not_found(programme: Programme, company: Program, draft: Nomination) -> None:
    other = stages.drafted(programme, at=timezone.now())
    received = upload(company, other).body["id"]

    answers = [company.get(files_of(draft, received)), company.get(files_of(draft, received, "content"))]

    assert [one.status for one in answers] == [404, 404]
