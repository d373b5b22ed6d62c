"""A question with blanks on a page of its own: asked, refused at its blanks, done, and led on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common.errors import DomainError
from nominations.errors import NotAllowed
from web.kit import Confirmation, Link, Problem, problems_of, with_errors
from web.refused import status_of
from workflow.errors import NotFound


def answered(
    request: HttpRequest, asked: Confirmation, crumbs: Sequence[Link], done: Callable[[], object], *, to: str = ""
) -> HttpResponse:
    """Ask, or do what was asked and lead to ``to``, else to where the question leads back."""
    page: dict[str, Any] = {"confirmation": asked, "crumbs": crumbs}
    if request.method != "POST":
        return render(request, "kit/confirmation.html", page)
    try:
        done()
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        fields = [replace(field, value=request.POST.get(field.name, "")) for field in asked.fields]
        known = {field.id for field in fields}
        problems = [problem if problem.field in known else Problem(problem.sentence) for problem in problems_of(error)]
        page |= {"confirmation": replace(asked, fields=tuple(with_errors(fields, problems))), "problems": problems}
        return render(request, "kit/confirmation.html", page, status=status_of(error))
    return redirect(to or asked.back)
