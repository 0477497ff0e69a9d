"""A heat map says its numbers in the cells, and its labels stand clear of them."""

import re

from registry.presenters import audit_charts
from registry.presenters.chart_parts import Medium
from registry.presenters.heat_map import heat_map


def drawn(columns):
    cells = [
        {"row": "Leak", "column": column, "n": n, "cases": None} for n, column in enumerate(columns)
    ]
    return heat_map(
        cells,
        rows=["Leak"],
        columns=columns,
        row_title="CT",
        column_title="Operation",
        medium=Medium(width=400),
    )


def test_labels_are_broken_between_words_only_and_stand_below_the_cells():
    spec = drawn(["Indeterminate", "Wall or joint open"])
    drawing = audit_charts.svg(spec)
    words = [
        re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<text[^>]*>(.*?)</text>", drawing)
    ]
    assert {"Indeterminate", "0", "1"} <= set(words)
    assert "Wall or joint open" not in words
    assert spec["layer"][0]["encoding"]["x"]["axis"].get("orient", "bottom") == "bottom"


def test_an_empty_row_has_no_share():
    spec = drawn(["Leak"])
    assert [cell["share"] for cell in spec["datasets"]["cells"]] == [0]
    assert all("cases" not in cell for cell in spec["datasets"]["cells"])
