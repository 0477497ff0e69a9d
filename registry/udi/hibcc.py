"""HIBCC: + labeler, product, unit of measure, then / and lot, serial number or dates.

References
----------
UDI formats by FDA-accredited issuing agency, version 1.3; ANSI/HIBC 2.6 for the parts behind the
device identifier [own].
"""

import calendar
import re
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from .identifier import (
    Agency,
    Identifier,
    MalformedUdiError,
    NoDeviceIdentifierError,
    WrongCheckDigitError,
)

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
"""A character's place is its value; the check character is their sum modulo 43."""

DEVICE: Final = re.compile(r"[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]")
"""Labeler of four, product of 1 to 18, unit of measure."""

DATED: Final = re.compile(
    r"(?:8\d{2}|9\d{5})?"  # quantity
    r"(?:2(?P<mmddyy>\d{6})|3(?P<yymmdd>\d{6})|4(?P<yymmddhh>\d{6})\d{2}|5(?P<yyjjj>\d{5})"
    r"|6(?P<yyjjjhh>\d{5})\d{2}|7|(?P<mmyy>[01]\d{3}))(?P<rest>.*)"
)


def read(text: str) -> Identifier:
    """Read a HIBC primary bar code, alone or with the secondary one behind it.

    Raises
    ------
    UdiError
    """
    text = text.strip("*").upper()
    if not set(text) <= set(ALPHABET):
        raise MalformedUdiError(_("HIBCC knows no such character."))
    # A check character can be a blank, which falls off the end of a line.
    text = next((one for one in (text, text.rstrip(), text.rstrip() + " ") if _checks(one)), "")
    if not text:
        raise WrongCheckDigitError
    device, *others = text[1:-1].split("/")
    if not DEVICE.fullmatch(device):
        if device[:1].isalpha():
            raise MalformedUdiError(_("Labeler, product and unit cannot be told apart."))
        raise NoDeviceIdentifierError
    facts: dict[str, str | date | None] = {}
    for part in others:
        for name, value in _facts(part).items():
            if facts.setdefault(name, value) != value:
                raise MalformedUdiError(_("The same part stands there twice, with two values."))
    return Identifier(agency=Agency.HIBCC, text=text, device_identifier=device, **facts)  # type: ignore[arg-type]


def check_character(text: str) -> str:
    """Of everything before it, the + included."""
    return ALPHABET[sum(ALPHABET.index(character) for character in text) % len(ALPHABET)]


def _checks(text: str) -> bool:
    return len(text) > 1 and check_character(text[:-1]) == text[-1]


def _facts(part: str) -> dict[str, str | date | None]:
    """Lot, serial number or date of one part behind the device identifier."""
    if part.startswith("$$+"):
        return _dated(part[3:], "serial_number")
    if part.startswith("$$"):
        return _dated(part[2:], "lot_number")
    if part.startswith("$+"):
        return {"serial_number": part[2:]}
    if part.startswith("$"):
        return {"lot_number": part[1:]}
    if part.startswith(("16D", "14D")) and re.fullmatch(r"\d{8}", part[3:]):
        name = "manufactured_on" if part.startswith("16D") else "expires_on"
        return {name: _date(int(part[3:7]), int(part[7:9]), int(part[9:11]))}
    if part.startswith("S") and len(part) > 1:
        return {"serial_number": part[1:]}
    if re.fullmatch(r"Q\d{1,5}", part):
        return {}
    if dated := re.fullmatch(r"(\d{5})(.*)", part):
        return {"expires_on": _ordinal(dated[1]), "lot_number": dated[2]}
    raise MalformedUdiError(_("A part behind the device is of a kind that HIBCC does not know."))


def _dated(text: str, name: str) -> dict[str, str | date | None]:
    found = DATED.fullmatch(text)
    if found is None:
        raise MalformedUdiError(_("A date in it does not exist."))
    facts: dict[str, str | date | None] = {name: found["rest"]} if found["rest"] else {}
    if text_of := found["mmddyy"]:
        facts["expires_on"] = _date(*_numbers(text_of[4:] + text_of[:4]))
    elif text_of := found["yymmdd"] or found["yymmddhh"]:
        facts["expires_on"] = _date(*_numbers(text_of))
    elif text_of := found["yyjjj"] or found["yyjjjhh"]:
        facts["expires_on"] = _ordinal(text_of)
    elif text_of := found["mmyy"]:
        year, month = 2000 + int(text_of[2:]), int(text_of[:2])
        if not 1 <= month <= 12:
            raise MalformedUdiError(_("A date in it does not exist."))
        facts["expires_on"] = date(year, month, calendar.monthrange(year, month)[1])
    return facts


def _numbers(yymmdd: str) -> tuple[int, int, int]:
    return 2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])


def _ordinal(yyjjj: str) -> date:
    """Year and day of the year."""
    first = date(2000 + int(yyjjj[:2]), 1, 1)
    day = first + timedelta(days=int(yyjjj[2:]) - 1)
    if day.year != first.year:
        raise MalformedUdiError(_("A date in it does not exist."))
    return day


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise MalformedUdiError(_("A date in it does not exist.")) from error
