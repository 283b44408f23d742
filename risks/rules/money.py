"""What a risk could cost in a year: ranges, 10,000 simulated years, and the figures read from them.

Pure calculations, no database. Sums are in minor units of the client's currency (cents), and
frequencies in events a year. A range is what an estimator is nine parts in ten sure of, so its low
and high are the 5th and 95th percentiles of a lognormal. Each simulated year draws its own
frequency, then how many events happen (Poisson), then the loss of each event form by form; forms
and risks are taken as independent of each other. docs/adr/0007-money.md gives the reasons.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risks.enums import LossForm
from risks.rules import poisson

Years = npt.NDArray[np.float64]
"""The loss of each simulated year, in the order of the trials."""

METHOD = "lognormal-poisson-2"
"""How new estimates are simulated."""
METHOD_1 = "lognormal-poisson-1"
"""How the first were: numbers of events and chances took the stream unevenly, so that a changed frequency moved all."""
METHODS = (METHOD_1, METHOD)
NUMPY = np.__version__
TRIALS = 10_000
SPREAD = 3.29
"""Standard deviations between the 5th and the 95th percentile of a normal distribution."""

MOST_EVENTS = 366
"""Events a year, on average, up to which a single event is worth estimating."""
MOST_WIDTH = 10_000
"""Times the low that a high may be; what is wider is two different risks."""
PLACES = {form: place for place, form in enumerate(LossForm, start=1)}
"""Where in a risk's stream each form draws its sizes; one more form takes the next place."""
CHANCES = 100
"""Places from where a form draws its sizes to where it draws whether an event brings it."""
WIDE, NARROW, OFF_CENTRE = 100, 1.25, 2


