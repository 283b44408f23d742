"""Assessments of the register as a whole: written, frozen, approved and compared."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.selectors import people
from risks import services
from risks.enums import AssessmentKind
from risks.forms.assessment import METHOD, TODAY, AssessmentForm, CompareForm, words_of
from risks.forms.treat import AskedForm
from risks.models import RiskAssessment
from risks.rules import snapshots
from risks.selectors.assessment import comparable, job_of, listed, snapshot_of
from risks.selectors.facts import register_as_of
from risks.views.base import Here, form_page, refused
from risks.views.treat import ANSWER_DAYS
from vciso.tenancy.enums import Role
from vciso.tenancy.permissions import requires
from vciso.web import formats, responses
from vciso.web.drawing import progress_of
from vciso.web.pagination import paginate


def one_assessment() -> Any:
    """Assessments with the people their page names."""
    return RiskAssessment.objects.select_related("client", "client__practice", "ask", "asked_of", "made_by")


@require_GET
@requires("risks.view")
def assessments(request: HttpRequest) -> HttpResponse:
    """Every assessment there is, the latest day first."""
    here = Here(request)
    shown = "discarded" if request.GET.get("show") == "discarded" else ""
    page = paginate(request, listed(here.client.pk, discarded=bool(shown)))
    context = {
        "page": page,
        "shown": shown,
        "discarded": shown or listed(here.client.pk, discarded=True).count(),
        "latest": next((row for row in page if row.counts_as_made), None),
        "today": here.today,
        "may_assess": here.may("risks.assess"),
    }
    return responses.page(request, "risks/assessments.html", context)


@require_GET
@requires("risks.view", one_assessment)
def assessment(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """One assessment: its words, its figures, and the register as it stood."""
    here = Here(request)
    found = snapshots.read(assessment.facts)
    # Pages that are drawn have no job worth showing.
    job = None if assessment.is_drawn else job_of(assessment)
    context = {
        "assessment": assessment,
        "job": progress_of(job),
        "stuck": job is None or not job.is_live,
        "found": found,
        "page": paginate(request, found.open),
        "closed": len(found.risks) - len(found.open),
        "may_write": here.may("risks.assess", assessment),
        "may_keep": here.may("risks.keep_assessment", assessment),
    }
    return responses.page(request, "risks/assessment.html", context)


def _form(request: HttpRequest, here: Here, **given: Any) -> AssessmentForm:
    return AssessmentForm(
        responses.posted(request), people=people.choices(here.client), team=people.team(here.client), **given
    )


@require_http_methods(["GET", "POST"])
@requires("risks.assess")
def new_assessment(request: HttpRequest) -> HttpResponse:
    """A new one, which begins with the words of the last."""
    here = Here(request)
    last = listed(here.client.pk).first()
    form = _form(request, here, initial=_begin(here, last))
    made = form.attempt(
        lambda data: services.draft_assessment(
            client=here.client, assessed=form.assessed(data), by=here.user, at=here.at
        )
    )
    if made:
        return responses.done(request, here.url("assessment", ref=made.reference), f"{made.reference} begun.")
    return form_page(
        request,
        form,
        title="Assess the register",
        text="The register of a day is kept with these words, and frozen when you ask for approval.",
        verb="Save draft",
        cancel=here.url("assessments"),
        parent=("Assessments", here.url("assessments")),
    )


def _begin(here: Here, last: RiskAssessment | None) -> dict[str, Any]:
    kind = AssessmentKind.PERIODIC if last else AssessmentKind.BASELINE
    usual: dict[str, Any] = {"method": METHOD, "team": [here.user.pk]}
    if last:
        words = words_of(last)
        usual = {name: words[name] for name in ("scope", "method", "team")}
    title = f"{kind.label} risk assessment {here.today.year}"
    return usual | {"title": title, "kind": kind, "as_of": here.today}


@require_http_methods(["GET", "POST"])
@requires("risks.assess", one_assessment)
def edit_assessment(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """A draft's words change; the register of its day is read again."""
    here = Here(request)
    back = here.url("assessment", ref=assessment.reference)
    form = _form(request, here, stored=words_of(assessment))
    saved = form.attempt(
        lambda data: services.edit_assessment(
            assessment=assessment, assessed=form.assessed(data), by=here.user, at=here.at
        )
    )
    if saved:
        return responses.done(request, back, f"{assessment.reference} saved.")
    return form_page(
        request, form, title=f"Edit {assessment.reference}", verb="Save draft", cancel=back,
        text="Saving reads the register of its day again.", parent=(assessment.reference, back),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires("risks.assess", one_assessment)
def ask_assessment(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """It is frozen and put to the owner or a director."""
    here = Here(request)
    back = here.url("assessment", ref=assessment.reference)
    form = AskedForm(
        responses.posted(request),
        people=people.holding(here.client, Role.OWNER, Role.BOARD),
        initial={"due_on": here.today + dt.timedelta(days=ANSWER_DAYS)},
    )
    asked = form.attempt(lambda data: services.ask_assessment(assessment=assessment, by=here.user, at=here.at, **data))
    if asked:
        return responses.done(request, back, f"{asked.asked_of} is asked to approve it. It is frozen now.")
    return form_page(
        request,
        form,
        title=f"Ask for approval of {assessment.reference}",
        text="From now on neither its words nor its risks can change. The answer is signed and dated.",
        verb="Freeze and send",
        cancel=back,
        parent=(assessment.reference, back),
    )


@require_POST
@requires("risks.assess", one_assessment)
def reread_assessment(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """The register of its day is read again; the words stay."""
    here = Here(request)
    back = here.url("assessment", ref=assessment.reference)
    try:
        services.reread_assessment(assessment=assessment, by=here.user, at=here.at)
    except services.Refused as refusal:
        return refused(request, refusal, title="Not read again", back=back)
    return responses.done(request, back, f"The register of {formats.day(assessment.as_of)} was read again.")


@require_POST
@requires("risks.assess", one_assessment)
def discard_assessment(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """A draft leaves the list; the message can take it back, and so can its page."""
    here = Here(request)
    services.discard_assessment(assessment=assessment, by=here.user, at=here.at)
    undo = here.url("assessment-restore", ref=assessment.reference)
    return responses.done(request, here.url("assessments"), f"{assessment.reference} discarded.", undo=undo)


@require_POST
@requires("risks.keep_assessment", one_assessment)
def restore_assessment(request: HttpRequest, assessment: RiskAssessment) -> HttpResponse:
    """A discarded draft is a draft again."""
    here = Here(request)
    back = here.url("assessment", ref=assessment.reference)
    try:
        services.restore_assessment(assessment=assessment, by=here.user, at=here.at)
    except services.Refused as refusal:
        return refused(request, refusal, title="Not taken back", back=back)
    return responses.done(request, back, f"{assessment.reference} is a draft again.")


SELDOM = ("came-and-went", "rated")
"""What moved in a way that is named only where something did."""
SHOWN = {
    "changed": ("All changes", ()),
    "new": ("New", (snapshots.NEW, snapshots.REOPENED)),
    "up": ("Up", (snapshots.UP,)),
    "down": ("Down", (snapshots.DOWN,)),
    "rated": ("Rated for the first time", (snapshots.RATED,)),
    "closed": ("Closed", (snapshots.CLOSED,)),
    "came-and-went": ("Came and went", (snapshots.CAME_AND_WENT,)),
    "same": ("Unchanged", (snapshots.SAME,)),
}


@require_GET
@requires("risks.view")
def compare(request: HttpRequest) -> HttpResponse:
    """Two assessments, or one and the register today: what is new, closed, up, down and unchanged."""
    here = Here(request)
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:20] for name in ("earlier", "later")}
    rows = list(comparable(here.client.pk, asked.values())[:100])
    if not rows:
        return responses.page(request, "risks/compare.html", {"rows": rows})
    if not all(asked.values()):
        return redirect(here.url("compare") + f"?earlier={rows[0].reference}&later={TODAY}")
    form = CompareForm(asked, rows=[(row.reference, _named(row)) for row in rows])
    if not form.is_valid():
        raise Http404
    earlier, later = sorted(_sides(here, rows, asked), key=lambda side: side.as_of)
    found = snapshots.compare(earlier, later)
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "changed"
    counts = {key: len(_of(found, key)) for key in SHOWN}
    context = {
        "rows": rows,
        "form": form,
        "found": found,
        "figures": _side_by_side(earlier, later),
        "shown": shown,
        "views": [
            (label, responses.query(request, show=key), key == shown, counts[key])
            for key, (label, _) in SHOWN.items()
            if counts[key] or key not in SELDOM
        ],
        "page": paginate(request, _of(found, shown)),
    }
    return responses.page(request, "risks/compare.html", context)


def _named(row: RiskAssessment) -> str:
    return f"{row.reference}, {formats.day(row.as_of)}: {row.title}"


def _sides(here: Here, rows: list[Any], asked: dict[str, str]) -> list[snapshots.Snapshot]:
    """Both sides in the order asked for: frozen facts, or the register as it stands today."""
    facts = {row.reference: row.wanted for row in rows}
    return [
        snapshot_of(register_as_of(here.client, here.today)) if one == TODAY else snapshots.read(facts[one])
        for one in asked.values()
    ]


def _of(found: snapshots.Comparison, shown: str) -> list[snapshots.Move]:
    """The moves that a view shows, in its own order; all changes for the first."""
    kinds = SHOWN[shown][1] or tuple(kind for _, kinds in SHOWN.values() for kind in kinds if kind != snapshots.SAME)
    return [move for kind in kinds for move in found.of(kind)]


def _side_by_side(earlier: snapshots.Snapshot, later: snapshots.Snapshot) -> list[tuple[str, int, int, int]]:
    """Each figure then, later, and how far it moved."""
    names = {
        "open": "Open risks", "above": "Above a limit", "near": "At a limit", "critical": "Critical", "high": "High",
        "not_rated": "Not rated", "accepted": "Accepted by name",
    }  # fmt: skip
    pairs = [(label, getattr(earlier.figures, key), getattr(later.figures, key)) for key, label in names.items()]
    return [(label, was, now, now - was) for label, was, now in pairs]
