"""A signed read as structured report: checked by two foreign programs, and read back equal."""

import hashlib
import io
from dataclasses import replace

import highdicom.sr as sr
import pydicom
import pytest
from hypothesis import given, settings

from registry.exchange import structured_report, structured_report_reader
from registry.exchange.read_document import FORMAT_VERSION
from tests.factories.dicom_checks import require_sound
from tests.factories.read_documents import (
    OF_ANOTHER_STUDY,
    OTHER_STUDY,
    STUDY,
    complete,
    read_documents,
)

BYTES_OF_FORMAT = {
    1: "c300d5439b68840d6ec0020ea9a100f8da487b3d33f93b8acdc6660f95c07b10",
}
"""SHA-256 of the complete read by format version; other bytes are another version."""


def bare():
    """A read without marks, key images and answers that may be left out."""
    return replace(
        complete(),
        marks=(),
        key_images=(),
        certainty=None,
        tip_level=None,
        extent_mm=None,
        extent_from_level=None,
        extent_to_level=None,
        supersedes=None,
        information_shown=(),
    )


@pytest.mark.parametrize("document", [complete(), bare()], ids=["complete", "bare"])
def test_dcmtk_and_dicom3tools_find_no_error(tmp_path, document):
    listed = require_sound(structured_report.write(document), tmp_path)
    assert "Comprehensive 3D SR Document" in listed
    assert '(ct_finding.leak,99CRESCENT[2],"Leak")' in listed


@settings(deadline=None, max_examples=60)
@given(read_documents())
def test_it_comes_back_equal(document):
    written = structured_report.write(document)
    assert structured_report_reader.read(written) == document


def test_the_same_read_is_the_same_file():
    """Sent twice it is a duplicate."""
    assert structured_report.write(complete()) == structured_report.write(complete())


def test_other_words_are_another_instance():
    """One UID never stands for two contents."""
    other = replace(complete(), has_remarks=False)
    uids = {structured_report.sop_instance_uid(one) for one in (complete(), other)}
    assert len(uids) == 2


def test_other_bytes_need_another_format_version():
    written = hashlib.sha256(structured_report.write(complete())).hexdigest()
    assert written == BYTES_OF_FORMAT[FORMAT_VERSION]


def test_it_belongs_to_the_study_of_the_images_and_to_a_series_of_its_own():
    dataset = pydicom.dcmread(io.BytesIO(structured_report.write(complete())))
    subject = complete().subject
    assert dataset.StudyInstanceUID == STUDY
    assert dataset.PatientID == dataset.PatientName == subject.pseudonym
    assert (dataset.StudyDate, dataset.StudyTime) == ("20240305", "101112.500000")
    assert dataset.SeriesInstanceUID not in {
        image.series_instance_uid for image in complete().images()
    }
    assert dataset.Modality == "SR"


def test_images_of_another_study_are_other_evidence(tmp_path):
    """PS3.3 C.17.2.3: what was asked for, and what else was looked at."""
    first, *others = complete().marks
    elsewhere = replace(first, place=replace(first.place, image=OF_ANOTHER_STUDY))
    written = structured_report.write(replace(complete(), marks=(elsewhere, *others)))
    require_sound(written, tmp_path)
    dataset = pydicom.dcmread(io.BytesIO(written))
    (own,) = dataset.CurrentRequestedProcedureEvidenceSequence
    (other,) = dataset.PertinentOtherEvidenceSequence
    assert (own.StudyInstanceUID, other.StudyInstanceUID) == (STUDY, OTHER_STUDY)


def test_measurements_can_be_read_by_highdicom():
    """As somebody else's program does: by template, not by our own codes."""
    report = sr.Comprehensive3DSR.from_dataset(
        pydicom.dcmread(io.BytesIO(structured_report.write(complete())))
    )
    regions = report.content.get_planar_roi_measurement_groups()
    ellipse = next(group for group in regions if group.tracking_identifier == "Mark 3")
    measured = {
        (one.name.meaning, one.derivation.meaning if one.derivation else None): one.value
        for one in ellipse.get_measurements()
        if one.name.scheme_designator != "99CRESCENT"
    }
    assert measured == {
        ("Area", None): 12.566,
        ("Attenuation Coefficient", "Mean"): 100.1,
        ("Attenuation Coefficient", "Standard Deviation"): 3.25,
        ("Attenuation Coefficient", "Minimum"): -5.0,
        ("Attenuation Coefficient", "Maximum"): 310.0,
    }
    assert ellipse.roi.value.tolist() == [[1, 5], [9, 5], [5, 4], [5, 6]]


def test_an_angle_that_is_undefined_is_its_points_without_a_value(tmp_path):
    """An arm has no length. A number without a value is more than highdicom can read."""
    mark = replace(complete().marks[1], angle_deg=None)
    written = structured_report.write(replace(complete(), marks=(mark,)))
    assert 'Angle")=' not in require_sound(written, tmp_path)
    assert structured_report_reader.read(written).marks == (mark,)


def test_the_process_writes_no_time_of_its_own():
    dataset = pydicom.dcmread(io.BytesIO(structured_report.write(complete())))
    assert (dataset.ContentDate, dataset.ContentTime) == ("20240306", "090807")
    assert "InstanceCreationDate" not in dataset
