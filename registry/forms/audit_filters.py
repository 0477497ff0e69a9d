"""Which centres, which period and which cut-off an audit looks at."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.audit.selection import Filters
from registry.models import Centre

from . import fields
from .patient_limits import LIMITS, PatientLimitsForm


class AuditFiltersForm(PatientLimitsForm):
    """The filters of an audit, read from the address.

    Parameters
    ----------
    centres
        Those the viewer may audit; without a choice it is all of them.
    today
        The latest day it is in any of the centres; nothing can be cut later.
    """

    centre = forms.MultipleChoiceField(
        label=_("Centres"),
        widget=forms.CheckboxSelectMultiple,
        # Django's own words would repeat the code that was asked for.
        error_messages={"invalid_choice": _("Choose among the centres you may audit.")},
    )

    def __init__(
        self,
        data: QueryDict,
        *,
        centres: Sequence[Centre],
        today: date,
    ) -> None:
        complete = data.copy()
        if not complete.getlist("centre"):
            complete.setlist("centre", [centre.code for centre in centres])
        if not complete.get("as_of"):
            complete["as_of"] = today.isoformat()
        super().__init__(complete)
        self.today = today
        centre_field = self.fields["centre"]
        assert isinstance(centre_field, forms.MultipleChoiceField)
        centre_field.choices = [
            (centre.code, f"{centre.code} · {centre.name}") for centre in centres
        ]
        # "from" is no name a class body can hold.
        self.fields["from"] = fields.day(gettext("Period from"), required=False)
        self.fields["to"] = fields.day(gettext("Period to"), required=False)
        self.fields["as_of"] = fields.day(
            gettext("Data as of"), help_text=gettext("Nothing that happened later is counted.")
        )

    def clean_as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"]
        if as_of > self.today:
            raise forms.ValidationError(
                gettext("This day lies in the future. Today is %(today)s.")
                % {"today": self.today.isoformat()}
            )
        return as_of

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and first > last:
            self.add_error("to", gettext("The period ends before it begins."))
        as_of = cleaned.get("as_of")
        if first and as_of and first > as_of:
            self.add_error("from", gettext("The period begins after the day the data are cut."))
        return cleaned

    @property
    def timing(self) -> list[forms.BoundField]:
        """The fields of the period and the cut-off."""
        return [self[name] for name in ("from", "to", "as_of")]

    @property
    def limiting(self) -> list[forms.BoundField]:
        """The fields that limit patients and components."""
        return [self[name] for name in LIMITS]

    @property
    def limits_used(self) -> bool:
        return any(self.data.getlist(name) not in ([], [""]) for name in LIMITS)

    def filters(self) -> Filters:
        return Filters(
            centres=tuple(self.cleaned_data["centre"]),
            performed_from=self.cleaned_data["from"],
            performed_to=self.cleaned_data["to"],
            limits=self.limits(),
        )

    def as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"]
        return as_of
