"""GS1: (01) device, (11) manufacture, (17) expiry, (10) lot, (21) serial number.

References
----------
UDI formats by FDA-accredited issuing agency, version 1.3; GS1 General Specifications 3 and 7.9.
"""

import calendar
import re
from datetime import date
from typing import Final

from biip import ParseError
from biip.gs1_messages import GS1Message
from django.utils.translation import gettext_lazy as _

from .identifier import (
    Agency,
    Identifier,
    MalformedUdiError,
    NoDeviceIdentifierError,
    WrongCheckDigitError,
)

SEPARATOR: Final = "\x1d"
PRINTED: Final = re.compile(r"(?:\(\d{2,4}\)[^()]+)+")
ELEMENT: Final = re.compile(r"\((\d{2,4})\)([^()]+)")
DEVICE, LOT, MADE, EXPIRY, SERIAL = "01", "10", "11", "17", "21"


def read(text: str) -> Identifier:
    """Read a GS1 element string, as printed with parentheses or as scanned with separators.

    Raises
    ------
    UdiError
    """
    values: dict[str, str] = {}
    for element in _message(text).element_strings:
        if values.setdefault(element.ai.ai, element.value) != element.value:
            raise MalformedUdiError(_("The same part stands there twice, with two values."))
    if DEVICE not in values:
        raise NoDeviceIdentifierError
    if not has_right_check_digit(values[DEVICE]):
        raise WrongCheckDigitError
    return Identifier(
        agency=Agency.GS1,
        text="".join(f"({key}){value}" for key, value in values.items()),
        device_identifier=values[DEVICE],
        lot_number=values.get(LOT, ""),
        serial_number=values.get(SERIAL, ""),
        manufactured_on=_day(values[MADE], of_month=None) if MADE in values else None,
        expires_on=_day(values[EXPIRY], of_month="last") if EXPIRY in values else None,
    )


def has_right_check_digit(digits: str) -> bool:
    """Weights 3 and 1 from the right, modulo 10 (GS1 General Specifications 7.9)."""
    *payload, check = (int(digit) for digit in digits)
    weighted = sum(
        digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload))
    )
    return (10 - weighted % 10) % 10 == check


def _message(text: str) -> GS1Message:
    if text.startswith("("):
        if not PRINTED.fullmatch(text):
            raise MalformedUdiError(_("The parts in parentheses cannot be told apart."))
        text = SEPARATOR.join(key + value for key, value in ELEMENT.findall(text))
    try:
        return GS1Message.parse(text.strip(SEPARATOR))
    except ParseError as error:
        raise MalformedUdiError(
            _("A part is too long, too short or of a kind that GS1 does not know.")
        ) from error


def _day(digits: str, *, of_month: str | None) -> date | None:
    """YYMMDD; day 00 is the last of the month, or no day at all. Devices are of this century."""
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    try:
        if day == 0:
            last = calendar.monthrange(year, month)[1]
            return date(year, month, last) if of_month == "last" else None
        return date(year, month, day)
    except ValueError as error:
        raise MalformedUdiError(_("A date in it does not exist.")) from error
