"""The drawn flow: exactly the boxes of the flow, each number once, nothing the page forbids."""

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import pytest
from hypothesis import given, settings

from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters.flow_diagram import draw
from registry.presenters.flow_layout import WIDTH, layout
from tests.factories.cohorts import AS_OF, abousamra_cohort, cohorts

SVG = "{http://www.w3.org/2000/svg}"


def flow_of(cohort):
    result = run("abousamra-2016", cohort, filters=Filters(), as_of=AS_OF, code_version="test")
    return result.to_json()["flow"]


def drawn(flow, **options):
    return ElementTree.fromstring(draw(flow, unit="patients", **options))


def numbers(svg):
    return {
        text.get("data-n"): int(text.text)
        for text in svg.iter(f"{SVG}text")
        if text.get("data-n") is not None
    }


def test_the_published_flow_is_drawn_with_its_eleven_numbers():
    """doi:10.1111/dmcn.12893: 295, 27, 3, 24, 8, 16, and 4, 5, 5, 2 of those operated on."""
    assert numbers(drawn(flow_of(abousamra_cohort()))) == {
        "patients": 295,
        "ct_studied": 27,
        "stopped_not_aspirable": 3,
        "completed": 24,
        "normal_not_operated": 8,
        "abnormal_not_operated": 0,
        "operated": 16,
        "operated_normal_crescent": 4,
        "operated_inadequate_pooling": 5,
        "operated_leak": 5,
        "operated_occlusion": 2,
    }


@settings(deadline=None, max_examples=40)
@given(cohorts())
def test_drawn_boxes_and_numbers_equal_the_flow_of_any_cohort(cohort):
    flow = flow_of(cohort)
    svg = drawn(flow)
    assert numbers(svg) == {box["key"]: box["n"] for box in flow}
    boxes = [box.get("data-box") for box in svg.iter(f"{SVG}rect") if box.get("data-box")]
    assert sorted(boxes) == sorted(box["key"] for box in flow)


@settings(deadline=None, max_examples=40)
@given(cohorts())
def test_no_two_boxes_overlap_and_none_leaves_the_drawing(cohort):
    plan = layout(flow_of(cohort))
    for one, other in combinations(plan.boxes, 2):
        apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
        apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert apart_x or apart_y, (one.key, other.key)
    for box in plan.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= WIDTH
        assert box.y + box.height <= plan.height


def test_every_box_is_a_link_to_the_cases_of_its_number():
    flow = flow_of(abousamra_cohort())
    svg = drawn(flow, href=lambda key: f"/cases/?number={key}&centre=<A>")
    links = [link.get("href") for link in svg.iter(f"{SVG}a")]
    assert sorted(links) == sorted(f"/cases/?number={box['key']}&centre=<A>" for box in flow)
    for link in svg.iter(f"{SVG}a"):
        assert link.get("aria-label") is None
        assert re.search(r": \d+ patients \(.+\)\. Open them\.$", link.find(f"{SVG}title").text)


def test_the_drawing_uses_presentation_attributes_only():
    """The page's security policy allows neither style attributes nor style elements."""
    text = draw(flow_of(abousamra_cohort()), unit="patients")
    assert "style" not in text
    assert "<script" not in text


def test_the_drawing_says_in_words_what_it_shows():
    svg = drawn(flow_of(abousamra_cohort()))
    assert svg.find(f"{SVG}title").text == "Participant flow"
    assert "Operated 16" in svg.find(f"{SVG}desc").text


def test_patients_without_a_study_stand_in_a_dashed_box_that_opens_nobody():
    """They are the parent minus its printed children, 295 - 27."""
    flow = flow_of(abousamra_cohort())
    (rest,) = layout(flow).rests
    assert (rest.label, rest.n) == ("Without CT contrast study", 268)
    text = draw(flow, unit="patients", href=str)
    assert "not_ct_studied" not in text
    assert 'stroke-dasharray="4 3"' in text


DIVIDED = [
    {"key": "patients", "label": "Patients", "n": 20, "parent": None},
    {"key": "left_out", "label": "Excluded", "n": 7, "parent": "patients"},
    {"key": "stayed", "label": "Included", "n": 11, "parent": "patients"},
    {"key": "no_pump", "label": "No pump", "n": 4, "parent": "left_out"},
    {"key": "young", "label": "Too young", "n": 3, "parent": "left_out"},
    {"key": "here", "label": "Here", "n": 6, "parent": "stayed"},
    {"key": "there", "label": "There", "n": 5, "parent": "stayed"},
]
"""Of those who leave it is said why; two patients are in no box."""


def leaves_of(plan):
    """Boxes that nothing divides further, and those whom no box names."""
    divided = {"patients", "left_out", "stayed"}
    return [box.n for box in plan.boxes if box.key not in divided] + [one.n for one in plan.rests]


def test_reasons_stand_below_the_side_box_they_divide_and_the_leaves_add_up():
    """STARD 2015 and STROBE: who is excluded, with reasons and numbers."""
    flow = [DIVIDED[0], DIVIDED[2], DIVIDED[1], *DIVIDED[3:]]
    plan = layout(flow)
    roles = {box.key: box.role for box in plan.boxes}
    assert roles["no_pump"] == roles["young"] == "reason"
    assert (roles["left_out"], roles["stayed"], roles["here"]) == ("side", "main", "foot")
    assert sum(leaves_of(plan)) == 20
    assert [(one.label, one.n) for one in plan.rests] == [("Others", 2)]
    assert set(numbers(drawn(flow, href=str))) == {box["key"] for box in DIVIDED}
    for one, other in combinations(plan.boxes, 2):
        apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
        apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert apart_x or apart_y, (one.key, other.key)


@pytest.mark.parametrize("label", ['<script>"&', "a & b"])
def test_labels_are_escaped(label):
    svg = drawn([{"key": "patients", "label": label, "n": 1, "parent": None}])
    assert label in "".join(svg.itertext())
