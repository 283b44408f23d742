"""What a plan costs beside what it changes, in sentences that the business reads."""

from __future__ import annotations

from dataclasses import dataclass

from risks.enums import EstimateKind, LimitPosition, RatingKind
from risks.models import Risk, RiskEstimate, TreatmentPlan
from risks.rules import scoring
from risks.rules.treating import Cost, Effect
from risks.selectors.frame import Frame
from vciso.web import formats

REMAINS = {
    LimitPosition.ABOVE: "What remains is still above the limit.",
    LimitPosition.NEAR: "What remains is at the limit.",
    LimitPosition.INSIDE: "What remains is inside the limit.",
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """A risk as it is and as its plan is expected to leave it; sums in minor units, None where not known."""

    now: scoring.Rating | None = None
    target: scoring.Rating | None = None
    mean: int | None = None
    mean_after: int | None = None
    losses_after: scoring.Years | None = None

    def effect(self, cost: Cost) -> Effect | None:
        """What the plan does to the mean yearly loss; None unless it is estimated before and after."""
        if self.mean is None or self.mean_after is None:
            return None
        return Effect(self.mean, self.mean_after, cost.a_year)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The lines beside a plan. Empty ones have nothing to say."""

    cost: str
    change: str
    remains: str
    ratio: str
    reasonable: str
    is_reasonable: bool | None


def weigh(found: Outlook, cost: Cost, measure: Frame, currency: str) -> Weighed:
    """Cost, change, what remains, reduction for each unit of money, and the reasonableness line."""
    effect = found.effect(cost)
    return Weighed(
        cost=cost_words(cost, currency),
        change=change_words(effect, currency) if effect else band_words(found.now, found.target, measure.scale),
        remains=_remains(found, measure),
        ratio=ratio_words(effect, currency) if effect else "",
        reasonable=reasonable_words(effect, currency) if effect else "",
        is_reasonable=effect.is_reasonable if effect else None,
    )


def cost_words(cost: Cost, currency: str) -> str:
    """“$9,500 a year: $12,000 once over 3 years, $5,500 a year.” or that it is not known."""
    if cost.a_year is None:
        return "Cost not known."
    if cost.a_year == 0:
        return "It costs nothing."
    parts = []
    if cost.once:
        over = formats.count_of(cost.life_years, "year")
        parts.append(f"{formats.money(cost.once, currency)} once, over {over}")
    if cost.yearly:
        parts.append(f"{formats.money(cost.yearly, currency)} a year")
    if cost.hours:
        hours = formats.count_of(cost.hours, "hour")
        parts.append(f"{hours} a year at {formats.money(cost.hour, currency)}")
    total = f"{formats.money(cost.a_year, currency)} a year"
    return f"{total}." if parts == [total] else f"{total}: {'; '.join(parts)}."


def change_words(effect: Effect, currency: str) -> str:
    """What an average year costs now and with the plan done."""
    before, after = (formats.about(sum_, currency) for sum_ in (effect.before, effect.after))
    if not effect.removed:
        return f"An average year costs {before} with or without the plan."
    turn = "less" if effect.removed > 0 else "more"
    difference = formats.about(abs(effect.removed), currency)
    return f"An average year costs {before} now and {after} with the plan done: {difference} {turn}."


def band_words(now: scoring.Rating | None, target: scoring.Rating | None, scale: scoring.Scale) -> str:
    """“Moves from high to medium.”; empty while one of the two is not rated."""
    if now is None or target is None:
        return ""
    if now.score < target.score:
        return f"The target is met: {now.score} of 25 now, {target.score} was aimed at."
    first, last = scale.band(now.score).label.lower(), scale.band(target.score).label.lower()
    if first == last:
        return f"Stays {first}: {now.score} of 25 now, {target.score} with the plan done."
    return f"Moves from {first} to {last}."


def ratio_words(effect: Effect, currency: str) -> str:
    """How much less is lost for each unit of money; a loss that grows is printed as that."""
    if effect.per_unit is None:
        return ""
    turn = "less" if effect.per_unit >= 0 else "more"
    each = formats.for_each(1, currency).removesuffix(".00")
    return f"For each {each} spent, {formats.for_each(effect.per_unit, currency)} {turn} is lost."


def reasonable_words(effect: Effect, currency: str) -> str:
    """The burden beside the risk removed, and which is greater."""
    if effect.is_reasonable is None:
        return "The burden is not known, so it cannot be weighed against the risk removed."
    burden, removed = formats.money(effect.a_year, currency), formats.about(effect.removed, currency)
    if effect.removed <= 0:
        return "The plan removes no expected loss. It needs another reason, such as a duty."
    if not effect.is_reasonable:
        return (
            f"The burden, {burden} a year, is greater than the risk it removes, {removed} a year. "
            "It needs another reason, such as a duty or a limit."
        )
    if not effect.a_year:
        return f"Reasonable: it costs nothing and removes {removed} a year."
    return f"Reasonable: the burden, {burden} a year, is no greater than the risk it removes, {removed} a year."


def _remains(found: Outlook, measure: Frame) -> str:
    """Where the target stands against the limits; the rating now where it is lower than that already."""
    is_met = found.now and found.target and found.now.score < found.target.score
    left = found.now if is_met else found.target
    if found.target is None and found.losses_after is None:
        return ""
    return REMAINS.get(measure.position(left, found.losses_after).standing, "")


def outlook(risk: Risk) -> Outlook:
    """The outlook of one risk, in two queries."""
    rows = risk.ratings.order_by("kind", "-happened_at", "-recorded_at").distinct("kind")
    ratings = {row.kind: scoring.Rating(row.likelihood, row.impacts) for row in rows}
    newest = RiskEstimate.objects.filter(client_id=risk.client_id, risk=risk)
    sums = {row.kind: row for row in newest.order_by("kind", "-happened_at", "-recorded_at").distinct("kind")}
    now, after = sums.get(EstimateKind.NOW), sums.get(EstimateKind.AFTER)
    return Outlook(
        now=ratings.get(RatingKind.NOW),
        target=ratings.get(RatingKind.TARGET),
        mean=now.mean_minor if now else None,
        mean_after=after.mean_minor if after else None,
        losses_after=after.losses_of_rare_years if after else None,
    )


def for_the_owner(risk: Risk, plan: TreatmentPlan, measure: Frame, *, steps: int | None) -> list[str]:
    """The paragraphs about cost and change in a request to approve a plan whose `steps` cost that together."""
    found = weigh(outlook(risk), plan.cost.covering(steps), measure, risk.client.currency)
    change = " ".join(part for part in (found.change, found.remains) if part)
    lines = [
        f"**What it costs:** {found.cost}",
        f"**What it changes:** {change}" if change else "",
        f"**Burden and benefit:** {' '.join(part for part in (found.reasonable, found.ratio) if part)}"
        if found.reasonable
        else "",
    ]
    return [line for line in lines if line]
