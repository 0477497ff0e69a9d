"""Which measurements are looked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.queries.read_marks import Wanted
from registry.vocabulary import ImagingFindingCode, MeasurementKind

from .fields import choice, number


class MeasurementSearchForm(forms.Form):
    """Read from the address; nothing is mandatory."""

    kind = choice(
        MeasurementKind,
        label=_("Kind"),
        only=[kind for kind in MeasurementKind if kind is not MeasurementKind.ARROW],
        required=False,
        unanswered=_("Any"),
        compact=True,
    )
    finding = choice(
        ImagingFindingCode,
        label=_("Finding of the read"),
        required=False,
        unanswered=_("Any"),
        compact=True,
    )
    smallest = number(_("Value from"), decimals=2)
    largest = number(
        _("Value up to"),
        decimals=2,
        help_text=_("mm of a length, degrees of an angle, mean HU of a region or a point."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        smallest, largest = cleaned.get("smallest"), cleaned.get("largest")
        if smallest is not None and largest is not None and smallest > largest:
            self.add_error("largest", gettext("The range ends below its beginning."))
        return cleaned

    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)
