"""From finding to outcome, drawn from the table of the ways."""

from typing import Any

from registry.audit.study_ways import ARROW, STAGES, WAYS

from .audit_words import FINDINGS, STOPPED, Result
from .chart_parts import Chart, Medium, address
from .sankey import Band, Mark, draw

HEADINGS = ("Contrast CT", "Next step", "Operation", "Outcome")


def ways(result: Result, medium: Medium, *, verified: str) -> list[Chart]:
    """Nothing of nobody, and of results that were frozen before there was the table.

    `verified` says who was verified by an operation; it stands on every figure.
    """
    rows: list[Any] = next(
        (table["rows"] for table in result["tables"] if table["key"] == WAYS.key), []
    )
    if not rows:
        return []
    labels: dict[str, str] = {}
    bands = []
    for key, label, n in rows:
        start, end = key.split(">")
        labels[start], labels[end] = label.split(ARROW)
        bands.append(Band(start, end, n, address(medium, f"{WAYS.key}.{key}.studies")))
    total = sum(band.n for band in bands if band.start.startswith("ct:"))
    drawing = draw(
        bands,
        stages={stage: list(keys) for stage, keys in STAGES.items()},
        headings=HEADINGS,
        labels=labels,
        marks=_marks(labels),
        unit=result["unit"],
        font_family=medium.font,
    )
    return [
        Chart(
            "ways",
            "From finding to outcome",
            f"All {total} studies, each once at each stage; a band is as wide as its number. What "
            "came next is what was done. Without an operation a band goes on to the outcome: the "
            f"last review of the case. {verified}",
            {},
            WAYS.key,
            wide=True,
            drawing=drawing,
        )
    ]


def _marks(nodes: dict[str, str]) -> dict[str, Mark]:
    marks = {}
    for node in nodes:
        code = node.removeprefix("ct:")
        if code in FINDINGS:
            marks[node] = Mark(FINDINGS[code].colour, FINDINGS[code].glyph)
        elif f"stopped_{code}" in STOPPED:
            stopped = STOPPED[f"stopped_{code}"]
            marks[node] = Mark(stopped.colour or "#444444", stopped.glyph or "octagon")
    return marks
