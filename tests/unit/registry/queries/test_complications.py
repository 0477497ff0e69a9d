"""Complications of the patients one may see."""

from registry.models import Role
from registry.queries import complications
from tests.factories import registry_records as make


def test_a_complication_is_seen_in_its_centre_and_by_no_reader(north, south):
    assert list(complications.visible(viewer=south.logged_by)) == [south.complication]
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    assert not complications.visible(viewer=reader).exists()


def test_all_of_it_is_known_without_asking_again(north, django_assert_num_queries):
    (complication,) = complications.complete(viewer=north.logged_by)
    with django_assert_num_queries(0):
        assert complication.centre_code == "NORTH"
        assert complication.case == north.case
        assert [relation.code for relation in complication.relations.all()] == ["device"]
