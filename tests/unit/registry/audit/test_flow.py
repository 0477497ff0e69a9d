import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.errors import FlowError, UnknownNumberError
from registry.audit.flow import Box, Branch, Display, Flow, build_flow

NUMBERS = Branch(
    "numbers",
    "Numbers",
    lambda n: True,
    (
        Branch("even", "Even", lambda n: n % 2 == 0),
        Branch(
            "odd",
            "Odd",
            lambda n: n % 2 == 1,
            (
                Branch("small", "Small", lambda n: n < 10),
                Branch("large", "Large", lambda n: n >= 10, (), Display.IF_ANY),
            ),
        ),
    ),
)


def box(key, members, parent=None, n=None, display=Display.ALWAYS):
    members = tuple(members)
    return Box(key, key, len(members) if n is None else n, parent, members, display)


@given(st.sets(st.integers(0, 99)))
def test_every_member_is_in_exactly_one_branch_of_each_node(numbers):
    flow = build_flow(NUMBERS, {f"{n:02}": n for n in numbers})
    for parent in flow.boxes:
        children = flow.children(parent.key)
        if children:
            assert sorted(m for c in children for m in c.members) == list(parent.members)
            assert sum(c.n for c in children) == parent.n


def test_boxes_come_in_reading_order():
    flow = build_flow(NUMBERS, {"1": 1, "2": 2})
    assert [b.key for b in flow.boxes] == ["numbers", "even", "odd", "small", "large"]
    assert [b.parent for b in flow.boxes] == [None, "numbers", "numbers", "odd", "odd"]


def test_an_optional_box_is_printed_only_with_somebody_in_it():
    assert "large" not in [b.key for b in build_flow(NUMBERS, {"1": 1}).printed]
    assert "large" in [b.key for b in build_flow(NUMBERS, {"11": 11}).printed]


def test_a_remainder_is_counted_and_never_printed():
    root = Branch(
        "all",
        "All",
        lambda n: True,
        (
            Branch("even", "Even", lambda n: n % 2 == 0),
            Branch("rest", "Rest", lambda n: n % 2 == 1, (), Display.REMAINDER),
        ),
    )
    flow = build_flow(root, {"1": 1, "2": 2, "3": 3})
    assert [b.key for b in flow.printed] == ["all", "even"]
    assert flow.box("rest").members == ("1", "3")


@pytest.mark.parametrize("number", [0, 7], ids=["two branches", "no branch"])
def test_a_member_of_two_branches_or_of_none_stops_the_flow(number):
    low = Branch("low", "Low", lambda n: n < 1)
    lower = Branch("lower", "Lower", lambda n: n < 5)
    root = Branch("all", "All", lambda n: True, (low, lower))
    with pytest.raises(FlowError, match="of its branches"):
        build_flow(root, {"one": number})


def test_a_member_outside_the_root_stops_the_flow():
    with pytest.raises(FlowError, match="root"):
        build_flow(Branch("even", "Even", lambda n: n % 2 == 0), {"1": 1})


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        [box("a", "12", parent="b")],
        [box("a", "12"), box("a", "12", parent="a")],
        [box("a", "12"), box("c", "12", parent="b"), box("b", "12", parent="a")],
        [box("a", "12"), box("b", "12")],
        [box("a", "12", n=3)],
        [box("a", "11")],
        [box("a", "12"), box("b", "1", parent="a")],
        [box("a", "12"), box("b", "12", parent="a"), box("c", "1", parent="a")],
        [box("a", "12"), box("b", "1", parent="a"), box("c", "3", parent="a")],
        [
            box("a", "12"),
            box("b", "1", parent="a", display=Display.REMAINDER),
            box("c", "2", parent="a", display=Display.REMAINDER),
        ],
    ],
    ids=[
        "empty",
        "no root",
        "one key twice",
        "child before parent",
        "two roots",
        "count is not members",
        "member twice",
        "children too few",
        "children overlap",
        "children hold a stranger",
        "two remainders",
    ],
)
def test_a_flow_that_does_not_add_up_cannot_be_made(boxes):
    with pytest.raises(FlowError):
        Flow(boxes=tuple(boxes))


def test_an_unknown_box_is_named():
    with pytest.raises(UnknownNumberError, match="nothing"):
        build_flow(NUMBERS, {}).box("nothing")


def test_no_error_repeats_a_member():
    with pytest.raises(FlowError) as caught:
        build_flow(Branch("even", "Even", lambda n: n % 2 == 0), {"secret": 1})
    assert "secret" not in str(caught.value)
