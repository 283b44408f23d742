"""The board's quarterly pack from the records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from reporting import documents, formats
from reporting.documents import Answer, Figure
from reporting.facts import bad_year, limits, programme, register, work, worth
from reporting.facts.basis import Basis
from reporting.facts.register import risk_record

RISKS_SHOWN = 6
FRESH_DAYS = 90
PRIORITIES_SHOWN = 3
NOTHING_BEHIND = "No record stands behind the answer."


def gather(basis: Basis, edition: documents.Edition) -> documents.BoardPack:
    """Everything the pack prints, except the words."""
    others = programme.dates(basis)
    dated = work.dated(basis, others)
    risks = register.risks(basis, shown=RISKS_SHOWN)
    suppliers = programme.suppliers(basis)
    losses = bad_year.losses(basis)
    year = bad_year.gather(basis, losses)
    status = register.status_block(basis, due_without_owner=work.without_owner(basis, dated))
    return documents.BoardPack(
        about=basis.about(),
        edition=edition,
        status=status,
        answers=answers(basis, risks, year),
        changes=register.changes(basis),
        decisions=work.decisions(basis),
        risks=risks,
        scenarios=bad_year.scenarios(basis, losses, year),
        accepted=register.acceptances(basis),
        policies=programme.policies(basis),
        suppliers=suppliers,
        systems=programme.systems(basis),
        plan=work.plan(basis),
        hours=work.hours(basis),
        priorities=priorities(basis),
        method=documents.Method(
            quality=quality(basis),
            changed=register.risk_changes(basis),
        ),
        bad_year=year,
        worth=worth.gather(basis),
        limits=limits.gather(basis),
    )


def answers(basis: Basis, risks: documents.Risks, year: documents.BadYear | None) -> tuple[Answer, ...]:
    """The four questions a board asks. What no record can answer says so."""
    return (
        _protected(basis, risks),
        _top_risk(basis, risks),
        Answer(
            key="obligations",
            state="unknown",
            answer="Not known yet",
            text="Laws, contracts and insurance conditions are not recorded yet.",
            confidence_why=NOTHING_BEHIND,
        ),
        _material(basis, year),
    )


def _was(basis: Basis, key: str) -> str:
    if not isinstance(basis.previous, documents.BoardPack):
        return ""
    return next((answer.answer for answer in basis.previous.answers if answer.key == key), "")


def _confidence(basis: Basis) -> tuple[str, str]:
    """How many of the open risks somebody looked at within 90 days."""
    rows = basis.register.open
    since = basis.as_of - timedelta(days=FRESH_DAYS)
    fresh = [row for row in rows if _looked_at(row, basis) and _looked_at(row, basis) >= since]
    share = len(fresh) / len(rows) if rows else 0
    level = "high" if share >= 0.8 else "medium" if share >= 0.5 else "low"
    number, whole = formats.capital(formats.in_words(len(fresh))), formats.counted(len(rows), "risk")
    verb = "was" if len(fresh) == 1 else "were"
    return level, f"{number} of {whole} {verb} rated or reviewed in the last {FRESH_DAYS} days."


def _looked_at(row: Any, basis: Basis) -> Any:
    rated = basis.client.today(row.now.happened_at) if row.now else None
    return max((day for day in (rated, row.last_reviewed_on) if day), default=None)


def _protected(basis: Basis, risks: documents.Risks) -> Answer:
    confidence, why = _confidence(basis)
    if not risks.above.known or not basis.register.open:
        return Answer(
            key="protected",
            state="unknown",
            answer="Not known yet",
            text="Too little is rated or limited to compare the risks with your limits.",
            figures=(risks.above,),
            was=_was(basis, "protected"),
            movement="not comparable",
            confidence_why=NOTHING_BEHIND,
        )
    above, calling = len(basis.register.above), len(basis.register.calling_for_action)
    whole = formats.counted(len(basis.register.open), "risk")
    if not above:
        state, answer = "ok", "Yes, inside the limits you set"
        text = f"None of {whole} is above a limit you set."
    else:
        state = "off" if calling else "watch"
        verb = "is" if above == 1 else "are"
        answer = f"Not yet: {formats.counted(above, 'risk')} {verb} above your limits"
        without = "every one has an approved plan or an acceptance."
        if calling == above:
            without = f"{'it has' if above == 1 else 'they have'} neither plan nor acceptance."
        elif calling:
            verb = "has" if calling == 1 else "have"
            without = f"{formats.in_words(calling)} of them {verb} neither plan nor acceptance."
        text = f"{formats.capital(formats.in_words(above))} of {whole} {'is' if above == 1 else 'are'} above; {without}"
    return Answer(
        key="protected",
        state=state,  # type: ignore[arg-type]  # ok, watch or off
        answer=answer,
        text=text,
        figures=(risks.above,),
        was=_was(basis, "protected"),
        movement=risks.above.movement,
        confidence=confidence,  # type: ignore[arg-type]  # high, medium or low
        confidence_why=why,
    )


def _top_risk(basis: Basis, risks: documents.Risks) -> Answer:
    shown = next((row for row in risks.rows if row.rating), None)
    if shown is None:
        return Answer(
            key="top-risk",
            state="unknown",
            answer="Not known yet",
            text="No risk is rated yet, so none can be called the most significant.",
            was=_was(basis, "top-risk"),
            movement="not comparable",
            confidence_why=NOTHING_BEHIND,
        )
    row = basis.register.get(shown.record.reference)
    state = "ok"
    if row is not None and row.is_above:
        state = "off" if row.calls_for_action else "watch"
    elif row is not None and row.is_near:
        state = "watch"
    confidence, why = _confidence(basis)
    owner = f" Its owner is {shown.owner}." if shown.owner else " It has no owner yet."
    return Answer(
        key="top-risk",
        state=state,  # type: ignore[arg-type]  # ok, watch or off
        answer=shown.title,
        text=f"{shown.why}{owner}",
        figures=(Figure.count("risks.above.1", [shown.record]),) if row and row.is_above else (),
        was=_was(basis, "top-risk"),
        movement=shown.movement,
        confidence=confidence,  # type: ignore[arg-type]  # high, medium or low
        confidence_why=why,
    )


def _material(basis: Basis, year: documents.BadYear | None) -> Answer:
    """How likely a year is to cost more than the business said it can bear."""
    was = _was(basis, "material")
    if year is None or year.exceeding is None or year.exceeding.value is None:
        text = "No risk is estimated in money yet."
        if year is not None:
            text = "Fewer than three risks are estimated in money." if not year.rows else "No tolerance is set yet."
        return Answer(
            key="material", state="unknown", answer="Not known yet", text=text, was=was, confidence_why=NOTHING_BEHIND
        )
    tolerance = formats.money(year.tolerance_minor, basis.client.currency)
    part = f"{formats.capital(formats.in_words(len(year.estimated.records)))} of {year.open.text} open risks"
    return Answer(
        key="material",
        state="watch" if year.exceeding.value <= 0.1 else "off",
        answer=f"A year above {tolerance}: {year.exceeding.text}",
        text=f"{year.rows[1][0]}: {year.rows[1][1].text}.",
        figures=(year.exceeding,),
        was=was,
        movement=year.exceeding.movement,
        confidence="low" if len(year.estimated.records) * 2 < (year.open.value or 0) else "medium",
        confidence_why=f"{part} are estimated; they are taken as independent of each other.",
    )


def quality(basis: Basis) -> tuple[tuple[str, Figure], ...]:
    """How much of the register and the inventory the figures can rest on."""
    rows = basis.register.open
    records = [risk_record(row) for row in rows]

    def share(formula: str, part: Sequence[Any]) -> Figure:
        return programme.share(formula, part, rows, records)

    categories = basis.register.frame.active
    return (
        ("Risks rated", share("quality.rated.1", [row for row in rows if row.now])),
        ("Risks estimated", share("quality.estimated.1", [row for row in rows if row.is_estimated])),
        ("Risks with an owner", share("quality.owned.1", [row for row in rows if row.owner])),
        (
            "Risks reviewed in time",
            share("quality.reviewed.1", [row for row in rows if not row.review_is_stale]),
        ),
        ("Suppliers reviewed", programme.reviewed_share(basis)),
        (
            "Categories with a limit",
            programme.share("quality.limits.1", [row for row in categories if row.band], categories, ()),
        ),
    )


def priorities(basis: Basis) -> tuple[documents.Coming, ...]:
    """The three next dated steps of approved plans and tasks, after the day of the data."""
    items = [item for item in work.plan_items(basis) if item.due and item.due >= basis.as_of]
    items.sort(key=lambda item: (item.due, item.record.reference))
    return tuple(
        work.coming(basis, item.due, item.what, "Plan", item.who, item.record) for item in items[:PRIORITIES_SHOWN]
    )
