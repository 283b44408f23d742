"""How often a risk comes true, and what one event costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from engagements.forms.base import LongText, MoneyField, ServiceForm
from risks.enums import EstimateKind, LossForm
from risks.models import RiskEstimate
from risks.services import Given

PARTS = (("low", "Low"), ("likely", "Most likely"), ("high", "High"))
HINTS = {
    LossForm.DOWNTIME: "People and machines that wait, work done twice.",
    LossForm.RESPONSE: "Specialists, overtime, replacements, telling those concerned.",
    LossForm.FINES: "Regulators, contracts, courts.",
    LossForm.LOST_SALES: "Orders and customers that go elsewhere.",
    LossForm.OTHER: "What fits nowhere above.",
}


def _part_of(name: str) -> str:
    """What a number belongs to, for the sentences about it: how often, or a form of loss."""
    part = name.rpartition("_")[0]
    return "How often" if part == "frequency" else str(LossForm(part).label)


def _numbers() -> dict[str, forms.Field]:
    """Three numbers for how often, and for each form of loss three with its chance."""
    found: dict[str, forms.Field] = {}
    for part, label in PARTS:
        found[f"frequency_{part}"] = forms.DecimalField(label=label, max_digits=9, decimal_places=4)
    for form in LossForm:
        for part, label in PARTS:
            found[f"{form}_{part}"] = MoneyField(label=label, required=False, above_zero=True)
        found[f"{form}_percent"] = forms.DecimalField(
            label="Chance, %", max_digits=5, decimal_places=2, required=False, initial=Decimal(100)
        )
    for name, field in found.items():
        field.widget.attrs |= {"inputmode": "decimal", "data-width": "s"}
        field.unmarked = True  # type: ignore[attr-defined]  # ours: the page says what may stay empty
        field.named = f"{_part_of(name)}, {str(field.label).lower()}"  # type: ignore[attr-defined]  # ours
    return found


class EstimateForm(ServiceForm):
    """Three numbers for how often, three for each form of loss that an event can bring.

    `begin` lends its numbers to the first estimate of its kind: what a plan leaves is thought of as
    what is, with some numbers changed.
    """

    basis = LongText(
        rows=3,
        label="Where the numbers come from",
        help_text="Past events, invoices, contracts, whom you asked. Printed in the history.",
    )
    stand_by = forms.BooleanField(required=False, label="I looked again and keep these ranges")

    def __init__(
        self,
        *args: Any,
        estimate: RiskEstimate | None,
        currency: str,
        kind: str = EstimateKind.NOW,
        begin: RiskEstimate | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(*args, **rest)
        self.kind = kind
        basis = estimate.basis if estimate else ""
        estimate = estimate or begin
        known = {loss.form: loss for loss in estimate.losses.all()} if estimate else {}
        for part, _ in PARTS:
            if estimate:
                self.fields[f"frequency_{part}"].initial = _plain(getattr(estimate, f"frequency_{part}"))
        for form in LossForm:
            for part, _ in PARTS:
                field = self.fields[f"{form}_{part}"]
                field.initial = getattr(known.get(form), f"{part}_minor", None)
                field.currency = currency  # type: ignore[attr-defined]  # MoneyField
            if form in known:
                self.fields[f"{form}_percent"].initial = _plain(known[form].chance * 100)
        self.fields["basis"].initial = basis
        self.stand_on({name: field.initial for name, field in self.fields.items() if name != "stand_by"})

    @property
    def frequency(self) -> list[forms.BoundField]:
        return [self[f"frequency_{part}"] for part, _ in PARTS]

    @property
    def losses(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Label, hint and fields of each form of loss."""
        return [
            (form.label, HINTS[form], [self[f"{form}_{name}"] for name in ("low", "likely", "high", "percent")])
            for form in LossForm
        ]

    @property
    def questioned(self) -> bool:
        """Whether the service asked about a range, so that the box to keep it is shown."""
        return "stand_by" in self.errors or bool(self["stand_by"].value())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        losses = {form: self._given(cleaned, form, _chance(cleaned.get(f"{form}_percent"))) for form in LossForm}
        cleaned["estimate"] = {
            "frequency": self._given(cleaned, "frequency"),
            "losses": losses,
            "kind": self.kind,
            "basis": cleaned.get("basis", ""),
            "stand_by": cleaned.get("stand_by", False),
        }
        return cleaned

    def _given(self, cleaned: dict[str, Any], part: str, chance: Decimal = Decimal(1)) -> Given:
        values = (cleaned.get(f"{part}_{name}") for name, _ in PARTS)
        return Given(*(None if value is None else Decimal(value) for value in values), chance=chance)


# Alike for every estimate, so they stand on the form itself, where the interface's schema reads them.
EstimateForm.base_fields = {**_numbers(), **EstimateForm.base_fields}


def _chance(percent: Decimal | None) -> Decimal:
    return Decimal(1) if percent is None else percent / 100


def _plain(value: Decimal) -> Decimal:
    """Without the zeros that the column keeps: 0.5 for 0.5000."""
    return Decimal(f"{value.normalize():f}")
