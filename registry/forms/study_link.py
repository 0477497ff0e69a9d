"""Linking images to a contrast study, and taking a wrong link back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm
from registry.forms.fields import text

__all__ = ["LinkForm", "WithdrawForm"]


class LinkForm(RecordForm):
    """The contrast study a person confirms; a reason where images and case differ."""

    contrast_study = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose the contrast study these images belong to.")},
    )
    override_reason = text(
        _("Why do images and case differ?"),
        max_length=200,
        help_text=_("The reason stands beside the link and in the history."),
    )


class WithdrawForm(RecordForm):
    """Why a link was wrong."""

    reason = text(
        _("Why is the link wrong?"),
        max_length=200,
        required=True,
        help_text=_("The images stay and can be linked again."),
    )
