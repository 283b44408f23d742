"""An answered question as one page of paper, for whoever may read it."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from engagements.models import Answer, Ask
from engagements.selectors import kinds
from engagements.selectors.signed import fingerprint
from engagements.views.base import Here, refused
from vciso.audit import services as audit
from vciso.files import responses
from vciso.pdf import RenderFailed, render_limited
from vciso.tenancy.models import Client
from vciso.web import throttling
from vciso.web.place import reading_as

# One page is drawn in a tenth of a second; the person waits for it.
TIMEOUT_SECONDS = 20


def record(request: HttpRequest, ask: Ask, *, back: str) -> HttpResponse:
    """The signed record as a PDF; each one taken is in the trail, with its own hash."""
    answer = ask.answers.select_related("by", "recorded_by").first()
    if answer is None:
        raise Http404
    throttling.spend(request, "export")
    here = Here(request)
    try:
        content = pdf(here.client, ask, answer)
    except RenderFailed as failure:
        return refused(request, ValidationError(str(failure)), title="The record could not be drawn", back=back)
    audit.record(
        verb="ask.record_downloaded",
        client=here.client,
        obj=ask,
        by=here.user,
        at=here.at,
        after={"sha256": fingerprint(ask, answer), "file_sha256": hashlib.sha256(content).hexdigest()},
    )
    return responses.download(content, name=f"{here.client.key}-{ask.reference}-signed.pdf")


def pdf(client: Client, ask: Ask, answer: Answer) -> bytes:
    """The page of an answer. The same record gives the same bytes."""
    return render_limited(
        words(client, ask, answer),
        paper=client.paper,
        accent=client.practice.accent,
        timeout=TIMEOUT_SECONDS,
        memory_mb=settings.RENDER_MEMORY_MB,
    )


def words(client: Client, ask: Ask, answer: Answer) -> str:
    """The page as HTML, before it is drawn."""
    with reading_as(client):
        return render_to_string(
            "engagements/signed.html",
            {
                "ask": ask,
                "answer": answer,
                "kind": kinds.of(ask.kind),
                "confirmation": ask.confirmations.first(),
                "withdrawal": ask.withdrawals.select_related("by").first(),
                "client": client,
                "practice": client.practice,
                "zone": client.time_zone,
                "sha256": fingerprint(ask, answer),
            },
        )
