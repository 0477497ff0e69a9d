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


def test_the_same_device_is_found_again_where_it_may_be_seen(north, south):
    udi = {"udi": "(01)51022222233336(21)1234", "second_pump_declared": True}
    first, latest = (make.component(of=north.patient, by=north.logged_by, **udi) for _ in range(2))
    found = components.same_device(viewer=north.logged_by, device_identifier="51022222233336")
    assert found == latest != first
    for viewer, device in ((south.logged_by, "51022222233336"), (north.logged_by, "")):
        assert components.same_device(viewer=viewer, device_identifier=device) is None
