"""Whether an advisory is about a component: yes, no, or it cannot be known.

Every criterion that the advisory states is asked. One that does not hold clears the component, one
whose answer is not recorded leaves it possible; nothing is cleared by what nobody wrote down.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

_LAST_NUMBER: Final = re.compile(r"^(.*?)(\d+)(\D*)$")


class Match(StrEnum):
    """`POSSIBLE` is no weaker warning: something that would clear the component is missing."""

    AFFECTED = "affected"
    POSSIBLE = "possible"
    NOT_AFFECTED = "not_affected"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What an advisory states; what it does not is None or empty. The model is asked before."""

    serial_from: str = ""
    serial_to: str = ""
    lots: tuple[str, ...] = ()
    lots_unknown: bool = False
    manufactured_from: date | None = None
    manufactured_until: date | None = None
    implanted_from: date | None = None
    implanted_until: date | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """What is recorded of a component.

    `implanted_earliest` and `implanted_latest` are equal where the day is known, and None where
    nothing is.
    """

    serial_number: str = ""
    lot_number: str = ""
    manufactured_on: date | None = None
    implanted_earliest: date | None = None
    implanted_latest: date | None = None


def match(criteria: Criteria, device: Device) -> Match:
    """One answer out of all criteria."""
    answers = list(_answers(criteria, device))
    if False in answers:
        return Match.NOT_AFFECTED
    return Match.POSSIBLE if None in answers else Match.AFFECTED


def _answers(criteria: Criteria, device: Device) -> Iterable[bool | None]:
    if criteria.serial_from or criteria.serial_to:
        yield in_serial_range(
            device.serial_number, first=criteria.serial_from, last=criteria.serial_to
        )
    if criteria.lots:
        yield _among(device.lot_number or device.serial_number, criteria.lots)
    if criteria.lots_unknown:
        yield None
    yield from _within(
        device.manufactured_on,
        device.manufactured_on,
        criteria.manufactured_from,
        criteria.manufactured_until,
    )
    # What was implanted before the period was made before it, too: that alone can be said of a
    # component whose day of manufacture nobody wrote down.
    if criteria.manufactured_from and device.manufactured_on is None:
        yield _not_before(device.implanted_latest, criteria.manufactured_from)
    yield from _within(
        device.implanted_earliest,
        device.implanted_latest,
        criteria.implanted_from,
        criteria.implanted_until,
    )


def in_serial_range(serial: str, *, first: str, last: str) -> bool | None:
    """Whether a serial number lies between two others, both included; None if it is not recorded.

    Letters before the number must be the same; the number counts as a number, so that NGV99 comes
    before NGV100.
    """
    if not serial.strip():
        return None
    wanted, lowest, highest = _parts(serial), _parts(first), _parts(last)
    if wanted is None or lowest is None or highest is None:
        return _plain(first) <= _plain(serial) <= _plain(last)
    if not wanted[0] == lowest[0] == highest[0] or not wanted[2] == lowest[2] == highest[2]:
        return False
    return lowest[1] <= wanted[1] <= highest[1]


def _parts(serial: str) -> tuple[str, int, str] | None:
    found = _LAST_NUMBER.match(_plain(serial))
    return None if found is None else (found[1], int(found[2]), found[3])


def _plain(text: str) -> str:
    """Without blanks and dashes, in capitals: people write serial numbers in many ways."""
    return re.sub(r"[\s\-./]", "", text).upper()


def _among(lot: str, lots: Iterable[str]) -> bool | None:
    return None if not lot.strip() else _plain(lot) in {_plain(one) for one in lots}


def _within(
    earliest: date | None, latest: date | None, start: date | None, end: date | None
) -> Iterable[bool | None]:
    """Whether a day, known to lie between two days, lies in a period open at either end."""
    if start is not None:
        if latest is None or earliest is None:
            yield None
        else:
            yield True if earliest >= start else (False if latest < start else None)
    if end is not None:
        if latest is None or earliest is None:
            yield None
        else:
            yield True if latest <= end else (False if earliest > end else None)


def _not_before(latest: date | None, start: date) -> bool | None:
    """False where the last possible day lies before the start; else it says nothing."""
    return False if latest is not None and latest < start else None
