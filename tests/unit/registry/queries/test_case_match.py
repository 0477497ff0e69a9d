"""Fact by fact: do images and case belong together?"""

from datetime import date

import pytest

from imaging.dicom.kept_terms import BODY_PARTS
from imaging.models import Study
from registry.models import ContrastStudy, Patient, RevisionCase
from registry.queries.case_match import PUMP_SYSTEM_PARTS, Agreement, Fact, compare

AGREES, DIFFERS, UNKNOWN = Agreement.AGREES, Agreement.DIFFERS, Agreement.UNKNOWN
KEY = "ab" * 32


def told(*, opened_on=date(2024, 3, 1), closed_on=None, patient=None, **images):
    images = {
        "subject_key": KEY,
        "patient_birth_year": 2009,
        "patient_sex": "F",
        "study_date": date(2024, 3, 5),
        "body_part": "LSPINE",
    } | images
    known = {"subject_key": KEY, "birth_year": 2009, "sex": "female"} | (patient or {})
    case = RevisionCase(patient=Patient(**known), opened_on=opened_on, closed_on=closed_on)
    compared = compare(
        contrast_study=ContrastStudy(case=case, performed_on=date(2024, 3, 5)),
        study=Study(**images),
    )
    assert [one.fact for one in compared] == list(Fact)
    return {one.fact: (one.agreement, one.stops) for one in compared}


def test_what_is_the_same_agrees():
    assert set(told().values()) == {(AGREES, False)}


def test_what_one_side_does_not_say_is_unknown_and_stops_nothing():
    nothing = {
        "subject_key": None, "patient_birth_year": None, "patient_sex": "", "study_date": None,
        "body_part": "",
    }  # fmt: skip
    assert set(told(**nothing).values()) == {(UNKNOWN, False)}
    of_the_patient = told(patient={"subject_key": "", "birth_year": None, "sex": "unknown"})
    for fact in (Fact.SUBJECT_KEY, Fact.BIRTH_YEAR, Fact.SEX):
        assert of_the_patient[fact] == (UNKNOWN, False)


@pytest.mark.parametrize(
    ("fact", "images"),
    [
        (Fact.SUBJECT_KEY, {"subject_key": "cd" * 32}),
        (Fact.BIRTH_YEAR, {"patient_birth_year": 2010}),
        (Fact.SEX, {"patient_sex": "M"}),
        (Fact.SEX, {"patient_sex": "O"}),
    ],
)
def test_another_patient_stops(fact, images):
    compared = told(**images)
    assert compared.pop(fact) == (DIFFERS, True)
    assert set(compared.values()) == {(AGREES, False)}


@pytest.mark.parametrize(
    ("day", "agreement", "stops"),
    [
        (date(2024, 3, 5), AGREES, False),
        (date(2024, 3, 6), DIFFERS, False),
        (date(2024, 3, 12), DIFFERS, False),
        (date(2024, 3, 13), DIFFERS, True),
        (date(2024, 2, 27), DIFFERS, False),
        (date(2024, 2, 26), DIFFERS, True),
    ],
)
def test_a_day_beyond_a_week_is_implausible(day, agreement, stops):
    assert told(study_date=day)[Fact.STUDY_DATE] == (agreement, stops)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 2, 23), (AGREES, False)),
        (date(2024, 2, 22), (DIFFERS, True)),
        (date(2024, 4, 8), (AGREES, False)),
        (date(2024, 4, 9), (DIFFERS, True)),
    ],
)
def test_images_are_taken_while_the_case_is_open_give_or_take_a_week(day, expected):
    compared = told(study_date=day, closed_on=date(2024, 4, 1))
    assert compared[Fact.CASE_DATES] == expected


def test_a_contrast_study_outside_its_case_tells_nothing_about_the_images():
    assert told(opened_on=date(2024, 6, 1))[Fact.CASE_DATES] == (UNKNOWN, False)


HEAD_AND_LIMBS = {
    "BRAIN", "FACE", "HEAD", "HEADNECK", "JAW", "ORBIT", "SKULL",
    "ANKLE", "ARM", "CALF", "ELBOW", "EXTREMITY", "FEMUR", "FINGER", "FOOT", "FOREARM", "HAND",
    "HUMERUS", "KNEE", "LEG", "SHOULDER", "THIGH", "TOE", "UPPERARM", "WRIST",
}  # fmt: skip


@pytest.mark.parametrize("body_part", sorted(HEAD_AND_LIMBS))
def test_head_and_limbs_do_not_show_the_pump_system_and_stop(body_part):
    compared = told(body_part=body_part)
    assert compared.pop(Fact.BODY_PART) == (DIFFERS, True)
    assert set(compared.values()) == {(AGREES, False)}


@pytest.mark.parametrize("body_part", sorted(PUMP_SYSTEM_PARTS))
def test_trunk_neck_and_spine_agree(body_part):
    assert told(body_part=body_part)[Fact.BODY_PART] == (AGREES, False)


def test_every_body_part_the_intake_keeps_is_decided_about():
    assert BODY_PARTS == PUMP_SYSTEM_PARTS | HEAD_AND_LIMBS
