"""Why images are proposed for a contrast study."""

from datetime import date

import pytest

from imaging.models import Study
from registry.models import ContrastStudy, Patient, RevisionCase
from registry.presenters.study_links import compared_rows, reasons
from registry.queries.case_match import compare
from registry.queries.study_links import Candidate

KEY = "ab" * 32


def candidate(*, has_images=False, **images):
    case = RevisionCase(
        patient=Patient(subject_key=KEY, birth_year=2009, sex="female"),
        opened_on=date(2024, 3, 1),
    )
    contrast_study = ContrastStudy(case=case, performed_on=date(2024, 3, 5))
    study = Study(**{"subject_key": KEY, "study_date": date(2024, 3, 5)} | images)
    return Candidate(
        contrast_study=contrast_study,
        compared=compare(contrast_study=contrast_study, study=study),
        days_apart=(study.study_date - contrast_study.performed_on).days
        if study.study_date
        else None,
        has_images=has_images,
    )


@pytest.mark.parametrize(
    ("images", "told"),
    [
        ({}, [("agrees", "same patient number"), ("agrees", "same day as the contrast study")]),
        (
            {"study_date": date(2024, 3, 4), "patient_sex": "F", "patient_birth_year": 2009},
            [
                ("agrees", "same patient number"),
                ("agrees", "same year of birth"),
                ("agrees", "same sex"),
                ("note", "images 1 day before the contrast study"),
            ],
        ),
        (
            {"subject_key": "cd" * 32, "study_date": date(2024, 5, 5), "patient_sex": "M",
             "body_part": "HEAD", "has_images": True},
            [
                ("differs", "another patient number"),
                ("differs", "another sex"),
                ("differs", "images 61 days after the contrast study"),
                ("differs", "another body part"),
                ("note", "already has images"),
            ],
        ),
        (
            {"subject_key": None, "study_date": None},
            [
                ("unknown", "patient number not known on both sides"),
                ("unknown", "the images carry no date"),
            ],
        ),
    ],
)  # fmt: skip
def test_reasons_are_told_in_words(images, told):
    assert [(one.kind, one.words) for one in reasons(candidate(**images))] == told


def test_the_table_says_what_is_not_known():
    rows = {row.label: row for row in compared_rows(candidate(patient_sex="M").compared)}
    assert (rows["Sex"].images, rows["Sex"].case, rows["Sex"].agreement) == (
        "male",
        "female",
        "differs",
    )
    assert rows["Year of birth"].images == "not known"
    assert KEY not in str(rows)
