"""Everything below ``/api/``, also what does not exist there: no other answer than a problem document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from api.handlers import answer
from api.problems import own


@csrf_exempt  # there is nothing to forge, and the page that tells of a forged form has no place here
def unknown_address(request: HttpRequest) -> HttpResponse:
    """Answer every address that is none."""
    return answer(own("not_found"))


urlpatterns = [
    path("v1/", include("api.v1.urls")),
    re_path("", unknown_address),
]
