"""Stored images on their way out: where points lie on them, their picture, and who gets them."""

import io
import json

import numpy as np
import pydicom
import pytest
from django.utils import timezone
from highdicom.spatial import ReferenceToImageTransformer
from PIL import Image

from imaging import outbound
from imaging.actions import remote_archives
from imaging.archive.configured import configured_archive
from imaging.models import Instance
from imaging.outbound import ImageUnavailableError, Outcome, OutgoingFile
from tests.factories import registry_records as make
from tests.factories import stored_studies
from tests.factories.fake_archive import answer, fake_archive

pytestmark = pytest.mark.django_db

POINTS_MM = [(-12.5, -22.0, 100.0), (3.25, 1.5, 100.0)]
FILE = OutgoingFile("1.2.3", b"DICM")
DICOM_JSON = "application/dicom+json"


@pytest.fixture
def instance():
    make.centre("DEMO")
    ramp = np.arange(30 * 40, dtype=np.int16).reshape(30, 40) - 200
    study = stored_studies.measured(
        [ramp],
        centre_code="DEMO",
        positions_mm=[(-20.0, -30.0, 100.0)],
        pixel_spacing_mm=(0.9, 0.4),
    )
    return Instance.objects.get(series__study=study)


@pytest.fixture
def stored(instance):
    return pydicom.dcmread(configured_archive().path(instance.stored_sha256))


def test_points_lie_where_highdicom_says(instance, stored):
    """DICOM PS3.3 C.18.6: image coordinates begin at the corner of the first pixel."""
    transform = ReferenceToImageTransformer.for_image(stored)
    places = np.array(outbound.places_px(instance, frame=0, points_mm=POINTS_MM))
    assert places == pytest.approx(transform(np.array(POINTS_MM))[:, :2])


def test_points_need_an_image_that_says_where_it_lies(instance):
    instance.attributes |= {"image_position_mm": None}
    with pytest.raises(ImageUnavailableError):
        outbound.places_px(instance, frame=0, points_mm=POINTS_MM)


def test_what_is_said_of_an_image_is_what_its_file_says(instance, stored):
    assert outbound.frame_of_reference_uid(instance) == stored.FrameOfReferenceUID
    assert outbound.pseudonym(instance.series.study) == stored.PatientID == stored.PatientName
    assert f"{outbound.study_time(instance):%H%M%S}" == stored.StudyTime[:6]


def test_a_picture_has_the_pixels_of_the_image_in_its_window(instance):
    picture = outbound.picture(instance, frame=0, window_centre_hu=400, window_width_hu=100)
    pixels = np.array(Image.open(io.BytesIO(picture.png)))
    assert pixels.shape[:2] == (picture.rows, picture.columns) == (30, 40)
    assert (pixels[0, 0] == 0).all()
    assert (pixels[-1, -1] == 255).all()
    assert (picture.width_mm, picture.height_mm) == pytest.approx((40 * 0.4, 30 * 0.9))


def test_a_picture_of_a_lost_file_is_refused_with_words(instance):
    configured_archive().path(instance.stored_sha256).unlink()
    with pytest.raises(ImageUnavailableError, match="cannot be read"):
        outbound.picture(instance, frame=0, window_centre_hu=0, window_width_hu=100)
    with pytest.raises(ImageUnavailableError, match="cannot be read"):
        outbound.frame_of_reference_uid(instance)


def register(archive):
    return remote_archives.register(
        name="pacs",
        centre_code="DEMO",
        base_url=archive.url,
        authentication="none",
        credential=None,
        private_address_allowed=True,
        receives="images",
        by=None,
        at=timezone.now(),
    )


def reply(plain, status="200 OK"):
    return answer(json.dumps(plain).encode(), content_type=DICOM_JSON, status=status)


def storing(*uids, failed=()):
    def items(named):
        return [{"00081155": {"vr": "UI", "Value": [uid]}} for uid in named]

    return reply(
        {
            "00081199": {"vr": "SQ", "Value": items(uids)},
            "00081198": {
                "vr": "SQ",
                "Value": [
                    item | {"00081197": {"vr": "US", "Value": [272]}} for item in items(failed)
                ],
            },
        }
    )


def send(archive, *, images=()):
    return outbound.send(register(archive), files=[FILE], images=images)


def test_an_image_the_archive_has_is_not_sent(instance):
    has = [{"00080018": {"vr": "UI", "Value": [instance.sop_instance_uid]}}]
    with fake_archive(lambda path: reply(has) if "?" in path else storing("1.2.3")) as archive:
        sent = send(archive, images=[instance])
    assert sent.outcomes == (
        Outcome(instance.sop_instance_uid, "present"),
        Outcome("1.2.3", "stored"),
    )
    assert archive.bodies[1].count(b"Content-Type: application/dicom") == 1


def test_an_image_it_lacks_goes_first_and_byte_for_byte(instance):
    stored = storing("1.2.3", instance.sop_instance_uid)
    with fake_archive(lambda path: reply([]) if "?" in path else stored) as archive:
        sent = send(archive, images=[instance])
    assert [outcome.result for outcome in sent.outcomes] == ["stored", "stored"]
    image, file = archive.bodies[1].split(b"Content-Type: application/dicom\r\n\r\n")[1:]
    assert image.startswith(configured_archive().path(instance.stored_sha256).read_bytes())
    assert file.startswith(b"DICM\r\n")


@pytest.mark.parametrize("search", [b"HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n", b""])
def test_an_archive_that_cannot_be_searched_is_sent_everything(instance, search):
    stored = storing("1.2.3", instance.sop_instance_uid)
    with fake_archive(lambda path: search if "?" in path else stored) as archive:
        assert [one.result for one in send(archive, images=[instance]).outcomes] == ["stored"] * 2
    assert archive.connections == 2


def test_only_what_the_archive_names_is_stored():
    make.centre("DEMO")
    with fake_archive(lambda _: storing("9.9.9")) as archive:
        assert send(archive).outcomes == (Outcome("1.2.3", "unknown"),)


def test_a_refusal_keeps_its_reason():
    make.centre("DEMO")
    with fake_archive(lambda _: storing(failed=["1.2.3"])) as archive:
        assert send(archive).outcomes == (Outcome("1.2.3", "failed", 272),)


def test_what_became_of_a_request_without_an_answer_is_unknown():
    make.centre("DEMO")
    with fake_archive(lambda _: b"") as archive:
        sent = send(archive)
    assert sent.outcomes == (Outcome("1.2.3", "unknown"),)
    assert "hung up" in sent.problem


def test_an_archive_that_is_away_has_got_nothing():
    make.centre("DEMO")
    with fake_archive(lambda _: b"") as archive:
        pass
    sent = send(archive)
    assert sent.outcomes == ()
    assert "does not answer" in sent.problem


def test_large_batches_are_sent_in_several_requests(instance, monkeypatch):
    monkeypatch.setattr(outbound, "MOST_BYTES_AT_ONCE", 100)
    stored = storing("1.2.3", instance.sop_instance_uid)
    with fake_archive(lambda path: reply([]) if "?" in path else stored) as archive:
        sent = send(archive, images=[instance])
    assert [outcome.result for outcome in sent.outcomes] == ["stored", "stored"]
    assert archive.connections == 3
