"""Which patients and components an audit is limited to, as fields of a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.audit.patient_limits import PatientLimits
from registry.vocabulary import ComponentKind, DeviceModel, Diagnosis, Sex

from . import fields

OLDEST_YEARS = 120
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""As the registry takes years of birth; wider than any pump is old."""

LIMITS = (
    "age_from",
    "age_to",
    "sex",
    "diagnosis",
    "component",
    "model",
    "implanted_from",
    "implanted_to",
)


class PatientLimitsForm(forms.Form):
    """None of the fields has to be answered; what is not limits nothing."""

    age_from = fields.number(_("Age from"), unit=_("years"), smallest=0, largest=OLDEST_YEARS)
    age_to = fields.number(_("Age to"), unit=_("years"), smallest=0, largest=OLDEST_YEARS)
    sex = fields.choice(Sex, required=False, compact=True, unanswered=_("any"))
    diagnosis = forms.MultipleChoiceField(
        label=_("Diagnoses"),
        required=False,
        choices=Diagnosis.choices,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=_("None chosen: any. Several: hold Ctrl."),
    )
    component = fields.choice(ComponentKind, required=False, compact=True, unanswered=_("any"))
    model = fields.choice(DeviceModel, required=False, compact=True, unanswered=_("any"))
    implanted_from = fields.number(
        _("Implanted from"), unit=_("year"), smallest=FIRST_YEAR, largest=LAST_YEAR
    )
    implanted_to = fields.number(
        _("Implanted to"), unit=_("year"), smallest=FIRST_YEAR, largest=LAST_YEAR
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for start, end in (("age_from", "age_to"), ("implanted_from", "implanted_to")):
            least, most = cleaned.get(start), cleaned.get(end)
            if least is not None and most is not None and least > most:
                self.add_error(end, gettext("This limit lies below the one where it begins."))
        return cleaned

    def limits(self) -> PatientLimits:
        """The answers of a valid form."""
        said = self.cleaned_data
        return PatientLimits(
            diagnoses=tuple(said["diagnosis"]) or None,
            **{
                name: None if said[name] == "" else said[name]
                for name in LIMITS
                if name != "diagnosis"
            },
        )
