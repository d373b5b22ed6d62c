"""Reads across attachments: of one subject, of many, counted beside a row."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from pytest_django import DjangoAssertNumQueries

from accounts.enums import OrganizationKind
from accounts.models import Organization, User
from attachments import operations, queries
from attachments.models import Attachment
from common.identifiers import new_id
from tests.attachments.steps import AT, receive, receive_clean
from tests.corpus.uploads.offices import docx

MACROS = docx({"word/vbaProject.bin": b"x"})


def removed(attachment: Attachment) -> Attachment:
    """Set a file aside."""
    return operations.remove(attachment_id=attachment.pk, at=AT)


def test_files_of_a_subject_are_its_own_and_present(
    uploader: User, subject_id: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    second = receive(uploader, subject_id=subject_id, at=AT + timedelta(seconds=1))
    first = receive(uploader, subject_id=subject_id)
    removed(receive(uploader, subject_id=subject_id))
    receive(uploader, subject_id=subject_id, subject_kind="visit")
    receive(uploader)

    with django_assert_num_queries(1):
        found = [(row, row.uploaded_by.name) for row in queries.of("nomination", subject_id)]

    assert found == [(first, "苏望"), (second, "苏望")]


def test_files_of_many_subjects_take_one_query(
    uploader: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, other, bare = new_id(), new_id(), new_id()
    files = [receive(uploader, subject_id=subject) for subject in (one, other, other)]
    removed(receive(uploader, subject_id=one))

    with django_assert_num_queries(1):
        found = queries.by_subject("nomination", iter([one, other, bare]))

    assert found == {one: files[:1], other: files[1:]}


def test_unclean_files_are_counted_beside_each_row(
    uploader: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    busy, tidy = (
        Organization.objects.create(kind=OrganizationKind.COMPANY, name=name) for name in ("云栖物业", "松汀物业")
    )
    receive(uploader, subject_id=busy.pk)
    receive_clean(uploader, MACROS, "a.docx", subject_id=busy.pk)
    receive_clean(uploader, subject_id=busy.pk)
    removed(receive(uploader, subject_id=busy.pk))
    receive(uploader, subject_id=busy.pk, subject_kind="visit")
    receive_clean(uploader, subject_id=tidy.pk)

    with django_assert_num_queries(1):
        rows = Organization.objects.annotate(unclean=queries.unclean_count("nomination"))
        counted = {row.name: row.unclean for row in rows}

    assert counted == {"云栖物业": 2, "松汀物业": 0}


def test_waiting_files_come_oldest_first(uploader: User) -> None:
    late = receive(uploader, at=AT + timedelta(seconds=2))
    early = receive(uploader, at=AT)
    receive(uploader, at=AT + timedelta(hours=1))

    assert queries.waiting_for_inspection(AT + timedelta(minutes=1), 10) == [early.pk, late.pk]
    assert queries.waiting_for_inspection(AT + timedelta(minutes=1), 1) == [early.pk]
