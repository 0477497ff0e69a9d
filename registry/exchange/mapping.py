"""Which column of somebody else's table answers which question, and how its cells are read.

A target is the key of a column, such as `case.opened_on`. A component is also offered by its kind
(`pump.serial_number`), and one code of a list by itself (`case.presenting_signs=tone_increase`),
for tables with a column of crosses for each sign.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from registry.exchange.cells import (
    Cell,
    CellError,
    Reading,
    normal,
    orders_of,
    parts_of,
    value_of,
)
from registry.exchange.columns import Column
from registry.exchange.redcap_dictionary import RECORD, by_name
from registry.exchange.spreadsheet_reader import RawSheet
from registry.exchange.tables import TABLES, table
from registry.vocabulary import ComponentKind

KINDS = tuple(kind.code for kind in ComponentKind)
IDENTITY = (
    Column("patient.local_number", "local_number", "Hospital's patient number", "text"),
    Column("patient.name", "name", "Name", "text"),
    Column("patient.birth_date", "birth_date", "Date of birth", "day"),
)
NOT_TAKEN_IN = {"read.signed_at", "read.correction_reason"}
"""What only signing here may say."""

SAID = {
    "patient.local_number": "mrn|patient id|pat id|patid|patient number|patient no|hospital number"
    "|hospital no|case number|patientennummer|pid|record id",
    "patient.name": "patient name|nachname|surname",
    "patient.birth_date": "dob|date of birth|birth date|geburtsdatum|geb datum",
    "patient.birth_year": "year of birth|birth year|yob|geburtsjahr",
    "patient.sex": "gender|geschlecht",
    "patient.diagnosis": "dx|diagnose|underlying disease",
    "patient.gmfcs": "gmfcs level",
    "patient.weight_kg": "weight|gewicht|body weight",
    "pump.implanted_on": "pump implanted|pump implant date|implant date|implantation",
    "pump.serial_number": "pump serial|serial number|serial no|pump sn|seriennummer",
    "pump.model": "pump model|pump type|pumpe",
    "spinal_segment.length_cm": "catheter length|katheterlänge",
    "spinal_segment.tip_level": "tip level|catheter tip|tip",
    "case.opened_on": "date of suspicion|suspicion|suspected on|onset|date of presentation",
    "case.trigger": "reason for presentation|trigger",
    "case.outcome": "final outcome|case outcome",
    "case.closed_on": "closed|date closed",
    "case.presenting_signs": "signs|symptoms|presenting signs",
    "study.performed_on": "date of ct|ct date|study date|date of study|contrast study",
    "study.outcome": "study outcome|study result",
    "study.aspiration": "aspiration|aspirated",
    "study.contrast_ml": "contrast volume|contrast ml",
    "finding.code": "ct finding|finding|ct result|befund",
    "finding.sites": "site|ct site|leak site",
    "surgery.performed_on": "date of surgery|surgery date|operation date|op date|op datum|revision",
    "surgery.indication": "indication|reason for surgery",
    "surgery.procedures": "procedure|procedures|operation performed",
    "surgery_finding.code": "operative finding|surgical finding|intraoperative finding",
    "surgery_finding.site": "operative site|surgical site",
}  # fmt: skip
"""What columns are often called; a guess that the person who maps confirms."""


def _words(header: str) -> str:
    """A header without marks: Pat-ID, pat_id and Pat. ID are one."""
    return " ".join(re.sub(r"[\W_]+", " ", normal(header)).split())


def _by_words(targets: Mapping[str, "Target"]) -> dict[str, str]:
    """What a header may say → target: a patient's answer by its label, any by its name."""
    own = {
        _words(target.column.label): key
        for key, target in targets.items()
        if target.slot == "patient" and not target.code
    }
    said = {_words(words): key for key, many in SAID.items() for words in many.split("|")}
    return own | said | {_words(key): key for key in targets}


@dataclass(frozen=True)
class Target:
    """Where a column goes: a place in the story (`slot`), and the column there."""

    key: str
    slot: str
    label: str
    column: Column
    code: str = ""


