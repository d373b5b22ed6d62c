"""One move each: LEAN and PEER."""

import json
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.benchmarks.reference.models import Case

GROUP = "district-approver"
_LEAN = f"""
WITH who AS (
    SELECT token.user_id FROM authtoken_token token
    JOIN auth_user person ON person.id = token.user_id AND person.is_active
    JOIN auth_user_groups belongs ON belongs.user_id = person.id
    JOIN auth_group role ON role.id = belongs.group_id
    WHERE token.key = %s AND role.name = '{GROUP}'
), found AS (
    SELECT c.id, c.state, who.user_id FROM ref_case c, who WHERE c.id = %s FOR UPDATE OF c
), moved AS (
    UPDATE ref_case c SET
        state = CASE found.state WHEN 'submitted' THEN 'recommended' ELSE 'submitted' END,
        version = c.version + 1, updated_at = now()
    FROM found WHERE found.id = c.id
    RETURNING c.id, found.user_id, found.state AS before, c.state AS after, c.version
), audited AS (
    INSERT INTO ref_audit (case_id, actor_id, from_state, to_state, comment, at)
    SELECT id, user_id, before, after, %s, now() FROM moved
), queued AS (
    INSERT INTO ref_outbox (topic, payload, created_at)
    SELECT 'case.' || after, jsonb_build_object('case', id, 'to', after), now() FROM moved
)
SELECT after, version FROM moved
"""


@csrf_exempt
def lean(request: HttpRequest, pk: int) -> JsonResponse:
    """Move one case in one statement."""
    key = request.headers.get("Authorization", "").removeprefix("Token ")
    comment = json.loads(request.body)["comment"]
    if not isinstance(comment, str) or len(comment) > 500:
        return JsonResponse({"comment": "invalid"}, status=400)
    with connection.cursor() as cursor:
        cursor.execute(_LEAN, (key, pk, comment))
        row = cursor.fetchone()
    if row is None:
        return JsonResponse({"detail": "forbidden"}, status=403)
    return JsonResponse({"id": pk, "state": row[0], "version": row[1]})


class InRole(BasePermission):
    """A role looked up at each request."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the person is in the group."""
        return bool(request.user.groups.filter(name=GROUP).exists())


class MoveInput(serializers.Serializer[Any]):
    """What PEER is sent."""

    comment = serializers.CharField(max_length=500)


class Peer(APIView):
    """Move one case with the usual parts."""

    permission_classes = [InRole]

    def post(self, request: Request, pk: int) -> Response:
        """Lock, move, save, log."""
        wanted = MoveInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        comment = wanted.validated_data["comment"]
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=pk)
            move = case.recommend if case.state == "submitted" else case.rescind
            move(by=request.user, description=comment)
            case.save()
        return Response({"id": pk, "state": case.state, "version": case.version})
