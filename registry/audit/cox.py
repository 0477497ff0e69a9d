"""Proportional hazards: ratios of hazards, adjusted for each other, and whether they hold."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtr, ndtri

from .errors import CountError, FollowUpError, NotConvergedError
from .follow_up import CENSORED, Days, Floats, FollowUp
from .kaplan_meier import kaplan_meier

METHOD: Final = "Cox proportional hazards, Efron ties, Wald interval"

EVENTS_PER_COVARIATE: Final = 10
"""Below it estimates are unstable and intervals too short. doi:10.1016/0895-4356(95)00048-8"""

MOST_STEPS: Final = 50

LARGEST_EFFECT: Final = 15.0
"""A standard deviation that multiplies the hazard by three million has no finite estimate."""


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """One covariate. ``proportional_p`` is small where the ratio changes with time."""

    covariate: str
    coefficient: float
    standard_error: float
    value: float
    lower: float
    upper: float
    p_value: float
    proportional_statistic: float | None
    proportional_p: float | None


@dataclass(frozen=True, slots=True)
class CoxModel:
    """A fitted model; ``numerator`` events among ``denominator`` components.

    ``enough_events`` is False below ten events per covariate: print the ratios, if at all,
    with that warning. ``proportional_statistic`` tests all covariates at once.
    """

    ratios: tuple[HazardRatio, ...]
    numerator: int
    denominator: int
    events_per_covariate: float
    enough_events: bool
    log_likelihood_null: float
    log_likelihood: float
    likelihood_ratio: float
    wald: float
    score: float
    degrees_of_freedom: int
    p_value: float
    proportional_statistic: float | None
    proportional_p: float | None
    confidence: float
    unit: str
    window: str | None
    method: str = METHOD


def cox(
    follow_up: FollowUp,
    covariates: Mapping[str, npt.ArrayLike],
    *,
    cause: int | None = None,
    unit: str = "components",
    window: str | None = None,
    confidence: float = 0.95,
) -> CoxModel:
    """Fit hazard ratios with delayed entry; other causes are censored.

    Parameters
    ----------
    covariates
        One number per component, shape (components,): 0 and 1 for no and yes. The caller
        leaves out components with a missing one and says how many.

    Raises
    ------
    FollowUpError
        A covariate with a gap or of another length.
    NotConvergedError
        No covariate, no event, covariates that repeat each other, or one that decides who has
        the event: its ratio is infinite, and a large finite one would be invented.

    Notes
    -----
    Proportionality is the score test of a coefficient that changes with the share of events
    so far (one minus Kaplan-Meier, before each day), Grambsch and Therneau's test as
    survival 3 computes it.

    References
    ----------
    Cox DR. J R Stat Soc B 1972;34:187-202. doi:10.1111/j.2517-6161.1972.tb00899.x
    Efron B. J Am Stat Assoc 1977;72:557-565. doi:10.1080/01621459.1977.10480613
    Grambsch PM, Therneau TM. Biometrika 1994;81:515-526. doi:10.1093/biomet/81.3.515
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    risk = _RiskSets.of(follow_up, covariates, cause)
    names = tuple(covariates)
    null = risk.at(np.zeros(len(names)))
    beta, fitted = _climb(risk, null)
    covariance = _inverse(fitted.information)
    errors = np.sqrt(np.diag(covariance))
    each, everything = _proportionality(risk, fitted, covariance)
    z = float(ndtri(1 - (1 - confidence) / 2))
    ratio = 2 * (fitted.log_likelihood - null.log_likelihood)
    df = len(names)
    return CoxModel(
        ratios=tuple(
            HazardRatio(
                covariate=name,
                coefficient=float(b),
                standard_error=float(error),
                value=math.exp(b),
                lower=math.exp(b - z * error),
                upper=math.exp(b + z * error),
                p_value=float(2 * ndtr(-abs(b / error))),
                proportional_statistic=one,
                proportional_p=None if one is None else float(chdtrc(1, one)),
            )
            for name, b, error, one in zip(names, beta, errors, each, strict=True)
        ),
        numerator=risk.events,
        denominator=follow_up.observed,
        events_per_covariate=risk.events / df,
        enough_events=risk.events >= EVENTS_PER_COVARIATE * df,
        log_likelihood_null=null.log_likelihood,
        log_likelihood=fitted.log_likelihood,
        likelihood_ratio=ratio,
        wald=float(beta @ fitted.information @ beta),
        score=float(null.gradient @ _inverse(null.information) @ null.gradient),
        degrees_of_freedom=df,
        p_value=float(chdtrc(df, max(ratio, 0.0))),
        proportional_statistic=everything,
        proportional_p=None if everything is None else float(chdtrc(df, everything)),
        confidence=confidence,
        unit=unit,
        window=window,
    )


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """Partial log-likelihood with derivatives; the last two by event, for tests over time.

    ``residuals`` has shape (event days, covariates), ``variances`` (event days, c, c).
    """

    log_likelihood: float
    gradient: Floats
    information: Floats
    residuals: Floats
    variances: Floats