@dataclass(frozen=True)
class ColumnMapping:
    """One column of the file; without a target it is left out."""

    target: str = ""
    order: str = "unclear"
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)

    def reading(self) -> Reading:
        return Reading(order=self.order, unit=self.unit, codes=self.codes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class FileMapping:
    """All columns of a file by `key_of`, and answers that are the same for every row."""

    columns: Mapping[str, ColumnMapping] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        columns = {key: ColumnMapping(**one) for key, one in stored.get("columns", {}).items()}
        return cls(columns, dict(stored.get("constants", {})))

    def to_json(self) -> dict[str, Any]:
        return {
            "columns": {key: asdict(one) for key, one in self.columns.items()},
            "constants": dict(self.constants),
        }


def key_of(sheet: RawSheet, header: str, *, sheets: Sequence[RawSheet]) -> str:
    """The name of a column in a mapping; the sheet counts where there are several."""
    return f"{sheet.name}!{header}" if len(sheets) > 1 else header


def slots() -> Iterator[tuple[str, str, tuple[Column, ...]]]:
    """Every place in the story with its label and the columns that may be filled there."""
    for one in TABLES:
        identity = IDENTITY if one.key == "patient" else ()
        yield one.key, one.label, (one.id_column, *identity, *one.columns)
        for rows in one.rows:
            yield rows.key, rows.label, rows.columns
    component = table("component")
    for kind in ComponentKind:
        without_kind = [column for column in component.columns if column.name != "kind"]
        yield kind.code, kind.term.label.lower(), (component.id_column, *without_kind)


def targets() -> dict[str, Target]:
    """Every target by its key, in the order they are offered."""
    found: dict[str, Target] = {}
    for slot, label, columns in slots():
        for column in columns:
            key = f"{slot}.{column.key.partition('.')[2]}"
            if key in NOT_TAKEN_IN:
                continue
            found[key] = Target(key, slot, f"{label}: {column.label}", column)
            if column.kind == "codes" and column.closed_list:
                for term in column.closed_list:
                    one = f"{key}={term.code}"
                    words = f"{label}: {column.label} – {term.term.label}"
                    found[one] = Target(one, slot, words, column, term.code)
    return found


TARGETS = targets()
_BY_WORDS = _by_words(TARGETS)


def guess(sheets: Sequence[RawSheet], kept: FileMapping | None = None) -> FileMapping:
    """What is known of the columns: kept from an earlier file, or from what they are called."""
    columns: dict[str, ColumnMapping] = {}
    taken: set[str] = set()
    for sheet in sheets:
        for position, header in enumerate(sheet.header):
            key = key_of(sheet, header, sheets=sheets)
            one = _kept(key, header, kept) or ColumnMapping(
                target=_said(header) or _BY_WORDS.get(_words(sheet.title(position)), "")
            )
            twice = len(sheets) == 1 and one.target in taken and "=" not in one.target
            if twice and not known_by_name(header):
                one = replace(one, target="")
            taken.add(one.target)
            target = TARGETS.get(one.target)
            if target and target.column.kind == "day" and one.order == "unclear":
                one = replace(one, order=orders_of([row[position] for row in sheet.rows]))
            columns[key] = one
    return FileMapping(columns, dict(kept.constants) if kept else {})


def _kept(key: str, header: str, kept: FileMapping | None) -> ColumnMapping | None:
    if kept is None:
        return None
    return kept.columns.get(key) or kept.columns.get(header)


def known_by_name(header: str) -> str:
    """The target of a column of our own exports, also as REDCap names it; "" for any other."""
    field = by_name().get(header)
    key = field.column.key if field and header != RECORD else header
    return key if key in TARGETS else ""


def _said(header: str) -> str:
    return known_by_name(header) or _BY_WORDS.get(_words(header), "")


def not_understood(
    sheets: Sequence[RawSheet], mapping: FileMapping, *, most: int = 60
) -> dict[str, list[str]]:
    """Words in columns of codes that no code is known for, by column, each once."""
    found: dict[str, list[str]] = {}
    for sheet in sheets:
        for position, header in enumerate(sheet.header):
            key = key_of(sheet, header, sheets=sheets)
            one = mapping.columns.get(key, ColumnMapping())
            target = TARGETS.get(one.target)
            if target is None or target.code or not target.column.closed_list:
                continue
            words = _words_of(sheet, position, target)
            strange = [word for word in words if not _understood(words[word], target, one)]
            known = [word for word in words if normal(word) in one.codes and word not in strange]
            if strange or known:
                found[key] = [*strange, *known][:most]
    return found


def _words_of(sheet: RawSheet, position: int, target: Target) -> dict[str, Cell]:
    """The words of a column in order; of several codes in a cell, each by itself."""
    found: dict[str, Cell] = {}
    for row in sheet.rows:
        cell = row[position]
        if target.column.kind == "codes":
            found |= {part: Cell(part) for part in parts_of(cell.text, target.column.closed_list)}
        else:
            found.setdefault(cell.text.strip(), cell)
    return {word: found[word] for word in sorted(found) if word}


def _understood(cell: Cell, target: Target, one: ColumnMapping) -> bool:
    try:
        value_of(cell, target.column, one.reading())
    except CellError:
        return False
    return True


def mandatory_without_column(mapping: FileMapping) -> list[Target]:
    """Mandatory answers that no column gives, in the places the file speaks of."""
    mapped = {one.target.partition("=")[0] for one in mapping.columns.values() if one.target}
    used = {key.partition(".")[0] for key in mapped}
    return [
        target
        for key, target in TARGETS.items()
        if target.slot in used and target.column.required and not target.code
        if key not in mapped and target.column.kind == "code"
        if key not in IMPLIED
    ]


IMPLIED = {"study.contrast_injected", "read.source"}
"""Follow from the outcome of the study, or are always the same."""
