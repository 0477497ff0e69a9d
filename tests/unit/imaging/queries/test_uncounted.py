"""Pages of a list whose end nobody needs to know."""

import pytest

from imaging.models import IngestRun
from imaging.queries.uncounted import page_of, page_of_parts
from registry.models import Centre
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centres():
    for number in range(5):
        make.centre(f"C{number}")
    return Centre.objects.order_by("code")


@pytest.mark.parametrize(
    ("asked_for", "codes", "neighbours"),
    [
        (None, ["C0", "C1"], (False, True)),
        ("2", ["C2", "C3"], (True, True)),
        ("3", ["C4"], (True, False)),
        ("4", [], (True, False)),
        ("0", ["C0", "C1"], (False, True)),
        ("x", ["C0", "C1"], (False, True)),
        ("²", ["C0", "C1"], (False, True)),
        ("99999999999", ["C0", "C1"], (False, True)),
    ],
)
def test_a_page_and_whether_there_are_others(
    centres, asked_for, codes, neighbours, django_assert_num_queries
):
    with django_assert_num_queries(1):
        page = page_of(centres, asked_for=asked_for, size=2)
    assert [centre.code for centre in page] == codes
    assert (page.has_previous, page.has_next) == neighbours
    assert page.has_other_pages
    assert (page.previous_page_number, page.next_page_number) == (page.number - 1, page.number + 1)


def test_parts_in_the_same_order_make_one_list(centres):
    newest_first = centres.order_by("-code")
    parts = [
        newest_first.filter(code__in=["C0", "C3"]),
        newest_first.exclude(code__in=["C0", "C3"]),
    ]

    def pages(number):
        page = page_of_parts(parts, key=lambda centre: centre.code, asked_for=number, size=2)
        return [centre.code for centre in page], page.has_next

    assert [pages(number) for number in ("1", "2", "3", "4")] == [
        (["C4", "C3"], True), (["C2", "C1"], True), (["C0"], False), ([], False),
    ]  # fmt: skip


def test_nothing_is_one_empty_page():
    page = page_of(IngestRun.objects.order_by("pk"), asked_for="", size=2)
    assert (len(page), page.has_other_pages) == (0, False)
