"""Holds every answer against the schema: what is not described there, or otherwise, fails the test that received it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

PREFIX = "/api/v1/"


def check(method: str, path: str, status: int, content_type: str, body: Any) -> None:
    """Fail when the answer is not what the schema says about this method, address and status."""
    template = _template(path)
    operation = schema()["paths"].get(template, {}).get(method.lower()) if template else None
    if operation is None:
        return
    described = operation["responses"].get(str(status))
    assert described is not None, f"{method} {template} answers {status}, which the schema does not know"
    content = described.get("content", {})
    assert content_type in content or not content, f"{method} {template} {status} is {content_type}"
    if content:
        faults = [error.message for error in _validator(template, method.lower(), str(status)).iter_errors(body)]
        assert not faults, f"{method} {template} {status}: {faults}"


def _template(path: str) -> str:
    try:
        route = resolve(path.partition("?")[0]).route
    except Resolver404:
        return ""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: f"{{{found[1].replace('pk', 'id')}}}", route)


@cache
def schema() -> dict[str, Any]:
    """Return the description of the interface."""
    generator: Any = SchemaGenerator
    described: dict[str, Any] = generator(api_version="v1").get_schema(public=True)
    return described


@cache
def _validator(template: str, method: str, status: str) -> Draft202012Validator:
    content = schema()["paths"][template][method]["responses"][status]["content"]
    [described] = content.values()
    whole = {**described["schema"], "components": schema()["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())
