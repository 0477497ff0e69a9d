"""What a cell of somebody else's table means: days, numbers with units, codes, yes and no.

Nothing is guessed that can be read in two ways: such a cell is refused with a sentence that says
what to do.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal

from django.utils.translation import gettext

from registry.exchange.columns import Column
from registry.vocabulary import ClosedList, DatePrecision

CellKind = Literal["text", "number", "date", "formula"]
DayOrder = Literal["day_first", "month_first", "unclear"]

NOT_RECORDED = {"", "-", "--", "–", "—", ".", "n/a", "not recorded", "not documented", "missing"}
UNKNOWN = {"unknown", "unk", "?", "n/k", "nk", "not known", "unclear", "unbekannt"}
YES = {"yes", "y", "true", "1", "x", "ja", "j", "wahr", "checked"}
NO = {"no", "n", "false", "0", "nein", "falsch", "unchecked"}
FEMALE, MALE = {"f", "w", "weiblich", "woman", "girl"}, {"m", "männlich", "man", "boy"}

FACTORS: dict[str, dict[str, Decimal]] = {
    "µg": {"µg": Decimal(1), "mg": Decimal(1000), "g": Decimal(1_000_000)},
    "µg/day": {"µg/day": Decimal(1), "mg/day": Decimal(1000)},
    "µg/ml": {"µg/ml": Decimal(1), "mg/ml": Decimal(1000)},
    "mg": {"mg": Decimal(1), "µg": Decimal("0.001"), "g": Decimal(1000)},
    "mg/ml": {"mg/ml": Decimal(1), "µg/ml": Decimal("0.001")},
    "ml": {"ml": Decimal(1), "µl": Decimal("0.001"), "l": Decimal(1000)},
    "cm": {"cm": Decimal(1), "mm": Decimal("0.1"), "m": Decimal(100)},
    "mm": {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)},
    "kg": {"kg": Decimal(1), "g": Decimal("0.001")},
    "min": {"min": Decimal(1), "h": Decimal(60), "days": Decimal(1440)},
    "h": {"h": Decimal(1), "min": Decimal(1) / 60, "days": Decimal(24)},
    "days": {"days": Decimal(1), "h": Decimal(1) / 24, "weeks": Decimal(7)},
    "ml/cm": {"ml/cm": Decimal(1), "µl/cm": Decimal("0.001")},
}
"""Unit of a column → units a file may use, and what one of them is worth."""

_SPELLED = {
    "ug": "µg", "mcg": "µg", "μg": "µg", "microgram": "µg", "micrograms": "µg",
    "mcg/d": "µg/day", "ug/d": "µg/day", "µg/d": "µg/day", "mcg/day": "µg/day",
    "ug/day": "µg/day", "μg/day": "µg/day", "mg/d": "mg/day", "mcg/ml": "µg/ml", "ug/ml": "µg/ml",
    "cc": "ml", "minutes": "min", "mins": "min", "hours": "h", "hrs": "h", "hr": "h", "d": "days",
    "day": "days", "mgi/ml": "mg/ml", "kilogram": "kg", "wk": "weeks", "week": "weeks",
    "w": "weeks", "ul": "µl", "ul/cm": "µl/cm",
}  # fmt: skip

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan januar january jän", "feb februar february", "mar mär mrz märz march maerz",
         "apr april", "may mai", "jun juni june", "jul juli july", "aug august",
         "sep sept september", "oct okt october oktober", "nov november",
         "dec dez december dezember"), start=1,
    )
    for name in names.split()
}  # fmt: skip

_NUMBER = re.compile(r"\A([+-]?)\s*([0-9][0-9.,'\u2019 \u00a0\u202f]*|[.,][0-9]+)\s*(.*)\Z")
_ISO = re.compile(r"\A(\d{4})[-./](\d{1,2})[-./](\d{1,2})\Z|\A(\d{4})(\d{2})(\d{2})\Z")
_PARTS = re.compile(r"\A(\d{1,2})([-./])\s?(\d{1,2})\2\s?(\d{2}|\d{4})\Z")
_MONTH = re.compile(r"\A(\d{1,2})[-./](\d{4})\Z|\A(\d{4})[-./](\d{1,2})\Z")
_TIME_BEHIND = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?\Z")
_SERIALS = range(20_000, 80_000)
"""Day numbers of Excel, 1954 to 2119: what is left of a date whose format was lost."""
_EXCEL_EPOCH = date(1899, 12, 30)


class CellError(ValueError):
    """A cell that cannot be taken as it is, with a sentence for whoever filled it in."""


@dataclass(frozen=True)
class Cell:
    """A cell as it came. `text` is what it holds: ISO for a date, plain for a number."""

    text: str
    kind: CellKind = "text"

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Reading:
    """How the cells of one column are read.

    Attributes
    ----------
    unit
        The unit of numbers that name none; "" is the unit of the column.
    codes
        What this file says → the code it means.
    """

    order: DayOrder = "unclear"
    unit: str = ""
    codes: Mapping[str, str] | None = None


def value_of(cell: Cell, column: Column, reading: Reading = Reading()) -> Any:
    """The answer of a cell; None where nothing is recorded.

    Raises
    ------
    CellError
        It is not understood, can be read in two ways, or is not plausible.
    """
    if cell.kind == "formula":
        raise CellError(gettext("A formula without a stored value. Replace it by its value."))
    said = normal(cell.text)
    chosen = (reading.codes or {}).get(said)
    if chosen == "" or said in NOT_RECORDED:
        return None
    if column.kind == "code" or (column.kind == "integer" and column.closed_list):
        code = as_code(chosen or cell.text, column.closed_list)
        return int(code) if column.kind == "integer" else code
    if column.kind == "codes":
        return as_codes(chosen or cell.text, column.closed_list, reading.codes or {})
    if column.kind == "text":
        return _as_text(cell, column)
    if said in UNKNOWN:
        # A number or a day has no code for it; it stays empty, which the comparison shows.
        return None
    if column.kind == "yes_no":
        return as_yes_no(cell.text)
    if column.kind == "day":
        return as_day(cell, reading.order)[0]
    if column.kind in ("integer", "decimal"):
        return as_number(cell, column, reading.unit)
    return cell.text.strip()


def as_day(cell: Cell, order: DayOrder = "unclear") -> tuple[date, DatePrecision]:
    """A day and how much of it is known; a month is its first day, a year its first of January.

    Raises
    ------
    CellError
    """
    text = _TIME_BEHIND.sub("", cell.text.strip())
    if cell.kind == "number":
        serial = Decimal(cell.text)
        if serial == int(serial) and int(serial) in _SERIALS:
            return _EXCEL_EPOCH + timedelta(days=int(serial)), DatePrecision.DAY
        if not (serial == int(serial) and 1900 <= serial <= 2100):
            raise _no_day(cell.text)
        text = str(int(serial))
    if found := _ISO.match(text):
        year, month, day = (int(part) for part in found.groups() if part)
        return _day(year, month, day), DatePrecision.DAY
    if found := _PARTS.match(text):
        return _in_order(found, order), DatePrecision.DAY
    if found := _MONTH.match(text):
        given = [int(part) for part in found.groups() if part]
        return _day(max(given), min(given), 1), DatePrecision.MONTH
    if re.fullmatch(r"(19|20)\d{2}", text):
        return _day(int(text), 1, 1), DatePrecision.YEAR
    return _with_month_name(text)


def orders_of(cells: list[Cell]) -> DayOrder:
    """How the days of a column are written, as far as one of them tells."""
    found = [_PARTS.match(_TIME_BEHIND.sub("", cell.text.strip())) for cell in cells]
    parts = [one.groups() for one in found if one]
    if any(separator == "." or int(first) > 12 for first, separator, _, _ in parts):
        return "day_first"
    return "month_first" if any(int(second) > 12 for _, _, second, _ in parts) else "unclear"


def as_number(cell: Cell, column: Column, unit: str = "") -> Decimal | int:
    """A number in the unit of the column; a decimal comma is as good as a point.

    Raises
    ------
    CellError
    """
    found = _NUMBER.match(cell.text.strip())
    if not found:
        raise CellError(gettext("“%(text)s” is no number.") % {"text": cell.text.strip()})
    sign, digits, behind = found.groups()
    said = normal(behind) or unit or column.unit
    factor = Decimal(1)
    if column.unit:
        known = FACTORS.get(column.unit, {column.unit: Decimal(1)})
        said = _SPELLED.get(said.replace(" ", ""), said.replace(" ", ""))
        if said not in known:
            raise CellError(
                gettext("“%(text)s” is no unit for %(unit)s.")
                % {"text": behind.strip(), "unit": column.unit}
            )
        factor = known[said]
    elif behind.strip():
        raise CellError(gettext("“%(text)s” is more than a number.") % {"text": cell.text.strip()})
    try:
        number = Decimal(sign + _plain_digits(digits)) * factor
    except InvalidOperation:
        raise CellError(gettext("“%(text)s” is no number.") % {"text": cell.text.strip()}) from None
    return _plausible(number, column)


def as_code(text: str, closed: type[ClosedList] | None) -> str:
    """The code of a list, given by code, label or synonym.

    Raises
    ------
    CellError
    """
    assert closed is not None
    said = normal(text)
    known = spoken(closed)
    if said in known:
        return known[said]
    if said in UNKNOWN and "unknown" in closed.codes():
        return "unknown"
    raise CellError(
        gettext("“%(text)s” is no answer of “%(list)s”.")
        % {"text": text.strip(), "list": gettext(closed.list_label)}
    )


def as_codes(text: str, closed: type[ClosedList] | None, chosen: Mapping[str, str]) -> list[str]:
    """Several codes, told apart by semicolons, bars, line breaks, or else commas.

    Raises
    ------
    CellError
    """
    assert closed is not None
    codes = [chosen.get(normal(part), part) for part in parts_of(text, closed)]
    return sorted({as_code(code, closed) for code in codes if code.strip()})


def parts_of(text: str, closed: type[ClosedList] | None) -> list[str]:
    """The words of a cell that may hold several; a comma may also belong to one of them."""
    if closed is not None and normal(text) in spoken(closed):
        return [text.strip()]
    parts = re.split(r"[;|\n]", text)
    if len(parts) == 1:
        parts = text.split(",")
    return [part.strip() for part in parts if part.strip()]


def as_yes_no(text: str) -> bool:
    """Raises CellError where it is neither."""
    if normal(text) in YES:
        return True
    if normal(text) in NO:
        return False
    raise CellError(gettext("“%(text)s” is neither yes nor no.") % {"text": text.strip()})


@cache
def spoken(closed: type[ClosedList]) -> dict[str, str]:
    """What a member is called → its code; what two members are called is left out."""
    codes: dict[str, str] = {normal(member.code): member.code for member in closed}
    twice: set[str] = set()
    for member in closed:
        for words in (member.term.label, *member.synonyms):
            said = normal(words)
            if codes.get(said, member.code) != member.code:
                twice.add(said)
            codes.setdefault(said, member.code)
    for said in twice - {normal(member.code) for member in closed}:
        codes.pop(said, None)
    for code, common in (("yes", YES), ("no", NO), ("female", FEMALE), ("male", MALE)):
        if code in closed.codes():
            codes |= {one: code for one in common if one not in codes}
    return codes


def normal(text: str) -> str:
    """How words are compared: case, accents written apart and runs of blanks do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return " ".join(folded.replace("μ", "µ").split())


