"""A person's API tokens, and for practice admins every token of their practice."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from vciso.accounts import tokens
from vciso.accounts.models import ApiToken
from vciso.home.accounts.forms import TokenForm
from vciso.home.views.practice import own_practice
from vciso.tenancy.models import Client
from vciso.tenancy.permissions import SIGNED_IN, requires
from vciso.web import responses
from vciso.web.confirming import confirmed


def _rows(found: Any, at: datetime) -> list[dict[str, Any]]:
    """Each token with the names of its clients and how it stands; two queries."""
    listed = list(found.select_related("user").order_by("-created_at")[:100])
    clients = tokens.clients_of(listed)
    return [
        {
            "token": token,
            "clients": sorted(clients[pk].name for pk in token.clients if pk in clients),
            "state": "revoked" if token.revoked_at else "over" if token.expires_at <= at else "live",
        }
        for token in listed
    ]


def _mine(request: HttpRequest) -> Any:
    return ApiToken.objects.filter(user=request.actor.user)


@requires(SIGNED_IN)
@confirmed
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The person's tokens, and a new one, whose secret is shown this once."""
    at = timezone.now()
    form = TokenForm(responses.posted(request), clients=Client.objects.active().by_name())
    if form.is_valid():
        try:
            made, secret = tokens.make_token(user=request.actor.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            context = {"token": made, "secret": secret, "address": request.build_absolute_uri("/api/v1/clients/")}
            return responses.page(request, "home/accounts/token_made.html", context)
    context = {"rows": _rows(_mine(request), at), "has_clients": form.fields["clients"].queryset.exists()}
    return responses.answer_form(request, "home/accounts/tokens.html", context, form=form)


@requires(SIGNED_IN, ApiToken)
@require_POST
def revoke(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """Ends a token of one's own, or as an admin one of the practice."""
    tokens.revoke_token(token=token, by=request.actor.user, at=timezone.now())
    back = "accounts:tokens" if token.user_id == request.actor.user.pk else "home:practice-tokens"
    return responses.done(request, back, f"The token “{token.name}” no longer works.")


@requires("home.practice")
@require_http_methods(["GET"])
def practice(request: HttpRequest) -> HttpResponse:
    """Every token of the practice, whoever made it."""
    found = ApiToken.objects.filter(practice=own_practice(request))
    return responses.page(request, "home/practice/tokens.html", {"rows": _rows(found, timezone.now())})
