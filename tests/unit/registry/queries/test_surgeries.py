"""Operations on the patients one may see."""

from registry.models import Role
from registry.queries import surgeries
from tests.factories import registry_records as make


def test_an_operation_is_seen_in_its_centre_and_in_no_other(north, south):
    assert list(surgeries.visible(viewer=south.logged_by)) == [south.surgery]


def test_a_reader_sees_no_operation(north):
    """It would unblind."""
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    assert not surgeries.visible(viewer=reader).exists()


def test_its_centre_is_known_without_asking_again(north, django_assert_num_queries):
    surgery = surgeries.visible(viewer=north.logged_by).get()
    with django_assert_num_queries(0):
        assert surgery.centre_code == "NORTH"
