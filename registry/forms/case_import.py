"""Sending a table of cases, and saying which of its columns answers which question."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.exchange.cells import FACTORS, NO, YES, normal
from registry.exchange.mapping import (
    TARGETS,
    ColumnMapping,
    FileMapping,
    Target,
    key_of,
    known_by_name,
    mandatory_without_column,
    not_understood,
    slots,
)
from registry.exchange.spreadsheet_reader import RawSheet
from registry.models import Centre

EXAMPLES = 3
LONGEST_EXAMPLE = 40
LEFT_OUT = ("", _("— left out —"))
ORDERS = (
    ("unclear", _("day or month first: not said")),
    ("day_first", _("day first: 31/12/2019")),
    ("month_first", _("month first: 12/31/2019")),
)


class SendTableForm(forms.Form):
    """A file, and the centre whose cases it holds."""

    centre = forms.ModelChoiceField(queryset=None, label=_("Centre"), empty_label=None)
    file = forms.FileField(
        label=_("Table of cases: .xlsx, .csv, or a .zip of our own export"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.zip,.txt"}),
    )
    dictionary = forms.FileField(
        label=_("Data dictionary, for records of REDCap"),
        help_text=_("Optional: the CSV file that says what its variables ask and its codes mean."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv"}),
    )

    def __init__(self, *args: Any, centres: QuerySet[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = centres


class MappingForm(forms.Form):
    """A select for each column, and for each answer that is not understood.

    Columns of our own exports are known by their names and are not asked about.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        sheets: Sequence[RawSheet],
        mapping: FileMapping,
    ) -> None:
        super().__init__(data)
        self.sheets, self.mapping = sheets, mapping
        self.known_by_name = 0
        self.rows: list[dict[str, Any]] = []
        self.values: list[dict[str, Any]] = []
        groups = _groups()
        strange = not_understood(sheets, mapping)
        for number, (sheet, position, header) in enumerate(self._columns()):
            key = key_of(sheet, header, sheets=sheets)
            one = mapping.columns.get(key, ColumnMapping())
            if one.target and one.target == known_by_name(header):
                self.known_by_name += 1
                continue
            self._ask(number, key, header, one, groups, _examples(sheet, position))
            self.rows[-1]["title"] = sheet.title(position)
            if key in strange:
                self._ask_words(number, key, one, strange[key])
        self.constants = [
            self._ask_constant(target) for target in mandatory_without_column(mapping)
        ]

    def chosen(self) -> FileMapping:
        """The mapping as it was answered; what was not asked stays as it is."""
        columns = dict(self.mapping.columns)
        for row in self.rows:
            columns[row["key"]] = ColumnMapping(
                target=self.cleaned_data[row["target"].name],
                order=self.cleaned_data.get(row["order_name"]) or row["was"].order,
                unit=self.cleaned_data.get(row["unit_name"]) or "",
                codes=row["was"].codes,
            )
        for value in self.values:
            one = columns[value["key"]]
            said = self.cleaned_data[value["field"].name]
            codes = {**one.codes}
            codes.pop(normal(value["word"]), None)
            if said:
                codes[normal(value["word"])] = "" if said == "-" else said
            columns[value["key"]] = ColumnMapping(one.target, one.order, one.unit, codes)
        constants = dict(self.mapping.constants)
        for target, bound in self.constants:
            constants[target.key] = self.cleaned_data[bound.name]
        return FileMapping(columns, {key: said for key, said in constants.items() if said})

    def _columns(self) -> list[tuple[RawSheet, int, str]]:
        return [
            (sheet, position, header)
            for sheet in self.sheets
            for position, header in enumerate(sheet.header)
        ]

    def _ask(
        self,
        number: int,
        key: str,
        header: str,
        one: ColumnMapping,
        groups: list[Any],
        examples: Sequence[str],
    ) -> None:
        name, order, unit = f"target-{number}", f"order-{number}", f"unit-{number}"
        codes = _code_groups() if examples and _crosses(examples) else []
        self._add(name, _("Answers of “%s”") % header, [LEFT_OUT, *groups, *codes], one.target)
        target = TARGETS.get(one.target)
        if target and target.column.kind == "day":
            self._add(order, _("Order in “%s”") % header, list(ORDERS), one.order)
        units = FACTORS.get(target.column.unit, {}) if target else {}
        if target and len(units) > 1:
            pairs = [("", target.column.unit), *((u, u) for u in units if u != target.column.unit)]
            self._add(unit, _("Unit in “%s”") % header, pairs, one.unit)
        self.rows.append(
            {
                "key": key,
                "header": header,
                "was": one,
                "examples": examples[:EXAMPLES],
                "target": self[name],
                "order": self[order] if order in self.fields else None,
                "unit": self[unit] if unit in self.fields else None,
                "order_name": order,
                "unit_name": unit,
            }
        )

    def _ask_words(self, number: int, key: str, one: ColumnMapping, words: Sequence[str]) -> None:
        target = TARGETS[one.target]
        assert target.column.closed_list is not None
        pairs = [
            ("", _("— say what it means —")),
            ("-", _("not recorded: leave it empty")),
            *target.column.closed_list.choices(),
        ]
        for place, word in enumerate(words):
            name = f"code-{number}-{place}"
            said = one.codes.get(normal(word))
            self._add(name, f"“{word}”", pairs, "-" if said == "" else said or "")
            self.values.append(
                {"key": key, "word": word, "field": self[name], "label": target.label}
            )

    def _ask_constant(self, target: Target) -> tuple[Target, Any]:
        name = f"constant-{target.key}"
        assert target.column.closed_list is not None
        pairs = [("", _("— no answer —")), *target.column.closed_list.choices()]
        self._add(name, target.label, pairs, self.mapping.constants.get(target.key, ""))
        return target, self[name]

    def _add(self, name: str, label: Any, choices: list[Any], initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            choices=choices, label=label, initial=initial, required=False
        )


def _groups() -> list[Any]:
    return [
        (
            label.capitalize(),
            [
                (key, TARGETS[key].label)
                for column in columns
                for key in [f"{slot}.{column.key.partition('.')[2]}"]
                if key in TARGETS
            ],
        )
        for slot, label, columns in slots()
    ]


def _code_groups() -> list[Any]:
    grouped: dict[str, list[tuple[str, str]]] = {}
    for key, target in TARGETS.items():
        if target.code and target.column.closed_list:
            heading = f"{target.label.partition(' – ')[0]}, {_('a cross for')}"
            term = target.column.closed_list.get(target.code)
            grouped.setdefault(heading, []).append((key, term.label))
    return list(grouped.items())


def _examples(sheet: RawSheet, position: int) -> list[str]:
    found: Mapping[str, None] = dict.fromkeys(
        row[position].text.strip()[:LONGEST_EXAMPLE] for row in sheet.rows
    )
    return [text for text in found if text]


def _crosses(examples: Sequence[str]) -> bool:
    return all(normal(text) in YES | NO for text in examples)
