"""Contrast studies one may see, and may read."""

import pytest

from registry.models import Role
from registry.queries import contrast_studies
from tests.factories import registry_records as make
from tests.factories import stored_studies


@pytest.fixture
def reader(north):
    return make.user(at_centre=north.centre, roles=[Role.READER])


@pytest.fixture
def with_images(north):
    """The study of the first centre, with images from two deliveries."""
    for _ in range(2):
        make.study_link(
            of=north.study,
            study=stored_studies.study(centre_code="NORTH", slices=1, PatientID=""),
            by=north.logged_by,
        )
    return north.study


def test_a_study_is_seen_in_its_centre_and_in_no_other(north, south):
    assert list(contrast_studies.visible(viewer=north.logged_by)) == [north.study]


def test_a_reader_sees_no_study_with_its_case(north, reader):
    assert not contrast_studies.visible(viewer=reader).exists()


def test_a_study_without_images_cannot_be_read(north, reader):
    assert not contrast_studies.readable(viewer=reader).exists()


def test_a_study_with_images_from_two_deliveries_waits_once(with_images, reader):
    assert list(contrast_studies.readable(viewer=reader)) == [with_images]


def test_a_study_stays_readable_for_who_has_read_it(with_images, north, reader):
    make.read(of=with_images, by=north.logged_by)
    assert not contrast_studies.readable(viewer=reader).get().read_by_viewer
    make.read(of=with_images, by=reader)
    assert contrast_studies.readable(viewer=reader).get().read_by_viewer


def test_readers_of_another_centre_and_people_who_do_not_read_have_nothing_to_read(
    with_images, north, south
):
    stranger = make.user(at_centre=south.centre, roles=[Role.READER])
    for viewer in (stranger, north.logged_by):
        assert not contrast_studies.readable(viewer=viewer).exists()


def test_images_are_linked_to_what_contrast_was_tried_in(north):
    stopped = make.stopped_study(of=north.case, by=north.logged_by)
    offered = contrast_studies.open_for_linking(viewer=north.logged_by)
    assert north.study in offered
    assert stopped not in offered


def test_who_may_not_link_is_offered_nothing(north):
    auditor = make.user(at_centre=north.centre, roles=[Role.AUDITOR])
    assert contrast_studies.visible(viewer=auditor).exists()
    assert not contrast_studies.open_for_linking(viewer=auditor).exists()
