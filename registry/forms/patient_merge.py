"""Merging two numbers of one person, taking it back, and sending a patient elsewhere."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.models import Centre

from .fields import day, text


class ReasonForm(forms.Form):
    """Why; it stands in the history."""

    reason = text(_("Reason"), max_length=200, required=True)


class TransferForm(ReasonForm):
    """Where to and since when."""

    field_order = ("to_centre", "transferred_on", "reason")

    to_centre = forms.ModelChoiceField(queryset=None, label=_("To"), empty_label=_("Choose …"))
    transferred_on = day(_("Care goes over on"))

    def __init__(self, *args: Any, centres: QuerySet[Centre], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_centre"]
        field.queryset = centres  # type: ignore[attr-defined]
        field.label_from_instance = lambda centre: centre.name  # type: ignore[attr-defined]
        self.today = today

    def clean_transferred_on(self) -> date:
        given: date = self.cleaned_data["transferred_on"]
        if given > self.today:
            raise forms.ValidationError(
                _("This day lies in the future. Today is %(today)s.") % {"today": self.today}
            )
        return given


class AcceptForm(forms.Form):
    """The number the patient has here, where it is known."""

    local_number = text(
        _("Your hospital's patient number"),
        max_length=64,
        help_text=_("It lets images find their patient; it can be left empty."),
    )
