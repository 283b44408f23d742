"""Estimating a risk in money."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from risks.enums import EstimateKind, LossForm, Status
from risks.models import EstimatedLoss, Risk, RiskEstimate
from risks.rules import money
from risks.rules.scoring import Years
from risks.selectors import estimates
from risks.selectors.frame import frame
from risks.services import lapsing, standing
from risks.services.errors import Doubted, Refused
from risks.services.register import LONGEST, locked
from vciso.audit import services as audit
from vciso.tenancy.models import User
from vciso.web import formats

FINEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Given:
    """Low, most likely and high as somebody gave them; a part left out is None."""

    low: Decimal | None = None
    likely: Decimal | None = None
    high: Decimal | None = None
    chance: Decimal = Decimal(1)

    @property
    def is_empty(self) -> bool:
        return self.low is self.likely is self.high is None

    @property
    def numbers(self) -> tuple[Decimal, Decimal, Decimal]:
        """Low, likely and high, once it is known that none is missing."""
        if self.low is None or self.likely is None or self.high is None:
            raise ValueError("A part of the range is missing.")
        return self.low, self.likely, self.high


@dataclass(frozen=True, slots=True)
class _Said:
    """What an estimator said of a risk, checked."""

    frequency: Given
    losses: Mapping[LossForm, Given]
    basis: str

    @property
    def ranges(self) -> money.Estimate:
        """The same as the rules take it."""
        return money.Estimate(
            _range(self.frequency),
            tuple(
                money.Loss(form, _range(self.losses[form]), float(self.losses[form].chance))
                for form in LossForm
                if form in self.losses
            ),
        )


@transaction.atomic
def estimate_risk(
    *,
    risk: Risk,
    frequency: Given,
    losses: Mapping[str, Given],
    basis: str,
    by: User,
    at: dt.datetime,
    kind: str = EstimateKind.NOW,
    stand_by: bool = False,
) -> RiskEstimate:
    """An estimate joins the history with its figures, and the risk's place against the limits follows.

    `frequency` is in events a year, `losses` in minor units by form; `basis` says where the numbers
    come from. Refuses a closed risk, ranges that do not rise from above nothing, and what is too
    wide or too frequent to be one risk; raises Doubted for unlikely ranges unless `stand_by`. The
    risk keeps the seed of its first estimate. A live acceptance lapses when the loss of one year in
    ten, or of one in fifty, newly passes its limit. An estimate of what the plan leaves (`kind` after)
    moves nothing, takes seed and method of the risk as it is now, and is refused before there is one.
    """
    current = locked(risk)
    basis = basis.replace("\x00", "").strip()
    if current.status == Status.CLOSED:
        raise Refused(f"{current.reference} is closed. Reopen it before estimating it.")
    given = {LossForm(form): one for form, one in losses.items() if not one.is_empty}
    said = _checked(frequency, given, basis, risk.client.currency)
    doubts = money.questions(said.ranges)
    if doubts and not stand_by:
        raise _doubted(doubts)
    present = estimates.latest(current)
    if present is None and kind == EstimateKind.AFTER:
        raise Refused(f"Estimate {current.reference} as it is now first; what the plan changes is read from both.")
    before = present if kind == EstimateKind.NOW else estimates.latest(current, kind)
    at = standing.after(at, before)
    kept = _keep(
        risk=current,
        kind=kind,
        said=said,
        seed=present.seed if present else secrets.randbits(63),
        method=present.method if present and kind == EstimateKind.AFTER else money.METHOD,
        by=by,
        at=at,
    )
    again = None
    if kind == EstimateKind.NOW:
        again = _made_alike(kept)
        _place(current, kept.losses_of_rare_years, by=by, at=at)
    current.version += 1
    current.save()
    audit.record(
        verb="risk.estimated" if kind == EstimateKind.NOW else "risk.effect_estimated",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        before=_plain(before),
        after=_plain(kept)
        | {"stood_by": [doubt.words for doubt in doubts]}
        | ({"after_the_plan": _plain(again)} if again else {}),
        reason=basis,
    )
    return kept


def _doubted(doubts: Iterable[money.Question]) -> Doubted:
    """Every question at the range it is about; one range may be asked about twice."""
    asked: dict[str, list[str]] = {}
    for doubt in doubts:
        about = "How often" if doubt.part == "frequency" else LossForm(doubt.part).label
        words = f"{about}: {doubt.words[:1].lower()}{doubt.words[1:]}"
        asked.setdefault(f"{doubt.part}_likely", []).append(words)
    return Doubted(asked | {"stand_by": [LOOK_AGAIN]})


def _place(risk: Risk, losses: Years, *, by: User, at: dt.datetime) -> None:
    """Where the risk stands with these losses of rare years, and what ends with it."""
    was_over = risk.loss_over_limit
    standing.estimated(risk, losses, frame(risk.client, risk.client.today(at)))
    if risk.loss_over_limit and not was_over:
        lapsing.lapse_if_risen(risk=risk, band=risk.exposure, by=by, at=at)


def _keep(
    *, risk: Risk, kind: str, said: _Said, seed: int, method: str, by: User | None, at: dt.datetime
) -> RiskEstimate:
    """The rows of an estimate, with the figures that its ranges, seed and method give."""
    ranges = said.ranges
    found = money.figures(ranges, money.simulate(ranges, seed, method=method))
    low, likely, high = said.frequency.numbers
    kept = RiskEstimate.objects.create(
        client_id=risk.client_id,
        risk=risk,
        kind=kind,
        frequency_low=low,
        frequency_likely=likely,
        frequency_high=high,
        basis=said.basis,
        seed=seed,
        method=method,
        numpy_version=money.NUMPY,
        mean_minor=found.mean,
        one_in_ten_minor=found.one_in_ten,
        one_in_fifty_minor=found.one_in_fifty,
        per_event_minor=found.per_event,
        happened_at=at,
        by=by,
    )
    EstimatedLoss.objects.bulk_create(_loss(kept, form, one) for form, one in said.losses.items())
    return kept


def _made_alike(now: RiskEstimate) -> RiskEstimate | None:
    """What the plan leaves, as it was said, simulated anew where an earlier method made it.

    Figures of two methods do not compare. The earlier row stays in the history.
    """
    left = estimates.latest(now.risk, EstimateKind.AFTER)
    if left is None or left.method == now.method:
        return None
    losses = {
        LossForm(one.form): Given(
            Decimal(one.low_minor), Decimal(one.likely_minor), Decimal(one.high_minor), one.chance
        )
        for one in left.losses.all()
    }
    return _keep(
        risk=now.risk,
        kind=left.kind,
        said=_Said(Given(left.frequency_low, left.frequency_likely, left.frequency_high), losses, left.basis),
        seed=now.seed,
        method=now.method,
        by=now.by,
        at=max(now.happened_at, left.happened_at),
    )


def _loss(estimate: RiskEstimate, form: LossForm, given: Given) -> EstimatedLoss:
    low, likely, high = (int(value) for value in given.numbers)
    return EstimatedLoss(
        client_id=estimate.client_id,
        estimate=estimate,
        form=form,
        low_minor=low,
        likely_minor=likely,
        high_minor=high,
        chance=given.chance,
    )


LOOK_AGAIN = "Look again at what is questioned above, or tick this to keep your ranges."


def _plain(estimate: RiskEstimate | None) -> dict[str, object]:
    if estimate is None:
        return {}
    return {
        "mean_minor": estimate.mean_minor,
        "one_in_ten_minor": estimate.one_in_ten_minor,
        "one_in_fifty_minor": estimate.one_in_fifty_minor,
    }


def _checked(frequency: Given, losses: Mapping[LossForm, Given], basis: str, currency: str) -> _Said:
    """What was said, or every refusal at the field it concerns."""

    def plain(value: Decimal) -> str:
        return f"{value.normalize():f}"

    def summed(value: Decimal) -> str:
        return formats.money(int(value), currency, exact=0 < value < 10 ** formats.minor_units(currency))

    refusals = _refusals("frequency", frequency, plain, smallest=FINEST, largest=Decimal(10_000))
    if frequency.is_empty:
        refusals = {"frequency_low": "Say how often it comes true in a year: low, most likely and high."}
    for form, one in losses.items():
        refusals |= _refusals(form, one, summed, smallest=Decimal(1), largest=Decimal(formats.LARGEST_MINOR))
        if not 0 <= one.chance <= 1:
            refusals[f"{form}_percent"] = f"{plain(one.chance * 100)} % is no chance. Give 0 to 100."
    if not losses:
        refusals[f"{LossForm.DOWNTIME}_low"] = "Say what one event costs, in at least one form of loss."
    elif not any(one.chance for one in losses.values()):
        refusals[f"{next(iter(losses))}_percent"] = (
            "At 0 % no event costs anything. Give a form of loss a chance above 0."
        )
    if not basis:
        refusals["basis"] = "Say where the numbers come from; whoever pays will ask."
    if len(basis) > LONGEST:
        refusals["basis"] = f"The text has {len(basis):,} characters. Keep it under {LONGEST:,}."
    if refusals:
        raise ValidationError(refusals)
    rate = _range(frequency)
    if rate.mean > money.MOST_EVENTS:
        raise Refused(
            f"That is {rate.mean:,.0f} events a year on average. Up to {money.MOST_EVENTS} can be estimated; "
            "take a larger event, such as a bad week, or a lower high.",
            field="frequency_high",
        )
    return _Said(frequency, losses, basis)


def _range(given: Given) -> money.Range:
    return money.Range(*(float(value) for value in given.numbers))


def _refusals(
    part: str, given: Given, worded: Callable[[Decimal], str], *, smallest: Decimal, largest: Decimal
) -> dict[str, str]:
    """What is wrong with one range, by field."""
    values = {"low": given.low, "likely": given.likely, "high": given.high}
    if missing := [name for name, value in values.items() if value is None]:
        return {f"{part}_{missing[0]}": "Give low, most likely and high, or leave the form of loss out."}
    low, likely, high = (value for value in values.values() if value is not None)
    if not (low >= smallest and high <= largest):
        name, value = ("low", low) if low < smallest else ("high", high)
        limits = f"Give {worded(smallest)} to {worded(largest)}."
        return {f"{part}_{name}": f"{worded(value)} cannot be estimated with. {limits}"}
    if low > high:
        return {f"{part}_high": f"Low is {worded(low)} and high is {worded(high)}. Swap them, or correct one."}
    if not low <= likely <= high:
        between = f"{worded(low)} and {worded(high)}"
        return {f"{part}_likely": f"{worded(likely)} is not between {between}. Give a value between them."}
    if high > low * money.MOST_WIDTH:
        times = f"The high is {high / low:,.0f} times the low."
        return {f"{part}_high": f"{times} Narrow the range, or make two risks of it."}
    return {}
