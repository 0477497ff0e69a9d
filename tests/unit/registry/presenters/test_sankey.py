"""Bands are as wide as their number, and words of a record cannot leave their place."""

from xml.etree import ElementTree

import pytest

from registry.presenters.sankey import HEIGHT, Band, Mark, draw, nodes_of

STAGES = {"ct": ["leak", "none"], "next": ["operated"], "surgery": ["open"], "outcome": ["well"]}
BANDS = [
    Band("ct:leak", "next:operated", 30, "/cases?one=1&two=2"),
    Band("ct:none", "next:operated", 10, None),
    Band("next:operated", "surgery:open", 40, None),
    Band("surgery:open", "outcome:well", 40, None),
]
LABELS = {
    "ct:leak": "Leak <here>", "ct:none": "None", "next:operated": "Operated",
    "surgery:open": "Open", "outcome:well": "Well",
}  # fmt: skip


def drawn():
    return draw(
        BANDS, stages=STAGES, headings=["A", "B", "C", "D"], labels=LABELS,
        marks={"ct:leak": Mark("#D55E00", "drop")}, unit="studies",
    )  # fmt: skip


def test_nodes_are_as_high_as_their_number():
    nodes = nodes_of(BANDS, STAGES)
    assert nodes["ct:leak"].height == pytest.approx(3 * nodes["ct:none"].height)
    assert nodes["next:operated"].n == 40
    assert nodes["next:operated"].height == pytest.approx(
        nodes["ct:leak"].height + nodes["ct:none"].height
    )
    for stage in STAGES:
        assert sum(n.height for n in nodes.values() if n.name.startswith(stage)) <= HEIGHT


def test_each_band_says_its_number_and_opens_its_studies():
    svg = ElementTree.fromstring(drawn())
    space = "{http://www.w3.org/2000/svg}"
    assert len(svg.findall(f".//{space}path[@class='band']")) == 4
    (link,) = svg.findall(f".//{space}a")
    assert link.get("href") == "/cases?one=1&two=2"
    assert link.findtext(f"{space}title") == "Leak <here>, then Operated: 30 studies. Open them."
    assert "Leak <here> to Operated 30; " in svg.findtext(f"{space}desc")


def test_no_inline_style_is_used():
    """The page's security policy forbids it."""
    assert "style=" not in drawn()
