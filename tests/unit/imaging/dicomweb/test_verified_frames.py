"""The frames of a series are looked after before they are asked for."""

import pytest
from pydicom.uid import ExplicitVRBigEndian, RLELossless

from imaging.archive.configured import configured_archive
from imaging.dicomweb import verified_frames
from imaging.dicomweb.verified_frames import FramesAhead
from imaging.models import Instance
from tests.factories import registry_records, stored_studies

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def centre(db):
    registry_records.centre("NORTH")


@pytest.fixture
def ahead():
    ahead = FramesAhead()
    yield ahead
    ahead.close()


def looked_after(ahead: FramesAhead) -> list[str]:
    """SOP Instance UIDs in the order in which they were looked after."""
    images = Instance.objects.order_by("instance_number")
    middle = images[1].sop_instance_uid
    frames = ahead.of_series("1.2", images, first=middle, archive=configured_archive())
    ahead._thread.submit(int).result()
    assert ahead.of_series("1.2", (), first="", archive=configured_archive()) is frames
    return list(frames._files)


def test_from_where_a_viewer_is_to_the_end_and_then_the_others(ahead):
    stored_studies.study(centre_code="NORTH", slices=4)
    first, *others = Instance.objects.order_by("instance_number")
    assert looked_after(ahead) == [one.sop_instance_uid for one in (*others, first)]


@pytest.mark.parametrize("syntax", [RLELossless, ExplicitVRBigEndian])
def test_what_has_to_be_decoded_is_left_to_others(ahead, syntax):
    stored_studies.study(centre_code="NORTH", slices=2, transfer_syntax=syntax)
    assert looked_after(ahead) == []


def test_what_is_large_is_not_held_in_memory_at_once(ahead, monkeypatch):
    monkeypatch.setattr(verified_frames, "LARGEST_FRAME_BYTES", 2047)
    stored_studies.study(centre_code="NORTH", slices=2)
    assert looked_after(ahead) == []


def test_a_damaged_file_is_left_to_whoever_asks_for_it(ahead):
    stored_studies.study(centre_code="NORTH", slices=3)
    damaged, *others = Instance.objects.order_by("instance_number")
    path = configured_archive().path(damaged.stored_sha256)
    path.chmod(0o600)
    path.write_bytes(b"x" * damaged.stored_bytes)
    assert looked_after(ahead) == [one.sop_instance_uid for one in others]


def test_series_that_nobody_reads_any_more_are_forgotten(ahead):
    kept = ahead.of_series("0", (), first="", archive=configured_archive())
    for number in range(1, verified_frames.MOST_SERIES + 1):
        ahead.of_series(str(number), (), first="", archive=configured_archive())
    assert ahead.of_series("0", (), first="", archive=configured_archive()) is not kept
