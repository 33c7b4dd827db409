"""How long cases take, with the open ones counted: Kaplan-Meier and its bands. Pure arithmetic.

Averages over closed cases flatter: the slow ones are still open. Here an open case counts for as long as
it has been open. Method: Kaplan and Meier (1958); bands: Greenwood's variance on the log-log scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Two-sided 95 % of the normal distribution.
Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Step:
    """After `day` days, the share of cases still open, with its band."""

    day: int
    surviving: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Survival:
    """A closure-time curve of `n` cases, of which `closed` have closed."""

    n: int
    closed: int
    steps: tuple[Step, ...]

    @property
    def open(self) -> int:
        return self.n - self.closed

    def quantile(self, share: float) -> int | None:
        """The day by which that share of cases has closed; None while fewer have (open cases count)."""
        return next((s.day for s in self.steps if s.surviving <= 1 - share + 1e-12), None)

    @property
    def median(self) -> int | None:
        return self.quantile(0.5)

    def share_within(self, days: int) -> float | None:
        """The share closed within so many days; None without cases."""
        if self.n == 0:
            return None
        reached = [s for s in self.steps if s.day <= days]
        return 1 - reached[-1].surviving if reached else 0.0


def survival(days: Sequence[int], closed: Sequence[bool]) -> Survival:
    """The curve of cases that took (or, if open, have lasted) `days` calendar days, in any order.

    Raises `ValueError` for sequences of different length or a negative duration.
    """
    if len(days) != len(closed):
        raise ValueError("Each case needs a duration and whether it closed.")
    if not days:
        return Survival(0, 0, ())
    length = np.asarray(days, dtype=np.int64)
    if length.min() < 0:
        raise ValueError("A case cannot close before it was received.")
    ended = np.asarray(closed, dtype=bool)
    moments, deaths = np.unique(length[ended], return_counts=True)
    at_risk = len(length) - np.searchsorted(np.sort(length), moments, side="left")
    surviving: NDArray[np.float64] = np.cumprod(1 - deaths / at_risk, dtype=np.float64)
    low, high = _bands(surviving, deaths, at_risk)
    steps = tuple(
        Step(int(d), float(s), float(lo), float(hi))
        for d, s, lo, hi in zip(moments, surviving, low, high, strict=True)
    )
    return Survival(len(length), int(ended.sum()), steps)


def _bands(
    surviving: NDArray[np.float64], deaths: NDArray[np.int64], at_risk: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-log bands; where nobody is left (or nobody has left) the band is the value itself."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(deaths / (at_risk * (at_risk - deaths)))
        logged = np.log(surviving)
        width = Z95 * np.sqrt(variance) / np.abs(logged)
        low = surviving ** np.exp(width)
        high = surviving ** np.exp(-width)
    fixed = ~np.isfinite(width)
    return np.where(fixed, surviving, low), np.where(fixed, surviving, high)
