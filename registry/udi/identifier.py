"""What a UDI says, and why one is refused."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Agency(StrEnum):
    """Who issued it (accredited by the FDA)."""

    GS1 = "GS1"
    HIBCC = "HIBCC"
    ICCBBA = "ICCBBA"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One UDI. What the label does not say is empty or None.

    `text` is the whole in one canonical spelling, whichever way it came in. An expiry that names a
    month ends with it; a manufacture that names a month has no day, and stays None.
    """

    agency: Agency
    text: str
    device_identifier: str
    lot_number: str = ""
    serial_number: str = ""
    manufactured_on: date | None = None
    expires_on: date | None = None


class UdiError(ValueError):
    """A UDI was refused; `words` say why. They never repeat what was sent: it names a device."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(str(words))
        self.words = words


class NotAUdiError(UdiError):
    """The text has the form of no issuing agency."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This is no UDI. One begins with (01) or 01 for GS1, with + for HIBCC, with =/ for "
                "ICCBBA."
            )
        )


class WrongCheckDigitError(UdiError):
    """A character was lost or changed on the way."""

    def __init__(self) -> None:
        super().__init__(
            _("The check digit does not fit: a character is missing or wrong. Scan it once more.")
        )


class MalformedUdiError(UdiError):
    """The parts do not follow the form of the issuing agency."""


class NoDeviceIdentifierError(UdiError):
    """Only a lot, a serial number or a date: the other bar code of the label."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This bar code does not name the device. The label has another one that does; scan "
                "that one, or both as one."
            )
        )
