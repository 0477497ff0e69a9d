"""Searches are used by whoever kept them, and by the centre they are shared with."""

from registry import actions
from registry.models import Role
from registry.queries import saved_filters
from tests.factories import registry_records as make


def names(viewer):
    return [one.name for one in saved_filters.usable(viewer=viewer, page="search")]


def test_a_search_is_private_until_it_is_shared(north, south):
    colleague = make.user(at_centre=north.centre, roles=[Role.AUDITOR])
    for name, is_shared in (("mine", False), ("ours", True)):
        actions.saved_filters.keep(
            centre=north.centre,
            page="search",
            name=name,
            query="",
            is_shared=is_shared,
            by=north.logged_by,
            at=make.NOW,
        )
    assert names(north.logged_by) == ["mine", "ours"]
    assert names(colleague) == ["ours"]
    assert names(south.logged_by) == []
    assert names(make.user(at_centre=north.centre, roles=[Role.READER])) == []
    assert saved_filters.own(viewer=colleague).count() == 0
