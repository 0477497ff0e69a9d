"""WADO-RS: frames and pixels, whole or a range of bytes, as stored or decoded."""

import numpy as np
import pydicom
import pytest
from pydicom.encaps import get_frame
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from imaging.archive.configured import configured_archive
from imaging.models import Instance
from tests.factories.dicom_files import ct_instance, different_frames
from tests.factories.dicomweb import address, body, parts

pytestmark = pytest.mark.django_db

OCTETS = "application/octet-stream"
IN_PARTS = f'multipart/related; type="{OCTETS}"'
AS_STORED = f"{IN_PARTS}; transfer-syntax=*"


@pytest.fixture
def stored(ingest, tmp_path):
    def take_in(**facts):
        ingest(ct_instance(tmp_path / "one.dcm", **facts))
        return Instance.objects.get()

    return take_in


@pytest.fixture
def many(ingest, tmp_path):
    ingest(different_frames(tmp_path / "many.dcm", frames=4))
    return Instance.objects.get()


def ramp(rows=32, columns=32):
    """What the factory writes into its first slice."""
    return (np.arange(rows * columns) % 2000).astype("<i2").tobytes()


@pytest.mark.parametrize("accept", ["", "*/*", IN_PARTS, AS_STORED, "multipart/related"])
def test_a_frame_comes_as_a_part(browser, stored, accept):
    response = browser.get(f"{address(stored())}/frames/1", headers={"Accept": accept})
    ((content_type, content),) = parts(response)
    assert (content_type.split(";")[0], content) == (OCTETS, ramp())
    assert int(response["Content-Length"]) == len(response.content)


def test_one_frame_comes_alone_for_who_asks(browser, stored):
    response = browser.get(f"{address(stored())}/frames/1", headers={"Accept": OCTETS})
    assert (response["Content-Type"], body(response)) == (OCTETS, ramp())


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-9", 0, 9), ("100-", 100, 2047), ("-48", 2000, 2047), ("2000-9999", 2000, 2047)],
)
@pytest.mark.parametrize("end", ["frames/1", "bulkdata/7FE00010"])
def test_a_range_of_bytes(browser, stored, end, asked, first, last):
    url = f"{address(stored())}/{end}"
    headers = {"Accept": OCTETS, "Range": f"bytes={asked}"}
    response = browser.get(url, headers=headers)
    assert (response.status_code, body(response)) == (206, ramp()[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/2048"


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless])
def test_a_range_behind_the_end_is_refused(browser, stored, syntax):
    url = f"{address(stored(transfer_syntax=syntax))}/frames/1"
    response = browser.get(url, headers={"Accept": OCTETS, "Range": "bytes=2048-"})
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */2048")


def test_a_range_holds_for_the_version_it_was_asked_of(browser, stored):
    url = f"{address(stored())}/frames/1"
    etag = browser.get(url, headers={"Accept": OCTETS})["ETag"]
    for if_range, status in ((etag, 206), ('"other"', 200)):
        headers = {"Accept": OCTETS, "Range": "bytes=0-9", "If-Range": if_range}
        assert browser.get(url, headers=headers).status_code == status


def test_frames_of_an_enhanced_image_in_the_order_asked_for(browser, many):
    pixels = pydicom.dcmread(configured_archive().path(many.stored_sha256)).PixelData
    size = len(pixels) // 4
    frames = [pixels[at * size :][:size] for at in range(4)]
    assert len(set(frames)) == 4
    response = browser.get(f"{address(many)}/frames/3,1")
    assert [content for _, content in parts(response)] == [frames[2], frames[0]]
    assert body(browser.get(f"{address(many)}/frames/4", headers={"Accept": OCTETS})) == frames[3]
    alone = browser.get(f"{address(many)}/frames/1,2", headers={"Accept": OCTETS})
    assert (alone.status_code, "multipart" in alone.json()["error"]) == (406, True)


@pytest.mark.parametrize(
    ("listed", "status"),
    [("0", 404), ("5", 404), ("1,9", 404), ("x", 400), ("1,", 400), ("-1", 400)],
)
def test_frames_that_there_are_not(browser, many, listed, status):
    for end in ("", "/rendered", "/thumbnail"):
        response = browser.get(f"{address(many)}/frames/{listed}{end}")
        assert response.status_code == status
        assert "1" in response.json()["error"]


@pytest.mark.parametrize(
    ("syntax", "media_type"),
    [
        (JPEGLSLossless, "image/jls"),
        (JPEG2000Lossless, "image/jp2"),
        (RLELossless, "image/dicom-rle"),
    ],
)
def test_a_compressed_frame_comes_decoded_or_as_its_code_stream(
    browser, stored, syntax, media_type
):
    instance = stored(transfer_syntax=syntax)
    url = f"{address(instance)}/frames/1"
    file = pydicom.dcmread(configured_archive().path(instance.stored_sha256))
    code_stream = get_frame(file.PixelData, 0, number_of_frames=1)
    ((_, decoded),) = parts(browser.get(url, headers={"Accept": IN_PARTS}))
    assert decoded == ramp()
    assert body(browser.get(url, headers={"Accept": OCTETS})) == ramp()
    for accept in (AS_STORED, f'multipart/related; type="{media_type}"'):
        ((content_type, content),) = parts(browser.get(url, headers={"Accept": accept}))
        assert content == code_stream
        assert content_type.endswith(f"transfer-syntax={syntax}")
    whole = browser.get(f"{address(instance)}/bulkdata/7FE00010", headers={"Accept": IN_PARTS})
    assert [content for _, content in parts(whole)] == [ramp()]


def test_big_endian_pixels_are_turned_unless_asked_for_as_stored(browser, stored):
    url = f"{address(stored(transfer_syntax=ExplicitVRBigEndian))}/frames/1"
    assert body(browser.get(url, headers={"Accept": OCTETS})) == ramp()
    as_stored = browser.get(url, headers={"Accept": f"{OCTETS}; transfer-syntax=*"})
    assert body(as_stored) == np.frombuffer(ramp(), "<i2").astype(">i2").tobytes()


def test_another_form_is_refused_with_what_there_is(browser, stored):
    url = f"{address(stored())}/frames/1"
    for accept in ("image/jls", "text/html", f"{OCTETS}; transfer-syntax={JPEGLSLossless}"):
        response = browser.get(url, headers={"Accept": accept})
        assert (response.status_code, OCTETS in response.json()["error"]) == (406, True)


def test_who_has_it_already_is_told_so(browser, stored):
    instance = stored()
    for end in ("frames/1", "bulkdata/7FE00010"):
        url = f"{address(instance)}/{end}"
        for accept in (OCTETS, IN_PARTS):
            first = browser.get(url, headers={"Accept": accept})
            again = browser.get(url, headers={"Accept": accept, "If-None-Match": first["ETag"]})
            assert again.status_code == 304
            assert "immutable" in first["Cache-Control"]
