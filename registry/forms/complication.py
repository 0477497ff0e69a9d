"""A complication: what, how bad on each axis, and what it followed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm, Section
from registry.forms.fields import choice, choices, day, edition, number, text, when
from registry.models import Complication, ContrastStudy, RevisionSurgery
from registry.models.complication import ADMITTED, MOST_NIGHTS, OF_WITHDRAWAL
from registry.vocabulary import (
    ClavienDindoSink,
    ComplicationCode,
    Hospitalisation,
    Relatedness,
    WithdrawalSeverity,
    YesNoUnknown,
)

__all__ = ["ComplicationForm", "ComplicationUpdateForm"]

FACTS = (
    "occurred_on", "code", "code_text", "grade", "withdrawal_severity", "hospitalisation",
    "hospital_nights", "icu_nights", "needed_surgery", "serious", "resolved_on", "remarks",
)  # fmt: skip


class ComplicationForm(RecordForm):
    """What went wrong.

    Parameters
    ----------
    events
        Operations and contrast studies that it may have followed, in order.
    """

    occurred_on = day(_("First noticed on"))
    code = choice(ComplicationCode, label=_("What went wrong?"))
    code_text = text(
        _("Which complication"),
        max_length=200,
        required=True,
        applies=when("code", ComplicationCode.OTHER.value),
    )
    followed = forms.ChoiceField(
        label=_("It followed"),
        required=False,
        help_text=_("Early and late are counted from this day."),
    )
    grade = choice(
        ClavienDindoSink,
        label=_("Clavien-Dindo-Sink grade"),
        required=False,
        help_text=_("Every revision is grade III, so the grade alone says little."),
    )
    withdrawal_severity = choice(
        WithdrawalSeverity, required=False, applies=when("code", *OF_WITHDRAWAL)
    )
    hospitalisation = choice(
        Hospitalisation, label=_("Highest level of hospital care"), required=False
    )
    hospital_nights = number(
        _("In hospital"),
        unit=_("nights"),
        smallest=0,
        largest=MOST_NIGHTS,
        applies=when("hospitalisation", *ADMITTED),
    )
    icu_nights = number(
        _("Of them in intensive care"),
        unit=_("nights"),
        smallest=0,
        largest=MOST_NIGHTS,
        applies=when("hospitalisation", Hospitalisation.ICU.value),
    )
    needed_surgery = choice(YesNoUnknown, label=_("Did it need an operation?"), required=False)
    serious = choice(
        YesNoUnknown,
        label=_("Serious adverse event?"),
        required=False,
        help_text=_("As ISO 14155 defines it."),
    )
    relations = choices(Relatedness, label=_("Related to"))
    resolved_on = day(_("Resolved on"), required=False)
    remarks = text(
        _("Remarks"),
        lines=3,
        help_text=_("No names and no dates of birth: the case is pseudonymous."),
    )

    sections = (
        Section(_("Complication"), ("occurred_on", "code", "code_text", "followed")),
        Section(
            _("How bad it was"),
            (
                "grade",
                "withdrawal_severity",
                "hospitalisation",
                "hospital_nights",
                "icu_nights",
                "needed_surgery",
                "serious",
            ),
        ),
        Section(_("Relation and course"), ("relations", "resolved_on", "remarks")),
    )

    def __init__(
        self, *args: Any, events: Iterable[RevisionSurgery | ContrastStudy], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.events = {str(event.public_id): event for event in events}
        self.fields["followed"].choices = [
            ("", _("Neither an operation nor a contrast study")),
            *((key, _event_words(event)) for key, event in self.events.items()),
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        event = self.events.get(answers.get("followed") or "")
        noticed_on, resolved_on = answers.get("occurred_on"), answers.get("resolved_on")
        if event and noticed_on and noticed_on < event.performed_on:
            self.add_error("occurred_on", _("This lies before what it is said to have followed."))
        if noticed_on and resolved_on and resolved_on < noticed_on:
            self.add_error("resolved_on", _("It cannot be resolved before it was noticed."))
        nights, icu_nights = answers.get("hospital_nights"), answers.get("icu_nights")
        if nights is not None and icu_nights is not None and icu_nights > nights:
            self.add_error("icu_nights", _("More nights in intensive care than in hospital."))
        if answers.get("code") == ComplicationCode.DEATH.value and answers.get("grade") not in (
            "",
            ClavienDindoSink.GRADE_V.value,
        ):
            self.add_error("grade", _("Death is grade V."))
        return answers

    def facts(self) -> dict[str, Any]:
        """Fields of the complication, without its relations."""
        event = self.events.get(self.cleaned_data["followed"])
        return {name: self.cleaned_data[name] for name in FACTS} | {
            "surgery": event if isinstance(event, RevisionSurgery) else None,
            "contrast_study": event if isinstance(event, ContrastStudy) else None,
        }

    @staticmethod
    def initial_of(complication: Complication) -> dict[str, Any]:
        """The answers of a saved complication."""
        event = complication.surgery or complication.contrast_study
        followed: UUID | str = event.public_id if event else ""
        return {
            **{name: getattr(complication, name) for name in (*FACTS, "edition")},
            "followed": str(followed),
            "relations": [relation.code for relation in complication.relations.all()],
        }


class ComplicationUpdateForm(ComplicationForm):
    edition = edition()


def _event_words(event: RevisionSurgery | ContrastStudy) -> str:
    what = _("Operation of %s") if isinstance(event, RevisionSurgery) else _("Contrast study of %s")
    return what % event.performed_on
