"""Where browsers report what the content policy kept them from loading or running."""

import json
import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from vciso.tenancy.permissions import PUBLIC, requires
from vciso.web.throttling import throttled

log = logging.getLogger(__name__)
LARGEST = 8 * 1024
# As browsers send it; a form's body is read before any view, and holds no report.
TYPES = ("application/csp-report", "application/json")


@requires(PUBLIC)
@csrf_exempt
@require_POST
@throttled("policy-report")
def report(request: HttpRequest) -> HttpResponse:
    """One log line per report: what was refused and where, nothing of what a page holds."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    if request.content_type not in TYPES:
        return HttpResponse(status=415)
    try:
        found = json.loads(request.body)["csp-report"]
        said = [str(found.get(name, ""))[:200] for name in ("effective-directive", "blocked-uri", "document-uri")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    log.warning("content policy refused %s %s on %s", *(part.split("?", 1)[0] for part in said))
    return HttpResponse(status=204)
