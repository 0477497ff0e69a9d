"""A pulled file is of the study and the patient that were asked for, or nobody uses it."""

import pytest

from imaging.dicom.asked_for import AskedFor
from imaging.dicom.errors import PulledOtherThanAskedError
from tests.factories.dicom_files import STUDY_UID, ct_dataset


@pytest.fixture
def dataset():
    return ct_dataset(PatientID="4711 ")[0]


@pytest.mark.parametrize("patient_id", ["4711", ""])
def test_what_was_asked_for_passes(dataset, patient_id):
    AskedFor(study_instance_uid=STUDY_UID, patient_id=patient_id).check(dataset)


@pytest.mark.parametrize(
    "asked",
    [
        AskedFor(study_instance_uid="1.2.3", patient_id="4711"),
        AskedFor(study_instance_uid=STUDY_UID, patient_id="4712"),
        AskedFor(study_instance_uid=STUDY_UID, patient_id="471"),
    ],
)
def test_another_study_or_patient_does_not(dataset, asked):
    with pytest.raises(PulledOtherThanAskedError) as refusal:
        asked.check(dataset)
    assert "4711" not in str(refusal.value)


def test_a_file_without_the_number_is_not_that_patients():
    dataset, _ = ct_dataset(PatientID=None)
    with pytest.raises(PulledOtherThanAskedError):
        AskedFor(study_instance_uid=STUDY_UID, patient_id="4711").check(dataset)


def test_it_crosses_to_the_reading_process_unchanged():
    asked = AskedFor(study_instance_uid=STUDY_UID, patient_id="4711")
    assert AskedFor.from_json(asked.to_json()) == asked
