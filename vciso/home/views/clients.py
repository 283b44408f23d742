"""Clients: the list, a new one, the switcher, and one client's overview."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from engagements.services import business, people
from reporting.selectors import history
from risks import selectors as risks
from vciso.accounts import services
from vciso.home.forms import NewClientForm
from vciso.home.selectors import overview as overviews
from vciso.home.selectors import portfolio
from vciso.home.views.practice import own_practice
from vciso.tenancy import context
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, User
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.confirming import confirmed


@requires("home.today")
@require_GET
def client_list(request: HttpRequest) -> HttpResponse:
    """Every client of the person, narrowed by a word of its name."""
    on, there = timezone.localdate(), risks.day_there(timezone.now())
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    clients = Client.objects.active().select_related("practice").by_name()
    found = list(clients.filter(name__icontains=text) if text else clients)
    rows = portfolio.client_rows(found, portfolio.attention(on=on, there=there), on=on, there=there)
    return responses.page(request, "home/clients.html", {"rows": rows, "text": text}, partial="clients")


@requires("home.new_client")
@confirmed
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new client: its row, the maker's own context at it, then profile and invited owner."""
    form = NewClientForm(responses.posted(request))
    if form.is_valid():
        typed = dict(form.cleaned_data)
        sector, name, email = typed.pop("sector"), typed.pop("owner_name"), typed.pop("owner_email")
        user, at = request.actor.user, timezone.now()
        try:
            client = services.create_client(practice=own_practice(request), by=user, at=at, **typed)
            with context.as_user(user, client_id=client.pk):
                _first_records(client, user, at, sector=sector, name=name, email=email)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return responses.done(request, "home:overview", f"{client.name} is set up.", client_key=client.key)
    return responses.answer_form(request, "home/client_new.html", {}, form=form)


def _first_records(client: Client, user: User, at: datetime, *, sector: str, name: str, email: str) -> None:
    """Profile and owner, through the services that any later edit uses."""
    if sector:
        business.set_profile(client=client, values={"sector": sector}, by=user, at=at)
    if name:
        person = people.add_person(client=client, name=name, email=email, by=user, at=at)
        if email:
            people.invite_person(person=person, role=Role.OWNER, by=user, at=at)


@requires("home.today")
@require_GET
def switcher(request: HttpRequest) -> HttpResponse:
    """The dialog's list: every client, leading to the section one is in."""
    current = request.GET.get("client", "")
    on = timezone.localdate()
    needs: dict[object, int] = {}
    for item in portfolio.attention(on=on, there=risks.day_there(timezone.now())):
        if item.waiting_on == "practice" and item.due_on is not None and item.due_on <= on:
            needs[item.client_id] = needs.get(item.client_id, 0) + 1
    rows = [
        {
            "client": client,
            "url": _same_section(request.GET.get("path", ""), client),
            "needs": needs.get(client.pk, 0),
            "current": client.key == current,
        }
        for client in Client.objects.active().by_name()
    ]
    return responses.page(request, "components/switcher.html", {"rows": rows})


def _same_section(path: str, client: Client) -> str:
    """Risks leads to Risks: the list of the section the path belongs to, else the overview."""
    parts = path.strip("/").split("/")
    if len(parts) > 2 and parts[0] == "c":
        candidate = f"/c/{client.key}/{parts[2]}/"
        try:
            resolve(candidate)
        except Resolver404:
            pass
        else:
            return candidate
    return reverse("home:overview", kwargs={"client_key": client.key})


@requires("home.overview")
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    on = request.client.today(timezone.now())
    seen = overviews.overview(request.client, on=on, reader=request.actor.user)
    context = {"seen": seen, "on": on, "trend": history.trend(seen.reports.points)}
    return responses.page(request, "home/overview.html", context)
