"""What a frozen report is called."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import AuditReport


class ReportTitleForm(forms.Form):
    """The title of a report, and the facts its author was looking at."""

    title = forms.CharField(
        max_length=AuditReport._meta.get_field("title").max_length,
        label=_("Title of the report"),
        help_text=_("Appears on the report and in its file. No names of patients."),
    )
    facts_sha256 = forms.CharField(required=False, widget=forms.HiddenInput)
