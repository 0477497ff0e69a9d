"""The files of a public edition: JSON, CSV, and the description of the PDF."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from registry.audit.protocol import Protocol
from registry.audit.public_edition import MASKED
from registry.exchange.spreadsheet_text import escape

from . import glyph_drawings, public_page, typesetting
from .audit_csv import COLUMNS, PUBLISHED, Row
from .audit_words import Result, filter_line, filter_words
from .flow_diagram import MASKED as MASKED_WORD
from .flow_diagram import count_words

TEMPLATE = Path(__file__).parent / "typst" / "public_report.typ"


def json_text(content: Result, sha256: str) -> str:
    """The edition and its own hash, which is taken of what is published alone."""
    return json.dumps({**content, "sha256": sha256}, indent=2, ensure_ascii=False, allow_nan=False)


def csv_text(content: Result, protocol: Protocol, sha256: str) -> str:
    """One row per number, as `audit_csv` writes them; a masked one says so."""
    out = io.StringIO()
    writer = csv.DictWriter(
        out, COLUMNS, restval="", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n"
    )
    writer.writeheader()
    for row in _rows(content, protocol, sha256):
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if value == MASKED:
        return MASKED_WORD
    return escape(value) if isinstance(value, str) else value


def _rows(content: Result, protocol: Protocol, sha256: str) -> Iterator[Row]:
    edition = content["edition"]
    facts = {
        "protocol": f"{protocol.key} version {content['protocol']['version']}",
        "question": protocol.question,
        "plain_words": protocol.plain_words,
        "citation": protocol.citation.text,
        "unit": content["unit"],
        **{name.lower().replace(" ", "_"): words for name, words in filter_words(content)},
        **{name.lower().replace(" ", "_"): words for name, words in public_page.statement(content)},
        "rule": edition["rule"]["text"],
        "code_version": content["code_version"],
        "sha256_of_this_edition": sha256,
        "pairing_rule": content["pairing"]["text"],
        **({"synthetic": content["synthetic"]} if content["synthetic"] else {}),
        **{f"rule_{n}": rule for n, rule in enumerate(content["rules"], start=1)},
        **{f"caveat_{n}": words for n, words in enumerate(content["caveats"], start=1)},
    }
    for key, words in facts.items():
        yield {"section": "report", "key": key, "label": words}
    for box in content["flow"]:
        yield {
            "section": "flow",
            "key": box["key"],
            "label": box["label"],
            "numerator": MASKED if box["n"] is None else box["n"],
        }
    for estimate in content["estimates"]:
        yield _estimate(estimate)
    for table in content["tables"]:
        yield from _table(table, protocol)
    for curve in content["curves"]:
        for year, *numbers in curve["points"]:
            yield {
                "section": curve["key"],
                "key": f"{curve['key']}.{year}",
                "label": curve["label"],
            } | dict(zip(("value", "lower", "upper"), numbers, strict=True))


def _estimate(estimate: Mapping[str, Any]) -> Row:
    masked = estimate.get("masked", ())
    published = estimate["published"] or {}
    return (
        {"section": "estimate"}
        | {
            name: MASKED if name in masked else estimate[name]
            for name in (
                *("key", "label", "numerator", "denominator", "value", "lower", "upper"),
                *("confidence", "method", "unit", "window"),
            )
        }
        | {f"published_{name}": published.get(name) for name in PUBLISHED}
    )


def _table(table: Mapping[str, Any], protocol: Protocol) -> Iterator[Row]:
    """Every count as a numerator, every figure as a value."""
    description = protocol.table(table["key"])
    columns = {one.key: one for one in description.columns}
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        for key in table["columns"][1:]:
            column, cell = columns[key], row[key]
            if cell is None or isinstance(cell, str):
                continue
            yield {
                "section": table["key"],
                "key": f"{table['key']}.{row['key']}.{key}",
                "label": f"{row.get('label', row['key'])}: {column.label}",
                "numerator" if column.counts else "value": cell,
            }


def paper(content: Result, protocol: Protocol, *, made_at: datetime, sha256: str) -> dict[str, Any]:
    """Everything the paper says, as JSON values. Its title is the protocol's: what a person wrote
    as the title of the report may tell more than may be published."""
    shown = public_page.page(content, protocol, font_family=typesetting.TYPEFACE)
    return {
        "title": protocol.title,
        "author": typesetting.AUTHOR,
        "made_at": [made_at.year, made_at.month, made_at.day],
        "made_words": f"{made_at:%Y-%m-%d %H:%M} UTC",
        "question": protocol.question,
        "plain_words": protocol.plain_words,
        "protocol": f"{protocol.title} ({protocol.key}, version {content['protocol']['version']})",
        "citation": protocol.citation.text,
        "population": protocol.population,
        "unit": content["unit"],
        "synthetic": content["synthetic"] or "",
        "statement": [list(pair) for pair in shown.statement],
        "rule": content["edition"]["rule"]["text"],
        "filters": [list(pair) for pair in shown.filters],
        "filter_line": filter_line(content),
        "code_version": content["code_version"],
        "sha256": sha256,
        "rules": shown.rules,
        "caveats": list(content["caveats"]),
        "mark": glyph_drawings.source("mark"),
        "flow": {
            "svg": str(shown.flow_svg),
            "alt": "; ".join(f"{box['label']}: {count_words(box['n'])}" for box in content["flow"]),
        },
        "headline": [
            {
                "label": one.label,
                "fraction": one.fraction,
                "value": one.value,
                "interval": one.limits,
                "method": one.method,
                "published": one.published,
            }
            for one in shown.rates
        ],
        "tables": [
            {
                "key": table.key,
                "title": table.title,
                "note": table.note,
                "columns": [{"label": c.label, "numeric": c.numeric} for c in table.columns],
                "rows": [[cell.text for cell in row.cells] for row in table.rows],
            }
            for table in shown.tables
        ],
    }


def pdf(described: Mapping[str, Any]) -> bytes:
    """The PDF of what `paper` described."""
    return typesetting.typeset(TEMPLATE, name="report", described=described, within_typeface=dict)
