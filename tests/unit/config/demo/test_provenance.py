"""Every field of the demonstration is synthetic unless the abstract states it."""

import pytest

from config.demo import provenance
from config.demo.cohort import plan_cohort
from config.demo.provenance import synthetic_fields
from registry.models import (
    Adjudication,
    Assessment,
    Complication,
    Component,
    ContrastStudy,
    DoseSetting,
    OutcomeReview,
    Patient,
    Read,
    Refill,
    RevisionCase,
    RevisionSurgery,
    ScreeningTest,
    StudyLink,
)

STUDIED = [plan.episode for plan in plan_cohort() if plan.episode and plan.episode.study]

NEITHER_STATED_NOR_MADE_UP = {
    "id", "public_id", "created_at", "created_by", "edition", "synthetic_fields",
    "registry_number", "vocabulary_version", "patient", "case", "contrast_study",
    "masked_reread", "read_a", "read_b", "pump", "surgery", "confirmed_doubts",
}  # fmt: skip
"""Bookkeeping of the software, and the parent a record hangs on."""


@pytest.mark.parametrize(
    "kind",
    [
        Patient,
        Component,
        RevisionCase,
        ContrastStudy,
        Read,
        Adjudication,
        RevisionSurgery,
        ScreeningTest,
        DoseSetting,
        Refill,
        Assessment,
        OutcomeReview,
        Complication,
    ],
)
def test_without_a_statement_every_clinical_column_is_synthetic(kind):
    columns = {field.name for field in kind._meta.concrete_fields}
    assert set(synthetic_fields(kind)) >= columns - NEITHER_STATED_NOR_MADE_UP


def test_a_link_to_images_is_synthetic_as_a_whole():
    assert synthetic_fields(StudyLink) == [
        "contrast_study",
        "override_reason",
        "study",
        "subject_agrees",
    ]


def test_rows_kept_beside_a_record_are_named_too():
    assert {"presenting_signs", "workup_steps"} <= set(synthetic_fields(RevisionCase))
    assert {"procedures", "findings"} <= set(synthetic_fields(RevisionSurgery))
    assert {"primary_finding", "finding_sites"} <= set(synthetic_fields(Read))
    assert {"name", "local_number", "birth_date"} <= set(synthetic_fields(Patient))


def test_of_a_study_only_its_outcome_and_what_follows_from_it_is_stated():
    for episode in STUDIED:
        completed = episode.study.fields["outcome"] == "completed"
        assert episode.study.stated == (
            {"outcome", "contrast_injected"}
            if completed
            else {"outcome", "aspiration", "stop_reason"}
        )


def test_of_a_read_only_its_category_is_stated_and_the_site_of_an_occlusion():
    for episode in STUDIED:
        if read := episode.study.read:
            occlusion = read.finding == "occlusion"
            assert read.stated == {"primary_finding"} | ({"finding_sites"} if occlusion else set())


def test_of_an_operation_only_the_spent_battery_of_the_normal_four_is_stated():
    stated = [
        (episode.study.read.finding, set(episode.surgery.stated))
        for episode in STUDIED
        if episode.surgery and episode.surgery.stated
    ]
    assert stated == [("normal_crescent", {"indication"})] * 4


def test_stated_fields_are_fields():
    assert set(synthetic_fields(ContrastStudy)) > provenance.STATED_OF_COMPLETED_STUDY
    assert set(synthetic_fields(ContrastStudy)) > provenance.STATED_OF_STOPPED_STUDY
    assert set(synthetic_fields(Read)) > provenance.STATED_OF_OCCLUSION_READ
    assert set(synthetic_fields(RevisionSurgery)) > provenance.STATED_OF_BATTERY_SURGERY


def test_a_case_of_a_patient_without_a_study_states_nothing():
    others = [plan.episode for plan in plan_cohort() if plan.episode and not plan.episode.study]
    assert len(others) == 54
    assert not any(episode.surgery.stated for episode in others if episode.surgery)
