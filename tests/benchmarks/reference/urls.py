"""Addresses of the references."""

from django.urls import path

from tests.benchmarks.reference import views

urlpatterns = [path("lean/<int:pk>", views.lean), path("peer/<int:pk>", views.Peer.as_view())]
