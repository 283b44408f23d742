"""The director's one page: the latest pack, what is asked of the board, what it decided."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from engagements import selectors as engagements
from engagements.enums import AskRole
from reporting import selectors as reporting
from reporting.enums import Kind
from vciso.tenancy.models import Client, User
from vciso.tenancy.permissions import requires
from vciso.web import responses

EARLIER = 8


def board_context(client: Client, user: User | None) -> dict[str, Any]:
    """What a director's page shows; without a user, what any director would see."""
    on = client.today(timezone.now())
    packs = reporting.issued(client, kind=Kind.QUARTERLY, limit=EARLIER + 1)
    return {
        "on": on,
        "board_page": True,
        "latest": packs[0] if packs else None,
        "earlier": packs[1:],
        "asks": engagements.waiting_for(client, user, on=on, role=AskRole.BOARD),
        "ending": engagements.ending_soon(client, user, on=on, role=AskRole.BOARD),
        "decided": engagements.answered(client, user, role=AskRole.BOARD),
    }


@requires("home.board")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return responses.page(request, "home/board.html", board_context(request.client, request.actor.user))
