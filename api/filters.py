"""What lists may be narrowed by; each list names its own."""

from django_filters.rest_framework import FilterSet


class Filters(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The base of the filters of a list."""
