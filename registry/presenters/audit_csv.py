"""An audit as one tidy table: a row for each number, and rows that say what they are numbers of."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.audit.comparators import COMPARATORS
from registry.audit.protocol import Protocol
from registry.audit.result import OWN_STUDY
from registry.exchange.spreadsheet_text import escape

from . import centre_logs, signal_dispositions
from .audit_words import Result, described, filter_words, synthetic_words

COLUMNS = (
    "section",
    "key",
    "label",
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "confidence",
    "method",
    "unit",
    "window",
    "published_study",
    "published_numerator",
    "published_denominator",
    "published_value",
    "published_lower",
    "published_upper",
    "published_source",
)
PUBLISHED = ("study", "numerator", "denominator", "value", "lower", "upper", "source")

Row = dict[str, Any]


def write(
    result: Result,
    protocol: Protocol,
    *,
    stamp: Mapping[str, str] | None = None,
    decided: Sequence[signal_dispositions.Stated] | None = None,
) -> str:
    """The CSV, UTF-8 without byte order mark, numbers in full precision.

    Parameters
    ----------
    stamp
        Further facts about the report, such as who froze it and when.
    decided
        What people made of its device signals; None where nobody looked it up.
    """
    out = io.StringIO()
    writer = csv.DictWriter(
        out, COLUMNS, restval="", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n"
    )
    writer.writeheader()
    for row in (*rows(result, protocol, stamp=stamp), *_signals(result, decided)):
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def rows(
    result: Result, protocol: Protocol, *, stamp: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """The rows: sections report, flow, estimate, published, then the tables and the curves."""
    yield from _report(result, protocol, stamp or {})
    for box in result["flow"]:
        yield {
            "section": "flow",
            "key": box["key"],
            "label": box["label"],
            "numerator": box["n"],
        }
    for estimate in result["estimates"]:
        yield _estimate(estimate)
    for table in result["tables"]:
        yield from (
            _published(table) if table["key"] == COMPARATORS.key else _counts(table, protocol)
        )
    for curve in result["curves"]:
        yield from _points(curve)


def _signals(result: Result, decided: Sequence[signal_dispositions.Stated] | None) -> Iterator[Row]:
    """What people decided in words, one row for each signal; a dash where it is open."""
    found = None if decided is None else signal_dispositions.panel(result, decided)
    for row in () if found is None else signal_dispositions.table(found).rows:
        name, *words = (cell.text.strip() for cell in row.cells)
        yield {
            "section": signal_dispositions.TABLE_KEY,
            "key": signal_dispositions.TABLE_KEY,
            "label": "; ".join(part for part in (name, *words) if part),
        }


def _report(result: Result, protocol: Protocol, stamp: Mapping[str, str]) -> Iterator[Row]:
    facts = {
        "protocol": f"{result['protocol']['key']} version {result['protocol']['version']}",
        "question": protocol.question,
        "plain_words": protocol.plain_words,
        "citation": protocol.citation.text,
        "unit": result["unit"],
        **{_field(name): words for name, words in filter_words(result)},
        "code_version": result["code_version"],
        "facts_sha256": result["facts_sha256"],
        **{_field(name): words for name, words in stamp.items()},
        "pairing_rule": result["pairing"]["text"],
    }
    if synthetic_words(result):
        facts["synthetic"] = synthetic_words(result)
    if unknown := centre_logs.unknown_words(result):
        facts["unknown_logs"] = unknown
    facts |= {f"rule_{n}": rule for n, rule in enumerate(result["rules"], start=1)}
    facts |= {f"caveat_{n}": caveat for n, caveat in enumerate(result["caveats"], start=1)}
    for key, words in facts.items():
        yield {"section": "report", "key": key, "label": words}


def _field(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "")


def _estimate(estimate: Mapping[str, Any]) -> Row:
    own = ("key", "label", "numerator", "denominator", "value", "lower", "upper")
    published = estimate["published"] or {}
    return (
        {"section": "estimate"}
        | {name: estimate[name] for name in (*own, "confidence", "method", "unit", "window")}
        | {f"published_{name}": published.get(name) for name in PUBLISHED}
    )


def _published(table: Mapping[str, Any]) -> Iterator[Row]:
    """Every published figure on a row of its own, also where an estimate has several."""
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        if row["study"] != OWN_STUDY:
            yield {
                "section": "published",
                "key": row["key"],
                "label": row["measure"],
            } | {f"published_{name}": row[name] for name in PUBLISHED}


def _counts(table: Mapping[str, Any], protocol: Protocol) -> Iterator[Row]:
    """Every count as a numerator, every other number of a stated form as a value."""
    description = described(protocol, table)
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        for column in description.columns if description else ():
            number = row[column.key]
            if number is not None and (column.counts or column.form):
                yield {
                    "section": table["key"],
                    "key": f"{table['key']}.{row['key']}.{column.key}",
                    "label": f"{row.get('label', row['key'])}: {column.label}",
                    "numerator" if column.counts else "value": number,
                }


def _points(curve: Mapping[str, Any]) -> Iterator[Row]:
    """Every number of every point, named by where the point stands."""
    for point in curve["points"]:
        for column, number in zip(curve["columns"][1:], point[1:], strict=True):
            if number is not None:
                yield {
                    "section": curve["key"],
                    "key": f"{curve['key']}.{point[0]}.{column}",
                    "label": curve["label"],
                    "value": number,
                }


def _cell(value: object) -> object:
    """Text is escaped, numbers stay numbers, undefined is empty."""
    if value is None:
        return ""
    return escape(value) if isinstance(value, str) else value
