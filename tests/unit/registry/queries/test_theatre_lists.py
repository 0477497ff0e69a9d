from datetime import date

from registry import queries
from registry.actions.theatre_lists import SentLine
from registry.models import Role
from tests.factories import registry_records as make


def test_who_audits_a_centre_sees_its_lists_and_no_other(north, south):
    auditor = make.user(at_centre=north.centre, roles=[Role.AUDITOR])
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    own = make.theatre_list(of=north.centre, by=auditor)
    make.theatre_list(of=south.centre, by=south.logged_by)
    assert list(queries.theatre_lists.visible(viewer=auditor)) == [own]
    assert not queries.theatre_lists.visible(viewer=reader).exists()


def test_rows_without_day_or_number_are_named(north):
    lines = [SentLine(2, date(2024, 3, 1), "1"), SentLine(5, None, "1"),
             SentLine(9, date(2024, 3, 1), " ")]  # fmt: skip
    one = make.theatre_list(of=north.centre, by=north.logged_by, lines=lines)
    found = queries.theatre_lists.unreadable_rows(viewer=north.logged_by, theatre_list=one)
    assert found == [5, 9]
