"""Addresses of the pages: those that all desks share, then each desk's own."""

from django.urls import include, path
from django.views.generic import RedirectView

from web import display, views
from web.confirmation import confirmation
from web.help import handbook, show_help
from web.notices import deadlines, notice, notices

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("piles/<str:name>/", views.pile, name="pile"),
    path("cases/<uuid:nomination_id>/", views.case, name="case"),
    path("help/", show_help, name="help"),
    path("help/<str:book>/", handbook, name="handbook"),
    path("display/", display.display, name="display"),
    path("language/", display.language, name="language"),
    path("acting/", display.acting, name="acting"),
    path("confirm/<str:token>/", confirmation, name="confirmation"),
    path("n/<uuid:notice_id>/", notice, name="notice"),
    path("notices/", notices, name="notices"),
    path("notices/deadlines/", deadlines, name="deadlines"),
    path("account/notices/", RedirectView.as_view(pattern_name="web:account:notices"), name="account-notices"),
    path("company/", include("web.company.urls")),
    path("district/", include("web.district.urls")),
    path("city/", include("web.city.urls")),
    path("evaluator/", include("web.evaluator.urls")),
    path("audit/", include("web.audit.urls")),
    path("me/", include("web.account.urls")),
    path("", include("web.public.urls")),
]
