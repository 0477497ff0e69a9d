"""Pages of lists, limited to what the viewer may know."""

from datetime import timedelta

import pytest

from registry.models import Role
from registry.queries import lists
from registry.queries.lists import Wanted
from tests.factories import registry_records as make


def found(viewer, term, *, after="", size=50, **wanted):
    page = lists.page(viewer=viewer, wanted=Wanted(term, **wanted), after=after, size=size)
    return [row.patient for row in page.rows]


def test_a_line_is_seen_in_its_centre_and_in_no_other(north, south):
    assert found(north.logged_by, "study") == [north.patient]


def test_who_reads_in_the_centre_is_told_nothing_of_reads(north):
    both = make.user(at_centre=north.centre, roles=[Role.SURGEON, Role.READER])
    make.read(of=north.study, by=north.logged_by)
    assert found(north.logged_by, "finding:leak") == [north.patient]
    assert found(both, "finding:leak") == found(both, "read_without_images") == []
    assert found(both, "study") == [north.patient]
    assert not lists.count(viewer=both, wanted=Wanted("finding:leak"))
    also = {"also": ("finding:leak",)}
    assert found(north.logged_by, "study", **also) == [north.patient]
    assert found(both, "study", **also) == []


@pytest.mark.parametrize(("days", "seen"), [(-1, 0), (0, 1)])
def test_what_falls_due_later_is_not_listed_yet(north, days, seen):
    due = north.case.opened_on + timedelta(days=42)
    wanted = lists.narrowed(Wanted("case_without_outcome"), until=due + timedelta(days=days))
    assert len(lists.page(viewer=north.logged_by, wanted=wanted, after="", size=9).rows) == seen


def test_facts_of_the_patient_narrow_a_list(north):
    boy = make.patient(by=north.logged_by, at_centre=north.centre, sex="male")
    make.case(of=boy, by=north.logged_by)
    assert found(north.logged_by, "case", sex="male") == [boy]
    assert found(north.logged_by, "case", diagnosis="tbi") == []
    assert found(north.logged_by, "case", centre_code="SOUTH") == []


def test_so_many_lines_are_looked_at_and_the_next_page_goes_on(north, monkeypatch):
    """A filter that no index serves finds everybody over the pages, at the same cost each."""
    monkeypatch.setattr(lists, "MOST_LOOKED_AT", 2)
    boys = []
    for number in range(5):
        sex = "male" if number in (0, 4) else "female"
        patient = make.patient(by=north.logged_by, at_centre=north.centre, sex=sex)
        make.case(
            of=patient,
            by=north.logged_by,
            opened_on=north.case.opened_on + timedelta(days=1 + number),
        )
        boys += [patient] if sex == "male" else []
    pages, after = [], ""
    while not pages or after:
        page = lists.page(
            viewer=north.logged_by, wanted=Wanted("case", sex="male"), after=after, size=50
        )
        pages.append([row.patient for row in page.rows])
        after = page.next_after
        assert bool(page.looked_until) == bool(after)
    assert [patient for rows in pages for patient in rows] == boys
    assert len(pages) == 3


def test_the_counts_of_answers_are_those_of_the_own_centres(north, south):
    assert lists.unanswered(viewer=north.logged_by)["gmfcs"] == (1, 1)
