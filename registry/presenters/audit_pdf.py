"""An audit as a PDF/A-2a document that also meets PDF/UA-1, set by Typst.

The document is described as plain data first; the template only arranges it, so tests read the
numbers of the paper where they are still numbers and words.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from registry.audit.protocol import Protocol

from . import (
    audit_charts,
    audit_checklist,
    audit_tables,
    centre_logs,
    flow_diagram,
    glyph_drawings,
    signal_dispositions,
    typesetting,
)
from .audit_words import (
    Result,
    confidence,
    filter_line,
    filter_words,
    interval,
    percent,
    published_words,
    synthetic_words,
)
from .chart_parts import Medium

TEMPLATE = Path(__file__).parent / "typst" / "audit_report.typ"


def document(
    result: Result,
    protocol: Protocol,
    *,
    title: str,
    made_at: datetime,
    stamp: Mapping[str, str] | None = None,
    decided: Sequence[signal_dispositions.Stated] | None = None,
    with_checklists: bool = False,
) -> dict[str, Any]:
    """Everything the paper says, as JSON values.

    Parameters
    ----------
    title
        Of the report; it goes into the file's metadata, where no patient belongs.
    made_at
        When the document was made, or the report frozen.
    stamp
        Further facts about the report, such as who froze it and when.
    decided
        What people made of its device signals; None where nobody looked it up.
    with_checklists
        Whether the reporting checklists stand at its end, as they do in a frozen report.
    """
    medium = Medium(width=audit_charts.PAPER_WIDTH, font=typesetting.TYPEFACE)
    return {
        "title": title,
        "author": typesetting.AUTHOR,
        "made_at": [made_at.year, made_at.month, made_at.day],
        "made_words": f"{made_at:%Y-%m-%d %H:%M} UTC",
        "question": protocol.question,
        "plain_words": protocol.plain_words,
        "protocol": f"{protocol.title} ({result['protocol']['key']}, version "
        f"{result['protocol']['version']})",
        "citation": protocol.citation.text,
        "population": protocol.population,
        "unit": audit_tables.counted_words(result),
        "synthetic": synthetic_words(result),
        "filters": [list(pair) for pair in filter_words(result)],
        "filter_line": filter_line(result),
        "stamp": [list(pair) for pair in (stamp or {}).items()],
        "code_version": result["code_version"],
        "facts_sha256": result["facts_sha256"],
        "rules": [result["pairing"]["text"], *result["rules"]],
        "caveats": [*filter(None, [centre_logs.unknown_words(result)]), *result["caveats"]],
        "mark": glyph_drawings.source("mark"),
        "flow": {
            "svg": typesetting.drawing(
                flow_diagram.draw(
                    result["flow"], unit=result["unit"], font_family=typesetting.TYPEFACE
                )
            ),
            "alt": "; ".join(f"{box['label']}: {box['n']}" for box in result["flow"]),
        },
        "headline": [_headline(estimate) for estimate in headline_estimates(result, protocol)],
        "charts": [
            {
                "title": chart.title,
                "caption": chart.caption,
                "svg": typesetting.drawing(audit_charts.drawn(chart)),
                "alt": f"{chart.title}. The numbers are in the tables of this report.",
            }
            for chart in audit_charts.charts(result, medium)
        ],
        "tables": [
            _table(table)
            for table in (
                audit_tables.flow_table(result),
                audit_tables.estimates_table(result),
                *signal_dispositions.on_paper(result, decided),
                *audit_tables.tables(result, protocol),
            )
        ],
        "checklists": audit_checklist.on_paper(result, protocol) if with_checklists else [],
        "glyphs": {name: glyph_drawings.source(name) for name in GLYPHS},
    }


GLYPHS = tuple(path.stem for path in sorted(glyph_drawings.FOLDER.glob("*.svg")))


def headline_estimates(result: Result, protocol: Protocol) -> list[Mapping[str, Any]]:
    """The rates that are read first."""
    return [e for e in result["estimates"] if e["key"] in protocol.headline]


def _headline(estimate: Mapping[str, Any]) -> dict[str, str]:
    return {
        "label": estimate["label"],
        "fraction": f"{estimate['numerator']}/{estimate['denominator']}",
        "value": percent(estimate["value"]),
        "interval": interval(estimate["lower"], estimate["upper"]),
        "method": confidence(estimate),
        "published": published_words(estimate["published"]),
    }


LONGEST_WORD = 40
GROUP = 16


def _breakable(words: str) -> str:
    """A hash in groups: as one word it would run off the paper."""
    return " ".join(
        " ".join(word[at : at + GROUP] for at in range(0, len(word), GROUP))
        if len(word) > LONGEST_WORD
        else word
        for word in words.split(" ")
    )


def _table(table: audit_tables.TableInWords) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "note": table.note,
        "when_empty": table.when_empty,
        "columns": [{"label": c.label, "numeric": c.numeric} for c in table.columns],
        "rows": [
            {
                "strong": row.strong,
                "cells": [
                    {
                        "text": _breakable(cell.text),
                        "glyph": (cell.mark.glyph or "") if cell.mark else "",
                    }
                    for cell in row.cells
                ],
            }
            for row in table.rows
        ],
    }


def typeset(described: Mapping[str, Any]) -> bytes:
    """The PDF of a document that `document` described.

    PDF/A refuses a letter without a shape. A person may have written one into the title, a reason
    or their own name; such letters are then set as squares, since a frozen report can never be
    renamed.
    """
    return typesetting.typeset(
        TEMPLATE, name="report", described=described, within_typeface=_within_typeface
    )


def _within_typeface(described: Mapping[str, Any]) -> dict[str, Any]:
    stamp = [[name, typesetting.shown(words)] for name, words in described["stamp"]]
    tables = [
        _shown(one) if one["key"] == signal_dispositions.TABLE_KEY else one
        for one in described["tables"]
    ]
    title = typesetting.shown(described["title"])
    return {**described, "title": title, "stamp": stamp, "tables": tables}


def _shown(table: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {
            **row,
            "cells": [{**cell, "text": typesetting.shown(cell["text"])} for cell in row["cells"]],
        }
        for row in table["rows"]
    ]
    return {**table, "rows": rows}
