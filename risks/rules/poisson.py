"""How many events a year has, from its rate and one uniform number: the inverse of the Poisson distribution.

The number of events never falls as the rate rises under the same uniform, so that a year before and
a year after a measure that makes events rarer differ by the events it spares.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]

MOST_SUMMED = 50.0
"""Events a year up to which the probabilities are added up; exp(-50) is far above the smallest number."""
RAREST = 2.0**-40
"""How near to 0 and to 1 a uniform may be: a year in 10¹², and far more than what the sums are rounded by."""


def counts(rates: Numbers, uniforms: Numbers) -> npt.NDArray[np.int64]:
    """For each rate the smallest number whose cumulative probability is above its uniform.

    Exact up to MOST_SUMMED. Above it the Cornish-Fisher expansion of the quantile, which is one off
    in fewer than one year of 2,000, and never less than what MOST_SUMMED gives under the same uniform.
    """
    uniforms = np.clip(uniforms, RAREST, 1 - RAREST)
    found = _summed(np.minimum(rates, MOST_SUMMED), uniforms)
    many = np.flatnonzero(rates > MOST_SUMMED)
    if many.size:
        found[many] = np.maximum(found[many], _expanded(rates[many], uniforms[many]))
    return found


def _summed(rates: Numbers, uniforms: Numbers) -> npt.NDArray[np.int64]:
    """Probability after probability is taken off the uniform until nothing is left; what RAREST spares ends it."""
    found = np.zeros(len(rates), dtype=np.int64)
    term = np.exp(-rates)
    left = uniforms - term
    number = 0
    while (more := left >= 0).any():
        found += more
        number += 1
        term *= rates
        term /= number
        left -= term
    return found


def _expanded(rates: Numbers, uniforms: Numbers) -> npt.NDArray[np.int64]:
    """Cornish and Fisher, to the order 1/√λ: M. B. Giles, ACM TOMS 42 (2016) 7, the normal expansion."""
    normal = np.fromiter(map(NormalDist().inv_cdf, uniforms.tolist()), np.float64, len(uniforms))
    root = np.sqrt(rates)
    quantile = rates + root * normal + normal**2 / 6 + 1 / 3 - (normal**3 + 2 * normal) / (72 * root)
    return np.floor(quantile).astype(np.int64)
