"""What a person makes of a device signal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm, Section
from registry.forms.fields import choice, text
from registry.vocabulary import SignalDispositionCode

MOST_LETTERS = 2000

__all__ = ["SignalDispositionForm"]


class SignalDispositionForm(RecordForm):
    """`facts_sha256` and `seen` say which numbers and which disposition the person had seen."""

    disposition = choice(SignalDispositionCode, label=_("What does the signal mean?"))
    reason = text(
        _("Why"),
        max_length=MOST_LETTERS,
        lines=5,
        required=True,
        help_text=_("It stands on reports. Say nothing of a single patient."),
    )
    facts_sha256 = forms.CharField(widget=forms.HiddenInput)
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)

    sections = (Section("", ("disposition", "reason")),)

    def see(self, *, facts_sha256: str, seen: str) -> None:
        """Show other numbers than those that were sent; what was typed stays."""
        self.data = self.data.copy()
        self.data["facts_sha256"], self.data["seen"] = facts_sha256, seen
