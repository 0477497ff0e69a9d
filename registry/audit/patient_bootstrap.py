"""Intervals where one patient counts several times."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from .errors import CountError
from .follow_up import Floats

METHOD: Final = "patient-level bootstrap, percentile interval"

REPLICATES: Final = 9999
"""So many that the 2.5 and 97.5 % points are replicates, not something between two."""

Statistic = Callable[[Floats], Floats]
"""Takes summed counts, shape (replicates, cells); returns one number each, NaN if undefined."""


@dataclass(frozen=True, slots=True)
class BootstrapEstimate:
    """A figure with its interval over resampled patients.

    ``undefined`` counts the replicates in which the figure could not be computed. They are
    left out of the interval; many of them mean that the interval is too short.
    ``seed`` draws the same replicates again.
    """

    key: str
    numerator: float
    denominator: float
    value: float | None
    lower: float | None
    upper: float | None
    patients: int
    replicates: int
    undefined: int
    seed: int
    confidence: float
    unit: str
    window: str | None
    method: str = METHOD


def bootstrapped_ratio(
    key: str,
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    *,
    seed: int,
    unit: str = "studies",
    window: str | None = None,
    confidence: float = 0.95,
    replicates: int = REPLICATES,
) -> BootstrapEstimate:
    """A proportion of studies with an interval that resamples patients, not studies.

    Parameters
    ----------
    numerators, denominators
        One row per patient, shape (patients,): studies that count, and studies in all. For
        sensitivity the patient's true positives and the patient's studies with a defect.
    """
    counts = np.column_stack(
        [np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)]
    )
    if counts.size and ((counts < 0).any() or (counts[:, 0] > counts[:, 1]).any()):
        raise CountError("a patient's numerator must lie between 0 and the denominator")
    drawn = resampled(counts, _ratio, seed=seed, replicates=replicates)
    top, bottom = counts.sum(axis=0).tolist()
    limits = percentile_interval(drawn, confidence)
    return BootstrapEstimate(
        key=key,
        numerator=top,
        denominator=bottom,
        value=top / bottom if bottom else None,
        lower=None if limits is None else limits[0],
        upper=None if limits is None else limits[1],
        patients=len(counts),
        replicates=replicates,
        undefined=int(np.isnan(drawn).sum()),
        seed=seed,
        confidence=confidence,
        unit=unit,
        window=window,
    )


def resampled(
    counts: Floats, statistic: Statistic, *, seed: int, replicates: int = REPLICATES
) -> Floats:
    """The statistic of so many samples of patients, drawn with replacement.

    Parameters
    ----------
    counts
        What each patient adds to each cell, shape (patients, cells).

    Returns
    -------
    shape (replicates,); NaN where undefined.

    References
    ----------
    Efron B. Ann Stat 1979;7:1-26. doi:10.1214/aos/1176344552
    Field CA, Welsh AH. J R Stat Soc B 2007;69:369-390 (clusters).
    doi:10.1111/j.1467-9868.2007.00593.x
    """
    patients = len(counts)
    if not patients:
        return np.full(replicates, np.nan)
    # Patients alike are exchangeable: how often each kind is drawn is multinomial.
    kinds, number = np.unique(counts, axis=0, return_counts=True)
    times = np.random.default_rng(seed).multinomial(patients, number / patients, size=replicates)
    return statistic(times @ kinds)


def percentile_interval(drawn: Floats, confidence: float) -> tuple[float, float] | None:
    """Order statistics number (R + 1) × tail; between two, interpolated as R's boot does.

    References
    ----------
    Davison AC, Hinkley DV. Bootstrap Methods and their Application, 5.3.1 and 2.4.
    doi:10.1017/CBO9780511802843
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    ordered = np.sort(drawn[~np.isnan(drawn)])
    tail = (1 - confidence) / 2
    if not ordered.size:
        return None
    return _order_statistic(ordered, tail), _order_statistic(ordered, 1 - tail)


def _order_statistic(ordered: Floats, share: float) -> float:
    size = ordered.size
    # (R + 1) × 0.025 of 9999 replicates is 250, and must not become 249.99….
    position = round((size + 1) * share, 9)
    below = math.floor(position)
    if below < 1 or below >= size:
        return float(ordered[0 if below < 1 else -1])
    if position == below:
        return float(ordered[below - 1])
    left, right = ndtri(below / (size + 1)), ndtri((below + 1) / (size + 1))
    part = (ndtri(share) - left) / (right - left)
    return float(ordered[below - 1] + part * (ordered[below] - ordered[below - 1]))


def _ratio(sums: Floats) -> Floats:
    bottom = sums[:, 1]
    undefined: Floats = np.full(len(sums), np.nan)
    return np.divide(sums[:, 0], bottom, out=undefined, where=bottom > 0)
