"""The practice's own risk library: its pages stand outside any client."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from risks import services
from risks.forms.library import OfferForm, ScenarioForm
from risks.models import OwnScenario
from risks.rules.proposing import Scenario
from risks.selectors import library
from vciso.tenancy.enums import PRACTICE_ROLES
from vciso.tenancy.models import Client, Membership, Practice
from vciso.tenancy.permissions import requires
from vciso.web import responses


class At:
    """Who asks, when, and for which practice: the first they work in."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = request.actor.user
        self.at = timezone.now()
        mine = Membership.objects.filter(user=self.user, client=None, role__in=PRACTICE_ROLES)
        held = mine.select_related("practice").order_by("created_at", "id").first()
        if held is None:
            raise Http404
        self.practice: Practice = held.practice

    def scenario(self, key: str) -> Scenario:
        """The entry with this key; unknown and foreign ones answer 404."""
        found = library.library(self.practice.pk).get(key)
        if found is None:
            raise Http404
        return found


def _url(name: str, **words: str) -> str:
    return reverse(f"risks:{name}", kwargs=words)


def _form(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    template = context.pop("template", "risks/practice/form.html")
    return responses.answer_form(request, template, context, form=form)


@require_GET
@requires("risks.library")
def scenarios(request: HttpRequest) -> HttpResponse:
    """Every scenario that the practice proposes, and how many registers have a risk of it."""
    here = At(request)
    used, labels = library.used(here.practice), library.labels()
    rows = [
        (one, ", ".join(labels[key] for key in one.industries if key in labels), used.get(one.key, 0))
        for one in library.library(here.practice.pk).values()
    ]
    return responses.page(request, "risks/practice/scenarios.html", {"scenarios": rows})


@require_http_methods(["GET", "POST"])
@requires("risks.library")
def new(request: HttpRequest) -> HttpResponse:
    here = At(request)
    form = ScenarioForm(responses.posted(request))
    row = form.attempt(
        lambda data: services.add_scenario(
            practice=here.practice, values=ScenarioForm.values(data), by=here.user, at=here.at
        )
    )
    if row is not None:
        return responses.done(request, _url("scenario-offer", key=row.key), "Added. Which clients should hear of it?")
    return _form(request, form, title="Write a scenario", verb="Add to our library", cancel=_url("scenarios"))


@require_http_methods(["GET", "POST"])
@requires("risks.library")
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The library says it otherwise from now on; whoever saved meanwhile is not overwritten."""
    here = At(request)
    scenario = here.scenario(key)
    form = ScenarioForm(responses.posted(request), stored=ScenarioForm.stored(scenario))
    row = form.attempt(
        lambda data: services.change_scenario(
            practice=here.practice, scenario=scenario, values=ScenarioForm.values(data), by=here.user, at=here.at
        )
    )
    if row is not None and all(getattr(row, name) == getattr(scenario, name) for name in library.WORDS):
        said = f"Saved. Its words are as before, so no register has any to take over. {services.RATED_THERE}"
        return responses.done(request, _url("scenarios"), said)
    if row is not None:
        return responses.done(request, _url("scenario-offer", key=key), "Saved. Which clients should hear of it?")
    return _form(
        request, form, title="Change a scenario", verb="Save scenario", cancel=_url("scenarios"), scenario=scenario
    )


@require_POST
@requires("risks.library")
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """It is proposed no more, or the portal's own words for it count again."""
    here = At(request)
    row = OwnScenario.objects.filter(practice=here.practice, key=key).select_related("practice").first()
    if row is None:
        raise Http404
    try:
        services.retire_scenario(row=row, by=here.user, at=here.at)
    except ValidationError as refusal:
        return responses.done(request, _url("scenarios"), " ".join(refusal.messages), level=40)
    return responses.done(request, _url("scenarios"), f"“{row.title}” is out of our library.")


@require_http_methods(["GET", "POST"])
@requires("risks.library")
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """What the library says is offered to chosen clients, where somebody decides on each change."""
    here = At(request)
    scenario = here.scenario(key)
    clients = Client.objects.active().filter(practice=here.practice).by_name()
    form = OfferForm(responses.posted(request), clients=clients)
    form.fields["clients"].label_from_instance = _labels(key)
    made = form.attempt(
        lambda data: services.offer_scenario(
            scenario=scenario, clients=data["clients"], why=data["why"], by=here.user, at=here.at
        )
    )
    if made is not None:
        count = len({change.client_id for change in made})
        told = "One client decides" if count == 1 else f"{count} clients decide"
        return responses.done(request, _url("scenarios"), f"Offered. {told} on it.")
    return _form(
        request, form, title="Offer it to clients", verb="Offer it", cancel=_url("scenarios"), scenario=scenario,
        template="risks/practice/offer.html",
    )  # fmt: skip


def _labels(key: str) -> Any:
    """Words for each client: which of its risks come of the scenario."""
    of = library.risks_of(key)

    def label(client: Client) -> str:
        found = of.get(client.pk)
        return f"{client.name} ({', '.join(found)})" if found else f"{client.name} (not in its register)"

    return label
