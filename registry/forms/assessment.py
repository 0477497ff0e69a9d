"""One assessment: the items of the instrument that was chosen, each with its grades."""

from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.audit.instruments import (
    NOT_ASSESSED,
    PLAIN_RANGE,
    Grades,
    Instrument,
    Item,
    grade_words,
    items_of,
)
from registry.forms.base import RecordForm, Section
from registry.forms.fields import (
    Condition,
    TermRadios,
    choice,
    day,
    edition,
    number,
    text,
    unless,
)
from registry.models import Assessment
from registry.vocabulary import AssessorRole, GmfcsAgeBand, InstrumentCode, ScoreDirection

__all__ = ["AssessmentForm", "AssessmentUpdateForm", "InstrumentForm"]

FACTS = (
    "performed_on", "version", "language", "direction", "age_band", "assessor_role", "assessor",
    "remarks",
)  # fmt: skip
NOT_RECORDED = "\N{EN DASH}"
GRADES_WORDS = _(
    "\N{EN DASH} is not recorded; n.a. is not assessed: looked at, and it could not be graded."
)
PAIRED = (Instrument.ASHWORTH_0_4, Instrument.ASHWORTH_1_5, Instrument.MODIFIED_ASHWORTH)
"""Graded on the right and on the left: side by side on the page, too."""


class InstrumentForm(RecordForm):
    """Which instrument was used; it decides what is asked next."""

    instrument = choice(InstrumentCode)


class AssessmentForm(RecordForm):
    """Day, grades, and how they came about.

    Parameters
    ----------
    instrument
        Its items become the fields of the form, named by their codes.
    """

    performed_on = day(_("Date of the assessment"))
    version = text(_("Version of the instrument"), max_length=40)
    language = text(_("Language"), max_length=40)
    direction = choice(ScoreDirection)
    age_band = choice(GmfcsAgeBand, required=False)
    assessor_role = choice(AssessorRole, required=False)
    assessor = text(
        _("Initials or code of who assessed"),
        max_length=40,
        help_text=_("The same person each time compares best."),
    )
    remarks = text(
        _("Remarks"),
        lines=2,
        help_text=_("No names and no dates of birth: the patient is pseudonymous."),
    )

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        if instrument is not Instrument.CPCHILD:
            del self.fields["direction"]
        else:
            self.fields["version"].required = True
        if instrument is not Instrument.GMFCS:
            del self.fields["age_band"]
        for item in items_of(instrument):
            self.fields[item.code] = _grade(item, applies=_asked(instrument, item))
            self.fields[item.code].source = ""
        self.sections = (
            Section("", ("performed_on",)),
            *self._graded(),
            Section(
                str(_("How it was assessed")),
                (
                    "direction", "age_band", "version", "language", "assessor_role", "assessor",
                    "remarks",
                ),
            ),
        )  # fmt: skip

    @property
    def term(self) -> InstrumentCode:
        """The instrument with definition, source and licence."""
        return InstrumentCode.get(self.instrument.value)

    def facts(self) -> dict[str, Any]:
        """Fields of the assessment, without its grades."""
        return {name: self.cleaned_data[name] for name in FACTS if name in self.fields}

    def grades(self) -> Grades:
        """Item code → grade, without what was not recorded."""
        return {
            item.code: _as_text(answer)
            for item in items_of(self.instrument)
            if (answer := self.cleaned_data[item.code]) not in ("", None)
        }

    @staticmethod
    def initial_of(assessment: Assessment) -> dict[str, Any]:
        """The answers of a saved assessment."""
        initial = {name: getattr(assessment, name) for name in (*FACTS, "edition")}
        return initial | {row.item: row.as_text for row in assessment.grades.all()}

    def _graded(self) -> list[Section]:
        items = items_of(self.instrument)
        if self.instrument in PAIRED:
            codes = tuple(item.code for item in items)
            return [Section(str(_("Muscle groups")), codes, words=str(GRADES_WORDS), columns=2)]
        if self.instrument is Instrument.COPM:
            return [
                Section(label, tuple(item.code for item in alike))
                for label, alike in groupby(items, key=lambda item: item.label.split(":")[0])
            ]
        return [
            Section(
                label or str(_("Grades")),
                tuple(item.code for item in alike),
                words=str(GRADES_WORDS) if self.instrument is not Instrument.CPCHILD else "",
            )
            for label, alike in groupby(items, key=_heading(self.instrument))
        ]


class AssessmentUpdateForm(AssessmentForm):
    edition = edition()


def _heading(instrument: Instrument) -> Any:
    """Two parts of one instrument have headings; regions and numbered items stand below one."""
    if instrument is Instrument.BRIEF_PAIN:
        return lambda item: item.group
    return lambda item: ""


def _asked(instrument: Instrument, item: Item) -> Condition | None:
    if instrument is Instrument.PENN_SPASM and item.code == "severity":
        return unless("frequency", "0")
    return None


def _grade(item: Item, *, applies: Condition | None) -> forms.Field:
    if not item.grades:
        lowest, highest = PLAIN_RANGE
        return number(item.label, smallest=lowest, largest=highest, decimals=1, applies=applies)
    field = forms.ChoiceField(
        choices=[
            ("", NOT_RECORDED),
            *((grade, grade_words(grade)) for grade in item.grades),
            (NOT_ASSESSED, _("n.a.")),
        ],
        label=item.label,
        required=False,
        widget=TermRadios(),
        initial="",
    )
    field.unit, field.terms, field.applies = "", (), applies  # type: ignore[attr-defined]
    return field


def _as_text(answer: Any) -> str:
    return f"{answer.normalize():f}" if isinstance(answer, Decimal) else str(answer)
