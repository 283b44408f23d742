"""What the plans remove beside what they cost: the ranking that spending is decided by."""

from __future__ import annotations

from reporting import documents, formats
from reporting.documents import Figure
from reporting.facts.basis import Basis
from reporting.facts.register import risk_record
from risks import selectors as risk_selectors
from vciso.web.formats import for_each

SHOWN = 6


def gather(basis: Basis) -> documents.Worth:
    """The plans of the open risks, the most loss removed for the money first; levels that move come after.

    Plans that touch the same risk overlap, so nothing is added up.
    """
    planned = [row for row in basis.register.open if row.treatment not in ("undecided", "accept")]
    rows = [_row(basis, row) for row in planned]
    rows.sort(key=_order)
    return documents.Worth(
        rows=tuple(rows[:SHOWN]), plans=Figure.count("plans.decided.1", [risk_record(row) for row in planned])
    )


def _order(row: documents.PlanWorth) -> tuple[bool, bool, float]:
    """Known ratios from high to low, then what is removed at a cost nobody knows, then the rated ones by rank."""
    each = row.each.value if row.each is not None else None
    return each is None, row.removed is None, -(each or 0)


def _row(basis: Basis, row: risk_selectors.RiskRow) -> documents.PlanWorth:
    record, currency = risk_record(row), basis.client.currency
    effect = row.outlook.effect(row.cost)

    def figure(formula: str, value: float, text: str) -> Figure:
        return Figure(value=value, text=text, formula=formula, records=(record,))

    cost = Figure.unknown("money.plan_cost.1", "cost not known")
    if row.cost.a_year is not None:
        cost = figure("money.plan_cost.1", row.cost.a_year, formats.money(row.cost.a_year, currency))
    removed = each = None
    if effect is not None:
        removed = figure("money.removed.1", effect.removed, formats.money(effect.removed, currency, about=True))
        each = Figure.unknown("money.each.1")
        if effect.per_unit is not None:
            sign = "−" if effect.per_unit < 0 else ""
            each = figure("money.each.1", round(effect.per_unit, 4), f"{sign}{for_each(effect.per_unit, currency)}")
    moves = risk_selectors.band_words(row.outlook.now, row.outlook.target, basis.register.frame.scale)
    return documents.PlanWorth(
        record=record,
        title=row.title,
        response=str(row.response),
        approved=row.plan_is_live,
        a_year=cost,
        removed=removed,
        each=each,
        moves="" if effect else moves,
        reasonable=effect.is_reasonable if effect else None,
    )
