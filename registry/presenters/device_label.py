"""What a label and the catalogue say of a component, as proposals for its form."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from registry import queries
from registry.models import User
from registry.models.component import CATHETER_KINDS
from registry.udi import scanned
from registry.udi.identifier import Identifier, UdiError
from registry.vocabulary import ComponentKind, DeviceModel

REPEATED = ("kind", "model", "model_text")
"""What two devices with the same identifier share."""


@dataclass(frozen=True)
class Filled:
    """Values for the form, and what to say about them; `error` is why the label was refused."""

    values: dict[str, Any]
    words: tuple[str, ...] = ()
    error: str = ""


def fill(*, viewer: User, sent: str, typed: dict[str, Any]) -> Filled:
    """What was typed, completed by the label and by the catalogue; nothing typed is replaced.

    Parameters
    ----------
    sent
        What the scanner sent; empty to ask the catalogue alone.
    typed
        The answers as they stand in the form.
    """
    values = {name: value for name, value in typed.items() if value not in (None, "")}
    words: list[str] = []
    if sent.strip():
        try:
            label = scanned.read(sent)
        except UdiError as error:
            return Filled(values=values, error=str(error.words))
        values |= _of_label(label)
        words.append(_told(label))
        words += _known(values, label, viewer=viewer)
    words += _of_catalogue(values)
    return Filled(values=values, words=tuple(words))


def _of_label(label: Identifier) -> dict[str, Any]:
    """The label goes before what was typed: it is about this very device."""
    read = {
        "udi": label.text,
        "serial_number": label.serial_number,
        "lot_number": label.lot_number,
        "manufactured_on": label.manufactured_on,
        "expires_on": label.expires_on,
    }
    return {name: value for name, value in read.items() if value}


def _told(label: Identifier) -> str:
    parts = {
        _("device"): label.device_identifier,
        _("lot"): label.lot_number,
        _("serial number"): label.serial_number,
        _("made"): label.manufactured_on,
        _("expires"): label.expires_on,
    }
    told = ", ".join(f"{name} {value}" for name, value in parts.items() if value)
    return _("%(agency)s label read: %(told)s.") % {"agency": label.agency, "told": told}


def _known(values: dict[str, Any], label: Identifier, *, viewer: User) -> list[str]:
    """Kind and model of the last component with the same device identifier."""
    before = queries.components.same_device(
        viewer=viewer, device_identifier=label.device_identifier
    )
    if before is None:
        return [_("No component with this device identifier was logged yet: choose the model.")]
    for name in REPEATED:
        if value := getattr(before, name):
            values.setdefault(name, value)
    return [_("Kind and model as with the last component with this device identifier.")]


def _of_catalogue(values: dict[str, Any]) -> list[str]:
    """Measures of the model where the form has none, each with its mark."""
    code = values.get("model")
    if code not in DeviceModel.codes():
        return []
    model = DeviceModel.get(code)
    if "kind" not in values and len(model.kinds) == 1:
        values["kind"] = model.kinds[0].code
    names = ["reservoir_ml"] if values.get("kind") == ComponentKind.PUMP.value else []
    names += ["length_cm", "ml_per_cm"] if values.get("kind") in CATHETER_KINDS else []
    told = []
    for name in names:
        value = getattr(model, name)
        if value is None or name in values:
            continue
        values[name] = value
        mark = " [own]" if name in model.unverified or model.status == "own" else ""
        told.append(f"{WORDS[name]()} {value} {UNITS[name]}{mark}")
    if not told:
        return []
    return [
        _("From the catalogue: %(told)s. Check it against the label.") % {"told": ", ".join(told)}
    ]


WORDS = {
    "reservoir_ml": lambda: _("reservoir"),
    "length_cm": lambda: _("length"),
    "ml_per_cm": lambda: _("volume"),
}
UNITS = {"reservoir_ml": "ml", "length_cm": "cm", "ml_per_cm": "ml/cm"}
