"""What a list or a search is narrowed to; read from the address, and nothing is mandatory."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Centre
from registry.queries.list_rules import serial_term
from registry.vocabulary import Diagnosis, GmfcsLevel, ImagingFindingCode, Sex

from .fields import choice, day, text

ANY_EVENT = "case"


class ListFilterForm(forms.Form):
    """Facts of the patient, days and centre."""

    since = day(_("From"), required=False)
    until = day(_("To"), required=False)
    sex = choice(Sex, required=False, unanswered=_("Any"), compact=True)
    diagnosis = choice(Diagnosis, required=False, unanswered=_("Any"), compact=True)
    gmfcs = choice(GmfcsLevel, required=False, unanswered=_("Any"), compact=True)
    finding = choice(
        ImagingFindingCode,
        label=_("Patient has the CT finding"),
        required=False,
        unanswered=_("Any"),
        compact=True,
    )
    centre = forms.ChoiceField(label=_("Centre"), required=False)

    def __init__(self, *args: Any, centres: Sequence[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(centre.code, centre.name) for centre in centres]
        self.fields["centre"].choices = [("", _("Any")), *choices]  # type: ignore[attr-defined]
        if len(choices) < 2:
            del self.fields["centre"]

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The span ends before its beginning."))
        return self.cleaned_data

    def narrowed_to(self) -> dict[str, Any]:
        """The answers as `Wanted` takes them; what was not understood narrows nothing."""
        given = self.cleaned_data if self.is_valid() else {}
        finding = given.get("finding")
        return {
            "since": given.get("since"),
            "until": given.get("until"),
            "sex": given.get("sex", ""),
            "diagnosis": given.get("diagnosis", ""),
            "gmfcs": given.get("gmfcs", ""),
            "centre_code": given.get("centre", ""),
            "also": (f"finding:{finding}",) if finding else (),
        }

    def query(self) -> dict[str, str]:
        """What was asked for, as it stands in the address; nothing that was left empty."""
        return {
            name: str(self.data[name])
            for name in self.fields
            if self.data.get(name) and name not in self.errors
        }


class SearchForm(ListFilterForm):
    """The same, and what is looked for: an event, a finding, a device, a serial number."""

    field_order = ("what", "serial", "since", "until")

    what = forms.ChoiceField(label=_("What"), required=False)
    serial = text(
        _("Serial or lot number"),
        max_length=40,
        help_text=_("In full; upper case and spaces do not matter."),
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices  # type: ignore[attr-defined]

    def term(self) -> str:
        """What is looked for; any case where nothing was said."""
        given = self.cleaned_data if self.is_valid() else {}
        if given.get("serial"):
            return serial_term(given["serial"])
        return given.get("what") or ANY_EVENT


class KeepFilterForm(forms.Form):
    """A name for a search."""

    name = forms.CharField(label=_("Name"), max_length=80)
    is_shared = forms.BooleanField(label=_("Share with the centre"), required=False)
    page = forms.CharField(widget=forms.HiddenInput, max_length=16)
    query = forms.CharField(widget=forms.HiddenInput, max_length=500, required=False)
