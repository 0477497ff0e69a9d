"""Where a signed read is sent, and what of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imaging.models import RemoteArchive
from registry.forms.base import RecordForm

__all__ = ["ReadSendingForm"]

WITH_IMAGES = "images"


class ReadSendingForm(RecordForm):
    """One choice: an archive, with or without the images where it receives them."""

    target = forms.ChoiceField(
        label=_("Send"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the read is to be sent.")},
    )

    def __init__(self, *args: Any, archives: Sequence[RemoteArchive], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.archives = {str(one.public_id): one for one in archives}
        choices = []
        for public_id, archive in self.archives.items():
            choices.append(
                (public_id, gettext("Report and key images to %(name)s") % {"name": archive.name})
            )
            if archive.receives == RemoteArchive.Receives.IMAGES:
                choices.append(
                    (
                        f"{public_id} {WITH_IMAGES}",
                        gettext("The same and the images to %(name)s") % {"name": archive.name},
                    )
                )
        self.fields["target"].choices = choices

    def chosen(self) -> tuple[RemoteArchive, bool]:
        """The archive, and whether images go, too."""
        public_id, _, what = self.cleaned_data["target"].partition(" ")
        return self.archives[public_id], what == WITH_IMAGES
