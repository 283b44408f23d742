"""An assessment as a document to hand out: a tagged PDF and a workbook."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from risks.enums import AssessmentState
from risks.models import RiskAssessment
from risks.rules import snapshots
from risks.views.assessing import one_assessment
from risks.views.base import Here, refused
from vciso.audit import services as audit
from vciso.files import responses
from vciso.imports import workbook
from vciso.pdf import RenderFailed, render_limited
from vciso.tenancy.permissions import requires
from vciso.web import throttling
from vciso.web.place import reading_as

# Five hundred risks are drawn in a third of it; whoever asked waits for it.
TIMEOUT_SECONDS = 45


@require_GET
@requires("risks.view", one_assessment)
def assessment_pdf(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """The assessment as a PDF; a draft says that it is one."""
    here = Here(request)
    return _pdf(request, here, assessment, back=here.url("assessment", ref=assessment.reference))


@require_GET
@requires("risks.read", one_assessment)
def my_assessment_pdf(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """The same for the owner, once it was put to the business."""
    here = Here(request)
    if assessment.is_draft or assessment.ask is None:
        raise Http404
    return _pdf(request, here, assessment, back=f"/my/{here.client.key}/")


def _pdf(request: HttpRequest, here: Here, assessment: RiskAssessment, *, back: str) -> HttpResponse:
    throttling.spend(request, "export")
    try:
        content = pdf(assessment)
    except RenderFailed as failure:
        return refused(request, ValidationError(str(failure)), title="The document could not be drawn", back=back)
    return _handed_out(here, assessment, content, "pdf")


@require_GET
@requires("risks.view", one_assessment)
def assessment_xlsx(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """The assessment as a workbook: its words on one sheet, its risks on another."""
    throttling.spend(request, "export")
    return _handed_out(Here(request), assessment, xlsx(assessment), "xlsx")


def _handed_out(here: Here, assessment: RiskAssessment, content: bytes, ending: str) -> HttpResponse:
    audit.record(
        verb="risk.assessment_downloaded",
        client=here.client,
        obj=assessment,
        by=here.user,
        at=here.at,
        after={"format": ending, "sha256": assessment.sha256, "file_sha256": hashlib.sha256(content).hexdigest()},
    )
    return responses.download(content, name=f"{here.client.key}-{assessment.reference}.{ending}")


def pdf(assessment: RiskAssessment) -> bytes:
    """The document. The same record gives the same bytes."""
    client = assessment.client
    practice = client.practice
    with reading_as(client):
        html = render_to_string(
            "risks/assessment_pdf.html",
            {
                "assessment": assessment,
                "found": snapshots.read(assessment.facts),
                "client": client,
                "practice": practice,
                "is_approved": assessment.state == AssessmentState.APPROVED,
            },
        )
    return render_limited(
        html,
        paper=client.paper,
        accent=practice.accent,
        timeout=TIMEOUT_SECONDS,
        memory_mb=settings.RENDER_MEMORY_MB,
    )


HEADINGS = (
    ("Rank", 7), ("ID", 9), ("Risk", 36), ("In words", 60), ("Category", 16), ("Owner", 22), ("Status", 10),
    ("Likelihood now", 14), ("Impact now", 12), ("Score now", 11), ("Level now", 11), ("Score before controls", 20),
    ("Target score", 12), ("Against the limit", 44), ("Response", 14), ("Next step", 40), ("Done by", 12),
    ("Accepted by", 22), ("Accepted until", 14), ("Last reviewed", 14), ("Raised", 12), ("Closed", 12),
    ("Reason of the rating, or of closing", 44),
)  # fmt: skip


def xlsx(assessment: RiskAssessment) -> bytes:
    """The workbook; every cell is a text, a number or a day, never something to calculate."""
    found = snapshots.read(assessment.facts)
    out = io.BytesIO()
    workbook.write_book(
        out,
        [
            workbook.Sheet("Assessment", (("What", 28), ("As it was assessed", 100)), _about(assessment, found)),
            workbook.Sheet("Risks", HEADINGS, (_cells(risk) for risk in found.risks)),
        ],
    )
    return out.getvalue()


def _about(row: RiskAssessment, found: snapshots.Snapshot) -> list[tuple[str, Any]]:
    people = [", ".join(filter(None, (one["name"], one["role"]))) for one in row.participants]
    counted = found.figures
    return [
        ("Client", row.client.name),
        ("Reference", row.reference),
        ("Title", row.title),
        ("Kind", row.get_kind_display()),
        ("Register as it stood on", row.as_of),
        ("State", row.get_state_display()),
        ("Answered by", row.signer_name),
        ("Answered on", row.answered_on),
        ("Scope", row.scope),
        ("Method", row.method),
        ("Took part", "\n".join(people)),
        ("Conclusion", row.conclusion),
        ("Open risks", counted.open),
        ("Above a limit", counted.above),
        ("At a limit", counted.near),
        ("Critical", counted.critical),
        ("High", counted.high),
        ("Not rated", counted.not_rated),
        ("Accepted by name", counted.accepted),
        ("Fingerprint (SHA-256)", row.sha256 or "Not frozen yet"),
    ]


def _cells(risk: snapshots.RiskThen) -> tuple[Any, ...]:
    now, before, target = risk.now, risk.before, risk.target
    return (
        risk.rank, risk.reference, risk.title, risk.statement, risk.category, risk.owner, risk.status.capitalize(),
        now.likelihood if now else None, now.impact if now else None, now.score if now else None, risk.level.label,
        before.score if before else None, target.score if target else None, risk.limit_sentence, risk.response,
        risk.next_step, risk.target_on, risk.accepted_by, risk.accepted_until, risk.reviewed_on, risk.raised_on,
        risk.closed_on, risk.closed_reason or (now.reason if now else ""),
    )  # fmt: skip
