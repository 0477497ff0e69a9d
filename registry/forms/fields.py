"""Form fields of the registry: one answer of a closed list, several, a day, a number with its unit.

Short lists become chips, long ones a select with group headings. Each field carries what the
template shows beside it: `unit`, `terms` (the members with definition and source) and `applies`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from registry.vocabulary import ClosedList

Words = str | Promise
"""What people read; a promise is kept in the language of whoever reads."""

NOT_RECORDED = _("Not recorded")

MOST_CHIPS = 7
"""A longer list is a select: chips are for answers that are seen at a glance."""

UNDECIDED = "undecided"
"""Sent for the answer that there is none: chosen by a person, unlike an empty one."""

DATE_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y/%m/%d"]
"""Year first in every one of them."""


@dataclass(frozen=True)
class Clause:
    """Another field's answer is one of `values`; negated, it is none of them or not given."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, answers: Sequence[str]) -> bool:
        return any(answer in self.values for answer in answers) != self.negated


@dataclass(frozen=True)
class Condition:
    """What the other answers must be for a field or section to apply: every clause holds."""

    clauses: tuple[Clause, ...]

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(self.clauses + other.clauses)

    def as_text(self, prefixed: Callable[[str], str]) -> str:
        """The text of `data-show-when`: `outcome=completed|stopped_other&reason!=unknown`."""
        return "&".join(
            f"{prefixed(clause.field)}{'!' if clause.negated else ''}={'|'.join(clause.values)}"
            for clause in self.clauses
        )


def when(field: str, *values: str) -> Condition:
    return Condition((Clause(field, values),))


def unless(field: str, *values: str) -> Condition:
    return Condition((Clause(field, values, negated=True),))


class TermRadios(forms.RadioSelect):
    """Chips that know the member behind each of them, and in `keys` the key that chooses it.

    A key is a digit, or one with the shift key: `⇧1`.
    """

    terms: Sequence[ClosedList] = ()
    keys: Sequence[str] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = _with_term(super().create_option(name, value, *args, **kwargs), value, self.terms)
        codes = [*(term.code for term in self.terms), UNDECIDED][: len(self.keys)]
        if self.keys and value in codes:
            option["key"] = self.keys[codes.index(value)]
        return option


class TermCheckboxes(forms.CheckboxSelectMultiple):
    """Boxes that know the member behind each of them."""

    terms: Sequence[ClosedList] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return _with_term(super().create_option(name, value, *args, **kwargs), value, self.terms)


class PlainDecimalField(forms.DecimalField):
    """A decimal number that may be typed with a comma, as on the ward's keyboards."""

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


def choice(
    closed_list: type[ClosedList],
    *,
    label: Words = "",
    required: bool = True,
    help_text: Words = "",
    only: Iterable[ClosedList] | None = None,
    applies: Condition | None = None,
    empty: Any = "",
    number: bool = False,
    unanswered: Words = NOT_RECORDED,
    undecided: Words = "",
    initial: Any = None,
    compact: bool = False,
) -> forms.TypedChoiceField:
    """One answer of a closed list.

    Parameters
    ----------
    only
        The members offered; all without it.
    empty
        What an unanswered field comes out as: "" or None, as the column wants it.
    number
        The codes are numbers and the answer comes out as an int.
    unanswered
        The chip that stands for no answer where the field is optional.
    undecided
        A last chip of a mandatory field: somebody says that there is no answer. It comes out as
        `empty`.
    compact
        A select even for a short list, in rows of a table.
    """
    terms = list(only) if only is not None else list(closed_list)
    short = len(terms) <= MOST_CHIPS and not compact
    pairs: list[Any] = [(term.code, _label(term)) for term in terms] if short else _grouped(terms)
    if not required or not short:
        pairs = [("", unanswered if not required else _("Choose …")), *pairs]
    if undecided:
        pairs = [*pairs, (UNDECIDED, undecided)]
    typed = int if number else str
    widget = TermRadios() if short else forms.Select()
    field = forms.TypedChoiceField(
        choices=pairs,
        coerce=lambda value: empty if value == UNDECIDED else typed(value),
        empty_value=empty,
        label=label or _(closed_list.list_label),
        required=required,
        help_text=help_text,
        widget=widget,
        initial=initial if initial is not None or required else "",
        error_messages={"required": _("Choose one answer.")},
    )
    return _dressed(field, terms=terms, applies=applies)


def choices(
    closed_list: type[ClosedList],
    *,
    label: Words = "",
    required: bool = False,
    help_text: Words = "",
    only: Iterable[ClosedList] | None = None,
    applies: Condition | None = None,
) -> forms.MultipleChoiceField:
    """Several answers of a closed list, under the headings of their groups."""
    terms = list(only) if only is not None else list(closed_list)
    field = forms.MultipleChoiceField(
        choices=_grouped(terms),
        label=label or _(closed_list.list_label),
        required=required,
        help_text=help_text,
        widget=TermCheckboxes(),
        error_messages={"required": _("Choose at least one.")},
    )
    return _dressed(field, terms=terms, applies=applies)


