"""What a risk is estimated to cost, as it goes out; a file never estimates, so what comes back is only compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from risks.enums import EstimateKind
from risks.models import Risk, RiskEstimate
from vciso.imports.registry import Field, FieldKind, Situation

LOSSES = tuple(
    Field(
        key=key,
        label=label,
        kind=FieldKind.MONEY,
        help="Read, not written: a risk is estimated on its page",
        group="Estimate",
        only_checked=True,
        shown=True,
    )
    for key, label in (("loss_mean", "Estimated average year"), ("loss_one_in_ten", "Estimated 1-in-10 year"))
)


def of_many(risks: Sequence[Risk]) -> Mapping[Any, dict[str, int]]:
    """The figures of the latest estimate by risk and column, in one query; a risk without one is left out."""
    rows = (
        RiskEstimate.objects.filter(risk__in=[risk.pk for risk in risks], kind=EstimateKind.NOW)
        .order_by("risk_id", "-happened_at", "-recorded_at")
        .distinct("risk_id")
        .values_list("risk_id", "mean_minor", "one_in_ten_minor")
    )
    keys = [item.key for item in LOSSES]
    return {risk_id: dict(zip(keys, figures, strict=True)) for risk_id, *figures in rows}


_FIGURES = re.compile(
    r"\b(ale|sle|aro|lef|(?:annual(?:i[sz]ed)?|expected|single|primary|secondary) loss|"
    r"loss (?:min|max|ml|magnitude))\b",
    re.I,
)
"""Headings of figures that an estimate is made of: how often a loss comes, and what it costs."""
_NOT_TAKEN = "No estimate is made of figures"


def check(row: Any, situation: Situation) -> None:
    """A figure that is not the estimate's own is told and kept in the notes."""
    figures = next((heading for heading, _ in row.notes if _FIGURES.search(heading)), "")
    if figures and not any(remark.startswith(_NOT_TAKEN) for remark in situation.remarks):
        situation.remark(
            f"{_NOT_TAKEN} such as “{figures}”: they stay in the notes. A risk is estimated on its page, with its "
            "ranges."
        )
    for item in LOSSES:
        given = row.values.pop(item.key, None)
        if given is None or (row.record and given == row.record.more.get(item.key)):
            continue
        row.note(item.label, row.texts.get(item.key) or str(given))
        row.warn(item.key, f"{item.label} is kept in the notes: a risk is estimated on its page, with its ranges.")
