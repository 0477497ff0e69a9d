"""From when a centre logs every operation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm, Section
from registry.forms.fields import day

__all__ = ["CentreLogForm"]


class CentreLogForm(RecordForm):
    """`seen` is the day that stood there when the page was opened."""

    complete_log_from = day(
        _("Every operation is logged from"),
        required=False,
        help_text=_(
            "The first day from which no implantation, revision or removal is missing. Leave it "
            "empty if that is not known; audits then say so."
        ),
    )
    seen = forms.DateField(widget=forms.HiddenInput, required=False)

    sections = (Section("", ("complete_log_from",)),)
