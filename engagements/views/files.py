"""A list as a file: CSV or XLSX, as filtered and sorted on the page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from engagements import columns
from vciso.audit import services as audit
from vciso.imports import export

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = 50_000


def answer(request: HttpRequest, kind: str, rows: Any) -> HttpResponse:
    """The rows as a download; each one is in the trail."""
    fmt = request.GET.get("format", "")
    if fmt not in TYPES:
        raise Http404
    client = request.client  # type: ignore[attr-defined]  # set by the middleware
    header, *body = columns.table(kind, _bounded(rows))
    out = io.BytesIO()
    export.write(body, header, fmt, out)
    at = timezone.now()
    response = HttpResponse(out.getvalue(), content_type=TYPES[fmt])
    name = f"{client.key}-{kind}-{client.today(at).isoformat()}.{fmt}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    audit.record(
        verb=f"{kind}.exported", client=client, by=request.user, at=at,  # type: ignore[arg-type]  # signed in
        after={"rows": len(body), "format": fmt},
    )  # fmt: skip
    return response


def _bounded(rows: Any) -> Iterable[Any]:
    return rows[:MOST_ROWS]
