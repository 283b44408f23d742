"""How long the money simulation of a whole register takes on one core.

    bin/bench money [--risks 50] [--rounds 7] [--json] [--assert]

Every risk has five forms of loss, each with its own chance, and comes true twice a year on
average; 10,000 years are simulated for each and added up trial by trial. Processor time is
measured, beside drawing the same number of normal values and taking their exponential, which is
the least such a simulation can cost: on a shared machine read the ratio. `--assert` fails above
200 ms of processor time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np

from risks.enums import LossForm
from risks.rules import money

LIMIT_S = 0.2


def example(mean_frequency: float = 2.0) -> money.Estimate:
    """A risk that comes true so often a year on average, with every form of loss."""
    spread = money.Range(0.5, 1, 2)
    frequency = money.Range(*(value * mean_frequency / spread.mean for value in (0.5, 1, 2)))
    size = money.Range(10_000_00, 40_000_00, 200_000_00)
    return money.Estimate(frequency, tuple(money.Loss(form, size, chance=0.8) for form in LossForm))


def register(risks: int) -> money.Years:
    estimate = example()
    return money.total(money.simulate(estimate, seed) for seed in range(risks))


def plain_draws(risks: int) -> None:
    draws = np.random.Generator(np.random.PCG64(1))
    for _ in range(risks * len(LossForm)):
        np.exp(draws.standard_normal(2 * money.TRIALS))


def cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def measure(risks: int, rounds: int) -> dict[str, float]:
    """Median processor seconds of both, taken in turn, and their ratio."""
    pairs = [(cpu(lambda: plain_draws(risks)), cpu(lambda: register(risks))) for _ in range(rounds)]
    plain, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {"risks": risks, "plain_s": round(plain, 4), "ours_s": round(ours, 4), "ratio": round(ours / plain, 2)}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench money")
    parser.add_argument("--risks", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--assert", dest="strict", action="store_true")
    options = parser.parse_args(arguments)
    found = measure(options.risks, options.rounds)
    if options.json:
        print(json.dumps(found))
    else:
        print(f"{options.risks} risks × 5 forms × 10,000 years, processor time, median of {options.rounds}")
        print(f"  drawing as many values   {found['plain_s'] * 1000:6.0f} ms")
        print(f"  the simulation           {found['ours_s'] * 1000:6.0f} ms   {found['ratio']:.1f} times")
    return int(options.strict and found["ours_s"] > LIMIT_S)
