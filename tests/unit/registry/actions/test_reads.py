"""A signed read is frozen; a correction stands beside it."""

import pytest
from django.db import IntegrityError, transaction

from registry import actions
from registry.actions.errors import (
    AlreadyReadError,
    InvalidRecordError,
    ReadNotCompletedError,
)
from registry.actions.reads import FindingEntry
from registry.models import ImagingFinding, ImagingFindingSite, Read
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def reader(centre):
    return make.user(at_centre=centre)


@pytest.fixture
def study(centre, reader):
    case = make.case(of=make.patient(by=reader, at_centre=centre), by=reader)
    return make.contrast_study(of=case, by=reader)


@pytest.mark.parametrize(
    "change",
    [
        lambda read: Read.objects.filter(pk=read.pk).update(certainty=1),
        lambda read: Read.objects.filter(pk=read.pk).update(signed_at=None),
        lambda read: ImagingFinding.objects.filter(read=read).update(code="occlusion"),
        lambda read: ImagingFinding.objects.create(read=read, code="occlusion", is_primary=False),
        lambda read: ImagingFindingSite.objects.filter(finding__read=read).delete(),
        lambda read: ImagingFindingSite.objects.create(
            finding=read.findings.get(), code="anchor_site"
        ),
    ],
    ids=["answer", "unsign", "finding", "finding added", "site deleted", "site added"],
)
def test_the_database_refuses_to_change_a_signed_read(study, reader, change):
    read = make.read(of=study, by=reader)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        change(read)


def test_a_correction_is_a_new_read_that_supersedes(study, reader):
    first = make.read(of=study, by=reader, finding="leak")
    second = make.read(
        of=study,
        by=reader,
        finding="occlusion",
        supersedes=first,
        correction_reason="misfiled",
    )
    first.refresh_from_db()
    assert first.superseded_by == second
    assert first.findings.get().code == "leak"


def test_a_second_read_by_the_same_reader_needs_to_be_a_correction(study, reader):
    make.read(of=study, by=reader)
    with pytest.raises(AlreadyReadError):
        make.read(of=study, by=reader)


def test_nobody_corrects_the_read_of_somebody_else(study, reader, centre):
    read = make.read(of=study, by=reader)
    with pytest.raises(AlreadyReadError):
        make.read(
            of=study,
            by=make.user(at_centre=centre),
            supersedes=read,
            correction_reason="mine",
        )


def test_a_stopped_study_has_nothing_to_read(study, reader):
    stopped = make.stopped_study(of=study.case, by=reader)
    with pytest.raises(ReadNotCompletedError):
        make.read(of=stopped, by=reader)


def test_an_unknown_finding_is_refused_and_nothing_is_written(study, reader):
    with pytest.raises(InvalidRecordError):
        actions.reads.sign(
            contrast_study=study,
            by=reader,
            at=make.NOW,
            opened_at=make.NOW,
            source="images_here",
            information_shown=["images_only"],
            adequacy="adequate",
            findings=[FindingEntry("somewhat_leaky")],
        )
    assert not Read.objects.exists()


def test_the_extent_of_contrast_has_both_ends_or_none(study, reader):
    for levels, field in (
        ({"extent_from_level": "t10"}, "extent_to_level"),
        ({"extent_to_level": "l1"}, "extent_from_level"),
        ({"extent_from_level": "l1", "extent_to_level": "t10"}, "extent_to_level"),
    ):
        with pytest.raises(InvalidRecordError) as refused:
            make.read(of=study, by=reader, **levels)
        assert set(refused.value.errors) == {field}
    read = make.read(
        of=study, by=reader, extent_mm=85, extent_from_level="t10", extent_to_level="unknown"
    )
    assert (read.extent_mm, read.extent_from_level, read.extent_to_level) == (85, "t10", "unknown")
