"""Keys for programs: listed, made and revoked by the person they stand for; a key is shown once."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import ApiToken, Membership, User
from accounts.operations import issue_token, revoke_token
from accounts.queries import memberships_of, tokens_of
from accounts.second_factor import within_reach
from api.preconditions import KEY, key_of
from api.serializers import StrictSerializer
from api.v1.refs import OrganizationRef, organization_ref
from api.views import ListView, ObjectView
from common.errors import DomainError


class TokenMakesNoToken(DomainError):
    """A key that was lost must not be able to make itself successors."""

    code = "token_makes_no_token"
    status = 403
    message = _("Sign in to make a token: a token cannot make another one.")


class NotYourMembership(DomainError):
    """The token is wanted for a capacity that the person does not hold."""

    code = "not_your_membership"
    message = _("You do not hold this membership at present.")


class NoKeyForSecrets(DomainError):
    """The first answer held a secret, which is kept nowhere and so cannot be given again."""

    code = "no_idempotency_key_here"
    status = 400
    message = _("A token is made without an idempotency key: its secret is shown once and cannot be shown again.")


class TokenShape(serializers.Serializer[None]):
    """A token without its secret."""

    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # the contract's word
    prefix = serializers.CharField()
    membership = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Role.choices)
    organization = OrganizationRef()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewTokenShape(TokenShape):
    """A token with its secret, which is shown this once."""

    secret = serializers.CharField()


class TokenWish(StrictSerializer):
    """What a new token is for, and until when."""

    label = serializers.CharField(max_length=80)  # type: ignore[assignment]  # DRF's fields have a label of their own
    expires_at = serializers.DateTimeField()
    membership = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class TokensView(ListView):
    """The person's tokens."""

    takes_key = False
    keeps_answers = False  # the secret would be kept with them
    queryset = ApiToken.objects.none()
    orderings = {"created_at": ("created_at",), "expires_at": ("expires_at",)}
    usual_ordering = "-created_at"

    @extend_schema(responses=TokenShape(many=True))
    def get(self, request: Request) -> Response:
        """List the person's tokens, also those expired or revoked."""
        return self.page(_tokens(self.actor), token_row)

    @extend_schema(request=TokenWish, responses={201: NewTokenShape})
    def post(self, request: Request) -> Response:
        """Make a token for one membership; its secret is in this answer and nowhere else."""
        if self.actor.token_id is not None:
            raise TokenMakesNoToken
        if key_of(request):
            raise NoKeyForSecrets(attr=KEY)
        wish = TokenWish(data=request.data)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        membership = self._membership(asked.get("membership", self.actor.membership_id))
        token, secret = issue_token(
            membership=membership, label=asked["label"], at=self.at, expires_at=asked["expires_at"]
        )
        return Response(token_row(token) | {"secret": secret}, status=201)

    def _membership(self, pk: int) -> Membership:
        known = memberships_of(self.actor.person_id, at=self.at)
        held = {one.pk: one for one in within_reach(self.request._request, cast(User, self.request.user), known)}
        if pk not in held:
            raise NotYourMembership(attr="membership")
        return held[pk]


def _tokens(actor: Actor) -> QuerySet[ApiToken]:
    """Return the person's tokens; who holds but a token knows of those for its capacity alone."""
    tokens = tokens_of(actor.person_id)
    return tokens if actor.token_id is None else tokens.filter(membership=actor.membership_id)


class TokenView(ObjectView):
    """One token."""

    def rows(self) -> QuerySet[ApiToken]:
        """Return the person's tokens."""
        return _tokens(self.actor)

    @extend_schema(responses=TokenShape)
    def get(self, request: Request, pk: int) -> Response:
        """Show one of the person's tokens."""
        return Response(token_row(self.find(pk)))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Revoke a token; from now on it is worth nothing."""
        revoke_token(token=self.find(pk), at=self.at)
        return Response(status=204)


def token_row(token: ApiToken) -> dict[str, Any]:
    """Return a token without its secret."""
    return {
        "id": token.pk,
        "label": token.label,
        "prefix": token.prefix,
        "membership": token.membership_id,
        "role": token.membership.role,
        "organization": organization_ref(token.membership.organization),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }
