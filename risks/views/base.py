"""What the pages of the register share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from risks.models import Risk
from vciso.tenancy.models import Client
from vciso.tenancy.permissions import Actor, may
from vciso.web import responses


class Here:
    """Where and when a request is: the client, the actor, the moment and the client's day."""

    def __init__(self, request: HttpRequest) -> None:
        self.client: Client = request.client  # type: ignore[attr-defined]  # set by the middleware
        self.actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
        self.at: dt.datetime = timezone.now()
        self.today: dt.date = self.client.today(self.at)

    @property
    def user(self) -> Any:
        return self.actor.user

    def may(self, permission: str, obj: Any = None) -> bool:
        return bool(may(self.actor, permission, obj))

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"risks:{name}", kwargs={"client_key": self.client.key, **kwargs})

    def risk_url(self, risk: Risk, name: str = "detail") -> str:
        return self.url(name, ref=risk.reference)


def one_risk() -> Any:
    """Risks with the people their page names."""
    return Risk.objects.select_related("owner", "raised_by", "client")


def data_of(request: HttpRequest) -> Any:
    """What was posted, or None where nothing was: an unbound form."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    verb: str,
    cancel: str,
    risk: Risk | None = None,
    text: str = "",
    danger: bool = False,
    template: str = "risks/form.html",
    partial: str = "",
    **more: Any,
) -> HttpResponse:
    """A page that is one form: 200 fresh, 422 with errors, 409 when somebody saved first.

    `partial` names the piece of the template that a dialog loads while the form is fresh.
    """
    context = {
        "title": title,
        "verb": verb,
        "cancel": cancel,
        "risk": risk,
        "text": text,
        "danger": danger,
        **more,
    }
    if partial and not form.is_bound:
        return responses.page(request, template, {**context, "form": form}, partial=partial)
    return responses.answer_form(request, template, context, form=form)


def refused(
    request: HttpRequest, refusal: ValidationError, *, title: str, back: str, risk: Risk | None = None
) -> HttpResponse:
    """A button's refusal as a page of its own: the sentence and the way back (422)."""
    context = {"title": title, "sentences": refusal.messages, "back": back, "risk": risk}
    return responses.page(request, "risks/refused.html", context, status=422)
