"""Pump and catheter as a person has them at hand: what lies there, what came out and went in.

A form of its own beside suspicion and operation, so that an exchange is one step with the
operation. Lengths and levels are added on the page of the component.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm, Section
from registry.forms.fields import choice, choices, day, text, when
from registry.models import Component
from registry.vocabulary import ComponentKind, DatePrecision, DeviceModel, SpinalLevel

__all__ = ["ExchangeForm", "SystemForm"]

PUMP = ComponentKind.PUMP
CATHETER = (ComponentKind.PUMP_SEGMENT, ComponentKind.CONNECTOR, ComponentKind.SPINAL_SEGMENT)
UNLISTED = (DeviceModel.OTHER, DeviceModel.UNKNOWN)
PUMPS = [model for model in DeviceModel if PUMP in model.kinds or model in UNLISTED]
CATHETERS = [
    model for model in DeviceModel if PUMP not in model.kinds and model not in UNLISTED
] + list(UNLISTED)


def _fields_of(model: str, *, words: str, serial_number: str, implanted_on: date | None) -> dict:
    return {
        "model": model,
        "model_text": words,
        "serial_number": serial_number,
        "implanted_on": implanted_on,
        "implanted_on_precision": (
            DatePrecision.DAY.value if implanted_on else DatePrecision.UNKNOWN.value
        ),
    }


def pump_fields(
    model: str, *, words: str, serial_number: str, implanted_on: date | None
) -> dict[str, Any]:
    """Fields of a pump, with the reservoir where a source says what the model holds."""
    listed = DeviceModel.get(model) if model else None
    known = listed and "reservoir_ml" not in listed.unverified
    return {
        "kind": PUMP.value,
        "reservoir_ml": listed.reservoir_ml if known else None,
        **_fields_of(model, words=words, serial_number=serial_number, implanted_on=implanted_on),
    }


class SystemForm(RecordForm):
    """The system a new patient came with; a model left empty is a part that is logged later."""

    pump_model = choice(DeviceModel, only=PUMPS, label=_("Pump"), required=False)
    pump_model_text = text(
        _("Pump as on the label"),
        max_length=80,
        applies=when("pump_model", DeviceModel.OTHER.value),
    )
    pump_serial_number = text(
        _("Serial number of the pump"),
        max_length=40,
        applies=when("pump_model", *(model.value for model in PUMPS)),
    )
    pump_implanted_on = day(
        _("Pump implanted on"),
        required=False,
        applies=when("pump_model", *(model.value for model in PUMPS)),
    )
    catheter_model = choice(DeviceModel, only=CATHETERS, label=_("Catheter"), required=False)
    catheter_model_text = text(
        _("Catheter as on the label"),
        max_length=80,
        applies=when("catheter_model", DeviceModel.OTHER.value),
    )
    catheter_serial_number = text(
        _("Lot of the catheter"),
        max_length=40,
        applies=when("catheter_model", *(model.value for model in CATHETERS)),
    )
    catheter_implanted_on = day(
        _("Catheter implanted on"),
        required=False,
        applies=when("catheter_model", *(model.value for model in CATHETERS)),
    )
    tip_level = choice(
        SpinalLevel,
        label=_("Tip of the catheter"),
        required=False,
        applies=when("catheter_model", *(model.value for model in CATHETERS)),
    )

    sections = (
        Section(
            _("Pump and catheter in place"),
            (
                "pump_model",
                "pump_model_text",
                "pump_serial_number",
                "pump_implanted_on",
                "catheter_model",
                "catheter_model_text",
                "catheter_serial_number",
                "catheter_implanted_on",
                "tip_level",
            ),
            columns=2,
        ),
    )

    def components(self) -> list[dict[str, Any]]:
        """Fields of each part, the pump first; a catheter is its segments and the connector."""
        answers = self.cleaned_data
        parts = []
        if model := answers["pump_model"]:
            parts.append(
                pump_fields(
                    model,
                    words=answers["pump_model_text"],
                    serial_number=answers["pump_serial_number"],
                    implanted_on=answers["pump_implanted_on"],
                )
            )
        if model := answers["catheter_model"]:
            shared = _fields_of(
                model,
                words=answers["catheter_model_text"],
                serial_number=answers["catheter_serial_number"],
                implanted_on=answers["catheter_implanted_on"],
            )
            for kind in DeviceModel.get(model).kinds or CATHETER:
                tip = answers["tip_level"] if kind is ComponentKind.SPINAL_SEGMENT else ""
                parts.append({"kind": kind.value, "tip_level": tip, **shared})
        return parts


class ExchangeForm(RecordForm):
    """What an operation took out and put in.

    Parameters
    ----------
    in_place
        Components of the patient that may be taken out; without it they are named by their kind,
        for a patient who is only being logged.
    """

    removed = forms.MultipleChoiceField(
        label=_("Taken out"), required=False, widget=forms.CheckboxSelectMultiple
    )
    placed_kinds = choices(ComponentKind, label=_("Put in"))
    pump_model = choice(
        DeviceModel,
        only=PUMPS,
        label=_("New pump"),
        required=False,
        applies=when("placed_kinds", PUMP.value),
    )
    pump_model_text = text(
        _("New pump as on the label"),
        max_length=80,
        applies=when("placed_kinds", PUMP.value) & when("pump_model", DeviceModel.OTHER.value),
    )
    pump_serial_number = text(
        _("Serial number of the new pump"),
        max_length=40,
        applies=when("placed_kinds", PUMP.value),
    )
    catheter_model = choice(
        DeviceModel,
        only=CATHETERS,
        label=_("New parts of the catheter"),
        required=False,
        applies=when("placed_kinds", *(kind.value for kind in CATHETER)),
    )
    catheter_model_text = text(
        _("New catheter as on the label"),
        max_length=80,
        applies=when("placed_kinds", *(kind.value for kind in CATHETER))
        & when("catheter_model", DeviceModel.OTHER.value),
    )
    catheter_serial_number = text(
        _("Lot of the new parts"),
        max_length=40,
        applies=when("placed_kinds", *(kind.value for kind in CATHETER)),
    )
    tip_level = choice(
        SpinalLevel,
        label=_("New tip level"),
        required=False,
        applies=when("placed_kinds", ComponentKind.SPINAL_SEGMENT.value),
    )

    sections = (
        Section(
            _("Components taken out and put in"),
            (
                "removed",
                "placed_kinds",
                "pump_model",
                "pump_model_text",
                "pump_serial_number",
                "catheter_model",
                "catheter_model_text",
                "catheter_serial_number",
                "tip_level",
            ),
            words=_(
                "Saved together with the operation and its day. Lengths are added to the component."
            ),
        ),
    )

    def __init__(
        self, *args: Any, in_place: Iterable[Component] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.in_place = {str(one.public_id): one for one in in_place or ()}
        if in_place is None:
            self.fields["removed"].choices = ComponentKind.choices()
        elif self.in_place:
            self.fields["removed"].choices = [
                (key, _words(one)) for key, one in self.in_place.items()
            ]
        else:
            del self.fields["removed"]

    def removed_components(self) -> list[Component]:
        """Those of the patient that were ticked."""
        return [self.in_place[key] for key in self.cleaned_data.get("removed", ())]

    def removed_kinds(self) -> list[str]:
        """What was ticked where components are named by their kind."""
        return list(self.cleaned_data["removed"])

    def placed(self) -> list[dict[str, Any]]:
        """Fields of each new component; the operation says on which day."""
        answers = self.cleaned_data
        parts = []
        for kind in answers["placed_kinds"]:
            if kind == PUMP.value:
                part = pump_fields(
                    answers["pump_model"],
                    words=answers["pump_model_text"],
                    serial_number=answers["pump_serial_number"],
                    implanted_on=None,
                )
            else:
                part = {
                    "kind": kind,
                    "model": answers["catheter_model"],
                    "model_text": answers["catheter_model_text"],
                    "serial_number": answers["catheter_serial_number"],
                }
            if kind == ComponentKind.SPINAL_SEGMENT.value:
                part["tip_level"] = answers["tip_level"]
            parts.append(
                {name: value for name, value in part.items() if not name.startswith("implanted_on")}
            )
        return parts


def _words(component: Component) -> str:
    model = component.model_text or component.get_model_display()
    implanted = _("implanted %s") % component.implanted_on if component.implanted_on else ""
    words = [component.get_kind_display(), model, component.serial_number, implanted]
    return ", ".join(str(word) for word in words if word)
