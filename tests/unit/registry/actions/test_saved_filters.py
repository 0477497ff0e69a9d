"""Searches that are kept under a name."""

import pytest

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.models import HistoryEvent, SavedFilter
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


def keep(by, name="leaks", query="term=finding:leak", **fields):
    fields = {"page": "search", "is_shared": False} | fields
    centre = by.memberships.first().centre
    return actions.saved_filters.keep(
        centre=centre, name=name, query=query, by=by, at=make.NOW, **fields
    )


def test_the_same_name_is_kept_once_with_what_it_means_now(surgeon):
    keep(surgeon)
    keep(surgeon, " leaks ", "term=finding:occlusion", is_shared=True)
    (kept,) = SavedFilter.objects.all()
    assert (kept.query, kept.is_shared) == ("term=finding:occlusion", True)


def test_another_person_may_use_the_name_too(surgeon):
    keep(surgeon)
    keep(make.user(at_centre=surgeon.memberships.first().centre))
    assert SavedFilter.objects.count() == 2


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_it_needs_a_name(surgeon, name):
    with pytest.raises(InvalidRecordError):
        keep(surgeon, name)


def test_it_is_forgotten_once_and_the_history_knows(surgeon):
    kept = keep(surgeon)
    for _ in range(2):
        actions.saved_filters.remove(saved_filter=kept, by=surgeon, at=make.NOW)
    assert SavedFilter.objects.count() == 0
    assert HistoryEvent.objects.filter(action="saved_filter.remove").count() == 1
