"""Which measurements are looked for."""

from typing import Any

from django import forms

from registry.queries.read_marks import Wanted
from registry.vocabulary import ImagingFindingCode, MeasurementKind

from .fields import choice, number


class MeasurementSearchForm(forms.Form):
    """Read from the address; nothing is mandatory."""

    kind = choice(
        MeasurementKind,
        label="Kind",
        only=[kind for kind in MeasurementKind if kind is not MeasurementKind.ARROW],
        required=False,
        unanswered="Any",
        compact=True,
    )
    finding = choice(
        ImagingFindingCode,
        label="Finding of the read",
        required=False,
        unanswered="Any",
        compact=True,
    )
    smallest = number("Value from", decimals=2)
    largest = number(
        "Value up to",
        decimals=2,
        help_text="mm of a length, degrees of an angle, mean HU of a region or a point.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        smallest, largest = cleaned.get("smallest"), cleaned.get("largest")
        if smallest is not None and largest is not None and smallest > largest:
            self.add_error("largest", "The range ends below its beginning.")
        return cleaned

    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)
