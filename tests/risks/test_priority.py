"""Worked examples of the order of risks: what a leader puts first, and the sentence that defends it.

Each example is told the way a register tells it; the order must come out of limits and impact on
the business. How grave a flaw is technically stands in the words alone and moves nothing.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from risks import services
from risks.models import Risk
from risks.selectors import register_as_of
from tests.risks.conftest import NOW, TODAY, limited, raised, rated

pytestmark = pytest.mark.django_db

ONCE_IN_TWO_YEARS = services.Given(Decimal("0.2"), Decimal("0.5"), Decimal(1))


@dataclass(frozen=True)
class Told:
    """A risk of an example: its name, likelihood and impacts (none: not rated), age in days, loss of one event."""

    title: str
    likelihood: int = 0
    impacts: dict[str, int] = field(default_factory=dict)
    days: int = 10
    loss: int = 0


@dataclass(frozen=True)
class Example:
    """Limits by category, risks in the order that must come out, and why the first is first."""

    limits: dict[str, int]
    order: tuple[Told, ...]
    because: str
    money: dict[str, int] = field(default_factory=dict)
    fifty: dict[str, int] = field(default_factory=dict)


LOW, MEDIUM, HIGH, CRITICAL = 1, 2, 3, 4
EXAMPLES = {
    "a medium flaw in the payment system before a critical one on an unimportant server": Example(
        {"financial": LOW, "operational": MEDIUM},
        (
            Told("A flaw rated 5.4 in the payment page lets card numbers out", 3, {"financial": 4}),
            Told("A flaw rated 9.8 on the server with the lunch menu", 5, {"operational": 2}),
        ),
        "Two levels above your limit for financial: high, where the limit is low. Score 12.",
    ),
    "a small risk over a strict limit before a grave one that the client agreed to carry": Example(
        {"people": LOW, "operational": CRITICAL},
        (
            Told("A patient is hurt by a wrong record", 2, {"people": 3}),
            Told("The clinic closes for a week", 5, {"operational": 5}),
        ),
        "One level above your limit for people: medium, where the limit is low. Score 6.",
    ),
    "the distance from the limit before the score": Example(
        {"legal": LOW, "operational": HIGH},
        (
            Told("Records are kept longer than the law lets", 4, {"legal": 3}),
            Told("The only engineer leaves", 5, {"operational": 5}),
        ),
        "Two levels above your limit for legal: high, where the limit is low. Score 12.",
    ),
    "the score where the distance is the same": Example(
        {"operational": MEDIUM},
        (
            Told("Backups cannot be restored", 4, {"operational": 4}),
            Told("The line fails", 3, {"operational": 4}),
        ),
        "One level above your limit for operational: high, where the limit is medium. Score 16.",
    ),
    "the loss before the score where the distance is the same": Example(
        {"operational": MEDIUM},
        (
            Told("The till is down on a Saturday", 3, {"operational": 4}, loss=900_000_00),
            Told("Backups cannot be restored", 4, {"operational": 4}),
        ),
        "One level above your limit for operational: high, where the limit is medium. One year in ten would cost about",
        money={"operational": 50_000_00},
    ),
    "one year in fifty over a limit of its own before a higher score inside every limit": Example(
        {"operational": CRITICAL},
        (
            Told("The warehouse burns down", 1, {"operational": 5}, loss=900_000_00),
            Told("The till is down on a Saturday", 4, {"operational": 4}),
        ),
        # One year in ten costs about $1.6 million, which is inside; one in fifty about $2.8 million.
        "One year in fifty would cost about $",
        money={"operational": 2_000_000_00},
        fifty={"operational": 2_500_000_00},
    ),
    "the oldest where all else is the same": Example(
        {"operational": MEDIUM},
        (
            Told("Known since spring", 3, {"operational": 4}, days=200),
            Told("Found last week", 3, {"operational": 4}, days=7),
        ),
        "One level above your limit for operational: high, where the limit is medium. Score 12.",
    ),
    "the worst category alone, not the number of categories": Example(
        {"financial": MEDIUM, "operational": MEDIUM, "legal": MEDIUM, "reputation": MEDIUM},
        (
            Told("One thing, badly", 4, {"legal": 5}),
            Told("A little of everything", 4, {"financial": 3, "operational": 3, "legal": 3, "reputation": 3}),
        ),
        "Two levels above your limit for legal: critical, where the limit is medium. Score 20.",
    ),
    "what is inside a limit before what nobody has rated": Example(
        {"operational": HIGH},
        (
            Told("A printer is stolen", 2, {"operational": 1}),
            Told("Something about the cloud"),
        ),
        "Inside your limits; nearest is operational: low, where the limit is high. Score 2.",
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_worked_example_comes_out_in_its_order(alices, name):
    example = EXAMPLES[name]
    # Written down in the other order, so that the references alone would give the wrong one.
    for told in reversed(example.order):
        _write(alices, told)
    limited(alices, **example.limits)
    for category, minor in example.money.items():
        services.set_appetite(
            client=alices.acme, category=category, band_limit=example.limits[category], money_limit_minor=minor,
            fifty_limit_minor=example.fifty.get(category), by=alices.alice, at=NOW,
        )  # fmt: skip

    in_order = [told.title for told in example.order]
    view = register_as_of(alices.acme, TODAY)
    assert [row.title for row in view.open] == in_order
    assert list(Risk.objects.open().ranked().values_list("title", flat=True)) == in_order
    assert view.open[0].rank_sentence.startswith(example.because)


def _write(cast, told):
    now = rated(told.likelihood, **told.impacts) if told.likelihood else None
    risk = raised(cast, told.title, now=now, at=NOW - dt.timedelta(days=told.days))
    if told.loss:
        loss = services.Given(Decimal(told.loss // 2), Decimal(told.loss), Decimal(told.loss * 2))
        services.estimate_risk(
            risk=risk, by=cast.alice, at=NOW, frequency=ONCE_IN_TWO_YEARS, losses={"downtime": loss}, basis="Takings"
        )