@dataclass(frozen=True, slots=True)
class _RiskSets:
    """Who is at risk on which event day; covariates are centred, which changes no ratio.

    ``first`` is the position among the event days from which a component is at risk, ``last``
    the one before which it leaves. ``deaths`` counts the events of each event day, ``before``
    is the share who had the event before it.
    """

    x: Floats
    event: npt.NDArray[np.bool_]
    first: Days
    last: Days
    deaths: Days
    before: Floats
    events: int

    @classmethod
    def of(
        cls, follow_up: FollowUp, covariates: Mapping[str, npt.ArrayLike], cause: int | None
    ) -> "_RiskSets":
        size = follow_up.exit_day.size
        columns = [np.asarray(values, dtype=float) for values in covariates.values()]
        if any(column.shape != (size,) or not np.isfinite(column).all() for column in columns):
            raise FollowUpError("a covariate must have one number for each component")
        by_day = follow_up.events_of(cause)
        days = np.flatnonzero(by_day)
        if not columns or not days.size:
            raise NotConvergedError("a regression needs a covariate and an event")
        x = np.column_stack(columns)
        kept = (follow_up.exit_day > follow_up.entry_day) | (follow_up.entry_day == 0)
        entry, leave = follow_up.entry_day[kept], follow_up.exit_day[kept]
        event = follow_up.cause[kept]
        survival = [point.survival for point in kaplan_meier(follow_up, cause=cause).points]
        return cls(
            x=x[kept] - x[kept].mean(axis=0),
            event=event != CENSORED if cause is None else event == cause,
            # At risk after the day of entry; from the start also on day 0.
            first=np.where(entry == 0, 0, np.searchsorted(days, entry, side="right")),
            last=np.searchsorted(days, leave, side="right"),
            deaths=by_day[days],
            before=1 - np.array([1.0, *survival[:-1]]),
            events=int(by_day.sum()),
        )

    def at(self, beta: Floats) -> _Likelihood:
        """Likelihood and derivatives, each risk set a difference of two sums by day."""
        linear = self.x @ beta
        largest = linear.max()
        weight = np.exp(linear - largest)
        size, width = self.deaths.size, beta.size
        pairs = [(i, j) for i in range(width) for j in range(i + 1)]
        values = [np.ones_like(weight), *self.x.T, *(self.x[:, i] * self.x[:, j] for i, j in pairs)]
        at_risk = np.array([self._at_risk(weight * value, size) for value in values])
        dying = np.array(
            [
                np.bincount(self.last[self.event] - 1, (weight * value)[self.event], minlength=size)
                for value in values
            ]
        )
        # Efron: of d tied events the k-th sees a share of k/d of them gone already.
        day = np.repeat(np.arange(size), self.deaths)
        kth = np.arange(day.size) - np.repeat(np.cumsum(self.deaths) - self.deaths, self.deaths)
        sums = at_risk[:, day] - (kth / self.deaths[day]) * dying[:, day]
        # A step too far leaves nobody at risk; its likelihood is no number and is not taken.
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = sums[1 : width + 1] / sums[0]
            lost = np.log(sums[0]).sum()
        second: Floats = np.zeros((day.size, width, width))
        for column, (i, j) in enumerate(pairs, start=width + 1):
            with np.errstate(divide="ignore", invalid="ignore"):
                second[:, i, j] = second[:, j, i] = sums[column] / sums[0] - mean[i] * mean[j]
        residuals = np.array(
            [
                np.bincount(self.last[self.event] - 1, self.x[self.event, i], minlength=size)
                - np.bincount(day, mean[i], minlength=size)
                for i in range(width)
            ]
        ).T
        variances = np.add.reduceat(second, np.cumsum(self.deaths) - self.deaths, axis=0)
        return _Likelihood(
            log_likelihood=float(linear[self.event].sum() - lost - self.events * largest),
            gradient=residuals.sum(axis=0),
            information=variances.sum(axis=0),
            residuals=residuals,
            variances=variances,
        )

    def _at_risk(self, value: Floats, size: int) -> Floats:
        entering = np.bincount(self.first, value, minlength=size + 1)[: size + 1]
        leaving = np.bincount(self.last, value, minlength=size + 1)[: size + 1]
        # Summed from the end: late risk sets are small, and differences of large sums are not.
        staying = np.cumsum(leaving[::-1])[::-1]
        coming = np.cumsum(entering[::-1])[::-1]
        return np.asarray(staying[1:] - coming[1:], dtype=float)


