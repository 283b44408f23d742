"""Today: what needs me across my clients, late first, one verb per row; then the clients."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from risks import selectors as risks
from vciso.home.selectors import portfolio
from vciso.tenancy.models import Client
from vciso.tenancy.permissions import requires
from vciso.web import attention, responses

VIEWS = (("now", "Now"), ("waiting", "Waiting on client"), ("ahead", "Next 30 days"))


@requires("home.today")
def today(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    clients = list(Client.objects.active().select_related("practice").by_name())
    there = risks.day_there(timezone.now(), clients)
    items = portfolio.attention(on=on, there=there)
    queue = portfolio.queue(items, on=on)
    view = request.GET.get("show", "now")
    context = {
        "on": on,
        "late": queue.late(on),
        "views": [(name, label, len(queue.view(name)), name == view) for name, label in VIEWS],
        "groups": attention.grouped(queue.view(view), on=on, clients={client.pk: client for client in clients}),
        "view": view,
        "total": len(queue.now),
        "rows": portfolio.client_rows(clients, items, on=on, there=there),
    }
    return responses.page(request, "home/today.html", context, partial="queue")
