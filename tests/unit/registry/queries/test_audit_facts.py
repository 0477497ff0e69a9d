"""Facts are fetched as they stand, whole, and of the centres one may audit."""

import re
from datetime import date, timedelta

import pytest

from registry import actions
from registry.models import Role
from registry.queries import audit_facts
from registry.vocabulary import VOCABULARY_VERSION
from tests.factories import audited_records
from tests.factories import registry_records as make

PUBLIC_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def facts(viewer, *codes):
    return audit_facts.cohort(viewer=viewer, centre_codes=codes or ["NORTH"]).patients


def the_one(episode):
    (patient,) = facts(episode.logged_by)
    return patient


def test_ids_are_opaque_and_nothing_says_who_it_is(north):
    patient = the_one(north)
    assert patient.patient_id == str(north.patient.public_id)
    # A public id begins with the time it was made, whose digits may spell anything.
    told = PUBLIC_ID.sub("", repr(patient))
    for secret in ("LOCAL-1", north.patient.registry_number, north.patient.subject_key, "2009"):
        assert secret not in told


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.READER, Role.ADMINISTRATOR])
def test_who_may_not_audit_gets_no_facts(north, role):
    assert facts(make.user(at_centre=north.centre, roles=[role])) == ()


def test_a_centre_that_one_may_not_audit_is_left_out(north, south):
    patients = facts(north.logged_by, "NORTH", "SOUTH")
    assert [patient.centre for patient in patients] == ["NORTH"]
    everybody = audit_facts.cohort_of_centres(centre_codes=["NORTH", "SOUTH"]).patients
    assert {patient.centre for patient in everybody} == {"NORTH", "SOUTH"}


@pytest.mark.parametrize(
    ("consent", "counted"),
    [("given", True), ("waived", True), ("", True), ("declined", False), ("withdrawn", False)],
)
def test_who_declined_or_withdrew_is_not_counted(north, consent, counted):
    actions.patients.edit(
        patient=north.patient,
        edition=1,
        by=north.logged_by,
        at=make.NOW,
        changes={"consent": consent},
    )
    assert bool(facts(north.logged_by)) is counted


def test_therapy_runs_from_the_first_implantation_while_anything_is_implanted(north):
    patient = the_one(north)
    assert (patient.therapy_from, patient.therapy_to) == (date(2019, 5, 2), None)
    removed = {"removed_on": date(2024, 3, 12), "removal_reason": "battery_eri"}
    actions.components.edit(
        component=north.component, edition=1, by=north.logged_by, at=make.NOW, changes=removed
    )
    assert the_one(north).therapy_to == date(2024, 3, 12)


def test_a_pump_of_an_unknown_day_leaves_the_start_of_therapy_unknown(north):
    patient = make.patient(by=north.logged_by, at_centre=north.centre)
    make.component(of=patient, by=north.logged_by, implanted_on=None)
    one = next(
        found for found in facts(north.logged_by) if found.patient_id == str(patient.public_id)
    )
    assert (one.therapy_from, one.therapy_to) == (None, None)


def test_a_read_is_dated_by_the_calendar_of_its_centre(north):
    """23:30 UTC on 4 March is 5 March in Berlin: the day decides whether a read was blind."""
    signed = make.NOW.replace(month=3, day=4, hour=23, minute=30)
    make.read(of=north.study, by=north.logged_by, at=signed)
    (study,) = the_one(north).studies
    (read,) = study.reads
    assert read.signed_at.date() == date(2024, 3, 5)
    assert read.signed_at == signed


def test_a_read_says_with_which_vocabulary_it_was_made(north):
    make.read(of=north.study, by=north.logged_by)
    (study,) = the_one(north).studies
    assert [read.vocabulary_version for read in study.reads] == [VOCABULARY_VERSION]


def test_a_corrected_read_counts_in_its_corrected_form_only(north):
    first = make.read(of=north.study, by=north.logged_by, finding="leak")
    make.read(
        of=north.study,
        by=north.logged_by,
        finding="occlusion",
        supersedes=first,
        correction_reason="misfiled",
        at=make.NOW + timedelta(hours=1),
    )
    (study,) = the_one(north).studies
    assert [(read.primary_finding, read.leak_sites) for read in study.reads] == [("occlusion", ())]


def test_the_sites_of_a_leak_come_with_its_read(north):
    sites = ("anchor_site", "dorsal_dural")
    make.read(of=north.study, by=north.logged_by, sites=sites)
    (study,) = the_one(north).studies
    assert study.reads[0].leak_sites == sites


def test_a_study_without_ct_is_no_ct_contrast_study(north):
    make.contrast_study(of=north.case, by=north.logged_by, modality="cap_fluoroscopy")
    (study,) = the_one(north).studies
    assert study.study_id == str(north.study.public_id)


@pytest.mark.parametrize(
    ("planned", "known", "facts_of_it"),
    [
        ("planned", "known", (True, True)),
        ("unplanned", "not_known", (False, False)),
        ("unplanned", "no_imaging", (False, None)),
    ],
)
def test_what_is_neither_yes_nor_no_is_not_known(north, planned, known, facts_of_it):
    actions.surgeries.edit(
        surgery=north.surgery,
        edition=1,
        by=north.logged_by,
        at=make.NOW,
        changes={"planned": planned, "imaging_known": known},
        procedures=["exploration_only"],
        findings=[],
    )
    (surgery,) = the_one(north).surgeries
    assert (surgery.planned, surgery.imaging_known) == facts_of_it


def test_facts_take_the_same_few_queries_for_any_number_of_patients(
    north, django_assert_max_num_queries
):
    viewer = north.logged_by
    viewer.centre_codes("registry.run_audit")
    audited_records.fill(north.centre, by=viewer)
    with django_assert_max_num_queries(9):
        assert len(facts(viewer)) == 1 + len(audited_records.EVERY_KIND)
