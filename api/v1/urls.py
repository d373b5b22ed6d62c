"""Every address of the interface; each has its line in ``api.access``."""

from __future__ import annotations

from django.urls import path

from api.v1.docs import DocsView, SchemaView
from api.v1.me import MeView
from api.v1.organizations import OrganizationsView
from api.v1.problems import ProblemsView, ProblemView
from api.v1.tokens import TokensView, TokenView

app_name = "api"

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("problems/", ProblemsView.as_view(), name="problems"),
    path("problems/<slug:code>/", ProblemView.as_view(), name="problem"),
    path("me/", MeView.as_view(), name="me"),
    path("tokens/", TokensView.as_view(), name="tokens"),
    path("tokens/<int:pk>/", TokenView.as_view(), name="token"),
    path("organizations/", OrganizationsView.as_view(), name="organizations"),
]
