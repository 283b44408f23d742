"""What the pages within a client share: where they are, a page that is one form, a button's refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vciso.tenancy.models import Client
from vciso.tenancy.permissions import Actor, may
from vciso.web import responses

Crumbs = Sequence[tuple[str, str]]
"""The way back: words and addresses, the outermost first."""


class Here:
    """Where and when a request is: the client, the actor, the moment and the client's day.

    An app names its addresses in `namespace` and adds those of its records.
    """

    namespace: ClassVar[str]

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
        return reverse(f"{self.namespace}:{name}", kwargs={"client_key": self.client.key, **kwargs})


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    verb: str,
    cancel: str,
    crumbs: Crumbs = (),
    text: str = "",
    danger: bool = False,
    template: str = "client_form.html",
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
        "crumbs": crumbs,
        "text": text,
        "danger": danger,
        **more,
    }
    if partial and not form.is_bound:
        return responses.page(request, template, {**context, "form": form}, partial=partial)
    return responses.answer_form(request, template, context, form=form)


def refused(
    request: HttpRequest, refusal: ValidationError, *, title: str, back: str, crumbs: Crumbs = ()
) -> HttpResponse:
    """A button's refusal as a page of its own: the sentence and the way back (422)."""
    context = {"title": title, "sentences": refusal.messages, "back": back, "crumbs": crumbs}
    return responses.page(request, "client_refused.html", context, status=422)
