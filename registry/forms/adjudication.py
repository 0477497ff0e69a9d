"""What a third person decides where two reads differ."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.base import Section
from registry.forms.fields import choice, text
from registry.forms.read import ReadForm
from registry.models import Adjudication
from registry.vocabulary import ReadAdequacy

__all__ = ["AdjudicationForm", "CorrectedAdjudicationForm"]


class AdjudicationForm(ReadForm):
    """Finding with sites, adequacy and the reason, signed with the password.

    `seen` stands for the two reads that were shown; it says neither whose they are nor which was
    first.
    """

    certainty = tip_level = extent_mm = extent_from_level = extent_to_level = remarks = None
    adequacy = choice(
        ReadAdequacy,
        only=[code for code in ReadAdequacy if code is not ReadAdequacy.NOT_ASSESSED],
    )
    reason = text(
        _("Why do the images say so?"),
        lines=3,
        required=True,
        help_text=_("What both readers could see. No names and no dates of birth."),
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_(
            "It is your signature. Once signed, the decision cannot be changed, only "
            "corrected by a new one."
        ),
        error_messages={"required": _("Sign with your password.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    sections = (
        *(Section("", section.fields) for section in ReadForm.sections[:2]),
        Section("", ("reason", "password")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adequacy"].widget.keys = "789"
        self.fields["primary_finding"].widget.keys = "123456"
        self.fields["primary_finding"].explained = True

    def show_again(self, *, seen: str, words: str) -> None:
        """Keep what was typed; the next signature is about the reads as they are now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = seen
        self.add_error(None, words)

    def decision(self) -> dict[str, Any]:
        """What `adjudications.sign` takes from the form."""
        return {
            "adequacy": self.cleaned_data["adequacy"],
            "findings": self.findings(),
            "reason": self.cleaned_data["reason"],
            "correction_reason": self.cleaned_data.get("correction_reason", ""),
        }

    @staticmethod
    def initial_of_decision(decision: Adjudication) -> dict[str, Any]:
        """The answers of a signed decision, as the start of its correction."""
        answers = {"adequacy": decision.adequacy, "reason": decision.reason}
        return answers | ReadForm.initial_findings(decision)


class CorrectedAdjudicationForm(AdjudicationForm):
    """A new decision that stands beside the one it corrects."""

    correction_reason = text(
        _("Why is the decision corrected?"),
        max_length=200,
        required=True,
        help_text=_("Both decisions stay; the reason stands beside them."),
    )
    sections = (Section("", ("correction_reason",)), *AdjudicationForm.sections)
