"""The face for programs; it holds no tables."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
