"""Logging and correcting a component of the pump system."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm, Section
from registry.forms.fields import choice, day, edition, flag, number, text, when
from registry.vocabulary import (
    AsDesigned,
    ComponentKind,
    DatePrecision,
    DeviceModel,
    RevisionIndication,
    SpinalLevel,
)

CATHETER = (ComponentKind.PUMP_SEGMENT.code, ComponentKind.SPINAL_SEGMENT.code)
SPINAL = (ComponentKind.SPINAL_SEGMENT.code,)
PUMP = (ComponentKind.PUMP.code,)


class ComponentForm(RecordForm):
    kind = choice(ComponentKind)
    second_pump_declared = flag(
        _("Really a second pump"),
        help_text=_("The patient has two pumps at once."),
        applies=when("kind", *PUMP),
    )
    model = choice(DeviceModel, required=False)
    model_text = text(_("Model as on the label"), max_length=80, applies=when("model", "other"))
    serial_number = text(_("Serial number"), max_length=40)
    lot_number = text(_("Lot number"), max_length=40)
    udi = text(
        "UDI",
        max_length=120,
        help_text=_("As on the label; the check digit is checked."),
    )
    manufactured_on = day(_("Made on"), required=False)
    expires_on = day(_("To be implanted before"), required=False)
    implanted_on = day(_("Implanted on"), required=False)
    implanted_on_precision = choice(
        DatePrecision, label=_("That date is known to the"), initial=DatePrecision.DAY.code
    )
    removed_on = day(_("Removed on"), required=False)
    removal_reason = choice(RevisionIndication, label=_("Reason for removal"), required=False)
    reservoir_ml = number(
        _("Reservoir"), unit="ml", smallest=5, largest=60, decimals=1, applies=when("kind", *PUMP)
    )
    length_cm = number(
        _("Length"), unit="cm", smallest=1, largest=200, decimals=1, applies=when("kind", *CATHETER)
    )
    trimmed_cm = number(
        _("Trimmed"),
        unit="cm",
        smallest=0,
        largest=200,
        decimals=1,
        applies=when("kind", *CATHETER),
        help_text=_(
            "At the implantation and at every revision since, together; 0 if nothing was. Length "
            "less trimmed is what is implanted, and with ml/cm the volume of the catheter."
        ),
    )
    grafted_cm = number(
        _("Grafted"),
        unit="cm",
        smallest=0,
        largest=200,
        decimals=1,
        applies=when("kind", *CATHETER),
    )
    ml_per_cm = number(
        _("Volume"),
        unit="ml/cm",
        smallest=0.0015,
        largest=0.004,
        decimals=5,
        applies=when("kind", *CATHETER),
    )
    entry_level = choice(
        SpinalLevel, label=_("Entry level"), required=False, applies=when("kind", *SPINAL)
    )
    tip_level = choice(
        SpinalLevel, label=_("Tip level"), required=False, applies=when("kind", *SPINAL)
    )
    as_designed = choice(AsDesigned, required=False, applies=when("kind", *CATHETER))

    may_lie_ahead = ("expires_on",)
    sections = (
        Section(
            _("Component"),
            (
                "kind",
                "second_pump_declared",
                "model",
                "model_text",
                "serial_number",
                "lot_number",
                "udi",
            ),
        ),
        Section(_("Label"), ("manufactured_on", "expires_on"), columns=2),
        Section(
            _("Measures"), ("reservoir_ml", "length_cm", "trimmed_cm", "grafted_cm", "ml_per_cm")
        ),
        Section(_("Place"), ("entry_level", "tip_level", "as_designed")),
        Section(
            _("Dates"), ("implanted_on", "implanted_on_precision", "removed_on", "removal_reason")
        ),
    )

    def facts(self) -> dict[str, Any]:
        """The answers by model field."""
        return {name: value for name, value in self.cleaned_data.items() if name != "edition"}


class ComponentUpdateForm(ComponentForm):
    edition = edition()
