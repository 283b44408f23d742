"""Find, the palette's results, and the preview of formatted text."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from vciso.home.selectors import portfolio
from vciso.tenancy.models import Client
from vciso.tenancy.permissions import SIGNED_IN, requires
from vciso.web import finding, responses
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
    context = {"groups": finding.grouped(found, client=here), "text": text}
    if responses.wants_fragment(request):
        return responses.page(request, "components/palette_results.html", context)
    return responses.page(request, "home/find.html", context)


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
