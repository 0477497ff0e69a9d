"""The page of cases names tests that exist."""

import re

import pytest

from tests.architecture.source_tree import ROOT

PAGE = ROOT / "docs" / "reliability-cases.md"
ROW = re.compile(r"^\| ([A-Z][0-9]{2}) \| (.+?) \| (.+?) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")

ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_each_case_stands_once_and_whole_groups_are_there():
    cases = [case for case, _, _ in ROWS]
    assert len(cases) == len(set(cases))
    for letter, number in (("D", 35), ("P", 22)):
        assert {f"{letter}{place:02d}" for place in range(1, number + 1)} <= set(cases)


@pytest.mark.parametrize(("case", "happens", "named"), ROWS, ids=[case for case, _, _ in ROWS])
def test_the_test_of_a_case_exists(case, happens, named):
    """`none` stands where the case says why."""
    found = TEST.findall(named)
    assert found or (named == "none" and ":" in happens)
    for path, name in found:
        content = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^ *def {name}\(", content, re.MULTILINE), f"{path}::{name}"
