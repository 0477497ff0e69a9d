"""How often the studies of a centre are read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm
from registry.forms.fields import edition, number

__all__ = ["ReadingProtocolForm"]


class ReadingProtocolForm(RecordForm):
    edition = edition()
    reads_per_study = forms.TypedChoiceField(
        choices=[(1, _("One reader")), (2, _("Two readers, each alone"))],
        coerce=int,
        widget=forms.RadioSelect,
        label=_("Who reads a study?"),
        help_text=_("Reads of the images. A finding taken from a report is none of them."),
    )
    reread_share_percent = number(
        _("Read again by the same reader"),
        unit="percent",
        smallest=0,
        largest=100,
        required=True,
        help_text=_(
            "Of all signed reads. Chosen by a key, and shown to the reader like any other "
            "study. 10 % is our proposal; 0 asks for none."
        ),
    )
    reread_after_days = number(
        _("After"),
        unit="days",
        smallest=1,
        largest=730,
        required=True,
        help_text=_("28 days are our proposal. What is queued already keeps its day."),
    )

    def numbers(self) -> dict[str, int]:
        """What `reading_protocols.edit` takes as changes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "edition"}
