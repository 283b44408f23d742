"""An assessment as a document to hand out: the tagged PDF that a worker drew, and a workbook."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from risks.models import RiskAssessment
from risks.rules import snapshots
from risks.selectors.assessment import job_of
from risks.selectors.wording import levels_of
from risks.services import drawing
from risks.views.assessing import one_assessment
from risks.views.base import Here
from vciso.audit import services as audit
from vciso.files.responses import download
from vciso.imports import workbook
from vciso.tenancy.permissions import requires
from vciso.web import responses, throttling
from vciso.web.drawing import awaited, followed, handed_out
from vciso.web.responses import wants_fragment


@require_GET
@requires("risks.view", one_assessment)
def assessment_pdf(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """The pages as they were drawn; while they are not, the assessment's own page shows how far they are."""
    here = Here(request)
    if not assessment.is_drawn:
        return redirect(here.url("assessment", ref=assessment.reference))
    return _pdf(request, here, assessment)


@require_GET
@requires("risks.read", one_assessment)
def my_assessment_pdf(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """The same for the owner, once it was put to the business."""
    if assessment.is_draft or assessment.ask is None:
        raise Http404
    if not assessment.is_drawn or wants_fragment(request):
        return awaited(request, assessment, title="The risk assessment as a document")
    return _pdf(request, Here(request), assessment)


def _pdf(request: HttpRequest, here: Here, assessment: RiskAssessment) -> HttpResponse:
    about: dict[str, Any] = {"by": here.user, "at": here.at}
    told = partial(_tell, here, assessment, "pdf", assessment.file_sha256)
    alarm = partial(drawing.raise_alarm, row=assessment, **about)
    return handed_out(request, assessment, name=f"{assessment.file_name}.pdf", told=told, alarm=alarm)


@require_POST
@requires("risks.keep_assessment", one_assessment)
def draw(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """Asks a worker for the pages once more, where an earlier try was given up."""
    here = Here(request)
    if not assessment.is_drawn:
        drawing.ask_for(assessment, by=here.user)
    return responses.done(request, here.url("assessment", ref=assessment.reference))


@require_GET
@requires("risks.view", one_assessment)
def progress(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """How far the drawing is, asked for every second while the page is open."""
    return followed(request, job_of(assessment), "risks/parts/drawing.html", {"assessment": assessment})


@require_GET
@requires("risks.view", one_assessment)
def assessment_xlsx(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """The assessment as a workbook: its words on one sheet, its risks on another."""
    throttling.spend(request, "export")
    content = xlsx(assessment)
    _tell(Here(request), assessment, "xlsx", hashlib.sha256(content).hexdigest())
    return download(content, name=f"{assessment.file_name}.xlsx")


def _tell(here: Here, assessment: RiskAssessment, ending: str, sha256: str) -> None:
    audit.record(
        verb="risk.assessment_downloaded",
        client=here.client,
        obj=assessment,
        by=here.user,
        at=here.at,
        after={"format": ending, "sha256": assessment.sha256, "file_sha256": sha256},
    )


HEADINGS = (
    ("Rank", 7), ("ID", 9), ("Risk", 36), ("In words", 60), ("Category", 16), ("Owner", 22), ("Status", 10),
    ("Protection in place", 40), ("Likelihood before", 14), ("Impact before", 12), ("Score before controls", 20),
    ("Likelihood now", 14), ("Impact now", 12), ("Score now", 11), ("Level now", 11), ("Impact now, by category", 34),
    ("Target likelihood", 14), ("Target impact", 12), ("Target score", 12), ("Against the limit", 44),
    ("Response", 14), ("Next step", 40), ("Done by", 12), ("Accepted by", 22), ("Accepted until", 14),
    ("Last reviewed", 14), ("Raised", 12), ("Closed", 12),
    ("Reason of the rating, or of closing", 44),
)  # fmt: skip
SCALE_HEADINGS = (("Level", 28), ("Likelihood", 20), ("Which means", 34), ("Impact", 20), ("Which costs", 34))


def xlsx(assessment: RiskAssessment) -> bytes:
    """The workbook; every cell is a text, a number or a day, never something to calculate."""
    found = snapshots.read(assessment.facts)
    out = io.BytesIO()
    sheets: list[tuple[str, Sequence[tuple[str, float]], Iterable[Sequence[Any]]]] = [
        ("Assessment", (("What", 28), ("As it was assessed", 100)), _about(assessment, found)),
        ("Risks", HEADINGS, (_cells(risk, found) for risk in found.risks)),
        ("Scale", SCALE_HEADINGS, _scale(found)),
    ]
    workbook.write_book(out, [workbook.Sheet(*sheet, on_paper=True) for sheet in sheets])
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


def _cells(risk: snapshots.RiskThen, found: snapshots.Snapshot) -> tuple[Any, ...]:
    now = risk.now
    impacts = ", ".join(f"{name} {level}" for name, level in found.impacts(now))
    return (
        risk.rank, risk.reference, risk.title, risk.statement, risk.category, risk.owner, risk.status.capitalize(),
        risk.controls, *_rated(risk.before), *_rated(now), risk.level.label, impacts, *_rated(risk.target),
        risk.limit_sentence, risk.response,
        risk.next_step, risk.target_on, risk.accepted_by, risk.accepted_until, risk.reviewed_on, risk.raised_on,
        risk.closed_on, risk.closed_reason or (now.reason if now else ""),
    )  # fmt: skip


def _rated(rating: snapshots.RatingThen | None) -> tuple[int | None, int | None, int | None]:
    return (rating.likelihood, rating.impact, rating.score) if rating else (None, None, None)


def _scale(found: snapshots.Snapshot) -> list[tuple[Any, ...]]:
    """The levels with what they meant, then the scores of each band; nothing for records from before it was kept."""
    if found.scale is None:
        return []
    levels = [(one.number, one.likelihood, one.means, one.impact, costs) for one, costs in levels_of(found.scale)]
    bands = [(f"{band.label}: scores {low} to {high}", "", "", "", "") for band, low, high in found.scale.ranges()]
    return [*levels, *bands]
