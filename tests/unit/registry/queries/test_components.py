"""Components of the patients one may see."""

from datetime import date
from decimal import Decimal

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


def catheter(of, **fields):
    fields = {"kind": "spinal_segment", "reservoir_ml": None, "length_cm": 110} | fields
    return make.component(of=of.patient, by=of.logged_by, **fields)


def volume(of, on):
    return components.catheter_volume_ml(viewer=of.logged_by, patient=of.patient, on=on)


def test_the_volume_of_the_catheter_is_that_of_all_its_parts(north):
    """80 cm of 0.0022 ml are 0.176 ml; the other 10 cm are 0.022 ml."""
    catheter(north, trimmed_cm=30, ml_per_cm=Decimal("0.0022"))
    assert volume(north, date(2024, 3, 1)) == Decimal("0.176")
    catheter(north, kind="pump_segment", length_cm=12, trimmed_cm=2, ml_per_cm=Decimal("0.0022"))
    assert volume(north, date(2024, 3, 1)) == Decimal("0.198")
    assert volume(north, date(2019, 5, 1)) is None


def test_a_part_that_nobody_measured_makes_the_whole_unknown(north):
    catheter(north, trimmed_cm=30, ml_per_cm=Decimal("0.0022"))
    catheter(north, kind="pump_segment", trimmed_cm=None, ml_per_cm=Decimal("0.0022"))
    assert volume(north, date(2024, 3, 1)) is None


def test_on_the_day_of_a_revision_it_is_the_catheter_of_the_morning(north):
    catheter(north, trimmed_cm=30, ml_per_cm=Decimal("0.0022"), removed_on=date(2024, 3, 1))
    catheter(north, trimmed_cm=10, ml_per_cm=Decimal("0.0022"), implanted_on=date(2024, 3, 1))
    assert volume(north, date(2024, 3, 1)) == Decimal("0.176")
    assert volume(north, date(2024, 3, 2)) == Decimal("0.220")


def test_what_was_grafted_is_longer(north):
    part = catheter(north, trimmed_cm=30, grafted_cm=10, ml_per_cm=Decimal("0.0022"))
    assert (part.implanted_length_cm, part.volume_ml) == (90, Decimal("0.198"))


def test_the_pump_of_a_day_is_the_one_that_was_in_place(north):
    asked = {"viewer": north.logged_by, "patient": north.patient}
    assert components.pump_on(**asked, on=date(2019, 5, 1)) is None
    assert components.pump_on(**asked, on=date(2019, 5, 2)) == north.component
    newer = make.component(
        of=north.patient,
        by=north.logged_by,
        implanted_on=date(2023, 1, 1),
        second_pump_declared=True,
    )
    assert components.pump_on(**asked, on=date(2024, 1, 1)) == newer


def test_the_same_device_is_found_again_where_it_may_be_seen(north, south):
    udi = {"udi": "(01)51022222233336(21)1234", "second_pump_declared": True}
    first, latest = (make.component(of=north.patient, by=north.logged_by, **udi) for _ in range(2))
    found = components.same_device(viewer=north.logged_by, device_identifier="51022222233336")
    assert found == latest != first
    for viewer, device in ((south.logged_by, "51022222233336"), (north.logged_by, "")):
        assert components.same_device(viewer=viewer, device_identifier=device) is None
