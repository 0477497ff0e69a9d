"""What should have been left at each refill, and how far what was left lies from it.

Days count as whole days: what was set on the day of a fill holds from that fill on. Where a dose or
a concentration is not known for a part of the interval, the expected residual is not known either.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .drug_delivery import (
    Discrepancy,
    Infusion,
    ResidualFlag,
    expected_residual_ml,
    residual_discrepancy,
    residual_flag,
)


class Basis(StrEnum):
    """Where the expected residual comes from."""

    PROGRAMMER = "programmer"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Fill:
    """One refill; `programmer_ml` is the expected residual that the programmer showed."""

    pump: Hashable
    performed_on: date
    aspirated_ml: Decimal | None
    filled_ml: Decimal | None
    programmer_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """From a day on; None is a rate that is not known, 0 a pump that was stopped."""

    set_on: date
    ml_per_day: Decimal | None


@dataclass(frozen=True, slots=True)
class Bolus:
    """Given beside the rate; None is a volume that is not known."""

    given_on: date
    ml: Decimal | None


@dataclass(frozen=True, slots=True)
class JudgedFill:
    """A refill with what was to be expected; everything is None where that is not known."""

    fill: Fill
    expected_ml: Decimal | None = None
    basis: Basis | None = None
    discrepancy: Discrepancy | None = None
    flag: ResidualFlag = ResidualFlag.NONE


def judge(
    fills: Iterable[Fill], *, rates: Sequence[Rate], boluses: Sequence[Bolus] = ()
) -> list[JudgedFill]:
    """Every refill by day; what the programmer showed goes before what is computed."""
    judged: list[JudgedFill] = []
    last_of_pump: dict[Hashable, JudgedFill] = {}
    for fill in sorted(fills, key=lambda one: one.performed_on):
        before = last_of_pump.get(fill.pump)
        expected_ml, basis = fill.programmer_ml, Basis.PROGRAMMER
        if expected_ml is None and before is not None:
            expected_ml = _computed(before.fill, fill, rates=rates, boluses=boluses)
            basis = Basis.COMPUTED
        one = _compared(fill, expected_ml, basis, before)
        judged.append(one)
        last_of_pump[fill.pump] = one
    return judged


def _compared(
    fill: Fill, expected_ml: Decimal | None, basis: Basis, before: JudgedFill | None
) -> JudgedFill:
    if expected_ml is None:
        return JudgedFill(fill)
    filled_ml = before.fill.filled_ml if before else None
    # A programmer that expects more than was filled was told of another fill.
    if fill.aspirated_ml is None or filled_ml is None or expected_ml > filled_ml:
        return JudgedFill(fill, expected_ml, basis)
    discrepancy = residual_discrepancy(
        filled_ml=filled_ml, expected_ml=expected_ml, aspirated_ml=fill.aspirated_ml
    )
    return JudgedFill(
        fill,
        expected_ml,
        basis,
        discrepancy,
        residual_flag(discrepancy, before=before.discrepancy if before else None),
    )


def _computed(
    before: Fill, fill: Fill, *, rates: Sequence[Rate], boluses: Sequence[Bolus]
) -> Decimal | None:
    given = [one.ml for one in boluses if before.performed_on <= one.given_on < fill.performed_on]
    infusions = _infusions(rates, start=before.performed_on, end=fill.performed_on)
    known = [volume_ml for volume_ml in given if volume_ml is not None]
    if before.filled_ml is None or infusions is None or len(known) < len(given):
        return None
    return expected_residual_ml(
        filled_ml=before.filled_ml, infusions=infusions, bolus_ml=sum(known, Decimal(0))
    )


def _infusions(rates: Sequence[Rate], *, start: date, end: date) -> list[Infusion] | None:
    """The rates of an interval with their days; None where one of them is not known."""
    ordered = sorted(rates, key=lambda rate: rate.set_on)
    in_force = [rate for rate in ordered if rate.set_on <= start][-1:]
    running = in_force + [rate for rate in ordered if start < rate.set_on < end]
    if not in_force:
        return None
    infusions = []
    for number, rate in enumerate(running):
        if rate.ml_per_day is None:
            return None
        since = max(rate.set_on, start)
        until = running[number + 1].set_on if number + 1 < len(running) else end
        infusions.append(Infusion(rate.ml_per_day, Decimal((until - since).days)))
    return infusions