def _as_text(cell: Cell, column: Column) -> str:
    text = cell.text.strip() if cell.kind == "text" else cell.text
    if column.most_characters and len(text) > column.most_characters:
        raise CellError(
            gettext("%(long)s characters; there is room for %(room)s. Shorten it.")
            % {"long": len(text), "room": column.most_characters}
        )
    return text


def _plain_digits(digits: str) -> str:
    """The last of point and comma parts the decimals; one alone does, too."""
    digits = re.sub(r"['\u2019\s]", "", digits)
    decimal = max(digits.rfind("."), digits.rfind(","))
    if decimal < 0:
        return digits
    mark = digits[decimal]
    if digits.count(mark) > 1:
        return digits.replace(",", "").replace(".", "")
    return digits[:decimal].replace(",", "").replace(".", "") + "." + digits[decimal + 1 :]


def _plausible(number: Decimal, column: Column) -> Decimal | int:
    too_small = column.smallest is not None and number < column.smallest
    too_large = column.largest is not None and number > column.largest
    if too_small or too_large:
        raise CellError(
            gettext(
                "%(number)s is not plausible (%(smallest)s to %(largest)s). Was the unit mistaken?"
            )
            % {
                "number": f"{_shown(number)} {column.unit}".rstrip(),
                "smallest": column.smallest,
                "largest": column.largest,
            }
        )
    if column.kind == "integer":
        if number != number.to_integral_value():
            raise CellError(gettext("%(number)s is no whole number.") % {"number": _shown(number)})
        return int(number)
    return Decimal(_shown(number)) if number else Decimal(0)


