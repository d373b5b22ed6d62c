"""Every address of the product, in one place."""

from typing import NoReturn

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import include, path
from django.views.generic import RedirectView

from config import health


def closed(request: HttpRequest, key: str = "") -> NoReturn:
    """Answer that there is no such page: accounts are given, and addresses kept by the security administrator."""
    raise Http404


# Pages of allauth that make no sense here; their names stay, because allauth links to them.
CLOSED = ("signup/", "email/", "confirm-email/", "confirm-email/<str:key>/", "password/set/", "login/code/confirm/")

urlpatterns = [
    *health.urlpatterns,
    path("api/", include("api.urls")),
    *(path(f"account/{page}", closed) for page in CLOSED),
    path("account/2fa/", RedirectView.as_view(pattern_name="web:account:home")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("web.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("demo.urls"))]

handler400 = "config.handlers.bad_request"
handler403 = "config.handlers.permission_denied"
handler404 = "config.handlers.page_not_found"
handler500 = "config.handlers.server_error"
