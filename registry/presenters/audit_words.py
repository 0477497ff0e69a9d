"""How an audit's numbers are written, the same on page, paper and in tables."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from registry.audit.comparators import COMPARATORS
from registry.audit.protocol import Form, Protocol, TableDescription
from registry.audit.result import OWN_STUDY
from registry.vocabulary import (
    ClosedList,
    ComponentKind,
    DeviceModel,
    Diagnosis,
    ImagingFindingCode,
    Sex,
    StudyOutcomeCode,
)

Result = Mapping[str, Any]
"""`AuditResult.to_json()`, fresh or from a frozen report: every presenter starts from it, so that
page, CSV and PDF cannot show different numbers."""

MINUS = "\N{MINUS SIGN}"
UNDEFINED = "not defined"
NO_LIMIT = "no limit"
SMALLEST_P = 0.001

FINDINGS: dict[str, ImagingFindingCode] = {code.value: code for code in ImagingFindingCode}
STOPPED: dict[str, StudyOutcomeCode] = {
    code.value: code for code in StudyOutcomeCode if code != StudyOutcomeCode.COMPLETED
}


def percent(fraction: float | None) -> str:
    """One decimal: "11.1 %"; None is undefined, never 0."""
    return UNDEFINED if fraction is None else f"{_points(fraction)} %"


def interval(lower: float | None, upper: float | None) -> str:
    """Limits in per cent: "2.4 to 29.2 %"; empty where nothing is defined."""
    if lower is None or upper is None:
        return ""
    return f"{_points(lower)} to {_points(upper)} %"


def ratio(value: float | None) -> str:
    """Two decimals: "4.25"; empty where nothing is defined."""
    return (
        "" if value is None else str(Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP))
    )


def number(value: float | None, form: Form) -> str:
    """A number of a table as its form says; empty where nothing is defined."""
    if value is None:
        return ""
    if form is Form.P_VALUE:
        return p_value(value)
    if form is Form.WHOLE:
        return str(int(value))
    return percent(value) if form is Form.PERCENT else ratio(value)


def p_value(value: float) -> str:
    """Three decimals: "0.042"; what is smaller still, as "< 0.001"."""
    if value < SMALLEST_P:
        return f"< {SMALLEST_P}"
    return str(Decimal(repr(value)).quantize(Decimal("0.001"), ROUND_HALF_UP))


def limits_words(lower: float | None, upper: float | None, form: Form) -> str:
    """ "2.4 to 29.2 %", "0.40 to 3.10"; empty where nothing is defined."""
    if form is Form.PERCENT or lower is None or upper is None:
        return interval(lower, upper)
    return f"{ratio(lower)} to {ratio(upper)}"


def _points(fraction: float) -> Decimal:
    # Half up, as printed papers do: 5/16 is 31.3 %, where Python's format says 31.2.
    return Decimal(repr(100 * fraction)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def confidence(estimate: Mapping[str, Any]) -> str:
    """ "95 % CI, Clopper-Pearson"."""
    return f"{100 * estimate['confidence']:g} % CI, {estimate['method']}"


def published_words(figure: Mapping[str, Any] | None) -> str:
    """ "Abousamra 2016: 27/295, 9.2 % (6.1 to 13.0 %)"."""
    if figure is None:
        return ""
    return (
        f"{figure['study']}: {figure['numerator']}/{figure['denominator']}, "
        f"{percent(figure['value'])} ({interval(figure['lower'], figure['upper'])})"
    )


def filter_words(result: Result) -> list[tuple[str, str]]:
    """The filters as they are printed on every form of the report."""
    filters = result["filters"]
    centres = filters["centres"]
    return [
        ("Centres", "all" if centres is None else ", ".join(centres) or "none"),
        ("Period from", filters["performed_from"] or NO_LIMIT),
        ("Period to", filters["performed_to"] or NO_LIMIT),
        ("Data as of", result["as_of"]),
        *limit_words(filters),
    ]


def limit_words(filters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Age, sex, diagnosis and components, those that are limited."""
    words = []
    for name, first, last in (
        ("Age", filters.get("age_from"), filters.get("age_to")),
        ("Implanted", filters.get("implanted_from"), filters.get("implanted_to")),
    ):
        if first is not None and last is not None:
            words.append((name, f"{first} to {last}"))
        elif first is not None or last is not None:
            words.append((name, f"from {first}" if last is None else f"to {last}"))
    for name, key, closed_list in (
        ("Sex", "sex", Sex),
        ("Component", "component", ComponentKind),
        ("Model", "model", DeviceModel),
    ):
        if key in filters:
            words.append((name, _label(closed_list, filters[key])))
    if "diagnoses" in filters:
        labels = [_label(Diagnosis, code) for code in filters["diagnoses"]]
        words.append(("Diagnosis", ", ".join(labels) or "none"))
    return words


