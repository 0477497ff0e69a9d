"""The lines of lists follow the records, in the transaction of each change."""

from datetime import date

import pytest

from registry import actions
from registry.models import CentreTally, ListEntry, PatientTally
from registry.queries import list_rules
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.memberships.first().centre)


def terms(patient):
    return set(patient.list_entries.values_list("term", flat=True))


def of_term(term):
    return [
        (row.patient.registry_number, row.detail) for row in ListEntry.objects.filter(term=term)
    ]


def test_each_change_moves_the_patient_from_list_to_list(surgeon, patient):
    assert {"consent_open", "missing:consent", "missing:gmfcs"} <= terms(patient)
    case = make.case(of=patient, by=surgeon)
    assert {"case", "case_without_outcome", "trigger:suspected_malfunction"} <= terms(patient)
    surgery = make.surgery(of=case, by=surgeon)
    assert {"operation_without_ct", "found:disconnection"} <= terms(patient)
    study = make.contrast_study(of=case, by=surgeon)
    assert {"no_read", "ct_without_outcome", "missing:needle"} <= terms(patient)
    assert "operation_without_ct" not in terms(patient)
    make.read(of=study, by=surgeon)
    assert {"read_without_images", "finding:leak"} <= terms(patient)
    assert "no_read" not in terms(patient)
    actions.cases.close(
        case=case,
        edition=1,
        by=surgeon,
        at=make.NOW,
        closed_on=surgery.performed_on,
        outcome="resolved_by_surgery",
    )
    assert not {"case_without_outcome", "ct_without_outcome"} & terms(patient)
    assert "contradiction" not in terms(patient)


def test_a_corrected_read_is_found_by_what_it_says_now(surgeon, patient):
    study = make.contrast_study(of=make.case(of=patient, by=surgeon), by=surgeon)
    first = make.read(of=study, by=surgeon)
    make.read(
        of=study, by=surgeon, finding="occlusion", supersedes=first, correction_reason="mixed up"
    )
    assert "finding:occlusion" in terms(patient)
    assert "finding:leak" not in terms(patient)


def test_what_cannot_be_true_is_listed_with_what_it_is(surgeon, patient):
    case = make.case(of=patient, by=surgeon, opened_on=date(2024, 3, 1))
    make.contrast_study(of=case, by=surgeon, performed_on=date(2024, 2, 1))
    assert of_term("contradiction") == [("CR-000001", "study_before_case")]


def test_an_edit_that_changes_nothing_of_a_line_leaves_the_row(surgeon, patient):
    make.case(of=patient, by=surgeon)
    before = set(patient.list_entries.values_list("pk", "term"))
    actions.patients.edit(
        patient=patient, edition=1, by=surgeon, at=make.NOW, changes={"consent": "given"}
    )
    after = set(patient.list_entries.values_list("pk", "term"))
    assert {term for _, term in before - after} == {"consent_open", "missing:consent"}
    assert after <= before


def tally(question):
    row = CentreTally.objects.get(question=question)
    return row.asked, row.unanswered


def test_denominators_follow_what_is_asked(surgeon, patient):
    """How the finding was proven is asked of confirmed findings only."""
    make.patient(by=surgeon, at_centre=patient.centre, diagnosis="tbi")
    assert tally("consent") == (2, 2)
    assert tally("gmfcs") == (1, 1)
    actions.patients.edit(
        patient=patient, edition=1, by=surgeon, at=make.NOW, changes={"gmfcs": "level_v"}
    )
    assert tally("gmfcs") == (1, 0)
    make.surgery(of=make.case(of=patient, by=surgeon), by=surgeon)
    assert tally("how_proven") == (1, 0)


def test_two_patients_with_one_serial_number_make_one_line_until_they_are_told_apart(
    surgeon, patient
):
    twin = make.patient(by=surgeon, at_centre=patient.centre, sex="male")
    for one, serial in ((patient, "ngp 123456h"), (twin, "NGP123456H")):
        make.component(of=one, by=surgeon, serial_number=serial)
    assert of_term("duplicate") == [("CR-000001", "same_serial")]
    actions.patient_merges.tell_apart(
        one=twin, other=patient, reason="typed twice", by=surgeon, at=make.NOW
    )
    assert of_term("duplicate") == []


def test_two_alike_with_one_day_of_operation_make_a_line_and_lose_it(surgeon, patient):
    twin = make.patient(by=surgeon, at_centre=patient.centre)
    for one in (patient, twin):
        make.surgery(of=make.case(of=one, by=surgeon), by=surgeon)
    assert of_term("duplicate") == [("CR-000001", "same_day")]
    actions.patients.edit(
        patient=twin, edition=1, by=surgeon, at=make.NOW, changes={"birth_year": 2001}
    )
    assert of_term("duplicate") == []


def test_whoever_was_worked_out_by_older_rules_is_worked_out_anew(surgeon, patient, monkeypatch):
    assert actions.list_entries.refresh_outdated() == 0
    ListEntry.objects.all().delete()
    PatientTally.objects.all().delete()
    CentreTally.objects.all().delete()
    assert actions.list_entries.refresh_outdated() == 1
    assert "consent_open" in terms(patient)
    assert tally("consent") == (1, 1)
    monkeypatch.setattr(list_rules, "RULES_VERSION", list_rules.RULES_VERSION + 1)
    assert actions.list_entries.refresh_outdated() == 1
    assert tally("consent") == (1, 1)


def test_a_look_refreshes_nothing(surgeon, patient, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        actions.patients.look_at_identity(patient=patient, by=surgeon, at=make.NOW)
