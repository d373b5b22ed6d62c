"""The interface described for machines (OpenAPI 3.1): tokens, sessions, and the problem document on every address."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as PlainSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from api.idempotency import COMMANDS
from api.preconditions import IF_MATCH, KEY, LONGEST_KEY
from api.problems import CONTENT_TYPE
from api.shapes import ProblemShape

KEY_PARAMETER = OpenApiParameter(
    KEY,
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="Sending a command again under the same key gives the first answer again.",
)
MATCH_PARAMETER = OpenApiParameter(
    IF_MATCH, str, OpenApiParameter.HEADER, description="The `ETag` of the version that was seen."
)
READ, WRITE = (404, 409), (400, 404, 409, 412, 413, 415, 422)


class AutoSchema(PlainSchema):
    """Describe besides each answer the problems that can stand in its place."""

    def get_tags(self) -> list[str]:
        """Group the addresses by their resource."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_override_parameters(self) -> list[Any]:
        """Let every command take a key; which ones refuse it, their own description says."""
        given = list(super().get_override_parameters())
        return [*given, KEY_PARAMETER] if self.method in COMMANDS and getattr(self.view, "takes_key", False) else given

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Call a shape by what it is the shape of."""
        return str(super().get_serializer_name(serializer, direction)).removesuffix("Shape")

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status in self._problem_statuses():
            answer = OpenApiResponse(ProblemShape, description="")
            describe: Any = self._get_response_for_code
            bodies.setdefault(str(status), describe(answer, str(status), [CONTENT_TYPE], direction))
        return bodies

    def _problem_statuses(self) -> list[int]:
        reads = self.method in {"GET", "HEAD"}
        lists = {400} if self._is_list_view() else set()
        signed_in = {401, 403, 429} if self.view.authentication_classes else set()
        return sorted({503, *(READ if reads else WRITE), *lists, *signed_in})


class TokenScheme(OpenApiAuthenticationExtension):
    """``Authorization: Token …``."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token jy_…`: opaque, for one membership, expiring, revocable.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    """The cookie of the pages."""

    target_class = "api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the cookie."""
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
