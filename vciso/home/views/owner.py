"""The owner's home: at most three asks, how the client is doing in sentences, and the programme."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

import policies.selectors
import vendors.selectors
from engagements import selectors as engagements
from engagements.enums import AskRole
from reporting import selectors as reporting
from reporting.selectors import history
from risks import selectors as risks
from vciso.tenancy.models import Client, User
from vciso.tenancy.permissions import requires
from vciso.web import responses

ASKS = 3
TOP = 5
REPORTS = 3
SHOWN = 10


def owner_context(client: Client, user: User | None) -> dict[str, Any]:
    """What the owner's home shows; without a user, what any owner would see (“view as owner”)."""
    now = timezone.now()
    on = client.today(now)
    waiting = engagements.waiting_for(client, user, on=on, role=AskRole.OWNER)
    register = risks.register_as_of(client, on)
    words = reporting.status_words(on=on)
    agreement = engagements.engagement_on(client, on)
    return {
        "on": on,
        "greeting": _greeting(now.astimezone(client.zone).hour),
        "first_name": (user.name.split() or [""])[0] if user else "",
        "asks": waiting[:ASKS],
        "more": waiting[ASKS:],
        "ending": engagements.ending_soon(client, user, on=on, role=AskRole.OWNER),
        "minutes": sum(ask.minutes for ask in waiting[:ASKS]),
        "status": reporting.status_of(words, client.pk),
        "register": register,
        "late_tasks": [task for task in engagements.tasks_as_of(client, on) if task.is_late(on)],
        "latest": reporting.latest_report(client),
        "reports": reporting.issued(client, limit=REPORTS),
        "adviser": agreement.lead if agreement else None,
        "trend": history.trend(history.monthly(client).points),
    }


def _greeting(hour: int) -> str:
    """By the clock of the client; whoever reads at night is greeted without one."""
    if 5 <= hour < 22:
        return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"
    return "Hello"


@requires("home.owner")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return responses.page(request, "home/owner.html", owner_context(request.client, request.actor.user))


@requires("home.owner")
@require_GET
def programme(request: HttpRequest) -> HttpResponse:
    """The programme, read-only: risks and their limits, promised work, policies, suppliers."""
    client = request.client
    on = client.today(timezone.now())
    register = risks.register_as_of(client, on)
    statement = risks.standing(client, register.frame, as_of=on)
    context = {
        "on": on,
        "register": register,
        "shown": register.above[:SHOWN],
        "others": [*register.above[SHOWN:], *(row for row in register.open if not row.is_above)],
        "statement": statement,
        "limits": risks.stated(statement, register.frame),
        "tasks": [task for task in engagements.tasks_as_of(client, on) if task.status == "open"],
        "policies": policies.selectors.policies_as_of(client, on),
        "vendors": [row for row in vendors.selectors.vendors_as_of(client, on) if row.tier == 1],
        "objectives": engagements.objectives_as_of(client, on),
    }
    return responses.page(request, "home/programme.html", context)
