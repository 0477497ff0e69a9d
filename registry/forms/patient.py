"""Registering and correcting a patient."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm, Section
from registry.forms.fields import choice, day, edition, number, text
from registry.models import Centre
from registry.vocabulary import (
    ConsentStatus,
    Diagnosis,
    GmfcsLevel,
    Origin,
    Sex,
    TonePattern,
    YesNoUnknown,
)

FACTS = (
    "sex", "birth_year", "diagnosis", "origin", "tone_pattern", "gmfcs", "ambulatory",
    "gastrostomy", "epilepsy", "spinal_fusion", "weight_kg", "consent", "died_on",
)  # fmt: skip


class PatientForm(RecordForm):
    """The facts of a patient. The name is asked for where the patient is registered."""

    sex = choice(Sex)
    birth_year = number(_("Year of birth"), smallest=1900, largest=2100, required=True)
    diagnosis = choice(Diagnosis)
    origin = choice(Origin, label=_("Origin of spasticity"), required=False)
    tone_pattern = choice(TonePattern, required=False)
    gmfcs = choice(GmfcsLevel, required=False)
    ambulatory = choice(YesNoUnknown, label=_("Walks"), required=False)
    gastrostomy = choice(YesNoUnknown, label=_("Gastrostomy"), required=False)
    epilepsy = choice(YesNoUnknown, label=_("Epilepsy"), required=False)
    spinal_fusion = choice(YesNoUnknown, label=_("Earlier spinal fusion"), required=False)
    weight_kg = number(_("Weight"), unit="kg", smallest=1, largest=300, decimals=1)
    consent = choice(ConsentStatus, required=False)
    died_on = day(_("Died on"), required=False)

    sections = (
        Section(_("Person"), ("sex", "birth_year")),
        Section(_("Diagnosis"), ("diagnosis", "origin", "tone_pattern", "gmfcs")),
        Section(
            _("What bears on risk"),
            ("ambulatory", "gastrostomy", "epilepsy", "spinal_fusion", "weight_kg"),
        ),
        Section(_("Registry"), ("consent", "died_on")),
    )

    def facts(self) -> dict[str, Any]:
        """The answers by model field."""
        return {name: self.cleaned_data[name] for name in FACTS}


class NewPatientForm(PatientForm):
    """The same, and who the patient is: sealed at once, shown only on request."""

    centre = forms.ModelChoiceField(queryset=None, label=_("Centre"), empty_label=None)
    local_number = text(
        _("Hospital's patient number"),
        max_length=64,
        help_text=_("Only its keyed hash is searchable. It lets images find their patient."),
    )
    name = text(
        _("Name"), max_length=120, help_text=_("Stored sealed; every look at it is logged.")
    )
    birth_date = day(_("Date of birth"), required=False)

    sections = (
        Section(_("Who"), ("centre", "local_number", "name", "birth_date")),
        *PatientForm.sections,
    )

    def __init__(self, *args: Any, centres: QuerySet[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = centres

    def identity(self) -> dict[str, Any]:
        """The answers that say who the patient is."""
        birth_date: date | None = self.cleaned_data["birth_date"]
        return {
            "local_number": self.cleaned_data["local_number"],
            "name": self.cleaned_data["name"],
            "birth_date": birth_date,
        }


class PatientUpdateForm(PatientForm):
    edition = edition()
