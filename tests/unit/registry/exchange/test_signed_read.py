"""What of a stored read leaves, and what stays."""

from dataclasses import asdict

import numpy as np
import pydicom
import pytest

from imaging.archive.configured import configured_archive
from imaging.models import Instance
from imaging.outbound import ImageUnavailableError
from registry.exchange.read_document import InSpace, OnImage
from registry.exchange.signed_read import NoImagesError, document_of, images_of
from tests.factories import registry_records as make
from tests.factories.exported_reads import CANARY, of_images, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return person()


@pytest.fixture
def signed(reader):
    return of_images(by=reader)


def stored_file(study):
    instance = Instance.objects.get(series__study=study, slice_index=1)
    return pydicom.dcmread(configured_archive().path(instance.stored_sha256))


def test_subject_and_study_are_those_of_the_stored_files(signed):
    read, study = signed
    stored = stored_file(study)
    subject = document_of(read).subject
    assert subject.study_instance_uid == stored.StudyInstanceUID
    assert subject.pseudonym == stored.PatientID
    assert f"{subject.study_date:%Y%m%d}" == stored.StudyDate
    assert f"{subject.study_time:%H%M%S}" == stored.StudyTime[:6]


def test_every_answer_is_told_in_the_words_of_its_list(signed):
    document = document_of(signed[0])
    assert document.adequacy.label == "Adequate"
    assert [one.finding.code for one in document.findings] == ["leak", "inadequate_pooling"]
    assert [site.code for site in document.findings[0].sites] == [
        "epidural",
        "pump_pocket_around_pump",
    ]
    assert document.certainty.label == "5 · definitely present"
    assert (document.tip_level.label, document.extent_mm) == ("T10", 85)
    assert (document.extent_from_level.code, document.extent_to_level.code) == ("t8", "t12")
    assert [word.code for word in document.information_shown] == ["images_only"]


def test_the_time_is_that_of_the_centre(signed):
    """Half past nine in UTC is half past eleven in a Berlin summer, as images have it."""
    assert document_of(signed[0]).signed_at.isoformat() == "2024-06-01T11:30:00"


def test_no_name_and_no_free_text_leaves(signed, reader):
    document = document_of(signed[0])
    told = str(asdict(document))
    assert document.has_remarks
    assert CANARY not in told
    assert reader.get_username() not in told
    assert document.reader.startswith("READER-")


def test_a_reader_has_one_pseudonym_and_no_two_have_the_same(signed, reader):
    again, _ = of_images(by=reader)
    other, _ = of_images(by=person())
    assert document_of(again).reader == document_of(signed[0]).reader
    assert document_of(other).reader != document_of(signed[0]).reader


def test_marks_lie_in_pixels_on_a_slice_and_in_mm_on_another_plane(signed):
    read, study = signed
    length, angle, ellipse, freehand, probe, arrow, in_space = document_of(read).marks
    assert isinstance(length.place, OnImage)
    assert length.place.image.frame is None
    assert_at(length, (2.5, 2.5), (12.5, 2.5))
    assert angle.angle_deg == pytest.approx(90)
    assert (freehand.pixels or 0) > 1
    assert (probe.pixels, probe.min_hu) == (1, None)
    assert isinstance(in_space.place, InSpace)
    assert in_space.place.frame_of_reference_uid == stored_file(study).FrameOfReferenceUID
    assert in_space.length_mm == pytest.approx(length.length_mm)
    # PS3.3 C.18.6.1.2: the longer axis first. An arrow is its tip.
    assert_at(ellipse, (2.5, 9.5), (8.5, 9.5), (5.5, 8.5), (5.5, 10.5))
    assert_at(arrow, (6.5, 6.5))


def assert_at(mark, *places):
    assert np.array(mark.place.points_px) == pytest.approx(np.array(places), abs=1e-4)


def test_a_correction_names_what_it_corrects(signed, reader):
    read, _ = signed
    later = make.read(
        of=read.contrast_study, by=reader, supersedes=read, correction_reason="wrong side"
    )
    document = document_of(later)
    assert document.supersedes == read.public_id
    assert document.subject == document_of(read).subject
    assert "wrong side" not in str(asdict(document))


def test_a_read_without_images_has_no_place_in_dicom(reader):
    patient = make.patient(by=reader, at_centre=make.Centre.objects.get())
    study = make.contrast_study(of=make.case(of=patient, by=reader), by=reader)
    with pytest.raises(NoImagesError):
        document_of(make.read(of=study, by=reader))


def test_a_lost_image_is_said_where_it_is_needed(signed):
    read, study = signed
    for instance in Instance.objects.filter(series__study=study):
        configured_archive().path(instance.stored_sha256).unlink()
    with pytest.raises(ImageUnavailableError):
        document_of(read)


def test_images_are_those_that_marks_and_key_images_refer_to(signed):
    read, _ = signed
    assert sorted(image.slice_index for image in images_of(read)) == [0, 1]


def test_synthetic_reads_say_so(reader):
    read, _ = of_images(by=reader, synthetic_fields=["certainty"])
    assert document_of(read).is_synthetic