def _label(closed_list: type[ClosedList], code: str) -> str:
    """In the language of the source; a code of another vocabulary stands as it is."""
    labels = {member.code: member.term.label for member in closed_list}
    return labels.get(code, code)


def filter_line(result: Result) -> str:
    """The filters in one line: "EAST, WEST; period from 2020-01-01; data as of 2024-12-31"."""
    filters = result["filters"]
    first, last = filters["performed_from"], filters["performed_to"]
    if first and last:
        period = f"period from {first} to {last}"
    elif first or last:
        period = f"period from {first}" if first else f"period up to {last}"
    else:
        period = "any period"
    centres = dict(filter_words(result))["Centres"]
    limits = "".join(f"; {name.lower()} {words}" for name, words in limit_words(filters))
    return f"{centres}; {period}; data as of {result['as_of']}{limits}"


def characteristic(label: str) -> str:
    """What arms are compared by; a diagnosis that the paper does not name is kept as its code."""
    kind, _, code = label.partition(": ")
    return f"{kind}: {_label(Diagnosis, code)}" if kind == "Diagnosis" else label


def synthetic_words(result: Result) -> str:
    """The notice every form of the report carries; empty for real data."""
    return result["synthetic"] or ""


def balance(flow: Iterable[Mapping[str, Any]], key: str) -> str:
    """A box as what enters minus what leaves elsewhere: "24 = 27 - 3"."""
    boxes = {box["key"]: box for box in flow}
    box = boxes[key]
    if box["parent"] is None:
        return f"{box['n']} = {box['n']}"
    above = boxes[box["parent"]]["n"]
    siblings = [b["n"] for b in boxes.values() if b["parent"] == box["parent"] and b is not box]
    rest = above - box["n"] - sum(siblings)
    leaving = [n for n in (*siblings, rest) if n]
    return f" {MINUS} ".join([f"{box['n']} = {above}", *map(str, leaving)])


def described(protocol: Protocol, table: Mapping[str, Any]) -> TableDescription | None:
    """The protocol's own words for the table; None if a newer protocol prints it differently."""
    for description in protocol.tables:
        keys = [column.key for column in description.columns]
        if description.key == table["key"] and keys == table["columns"]:
            return description
    return None


def openable(result: Result, protocol: Protocol) -> list[str]:
    """Keys of all printed numbers that stand for patients: `AuditResult.members` knows each."""
    keys = [box["key"] for box in result["flow"]]
    for estimate in result["estimates"]:
        keys += [estimate["key"], f"{estimate['key']}.denominator"]
    for table in result["tables"]:
        description = described(protocol, table)
        counted = (
            [column.key for column in description.columns if column.counts] if description else []
        )
        for row in table["rows"]:
            keys += [
                f"{table['key']}.{row[0]}.{column}"
                for column, cell in zip(table["columns"], row, strict=True)
                if column in counted and cell is not None and is_own(table, row)
            ]
    return keys


def is_own(table: Mapping[str, Any], row: list[Any]) -> bool:
    """Whether the row counts our patients; published figures have nobody behind them here."""
    if table["key"] != COMPARATORS.key:
        return True
    return bool(row[table["columns"].index("study")] == OWN_STUDY)
