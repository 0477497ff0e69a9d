"""Answers that are possible but unusual: asked back about, and kept with the confirmation.

What cannot be is refused; what is only unlikely is saved once somebody has said that it is so.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.actions.doubts import Doubt
from registry.forms.base import Part, RecordForm

FIELD = "confirmed_doubts"


class DoubtingForm(RecordForm):
    """A form that asks back; `cleaned_data` has the codes of what was confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and self.initial.get(FIELD):
            self._ask(list(self.doubts(self.initial)))

    def doubts(self, answers: Mapping[str, Any]) -> Iterable[Doubt]:
        """What to ask back about these answers."""
        return ()

    @property
    def parts(self) -> list[Part]:
        own = [part for part in super().parts if part.fields]
        if FIELD not in self.fields:
            return own
        words = _("Unusual, but possible. Tick what is right as it stands, or correct it below.")
        asked = Part(
            title=str(_("Please confirm")),
            words=str(words),
            condition="",
            columns=1,
            folds=False,
            fields=[self._shown(FIELD)],
        )
        return [asked, *own]

    @property
    def confirmed(self) -> list[str]:
        return list(self.cleaned_data[FIELD])

    def facts(self) -> dict[str, Any]:
        """The answers by model field."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("edition", FIELD)}

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        asked = list(self.doubts(answers))
        sent = forms.CheckboxSelectMultiple().value_from_datadict(
            self.data, self.files, self.add_prefix(FIELD)
        )
        answers[FIELD] = [doubt.code for doubt in asked if doubt.code in (sent or [])]
        if asked:
            self._ask(asked)
            self.show_doubts([doubt for doubt in asked if doubt.code not in answers[FIELD]])
        else:
            self.fields.pop(FIELD, None)
        return answers

    def show_doubts(self, doubts: Iterable[Doubt]) -> None:
        """Ask back about each of them, beside its field."""
        for doubt in doubts:
            field = doubt.field if doubt.field in self.fields else None
            self.add_error(field, _("Please confirm: %s") % doubt.words)

    def _ask(self, asked: list[Doubt]) -> None:
        if not asked:
            return
        field = forms.MultipleChoiceField(
            choices=[(doubt.code, doubt.words) for doubt in asked],
            label=_("These answers are right"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        field.unit = field.source = ""
        self.fields[FIELD] = field
