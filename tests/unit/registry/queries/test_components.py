"""Components of the patients one may see."""

from registry.models import Role
from registry.queries import components
from tests.factories import registry_records as make


def test_a_component_is_seen_in_its_centre_and_in_no_other(north, south):
    assert list(components.visible(viewer=north.logged_by)) == [north.component]
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    assert not components.visible(viewer=reader).exists()


def test_its_centre_is_known_without_asking_again(north, django_assert_num_queries):
    component = components.visible(viewer=north.logged_by).get()
    with django_assert_num_queries(0):
        assert component.centre_code == "NORTH"
