"""What every form of the registry shares: fields made from closed lists, units, conditions.

A form checks the shape of the answers and hands `cleaned_data` to an action. A field may apply only
while another answer has certain values; where it does not apply it is neither asked nor validated,
and it comes out empty, whatever the browser sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.actions.errors import InvalidRecordError
from registry.forms.fields import Condition, Words
from registry.vocabulary import SOURCES, ClosedList

__all__ = [
    "ConflictRow",
    "Definition",
    "Part",
    "Picture",
    "RecordForm",
    "Section",
    "ShownField",
    "words_of",
]

NOT_RECORDED = _("not recorded")
EARLIEST_YEAR = 1900
MOST_ROWS = 100
"""Rows a form takes beside its own answers [own]; more are refused before they are drawn."""
"""As of the year of birth [own]; before it, digits of a year were left out or swapped."""


@dataclass(frozen=True)
class Section:
    """A titled group of fields, by name; `columns` sets short fields side by side.

    `folds` where nobody needs to answer: it is drawn closed until something in it is.
    """

    title: Words
    fields: tuple[str, ...]
    words: Words = ""
    applies: Condition | None = None
    columns: int = 1
    folds: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing of what an answer looks like; `path` is below the static files."""

    path: str
    words: str


@dataclass(frozen=True)
class Definition:
    """What one answer means, and how far to trust the wording.

    `mark` is "own" or "proposal" where no source is cited or the definition goes beyond it.
    """

    label: str
    words: str
    exclusions: tuple[str, ...]
    sources: tuple[str, ...]
    mark: str
    pictures: tuple[Picture, ...] = ()

    @classmethod
    def of(cls, term: ClosedList, pictures: tuple[Picture, ...] = ()) -> "Definition":
        return cls(
            label=term.label,
            words=term.definition,
            exclusions=term.exclusions,
            sources=tuple(SOURCES[key] for key in term.sources),
            mark="" if term.status == "published" else term.status,
            pictures=pictures,
        )


@dataclass(frozen=True)
class ShownField:
    """One field as the template draws it; `condition` is the text of `data-show-when`."""

    bound: BoundField
    condition: str

    @property
    def definitions(self) -> list[Definition]:
        """What stands beside the field; nothing for lists of plain words such as yes and no."""
        terms = getattr(self.bound.field, "terms", ())
        if getattr(self.bound.field, "explained", False):
            return []
        if not any(term.source or term.exclusions for term in terms):
            return []
        return [Definition.of(term) for term in terms]

    @property
    def explanations(self) -> list[tuple[str, Definition]]:
        """The definition of the answer that is chosen, each with its condition."""
        if not getattr(self.bound.field, "explained", False):
            return []
        pictures = getattr(self.bound.field, "pictures", {})
        return [
            (
                f"{self.bound.html_name}={term.code}",
                Definition.of(term, pictures.get(term.code, ())),
            )
            for term in getattr(self.bound.field, "terms", ())
        ]

    @property
    def groups(self) -> list[tuple[str, list[BoundWidget]]]:
        """Chips or boxes under the heading of their group; "" for those without one.

        A single group needs no heading.
        """

        def heading(option: BoundWidget) -> str:
            term = option.data.get("term")
            return term.group.label if term is not None and term.group is not None else ""

        if len({heading(option) for option in self.bound}) == 1:
            return [("", list(self.bound))]
        return [(title, list(options)) for title, options in groupby(self.bound, key=heading)]


@dataclass(frozen=True)
class Part:
    """A section with its fields, ready to draw."""

    title: Words
    words: Words
    condition: str
    columns: int
    folds: bool
    fields: list[ShownField]

    @property
    def has_answers(self) -> bool:
        """Whether a folded part must be open, because something in it was answered or refused."""
        return any(shown.bound.value() or shown.bound.errors for shown in self.fields)


@dataclass(frozen=True)
class ConflictRow:
    """One answer that differs between the saved version and what was typed."""

    label: str
    saved: str
    typed: str


