"""What the pages of this app share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from policies.models import Policy
from vciso.web import here
from vciso.web.here import refused

__all__ = ["Here", "crumbs", "form_page", "policies", "refused"]


class Here(here.Here):
    """Where and when a request is, with this app's addresses."""

    namespace = "policies"

    def of(self, policy: Policy, name: str = "detail", **kwargs: Any) -> str:
        return self.url(name, slug=policy.slug, **kwargs)


def policies() -> Any:
    """What `requires` looks a policy up in: with its owner and how it stands."""
    return Policy.objects.with_standing().select_related("owner", "client")


def crumbs(at: Here, policy: Policy | None = None) -> list[tuple[str, str]]:
    """The way back: the list, and the policy when the page is below one."""
    found = [("Policies", at.url("list"))]
    if policy is not None:
        found.append((policy.title, at.of(policy)))
    return found


def form_page(request: HttpRequest, form: Any, at: Here, *, policy: Policy | None = None, **more: Any) -> HttpResponse:
    """A page that is one form below the list or below a policy, as `vciso.web.here.form_page`."""
    back = crumbs(at, policy)
    return here.form_page(request, form, **{"crumbs": back, "cancel": back[-1][1], "policy": policy, **more})