def _climb(risk: _RiskSets, null: _Likelihood) -> tuple[Floats, _Likelihood]:
    """Newton's method, with steps halved where the likelihood would fall."""
    spread = risk.x.std(axis=0)
    beta, here = np.zeros(spread.size), null
    for _ in range(MOST_STEPS):
        step = _inverse(here.information) @ here.gradient
        if float(step @ here.gradient) < 1e-22 * (1 + abs(here.log_likelihood)):
            return beta, here
        there = risk.at(beta + step)
        while not there.log_likelihood >= here.log_likelihood - 1e-9:
            step = step / 2
            there = risk.at(beta + step)
        beta, here = beta + step, there
        if (np.abs(beta * spread) > LARGEST_EFFECT).any():
            break
    raise NotConvergedError("a covariate decides the event; its ratio is infinite")


def _inverse(information: Floats) -> Floats:
    scale = np.sqrt(np.diag(information))
    if not (scale > 0).all():
        raise NotConvergedError("a covariate does not vary where events happen")
    correlation = information / np.outer(scale, scale)
    if np.linalg.cond(correlation) > 1e10:
        raise NotConvergedError("covariates repeat each other")
    inverse: Floats = np.linalg.inv(correlation) / np.outer(scale, scale)
    return inverse


def _proportionality(
    risk: _RiskSets, fitted: _Likelihood, covariance: Floats
) -> tuple[list[float | None], float | None]:
    """Score tests of coefficients that change with ``risk.before``, one by one and all."""
    time = risk.before - np.average(risk.before, weights=risk.deaths)
    trend = time @ fitted.residuals
    mixed = np.tensordot(time, fitted.variances, axes=1)
    spread = np.tensordot(time**2, fitted.variances, axes=1) - mixed @ covariance @ mixed
    if not (np.diag(spread) > 1e-12 * np.diag(fitted.information)).all():
        return [None] * trend.size, None
    each: list[float | None] = [
        float(t * t / v) for t, v in zip(trend, np.diag(spread), strict=True)
    ]
    if np.linalg.cond(spread) > 1e12:
        return each, None
    return each, float(trend @ np.linalg.solve(spread, trend))
