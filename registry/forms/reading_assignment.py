"""Asking a reader for reads."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm
from registry.models import Membership
from registry.queries.reading_workload import OpenStudy

__all__ = ["AssignmentForm"]


class AssignmentForm(RecordForm):
    """Some of the open studies, and one of the readers."""

    studies = forms.MultipleChoiceField(
        label=_("Studies"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one study.")},
    )
    reader = forms.ChoiceField(
        label=_("Reader"), error_messages={"required": _("Choose the reader who is asked.")}
    )

    def __init__(
        self,
        *args: Any,
        lines: Sequence[OpenStudy],
        readers: Sequence[Membership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {str(line.study.public_id): line for line in lines}
        self.readers = {str(one.user.public_id): one.user for one in readers}
        names = [(key, one.get_username()) for key, one in self.readers.items()]
        self.fields["studies"].choices = [(key, key) for key in self.lines]
        self.fields["reader"].choices = [("", gettext("Choose …")), *names]

    @property
    def chosen_reader(self) -> Any:
        return self.readers[self.cleaned_data["reader"]]

    @property
    def chosen_studies(self) -> list[Any]:
        return [self.lines[key].study for key in self.cleaned_data["studies"]]
