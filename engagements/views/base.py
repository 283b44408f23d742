"""What the pages of this app share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from engagements.forms.base import ServiceForm
from vciso.tenancy.models import Client
from vciso.tenancy.permissions import Actor
from vciso.web import responses


class Here:
    """Where and when a request is: the client, the actor, the moment and the client's day."""

    def __init__(self, request: HttpRequest) -> None:
        self.client: Client = request.client  # type: ignore[attr-defined]  # set by the middleware
        self.actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
        self.at: dt.datetime = timezone.now()

    @property
    def user(self) -> Any:
        return self.actor.user

    @property
    def today(self) -> dt.date:
        return self.client.today(self.at)

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"engagements:{name}", kwargs={"client_key": self.client.key, **kwargs})


def data_of(request: HttpRequest) -> Any:
    """What was posted, or None where nothing was: an unbound form."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: ServiceForm,
    *,
    title: str,
    verb: str,
    cancel: str,
    crumbs: tuple[tuple[str, str], ...] = (),
    intro: str = "",
    template: str = "engagements/form.html",
    danger: bool = False,
    **more: Any,
) -> HttpResponse:
    """A page that is one form; 200 fresh, 422 with errors, 409 when somebody saved first."""
    context = {
        "title": title, "verb": verb, "cancel": cancel, "crumbs": crumbs, "intro": intro,
        "danger": danger, **more,
    }  # fmt: skip
    return responses.answer_form(request, template, context, form=form)


def refused(request: HttpRequest, refusal: ValidationError, *, title: str, back: str) -> HttpResponse:
    """A button's refusal as a page of its own: the sentence and the way back (422)."""
    context = {"title": title, "sentences": refusal.messages, "back": back}
    return responses.page(request, "engagements/refused.html", context, status=422)
