"""The columns of the registry as a REDCap data dictionary: one form a table.

A REDCap project that is built from it holds what an export holds. Each record is a patient; every
form but the first repeats, and says by ids which case, study or operation it belongs to.

References
----------
REDCap, checks of an uploaded data dictionary (`MetaData::error_checking`): names of at most 26
characters are advised; lowercase letters, digits and single underscores; forms follow each other;
raw codes of letters, digits, point, hyphen and underscore; choices parted by bars.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from registry.exchange.columns import Column, Kind
from registry.exchange.spreadsheets import Sheet, Value, plain
from registry.exchange.tables import TABLES, Table

HEADER = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Required Field?",
    "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip
"""REDCap's own headings, in its order."""

RECORD = "record_id"
LONGEST_NAME = 26
LONGEST_LINE = 255
"""Longer text gets a box of several lines."""

SHORTER = {
    "workup_step": "workup", "screening_test": "screening", "surgery_finding": "op_finding",
    "concentration": "conc", "contrast": "contr", "component": "comp", "complication": "compl",
    "surgery": "op", "residual": "resid", "radiograph": "xray", "secondary": "second",
    "hospitalisation": "hospital", "withdrawal": "wdrawal", "precision": "prec",
    "identifier": "ident", "declared": "said", "performed": "done",
    "review": "rev",
}  # fmt: skip
"""What a name that is too long says instead, in this order."""

OWN_ID = "Any text, used once; what belongs to it names it by this."
ID_OF_ANOTHER = "The id it has in its own form."

VALIDATIONS: dict[Kind, str] = {
    "day": "date_ymd",
    "moment": "datetime_seconds_ymd",
    "clock": "time",
    "integer": "integer",
    "decimal": "number",
}


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes
    ----------
    form
        Key of the table, or of the rows below one.
    of
        What the form holds, as people call it.
    """

    name: str
    form: str
    of: str
    column: Column

    @property
    def is_choice(self) -> bool:
        return self.column.closed_list is not None

    def line(self) -> list[Value]:
        """The field as a line of the dictionary."""
        column, validation = self.column, VALIDATIONS.get(self.column.kind, "")
        choice = self.is_choice
        return [
            self.name, self.form, "", self._type(), _one_line(self._label()), self._choices(),
            _one_line(self._note()),
            "" if choice else validation,
            "" if choice or not validation else plain(column.smallest),
            "" if choice or not validation else plain(column.largest),
            "y" if column.identifying else "", "", "y" if column.required else "",
            "", "", "", "", f"Crescent column {column.key}",
        ]  # fmt: skip

    def _label(self) -> str:
        return (
            f"{self.column.label} ({self.column.unit})" if self.column.unit else self.column.label
        )

    def _note(self) -> str:
        if self.column.kind != "id":
            return self.column.words
        own = self.column.key == f"{self.form}.id"
        return OWN_ID if own else ID_OF_ANOTHER

    def _type(self) -> str:
        column = self.column
        if self.is_choice:
            return "checkbox" if column.kind == "codes" else "dropdown"
        if column.kind == "yes_no":
            return "yesno"
        long = column.kind == "text" and (column.most_characters or LONGEST_LINE + 1) > LONGEST_LINE
        return "notes" if long and self.name != RECORD else "text"

    def _choices(self) -> str:
        if self.column.closed_list is None:
            return ""
        said = ((term.code, term.term.label) for term in self.column.closed_list)
        return " | ".join(f"{code}, {_one_line(label).replace('|', '/')}" for code, label in said)


@cache
def fields() -> tuple[Field, ...]:
    """Every field, the record first; the same columns in the same order as in an export."""
    found: list[Field] = []
    for table in TABLES:
        found += _form(table.key, table.label, table, table.columns)
        for rows in table.rows:
            found += _form(rows.key, rows.label, table, rows.columns)
    return tuple(found)


@cache
def by_name() -> dict[str, Field]:
    """What a variable of this dictionary is, by its name."""
    return {field.name: field for field in fields()}


def dictionary() -> Sheet:
    """The data dictionary, as REDCap takes it in."""
    return Sheet("redcap", HEADER, [field.line() for field in fields()])


def field_name(form: str, column: Column) -> str:
    """The variable of a column, short enough for REDCap and for those who compute with it."""
    table, _, name = column.key.partition(".")
    if name == "id":
        name = "id" if table == form else f"{table}_id"
    long = f"{form}_{name}"
    for word, shorter in SHORTER.items():
        if len(long) <= LONGEST_NAME:
            break
        long = long.replace(word, shorter)
    return long


def _form(form: str, label: str, table: Table, columns: tuple[Column, ...]) -> Iterator[Field]:
    number, *ids = table.id_columns
    if form == TABLES[0].key:
        yield Field(RECORD, form, label, number)
    for column in (*ids, *columns):
        yield Field(field_name(form, column), form, label, column)


def _one_line(text: str) -> str:
    return " ".join(text.split())
