"""What the pages of this app share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from engagements.views.base import Here as EngagementsHere
from engagements.views.base import data_of
from policies.models import Policy
from vciso.web import responses

__all__ = ["Here", "crumbs", "data_of", "form_page", "policies", "refused"]


class Here(EngagementsHere):
    """Where and when a request is, with this app's addresses."""

    namespace = "policies"

    def of(self, policy: Policy, name: str = "detail", **kwargs: Any) -> str:
        return self.url(name, slug=policy.slug, **kwargs)

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"{self.namespace}:{name}", kwargs={"client_key": self.client.key, **kwargs})


def policies() -> Any:
    """What `requires` looks a policy up in: with its owner and how it stands."""
    return Policy.objects.with_standing().select_related("owner", "client")


def crumbs(here: Here, policy: Policy | None = None) -> list[tuple[str, str]]:
    """The way back: the list, and the policy when the page is below one."""
    found = [("Policies", here.url("list"))]
    if policy is not None:
        found.append((policy.title, here.of(policy)))
    return found


def form_page(
    request: HttpRequest, form: Any, here: Here, *, policy: Policy | None = None, **context: Any
) -> HttpResponse:
    """A page that is one form; 200 fresh, 422 with errors, 409 when somebody saved first."""
    template = context.pop("template", "policies/form.html")
    context = {"crumbs": crumbs(here, policy), "policy": policy, **context}
    context.setdefault("cancel", here.of(policy) if policy else here.url("list"))
    return responses.answer_form(request, template, context, form=form)


def refused(request: HttpRequest, refusal: ValidationError, *, title: str, back: str) -> HttpResponse:
    """A button's refusal as a page of its own: the sentence and the way back (422)."""
    context = {"title": title, "sentences": refusal.messages, "back": back}
    return responses.page(request, "policies/refused.html", context, status=422)
