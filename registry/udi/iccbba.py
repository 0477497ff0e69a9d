"""ICCBBA: data structures of ISBT 128, one behind the other.

Its structures have no check digit that is scanned, so only their form can be checked [own].

References
----------
UDI formats by FDA-accredited issuing agency, version 1.3.
"""

import re
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from .identifier import Agency, Identifier, MalformedUdiError, NoDeviceIdentifierError

STRUCTURE: Final = re.compile(
    r"=/(?P<device>[A-Z0-9]{16})|=,(?P<serial>[A-Z0-9]{6})|=>(?P<expires>\d{6})"
    r"|=\}(?P<made>\d{6})|&,1(?P<lot>[A-Z0-9]{18})|=(?P<donation>[A-Z0-9]{15})"
)


def read(text: str) -> Identifier:
    """Read concatenated data structures.

    Raises
    ------
    UdiError
    """
    values: dict[str, str] = {}
    rest = text.upper()
    while rest:
        found = STRUCTURE.match(rest)
        if found is None:
            raise MalformedUdiError(_("A part is too long, too short or of an unknown kind."))
        for name, value in found.groupdict().items():
            if value is not None and values.setdefault(name, value) != value:
                raise MalformedUdiError(_("The same part stands there twice, with two values."))
        rest = rest[found.end() :]
    if "device" not in values:
        raise NoDeviceIdentifierError
    return Identifier(
        agency=Agency.ICCBBA,
        text=text.upper(),
        device_identifier=values["device"],
        lot_number=values.get("lot", ""),
        serial_number=values.get("serial", ""),
        manufactured_on=_day(values["made"]) if "made" in values else None,
        expires_on=_day(values["expires"]) if "expires" in values else None,
    )


def _day(digits: str) -> date:
    """YYYJJJ: the last three digits of the year and the day of the year."""
    first = date(2000 + int(digits[:3]), 1, 1)
    day = first + timedelta(days=int(digits[3:]) - 1)
    if day.year != first.year:
        raise MalformedUdiError(_("A date in it does not exist."))
    return day
