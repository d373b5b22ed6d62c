"""The base of every view: authenticate, one domain call, show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from api import access
from api.clock import instant_of
from api.errors import problem_of
from api.idempotency import COMMANDS, once
from api.negotiation import AlwaysJSON
from api.permissions import HasAccess, NotYourRole
from api.preconditions import ETAG, etag_of
from api.problems import BodyTooLarge
from api.search import NameSearch
from common.request_id import request_id_of
from workflow import engine
from workflow.errors import NotFound
from workflow.models import WorkflowModel

ModelT = TypeVar("ModelT", bound=models.Model)
UNKNOWN_PARAMETER = _("This parameter does not exist.")
MALFORMED = frozenset({400, 415})
PAGING = frozenset({"cursor", "page_size", "ordering"})


class ApiView(APIView):
    """A view with an actor and an instant; who may use it stands in ``api.access``."""

    permission_classes = [HasAccess]
    content_negotiation_class = AlwaysJSON
    metadata_class = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    # For addresses below one object the role waits until the object was found.
    concerns_object: ClassVar[bool] = False
    # Every command takes an idempotency key, and its answer is kept under it, unless the view says otherwise.
    takes_key: ClassVar[bool] = True
    keeps_answers: ClassVar[bool] = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, check the table of access, and speak the reader's language where none was asked for."""
        self._require_modest_body()
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, Actor) and not _names_language(request):
            translation.activate(request.auth.language)
        handler = getattr(self, str(request.method).lower(), None)
        if handler and request.method in COMMANDS and self.keeps_answers:
            # DRF looks for the handler next, and offers no other place between these checks and it.
            setattr(self, handler.__name__, once(self, handler))

    def require_sight(self) -> None:
        """Raise ``NotFound`` when the request is about an object that the actor may not know of."""

    def require_trace(self) -> None:
        """Raise ``NotFound`` when an answer about an object is to be repeated to who may not know of it any more."""

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Return what goes with every answer: what is shown to one person is kept by no cache on the way."""
        return {**super().default_response_headers, "Cache-Control": "private, no-store"}

    def largest_body(self) -> int:
        """Return how many bytes a request may bring."""
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0

    def _require_modest_body(self) -> None:
        length = self.request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > self.largest_body():
            raise BodyTooLarge(limit=self.largest_body())

    @property
    def actor(self) -> Actor:
        """Return who asks."""
        return cast(Actor, self.request.auth)

    @property
    def at(self) -> datetime:
        """Return when the request arrived."""
        return instant_of(self.request._request)

    @property
    def body(self) -> dict[str, Any]:
        """Return the object that was sent; the parsers take nothing else."""
        return cast(dict[str, Any], self.request.data)

    @property
    def request_id(self) -> str:
        """Return the id under which the request stands in the log."""
        return request_id_of(self.request._request)


class ObjectView(ApiView):
    """A view about one object: it is looked for first, so that a foreign one is not found, whoever asks for what."""

    concerns_object = True

    def rows(self) -> models.QuerySet[Any]:
        """Return what the actor may know of, with whatever the view shows."""
        raise NotImplementedError

    def traces(self) -> models.QuerySet[Any]:
        """Return what the actor may know of once a command was carried out: more than ``rows`` where it ends those."""
        return self.rows()

    def find(self, pk: UUID | int) -> Any:
        """Return the object; raises ``NotFound`` outside the actor's scope and 403 for another role then."""
        found = self.sought(pk)
        if not self._has_role():
            raise NotYourRole
        return found

    def sought(self, pk: Any) -> Any:
        """Return the object whatever the role; raises ``NotFound`` outside the actor's scope."""
        found = self.rows().filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found

    def require_role(self, pk: UUID | int) -> None:
        """Raise 403 for another role, ``NotFound`` where that role knows nothing of it; free for the right one."""
        if not self._has_role():
            self.require_sight()
            raise NotYourRole

    def handle_exception(self, exc: Exception) -> Response:
        """Say of a foreign object that it is not found even when the request about it was malformed."""
        problem = problem_of(exc)
        if problem is not None and problem.status in MALFORMED and isinstance(self.request.auth, Actor):
            try:
                self.require_sight()
            except NotFound as not_found:
                return super().handle_exception(not_found)
        return super().handle_exception(exc)

    def _has_role(self) -> bool:
        return access.allows(access.route_of(self.request), str(self.request.method), self.actor.role)

    def require_sight(self) -> None:
        """Raise ``NotFound`` when the actor may not know of the object."""
        if not self.rows().filter(pk=self.kwargs["pk"]).exists():
            raise NotFound

    def require_trace(self) -> None:
        """Raise ``NotFound`` when the object has left the actor's scope since, and not by the command itself."""
        if not self.traces().filter(pk=self.kwargs["pk"]).exists():
            raise NotFound


class FlowView(ObjectView):
    """A view about one object of a flow, which is loaded with what its guards read."""

    model: ClassVar[type[WorkflowModel]]

    def rows(self) -> models.QuerySet[Any]:
        """Return the objects in scope."""
        return self.model.objects.visible_to(self.actor)

    def sought(self, pk: UUID) -> Any:
        """Return the object with its facts; raises ``NotFound`` outside the actor's scope."""
        return engine.find(self.model, pk, actor=self.actor)


class ListView(ApiView, GenericAPIView[Any]):
    """A list in pages; ``orderings`` names what it may be ordered by, upwards or, with a minus, downwards."""

    filter_backends = [DjangoFilterBackend, NameSearch]
    orderings: ClassVar[Mapping[str, Sequence[str]]]
    usual_ordering: ClassVar[str]
    search_paths: ClassVar[Sequence[str]] = ()

    def page(self, rows: models.QuerySet[ModelT], show: Callable[[ModelT], Mapping[str, Any]]) -> Response:
        """Answer with the page that was asked for of ``rows``, filtered and ordered; raises for unknown parameters."""
        return self.get_paginated_response([show(row) for row in self.found(rows)])

    def found(self, rows: models.QuerySet[ModelT]) -> list[ModelT]:
        """Return the rows of the page that was asked for, for a list that looks at all of them before it shows one."""
        self._require_known_parameters()
        return self.paginate_queryset(self.filter_queryset(rows)) or []

    def _require_known_parameters(self) -> None:
        known = PAGING | set(getattr(getattr(self, "filterset_class", None), "base_filters", ()))
        known |= {"search"} if self.search_paths else set()
        unknown = sorted(set(self.request.query_params) - known)
        if unknown:
            fault = ErrorDetail(str(UNKNOWN_PARAMETER), code="unknown_parameter")
            raise ValidationError({name: [fault] for name in unknown})


def versioned(content: Mapping[str, Any], version: int, *, status: int = 200) -> Response:
    """Return an answer with the version of what it shows as its ``ETag``."""
    return Response(content, status=status, headers={ETAG: etag_of(version)})


def _names_language(request: Request) -> bool:
    return "Accept-Language" in request.headers or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