class RecordForm(forms.Form):
    """Base of all forms.

    Parameters
    ----------
    today
        The day in the centre's time zone. Where given, no date may lie after it.
    """

    sections: tuple[Section, ...] = ()
    may_lie_ahead: tuple[str, ...] = ()
    """Days that may come yet, such as an expiry."""

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.conflict: list[ConflictRow] | None = None
        for field in self.fields.values():
            # The field template asks every field for these.
            field.unit = getattr(field, "unit", "")
            field.source = getattr(field, "source", "")

    @property
    def parts(self) -> list[Part]:
        """Sections in order; without any, one untitled part with every visible field."""
        names = tuple(field.name for field in self.visible_fields())
        return [
            Part(
                title=section.title,
                words=section.words,
                condition=self._condition_text(section.applies),
                columns=section.columns,
                folds=section.folds,
                fields=[self._shown(name) for name in section.fields if name in self.fields],
            )
            for section in self.sections or (Section("", names),)
        ]

    def applies(self, name: str) -> bool:
        """Whether the field is asked, given the other answers as they were sent."""
        conditions = [getattr(self.fields[name], "applies", None)]
        conditions += [section.applies for section in self.sections if name in section.fields]
        return all(
            clause.holds(self._answers(clause.field))
            for condition in conditions
            if condition
            for clause in condition.clauses
        )

    def add_action_errors(self, error: InvalidRecordError) -> None:
        """Show what an action refused beside the fields it names, the rest in the summary."""
        for name, sentences in error.errors.items():
            self.add_error(name if name in self.fields else None, list(sentences))

    def show_conflict(
        self, *, saved: Mapping[str, Any], edition: int, rows: Sequence[ConflictRow] = ()
    ) -> None:
        """Keep what was typed, show what was saved meanwhile, and let the next save follow it.

        Parameters
        ----------
        saved
            The answers of the saved version, as `initial` would hold them.
        edition
            The edition of the saved version.
        rows
            Differences in what stands beside the form, such as rows of a table.
        """
        self.conflict = [
            ConflictRow(
                label=str(bound.label),
                saved=words_of(bound.field, saved.get(bound.name)),
                typed=words_of(bound.field, self.cleaned_data.get(bound.name)),
            )
            for bound in self.visible_fields()
            if _comparable(saved.get(bound.name)) != _comparable(self.cleaned_data.get(bound.name))
        ]
        self.conflict += [row for row in rows if row.saved != row.typed]
        self.data = self.data.copy()
        self.data[self.add_prefix("edition")] = str(edition)

    def _clean_fields(self) -> None:
        # Django offers no public hook before a field is cleaned.
        for name, field in self.fields.items():
            if not self.applies(name):
                self.cleaned_data[name] = _empty_value(field)
                continue
            try:
                self.cleaned_data[name] = field._clean_bound_field(self[name])
                if cleaner := getattr(self, f"clean_{name}", None):
                    self.cleaned_data[name] = cleaner()
                if name not in self.may_lie_ahead:
                    self._refuse_future(self.cleaned_data[name])
                self._refuse_slip(self.cleaned_data[name])
            except ValidationError as error:
                self.add_error(name, error)

    def _refuse_future(self, value: Any) -> None:
        if self.today and isinstance(value, date) and value > self.today:
            raise ValidationError(
                gettext("This day lies in the future. Today is %(today)s.")
                % {"today": self.today.isoformat()}
            )

    def _refuse_slip(self, value: Any) -> None:
        if isinstance(value, date) and value.year < EARLIEST_YEAR:
            raise ValidationError(
                gettext("This day lies before %(year)s: was the year mistaken?")
                % {"year": EARLIEST_YEAR}
            )

    def _shown(self, name: str) -> ShownField:
        return ShownField(
            bound=self[name],
            condition=self._condition_text(getattr(self.fields[name], "applies", None)),
        )

    def _answers(self, name: str) -> list[str]:
        """What was answered; nothing where the question was not asked."""
        if not self.applies(name):
            return []
        answer = self[name].data if self.is_bound else self[name].value()
        answers = answer if isinstance(answer, list | tuple) else [answer]
        return [str(given) for given in answers if given not in (None, "")]

    def _condition_text(self, condition: Condition | None) -> str:
        return condition.as_text(self.add_prefix) if condition else ""


def words_of(field: forms.Field, value: Any) -> str:
    """An answer in the words of its field."""
    if value in (None, "", []):
        return str(NOT_RECORDED)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple | set):
        return ", ".join(words_of(field, item) for item in value)
    labels = {
        str(code): str(label)
        for item in getattr(field, "choices", ())
        for code, label in (item[1] if isinstance(item[1], list | tuple) else [item])
    }
    unit = getattr(field, "unit", "")
    return labels.get(str(value), f"{value} {unit}".strip())


def _empty_value(field: forms.Field) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        return []
    if isinstance(field, forms.BooleanField):
        return False
    return getattr(field, "empty_value", None)


def _comparable(value: Any) -> Any:
    if value in (None, "", []):
        return None
    return sorted(map(str, value)) if isinstance(value, list | tuple | set) else str(value)