def _shown(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(
            gettext("There is no such day. Write year-month-day: 2024-03-05.")
        ) from None


def _in_order(found: re.Match[str], order: DayOrder) -> date:
    first, separator, second, year = found.groups()
    if separator == "." or int(first) > 12:
        order = "day_first"
    elif int(second) > 12:
        order = "month_first"
    elif first == second:
        order = "day_first"
    if order == "unclear":
        raise CellError(
            gettext(
                "“%(text)s” can be read in two ways. Say for the column which comes first, day or "
                "month."
            )
            % {"text": found[0]}
        )
    if len(year) == 2:
        raise CellError(
            gettext("“%(text)s” does not say which century. Write the year in full.")
            % {"text": found[0]}
        )
    day, month = (first, second) if order == "day_first" else (second, first)
    return _day(int(year), int(month), int(day))


def _no_day(text: str) -> CellError:
    return CellError(
        gettext("“%(text)s” is no day. Write year-month-day: 2024-03-05.") % {"text": text}
    )


def _with_month_name(text: str) -> tuple[date, DatePrecision]:
    words = re.findall(r"[^\W\d_]+|\d+", text.casefold())
    names = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [int(word) for word in words if word.isdecimal()]
    years = [number for number in numbers if 1900 <= number <= 2100]
    days = [number for number in numbers if number <= 31]
    understood = len(names) + len(years) + len(days) == len(words)
    if len(names) != 1 or len(years) != 1 or len(days) > 1 or not understood:
        raise _no_day(text)
    if not days:
        return _day(years[0], names[0], 1), DatePrecision.MONTH
    return _day(years[0], names[0], days[0]), DatePrecision.DAY


def moment(value: datetime) -> str:
    """A date cell as text; midnight is a day."""
    return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
