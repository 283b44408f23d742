"""Addresses for programs: does it live, can it work, and its figures. No person needs them."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from vciso.operations import health, metrics
from vciso.tenancy.middleware import not_found
from vciso.tenancy.permissions import PUBLIC, requires

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
@requires(PUBLIC)
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the web process answers at all; restart it when it does not."""
    return JsonResponse({"live": True})


@require_safe
@requires(PUBLIC)
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every part works, else 503 and which one does not; send nobody here until then."""
    found = health.readiness()
    return JsonResponse(found, status=200 if found["ready"] else 503)


@require_safe
@requires(PUBLIC)
def figures(request: HttpRequest) -> HttpResponse:
    """Figures for the bearer of VCISO_METRICS_TOKEN; for anybody else there is no such address."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), wanted.encode()):
        return not_found(request)
    return HttpResponse(metrics.exposition(), content_type=TEXT)