def day(
    label: Words,
    *,
    required: bool = True,
    help_text: Words = "",
    applies: Condition | None = None,
) -> forms.DateField:
    """A date, ISO."""
    field = forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=DATE_FORMATS,
        # Native pickers follow the browser's language, so that 03/05 reads two ways.
        widget=forms.DateInput(
            attrs={
                "data-iso-date": True,
                "placeholder": _("YYYY-MM-DD"),
                "autocomplete": "off",
                "maxlength": 10,
            },
            format="%Y-%m-%d",
        ),
        error_messages={
            "required": _("Enter a date."),
            "invalid": _("Enter a day that exists, as year-month-day: 2024-03-05."),
        },
    )
    return _dressed(field, applies=applies)


def time_of_day(
    label: Words,
    *,
    required: bool = False,
    help_text: Words = "",
    applies: Condition | None = None,
) -> forms.TimeField:
    """Hour and minute, in the time zone of the centre."""
    field = forms.TimeField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        widget=forms.TimeInput(
            attrs={
                "placeholder": _("HH:MM"),
                "autocomplete": "off",
                "maxlength": 5,
                "class": "short",
            },
            format="%H:%M",
        ),
        error_messages={"invalid": _("Enter a time of day as hours and minutes: 14:05.")},
    )
    return _dressed(field, applies=applies)


def number(
    label: Words,
    *,
    unit: str = "",
    smallest: float | None = None,
    largest: float | None = None,
    decimals: int = 0,
    required: bool = False,
    help_text: Words = "",
    applies: Condition | None = None,
) -> forms.Field:
    """A number with its unit; without decimals it comes out as an int."""
    limits = {
        "min_value": None if smallest is None else Decimal(str(smallest)),
        "max_value": None if largest is None else Decimal(str(largest)),
    }
    mode = "decimal" if decimals else "numeric"
    shared: dict[str, Any] = {
        "label": label,
        "required": required,
        "help_text": help_text,
        "widget": forms.TextInput(
            attrs={"inputmode": mode, "autocomplete": "off"} | ({} if unit else {"class": "short"})
        ),
        "error_messages": {
            "required": _("Enter a number."),
            "min_value": format_lazy(
                _("Plausible from {limit}; was the unit mistaken?"),
                limit=f"{smallest} {unit}".rstrip(),
            ),
            "max_value": format_lazy(
                _("Plausible up to {limit}; was the unit mistaken?"),
                limit=f"{largest} {unit}".rstrip(),
            ),
        },
        **limits,
    }
    field: forms.Field = (
        PlainDecimalField(decimal_places=decimals, **shared)
        if decimals
        else forms.IntegerField(**shared)
    )
    return _dressed(field, unit=unit, applies=applies)


def text(
    label: Words,
    *,
    max_length: int | None = None,
    lines: int = 1,
    required: bool = False,
    help_text: Words = "",
    applies: Condition | None = None,
) -> forms.CharField:
    """Free words; they never say who the patient is."""
    widget = (
        forms.TextInput(attrs={"autocomplete": "off"})
        if lines == 1
        else forms.Textarea(attrs={"rows": lines})
    )
    field = forms.CharField(
        label=label,
        max_length=max_length,
        required=required,
        help_text=help_text,
        widget=widget,
        error_messages={"required": _("Say it in words.")},
    )
    return _dressed(field, applies=applies)


def flag(label: Words, *, help_text: Words = "", applies: Condition | None = None) -> Any:
    """A box to tick for what is hardly ever so."""
    field = forms.BooleanField(label=label, required=False, help_text=help_text)
    return _dressed(field, applies=applies)


def edition() -> forms.IntegerField:
    """The edition the editor saw, so that nobody overwrites what somebody else saved meanwhile."""
    return forms.IntegerField(widget=forms.HiddenInput)


def _dressed(
    field: Any,
    *,
    unit: str = "",
    terms: Sequence[ClosedList] = (),
    applies: Condition | None = None,
) -> Any:
    field.unit, field.source, field.terms, field.applies = unit, "", terms, applies
    if terms and isinstance(field.widget, TermRadios | TermCheckboxes):
        field.widget.terms = terms
    return field


def _label(term: ClosedList) -> Promise:
    """Fields are made once and shown to many."""
    return _(term.term.label)


def _grouped(terms: Sequence[ClosedList]) -> list[Any]:
    grouped: dict[ClosedList, list[tuple[str, Promise]]] = {}
    for term in terms:
        if term.group is not None:
            grouped.setdefault(term.group, []).append((term.code, _label(term)))
    return [
        *((_label(group), pairs) for group, pairs in grouped.items()),
        *((term.code, _label(term)) for term in terms if term.group is None),
    ]


def _with_term(option: dict[str, Any], value: Any, terms: Sequence[ClosedList]) -> dict[str, Any]:
    for term in terms:
        if term.code == str(value):
            option["term"] = term
    return option
