"""Find, the palette's results, and the preview of formatted text."""

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from vciso.home.selectors import portfolio
from vciso.tenancy.models import Client
from vciso.tenancy.permissions import SIGNED_IN, may, requires
from vciso.web import finding, navigation, responses
from vciso.web.markdown import to_html
from vciso.web.throttling import throttled

LONGEST = 20_000


@requires("home.today")
@require_safe
@throttled("search")
def find(request: HttpRequest) -> HttpResponse:
    """Records and clients that match, this client's first. Only what the person may see is searched."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    here = Client.objects.filter(key=request.GET.get("from", "")).first() if request.GET.get("from") else None
    found = (_clients(text) + portfolio.find(text)) if text else []
    actions = _actions(request, text, here) if text else ()
    context = {"groups": finding.grouped(found, client=here, actions=actions), "text": text}
    if responses.wants_fragment(request):
        return responses.page(request, "components/palette_results.html", context)
    return responses.page(request, "home/find.html", context)


def _actions(request: HttpRequest, text: str, here: Client | None) -> Iterator[finding.Found]:
    """What the person may do or open: for the client they stand at, and over all of them."""
    actor = replace(request.actor, client=here)

    def allowed(permission: str) -> bool:
        return bool(may(actor, permission))

    for item, url in navigation.new_items(client=here, allowed=allowed):
        title = f"New {item.label[0].lower()}{item.label[1:]}"
        if finding.begins(text, item.label):
            yield finding.Found(None, "", "Action", item.icon, title, f"N {item.key.upper()}" if item.key else "", url)
    scopes = [("practice", None)] if here is None else [("client", here), ("practice", None)]
    lines = (
        line
        for scope, client in scopes
        for section in navigation.sections(scope, client=client, allowed=allowed, beneath=True)
        for line in section.lines
    )
    for line in lines:
        if text.lower() in f"go to {line.label.lower()}":
            keys = f"G {line.key.upper()}" if line.key else ""
            yield finding.Found(None, "", "Page", line.icon, f"Go to {line.label.lower()}", keys, line.url)


def _clients(text: str) -> list[finding.Found]:
    rows = Client.objects.filter(name__icontains=text).by_name()[:8]
    return [
        finding.Found(
            None,
            client.name,
            "Client",
            "building-2",
            client.name,
            "Client",
            reverse("home:overview", kwargs={"client_key": client.key}),
        )
        for client in rows
    ]


@requires(SIGNED_IN)
@require_POST
def preview_markdown(request: HttpRequest) -> HttpResponse:
    """The text of the named field as it will be shown."""
    text = request.POST.get(request.POST.get("field", ""), "")[:LONGEST]
    return responses.private(HttpResponse(to_html(text)))
