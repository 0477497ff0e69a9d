"""Pages by keyset hold every row once, in order, whatever is read in between."""

from datetime import date, timedelta

import pytest

from registry.models import Centre, ListEntry
from registry.queries import keyset
from registry.queries.keyset import BoundedCount
from tests.factories import registry_records as make

FIRST = date(2024, 1, 1)


def page(parts, after, *, newest_first, size):
    order = ("-on", "-pk") if newest_first else ("on", "pk")
    return keyset.cut(
        [
            part.order_by(*order).filter(keyset.after("on", after, newest_first=newest_first))
            for part in parts
        ],
        size=size,
        key=lambda row: (row.on, row.pk),
        cursor=lambda row: keyset.day_cursor(row.on, row.pk),
        newest_first=newest_first,
    )


@pytest.fixture
def entries(db):
    """Lines of two centres, many on the same day."""
    people = [make.user(at_centre=make.centre(code)) for code in ("NORTH", "SOUTH")]
    for number in range(13):
        by = people[number % 3 == 0]
        patient = make.patient(by=by, at_centre=by.memberships.first().centre)
        ListEntry.objects.create(
            patient=patient,
            centre=patient.centre,
            term="x",
            on=FIRST + timedelta(days=number * 7 % 5),
            about=patient.public_id,
        )
    return ListEntry.objects.filter(term="x")


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 12, 13, 14])
def test_all_pages_together_are_the_whole_list(entries, size, newest_first):
    parts = keyset.centre_parts(
        entries, "centre", Centre.objects.order_by("pk").values_list("pk", flat=True)
    )
    rows, cursor = [], ""
    while True:
        found = page(parts, cursor, newest_first=newest_first, size=size)
        rows += found.rows
        cursor = found.next_after
        if not cursor:
            break
    order = ("-on", "-pk") if newest_first else ("on", "pk")
    assert rows == list(entries.order_by(*order))


@pytest.mark.parametrize("cursor", ["", "x", "2024-01-01", "2024-13-01.1", "2024-01-01.-1", "²"])
def test_a_cursor_that_is_none_begins_at_the_top(cursor):
    assert not keyset.after("on", cursor, newest_first=False)
    assert not keyset.pk_after(cursor)


@pytest.mark.django_db
def test_a_count_stops_where_nobody_would_count_on(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(keyset, "MOST_COUNTED", 3)
    centre = make.centre()
    for _ in range(5):
        make.patient(by=make.user(at_centre=centre), at_centre=centre)
    every = ListEntry.objects.filter(term="consent_open")
    with django_assert_num_queries(1):
        count = keyset.bounded_count([every, every])
    assert (count.number, str(count), count.is_exact) == (4, "3+", False)
    second = every.order_by("pk")[1].pk
    few = keyset.bounded_count([every.none(), every.filter(pk__lte=second)])
    assert (str(few), few.is_exact, bool(few)) == ("2", True, True)
    assert not BoundedCount(0)
