"""Patients one may see, and how they are found."""

import pytest

from registry import actions
from registry.models import Patient, Role
from registry.queries import patients
from tests.factories import registry_records as make


def found(viewer, search):
    page = patients.page(viewer=viewer, search=search, size=50)
    assert page.rows == list(patients.listing(viewer=viewer, search=search))
    return [one.registry_number for one in page.rows]


def by_number(viewer, number, permission="registry.log_case"):
    return patients.by_number(viewer=viewer, permission=permission, number=number)


def test_a_patient_is_seen_in_its_centre_and_in_no_other(north, south):
    assert list(patients.visible(viewer=north.logged_by)) == [north.patient]


def test_the_list_is_newest_first_and_counts_cases(north):
    newer = make.patient(by=north.logged_by, at_centre=north.centre)
    listed = patients.page(viewer=north.logged_by, size=50).rows
    assert listed == [newer, north.patient]
    assert [patient.case_count for patient in listed] == [0, 1]


@pytest.fixture
def long_numbers(north):
    """The last number of six digits and the first two of seven."""
    patients = [
        north.patient,
        *(make.patient(by=north.logged_by, at_centre=north.centre) for _ in range(2)),
    ]
    for number, patient in zip((1_000_001, 999_999, 1_000_000), patients, strict=True):
        Patient.objects.filter(pk=patient.pk).update(registry_number=f"CR-{number}")
    return north.logged_by


def test_the_list_is_in_the_order_of_the_numbers_not_of_their_text(long_numbers):
    assert found(long_numbers, "") == ["CR-1000001", "CR-1000000", "CR-999999"]


@pytest.mark.parametrize(
    ("before", "rest"),
    [
        ("CR-1000001", ["CR-1000000", "CR-999999"]),
        ("CR-1000000", ["CR-999999"]),
        ("CR-999999", []),
        ("CR-000001", []),
    ],
)
def test_a_page_goes_on_where_the_last_one_ended(long_numbers, before, rest):
    page = patients.page(viewer=long_numbers, before=before, size=50)
    assert [one.registry_number for one in page.rows] == rest


@pytest.mark.parametrize("number", ["1000000", "CR-1000000", "cr-1000000"])
def test_a_number_of_seven_digits_is_found(long_numbers, number):
    assert [one.registry_number for one in by_number(long_numbers, number)] == ["CR-1000000"]


@pytest.mark.parametrize("search", ["CR-000001", "000001", "1", " 1 ", "LOCAL-1", "local-1"])
def test_a_patient_is_found_by_the_end_of_one_number_or_by_the_whole_other(north, search):
    assert found(north.logged_by, search) == ["CR-000001"]


@pytest.mark.parametrize("search", ["LOCAL", "CR-000002", "%", "_", "nobody"])
def test_half_a_local_number_and_signs_of_the_database_find_nobody(north, search):
    """Only the keyed hash of a whole number is stored."""
    assert found(north.logged_by, search) == []


def test_the_number_of_another_centre_finds_nobody(north, south):
    assert found(north.logged_by, south.patient.registry_number) == []
    assert found(south.logged_by, "LOCAL-1") == [south.patient.registry_number]


def test_a_local_number_is_no_key_for_who_may_not_know_who_a_patient_is(north):
    auditor = make.user(at_centre=north.centre, roles=[Role.AUDITOR])
    assert found(auditor, "CR-000001") == ["CR-000001"]
    assert found(auditor, "LOCAL-1") == []


@pytest.mark.parametrize("number", ["CR-000001", "cr-000001", "1", "000001", "LOCAL-1"])
def test_exactly_one_patient_has_a_number(north, number):
    assert by_number(north.logged_by, number) == [north.patient]


@pytest.mark.parametrize("number", ["01-CR", "CR-1", "2", "LOCAL", "²"])
def test_a_number_that_is_nobodys_is_nobodys(north, number):
    assert by_number(north.logged_by, number) == []


def test_what_one_means_to_do_limits_whom_one_finds(north):
    auditor = make.user(at_centre=north.centre, roles=[Role.AUDITOR])
    assert by_number(auditor, "1") == []
    assert by_number(auditor, "1", "registry.run_audit") == [north.patient]


def test_pages_of_one_hold_everybody_once(long_numbers):
    rows, before = [], ""
    while not rows or before:
        page = patients.page(viewer=long_numbers, before=before, size=1)
        rows += page.rows
        before = page.next_after
    assert [one.registry_number for one in rows] == ["CR-1000001", "CR-1000000", "CR-999999"]


def test_a_merged_number_is_listed_no_more_and_found_by_itself(north):
    twin = make.patient(by=north.logged_by, at_centre=north.centre)
    actions.patient_merges.merge(
        kept=north.patient, merged=twin, reason="one person", by=north.logged_by, at=make.NOW
    )
    assert found(north.logged_by, "") == ["CR-000001"]
    assert found(north.logged_by, twin.registry_number) == [twin.registry_number]
    assert by_number(north.logged_by, twin.registry_number) == []
    assert list(patients.unmerged(viewer=north.logged_by)) == [north.patient]
