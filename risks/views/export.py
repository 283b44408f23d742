"""The register as files to hand on: as it is shown, as a workbook for a meeting, as one page.

Private notes are in none of them; the export of the whole register, for the practice, has them.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from risks.columns import KIND, MEETING, SHOWN, meeting
from risks.columns import limits as limit_columns
from risks.columns import reviews as review_columns
from risks.columns.reading import records_of
from risks.enums import Band, RatingKind
from risks.rules.scoring import Scale
from risks.selectors.frame import scale_as_of
from risks.selectors.wording import rating_words
from risks.views.base import Here, refused
from risks.views.narrowing import Narrowed, narrowed
from vciso.audit import services as audit
from vciso.files.responses import download
from vciso.imports import export as exports
from vciso.pdf import RenderFailed, render_limited
from vciso.tenancy.permissions import requires
from vciso.web.place import reading_as
from vciso.web.throttling import throttled

MEETING_FORMAT = "meeting"
# One page is drawn in a moment; the person waits for it.
TIMEOUT_SECONDS = 20
LINES = 28
"""So many risks fit on one page, each on one line."""


@require_GET
@requires("risks.export")
@throttled("export")
def shown(request: HttpRequest) -> HttpResponse:
    """The risks of the list, as the address filters and sorts them, as XLSX, CSV or a workbook for a meeting."""
    here = Here(request)
    asked = request.GET.get("format", "xlsx")
    fmt = "xlsx" if asked == MEETING_FORMAT else asked
    if fmt not in exports.FORMATS:
        raise Http404
    records = records_of(here.client, narrowed(request, here).rows)
    out = io.BytesIO()
    if asked == MEETING_FORMAT:
        count = meeting.write(KIND, MEETING, here.client, records, out)
    else:
        rows = exports.rows_of(KIND, here.client, columns=SHOWN, records=map(meeting.both_ids, records))
        count = exports.write_rows(SHOWN, rows, fmt, out, name=KIND.label)
    _told(here, format=asked, rows=count)
    words = f"{KIND.label} for the meeting" if asked == MEETING_FORMAT else KIND.label
    return download(out.getvalue(), name=f"{here.client.name} {words} {here.today.isoformat()}.{fmt}")


@require_GET
@requires("risks.export")
@throttled("export")
def limits(request: HttpRequest) -> HttpResponse:
    """The limits in force, and in the workbook who signs, the measure, every version and how each limit changed."""
    here = Here(request)
    fmt = request.GET.get("format", "xlsx")
    if fmt not in exports.FORMATS:
        raise Http404
    out = io.BytesIO()
    count = limit_columns.write(here.client, here.today, fmt, out)
    _told(here, kind="limits", format=fmt, rows=count)
    return download(out.getvalue(), name=f"{here.client.name} {limit_columns.LABEL} {here.today.isoformat()}.{fmt}")


@require_GET
@requires("risks.export")
@throttled("export")
def reviews(request: HttpRequest) -> HttpResponse:
    """The review log, as XLSX or CSV."""
    here = Here(request)
    fmt = request.GET.get("format", "xlsx")
    if fmt not in exports.FORMATS:
        raise Http404
    out = io.BytesIO()
    count = review_columns.write(here.client, fmt, out)
    _told(here, kind="reviews", format=fmt, rows=count)
    return download(out.getvalue(), name=f"{here.client.name} {review_columns.LABEL} {here.today.isoformat()}.{fmt}")


@require_GET
@requires("risks.export")
@throttled("export")
def one_page(request: HttpRequest) -> HttpResponse:
    """The risks of the list on one page of the client's paper, with the day and who made it."""
    here = Here(request)
    try:
        content = _drawn(request, here)
    except RenderFailed as failure:
        return refused(
            request, ValidationError(str(failure)), title="The page could not be drawn", back=here.url("list")
        )
    _told(here, format="pdf", sha256=hashlib.sha256(content).hexdigest())
    return download(content, name=f"{here.client.name} {KIND.label} {here.today.isoformat()}.pdf")


def _told(here: Here, **what: Any) -> None:
    audit.record(
        verb="export.downloaded", client=here.client, by=here.user, at=here.at, after={"kind": KIND.name, **what}
    )


def _drawn(request: HttpRequest, here: Here) -> bytes:
    found, scale = narrowed(request, here), scale_as_of(here.client, here.today)
    rows = list(found.rows.select_related("owner").defer("private_notes", "extras"))
    levels = [(Band(band).label, sum(row.now_band == band for row in rows)) for band in reversed(Band.values)]
    context = {
        "client": here.client,
        "practice": here.client.practice,
        "by": here.user,
        "today": here.today,
        "filters": _chosen(found, scale),
        "rows": [(row, row.is_accepted(on=here.today)) for row in rows[:LINES]],
        "more": len(rows) - LINES,
        "lines": "two-lines" if len(rows) <= LINES // 2 else "one-line",
        "count": len(rows),
        "above": sum(row.is_above and row.is_open for row in rows),
        "levels": [(label, number) for label, number in levels if number],
    }
    with reading_as(here.client):
        html = render_to_string("risks/one_page.html", context)
    return render_limited(
        html,
        paper=here.client.paper,
        accent=here.client.practice.accent,
        timeout=TIMEOUT_SECONDS,
        memory_mb=settings.RENDER_MEMORY_MB,
    )


def _chosen(found: Narrowed, scale: Scale) -> str:
    """The filters that narrow the list in words, so that nobody takes a part of the register for all of it."""
    form = found.filterset.form
    parts = []
    for name, value in form.cleaned_data.items():
        if value in (None, "", []) or form.fields[name].widget.is_hidden:
            continue
        labels = {str(key): str(label) for key, label in getattr(form.fields[name], "choices", ())}
        values = value if isinstance(value, list) else [value]
        parts.append(f"{form.fields[name].label}: {', '.join(labels.get(str(one), str(one)) for one in values)}")
    if cell := found.filterset.chosen_cell:
        parts.append(f"{RatingKind(found.filterset.kind).label}: {rating_words(*cell, scale)}")
    return "; ".join(parts) or "All open risks"
