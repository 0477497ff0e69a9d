"""An advisory that a centre adds for its own components."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm, Section
from registry.forms.fields import choices, day, text
from registry.models import Centre
from registry.vocabulary import DeviceModel

NO_MODELS = (DeviceModel.OTHER, DeviceModel.UNKNOWN)


class AdvisoryForm(RecordForm):
    title = text(_("What it is about"), max_length=160, required=True)
    issued = text(_("Issued"), max_length=40, help_text=_("When and as what class."))
    source = text(_("Source"), max_length=200)
    what = text(_("What it says"), max_length=1000, lines=3)
    models = choices(
        DeviceModel,
        label=_("Models"),
        required=True,
        only=[model for model in DeviceModel if model not in NO_MODELS],
    )
    serial_from = text(_("Serial number from"), max_length=40)
    serial_to = text(_("to"), max_length=40)
    lots = text(_("Lots"), max_length=4000, lines=3, help_text=_("One in a line."))
    manufactured_from = day(_("Made from"), required=False)
    manufactured_until = day(_("until"), required=False)
    implanted_from = day(_("Implanted from"), required=False)
    implanted_until = day(_("until"), required=False)

    sections = (
        Section("", ("centre", "title", "issued", "source", "what", "models")),
        Section(
            _("Which of them"),
            (
                "serial_from", "serial_to", "manufactured_from", "manufactured_until",
                "implanted_from", "implanted_until",
            ),
            words=_("What is left empty is not asked."),
            columns=2,
        ),
        Section("", ("lots",)),
    )  # fmt: skip

    def __init__(self, *args: Any, centres: Sequence[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centres = {centre.code: centre for centre in centres}
        field = forms.ChoiceField(
            label=_("Centre"), choices=[(centre.code, centre.name) for centre in centres]
        )
        field.unit = field.source = ""
        self.fields["centre"] = field

    @property
    def centre(self) -> Centre:
        return self.centres[self.cleaned_data["centre"]]

    def facts(self) -> dict[str, Any]:
        """The answers by model field."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("centre", "models")}