@dataclass(frozen=True, slots=True)
class Range:
    """Low, likely and high of one quantity. *Likely* is a check on the other two and enters no figure."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.likely <= self.high < math.inf:
            raise ValueError(f"{self.low} to {self.high}, likely {self.likely}: 0 < low ≤ likely ≤ high is needed.")

    @property
    def mu(self) -> float:
        return (math.log(self.low) + math.log(self.high)) / 2

    @property
    def sigma(self) -> float:
        return (math.log(self.high) - math.log(self.low)) / SPREAD

    @property
    def median(self) -> float:
        return math.exp(self.mu)

    @property
    def mean(self) -> float:
        """exp(μ + σ² / 2): the high end pulls it above the median."""
        return math.exp(self.mu + self.sigma**2 / 2)

    @property
    def width(self) -> float:
        """How many times the low the high is."""
        return self.high / self.low

    def at(self, normal: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """The values that standard normal draws stand for."""
        return np.exp(normal * self.sigma + self.mu)


@dataclass(frozen=True, slots=True)
class Loss:
    """What one form of loss costs when an event brings it, and the chance that an event does."""

    form: LossForm
    size: Range
    chance: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.chance <= 1:
            raise ValueError(f"A chance is from 0 to 1, not {self.chance}.")


@dataclass(frozen=True, slots=True)
class Estimate:
    """How often a risk comes true in a year, and what one event costs, form by form."""

    frequency: Range
    losses: tuple[Loss, ...]

    def __post_init__(self) -> None:
        if len({loss.form for loss in self.losses}) != len(self.losses):
            raise ValueError("Each form of loss is given once.")
        if any(given.width > MOST_WIDTH for given in (self.frequency, *(loss.size for loss in self.losses))):
            raise ValueError(f"A high is more than {MOST_WIDTH:,} times its low.")
        if self.frequency.mean > MOST_EVENTS:
            raise ValueError(f"{self.frequency.mean:,.0f} events a year are more than {MOST_EVENTS}.")

    @property
    def loss_per_event(self) -> float:
        """The mean loss of one event: Σ chance × mean of the form."""
        return sum(loss.chance * loss.size.mean for loss in self.losses)

    @property
    def mean(self) -> float:
        """The mean yearly loss in closed form, which the simulation approaches."""
        return self.frequency.mean * self.loss_per_event


@dataclass(frozen=True, slots=True)
class Figures:
    """What is read from the simulated years, in minor units."""

    mean: int
    one_in_ten: int
    one_in_fifty: int
    per_event: int


def simulate(estimate: Estimate, seed: int, *, method: str = METHOD, trials: int = TRIALS) -> Years:
    """The losses of `trials` years, the same on every call with the same seed and method.

    One PCG64 stream per risk. Every form draws from places of its own in that stream, so that
    changing one form leaves the draws of the others as they were; a changed frequency leaves the
    years' draws as they were, and the sizes in the order of the events.
    """
    if method not in METHODS:
        raise ValueError(f"{method} is no method; there are {' and '.join(METHODS)}.")
    stream = np.random.PCG64(seed)
    draws = np.random.Generator(stream.jumped(0))
    rates = estimate.frequency.at(draws.standard_normal(trials))
    counts = draws.poisson(rates) if method == METHOD_1 else poisson.counts(rates, draws.random(trials))
    happened = counts > 0
    events = np.zeros(int(counts.sum()), dtype=np.float32)
    for loss in estimate.losses:
        if loss.chance == 0:
            continue
        draws = np.random.Generator(stream.jumped(PLACES[loss.form]))
        sizes = loss.size.at(draws.standard_normal(events.size, dtype=np.float32))
        if loss.chance < 1:
            if method != METHOD_1:
                draws = np.random.Generator(stream.jumped(PLACES[loss.form] + CHANCES))
            sizes *= draws.random(events.size, dtype=np.float32) < loss.chance
        events += sizes
    years = np.zeros(trials)
    if events.size:
        ends = np.cumsum(counts[happened])
        years[happened] = np.add.reduceat(events, ends - counts[happened], dtype=np.float64)
    return years


def total(risks: Iterable[Years], *, trials: int = TRIALS) -> Years:
    """Several risks together: the sum trial by trial, each risk independent of the others."""
    return sum(risks, start=np.zeros(trials))


def worst_of(years: Years, once_in: int) -> float:
    """The loss that one year in so many exceeds: of 10,000, the 9,000th in order for 10."""
    return float(np.sort(years)[len(years) - len(years) // once_in - 1])


def chance_of_exceeding(years: Years, sum_minor: float) -> float:
    """The share of years that cost more than a sum."""
    return float(np.count_nonzero(years > sum_minor) / len(years))


def curve(years: Years) -> list[tuple[float, float]]:
    """For each chance from 99 % to 1 %, the sum that so many years exceed: (sum, chance), sums rising."""
    ordered = np.sort(years)
    return [(float(ordered[len(years) - len(years) * share // 100 - 1]), share / 100) for share in range(99, 0, -1)]


def figures(estimate: Estimate, years: Years) -> Figures:
    """The figures of one risk, rounded to whole minor units."""
    return Figures(
        mean=round(float(years.mean())),
        one_in_ten=round(worst_of(years, 10)),
        one_in_fifty=round(worst_of(years, 50)),
        per_event=round(estimate.loss_per_event),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """Something about a range that is possible and unlikely: `words` ask, and the estimator answers."""

    part: str
    words: str


def questions(estimate: Estimate) -> Sequence[Question]:
    """What an experienced colleague would ask about the ranges; an empty list for a likely estimate.

    `part` is "frequency" or the form of loss. Nothing here refuses: the estimator may stand by it.
    """
    ranges = [("frequency", estimate.frequency), *((loss.form, loss.size) for loss in estimate.losses)]
    return [Question(part, words) for part, given in ranges for words in _doubts(given)]


def _doubts(given: Range) -> Iterable[str]:
    if given.width > WIDE:
        yield (
            f"The high is {given.width:,.0f} times the low. Are these two different events? "
            "Then a risk for each says more."
        )
    elif given.width < NARROW:
        yield "Low and high are almost the same. Would you bet nine to one that it falls between them?"
    if not given.median / OFF_CENTRE <= given.likely <= given.median * OFF_CENTRE:
        side = "low" if given.likely > given.median else "high"
        yield (
            f"The most likely value is far from the middle of the range. Look at the {side} again: "
            "is it what one time in twenty would pass?"
        )
