"""An export as REDCap takes records in: one flat table of raw codes, days in ISO.

The first form stands on the line of the record; every other form repeats, one line an instance.

References
----------
REDCap, Data Import Tool: `redcap_repeat_instrument` and `redcap_repeat_instance`; a checkbox has
one column a choice, its name and the code after three underscores.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from registry.exchange.columns import Column
from registry.exchange.export import SEPARATOR
from registry.exchange.redcap_dictionary import RECORD, fields
from registry.exchange.spreadsheet_reader import NOT_READ
from registry.exchange.spreadsheets import Marked, Sheet, Value
from registry.exchange.tables import TABLES

INSTRUMENT, INSTANCE = "redcap_repeat_instrument", "redcap_repeat_instance"
CHECKED, UNCHECKED = "1", "0"


def records(sheets: Iterable[Sheet]) -> Sheet:
    """The tables of an export (`export.sheets`) as one table of REDCap records."""
    header = [RECORD, INSTRUMENT, INSTANCE]
    for field in fields():
        if field.column.kind == "codes":
            header += [checkbox(field.name, code) for code in _codes(field.column)]
        elif field.name != RECORD:
            header.append(field.name)
    return Sheet("records", header, _lines(sheets, header))


def checkbox(name: str, code: str) -> str:
    """The column of one choice, by REDCap's rule for characters that no name may have."""
    plain = code.replace("-", "_").replace(".", "_").lower()
    return f"{name}___{re.sub('[^a-z0-9_]', '', plain)}"


def _lines(sheets: Iterable[Sheet], header: Sequence[str]) -> Iterator[list[Value | Marked]]:
    at = {name: position for position, name in enumerate(header)}
    for sheet in sheets:
        if sheet.name in NOT_READ:
            continue
        places = {key: place for place, key in enumerate(sheet.header)}
        number = places[TABLES[0].id_column.key]
        said = [(places[field.column.key], field) for field in fields() if field.form == sheet.name]
        met: Counter[str] = Counter()
        for row in sheet.rows:
            line: list[Value | Marked] = [None] * len(header)
            line[0] = record = str(row[number])
            if sheet.name != TABLES[0].key:
                met[record] += 1
                line[1], line[2] = sheet.name, met[record]
            for place, field in said:
                value = row[place]
                if field.column.kind == "codes":
                    chosen = str(value or "").split(SEPARATOR)
                    for code in _codes(field.column):
                        ticked = CHECKED if code in chosen else UNCHECKED
                        line[at[checkbox(field.name, code)]] = ticked
                elif field.name != RECORD:
                    line[at[field.name]] = _raw(field.column, value)
            yield line


def _raw(column: Column, value: Value | Marked) -> Value | Marked:
    if column.kind == "yes_no":
        return {"yes": CHECKED, "no": UNCHECKED}.get(str(value))
    if column.kind == "moment" and value:
        return f"{datetime.fromisoformat(str(value)):%Y-%m-%d %H:%M:%S}"
    return value


def _codes(column: Column) -> tuple[str, ...]:
    return tuple(column.closed_list.codes()) if column.closed_list else ()
