"""Slices and frames: in the right order, in Hounsfield units, for who may see them."""

import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from imaging.archive.configured import configured_archive
from imaging.models import Instance, Series
from tests.factories.dicom_files import (
    SeriesPlan,
    ct_instance,
    ct_series,
    enhanced_ct_instance,
)
from tests.integration.imaging.conftest import Ingest

ROWS = COLUMNS = 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder


@pytest.fixture
def series(folder: Path, ingest: Ingest) -> Series:
    ct_series(folder, SeriesPlan(slices=5))
    ingest(folder)
    return Series.objects.get()


def slices_url(series: Series) -> str:
    return reverse("imaging:series-slices", args=[series.public_id])


def frame_url(series: Series, index: int) -> str:
    return reverse("imaging:series-frame", args=[series.public_id, index])


def expected_hounsfield(index: int) -> np.ndarray:
    """What the factory writes into slice `index`, with its slope 1 and intercept −1024."""
    ramp = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    return (ramp + index) % 2000 - 1024


def test_slices_come_in_their_order_with_verdict_and_windows(browser: Client, series: Series):
    shown = browser.get(slices_url(series)).json()
    assert shown["geometry"]["codes"] == ["even_spacing"]
    assert shown["geometry"]["sentences"]
    assert [one["position_mm"][2] for one in shown["slices"]] == [0, 2, 4, 6, 8]
    assert [one["index"] for one in shown["slices"]] == [0, 1, 2, 3, 4]
    assert {one["rows"] for one in shown["slices"]} == {ROWS}
    assert all(one["displayable"] for one in shown["slices"])
    assert shown["windows"][0]["code"] == "intrathecal_contrast"


def test_a_slice_says_which_of_its_numbers_are_no_measurement(
    browser: Client, folder: Path, ingest: Ingest
):
    ct_instance(folder / "1.dcm", PixelPaddingValue=0)
    ct_instance(folder / "2.dcm", index=1, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    ingest(folder)
    padded, localiser = browser.get(slices_url(Series.objects.get())).json()["slices"]
    assert padded["padding_hu"] == [-1024, -1024]
    assert padded["hu_undefined_reason"] is None
    assert localiser["padding_hu"] is None
    assert "projection" in localiser["hu_undefined_reason"]


def test_slices_say_nothing_about_the_person(browser: Client, series: Series):
    content = browser.get(slices_url(series)).content
    assert b"2024" not in content
    assert str(series.study.subject_key).encode() not in content


def test_a_frame_is_hounsfield_units_as_little_endian_int16(browser: Client, series: Series):
    for index in range(5):
        response = browser.get(frame_url(series, index))
        assert response["Content-Type"] == "application/octet-stream"
        hounsfield = np.frombuffer(response.content, "<i2").reshape(ROWS, COLUMNS)
        assert (hounsfield == expected_hounsfield(index)).all()


@pytest.mark.parametrize(
    "syntax",
    [
        ExplicitVRLittleEndian,
        ImplicitVRLittleEndian,
        ExplicitVRBigEndian,
        RLELossless,
        JPEGLSLossless,
    ],
)
def test_every_transfer_syntax_shows_the_same_numbers(
    browser: Client, folder: Path, ingest: Ingest, syntax: str
):
    ct_instance(folder / "1.dcm", index=3, transfer_syntax=syntax)
    assert ingest(folder).counts["indexed"] == 1
    response = browser.get(frame_url(Series.objects.get(), 0))
    assert response.status_code == 200
    hounsfield = np.frombuffer(response.content, "<i2").reshape(ROWS, COLUMNS)
    assert (hounsfield == expected_hounsfield(3)).all()


def test_each_frame_of_an_enhanced_image_is_a_slice(browser: Client, folder: Path, ingest: Ingest):
    enhanced_ct_instance(folder / "1.dcm", frames=3)
    ingest(folder)
    series = Series.objects.get()
    shown = browser.get(slices_url(series)).json()
    assert [one["position_mm"] for one in shown["slices"]] == [
        [-50.0, -50.0, 0.0], [-50.0, -50.0, 2.0], [-50.0, -50.0, 4.0]
    ]  # fmt: skip
    assert [browser.get(frame_url(series, index)).status_code for index in range(4)] == [
        200, 200, 200, 404
    ]  # fmt: skip


@pytest.mark.parametrize("index", [1_000_000, 2**31 + 1, 2**63, 10**30])
def test_a_place_beyond_the_series_is_not_there(browser: Client, series: Series, index: int):
    """Numbers that no database can count to are no fault of the server either."""
    assert browser.get(frame_url(series, index)).status_code == 404


def test_a_frame_is_kept_by_the_browser_under_an_address_that_names_its_content(
    browser: Client, series: Series
):
    address = browser.get(slices_url(series)).json()["slices"][2]["frame_url"]
    named = browser.get(address)
    assert "immutable" in named["Cache-Control"]
    assert "private" in named["Cache-Control"]
    unnamed = browser.get(frame_url(series, 2))
    assert unnamed["Cache-Control"] == "private, no-cache"
    assert named["ETag"] == unnamed["ETag"]
    again = browser.get(frame_url(series, 2), headers={"if-none-match": named["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


@pytest.mark.parametrize("damage", [flip_a_bit, cut, Path.unlink])
def test_damaged_pixels_are_never_shown(
    browser: Client, series: Series, damage: Callable[[Path], None]
):
    instance = Instance.objects.get(slice_index=1)
    damage(configured_archive().path(instance.stored_sha256))
    response = browser.get(frame_url(series, 1))
    assert response.status_code == 502
    assert "damaged" in response.json()["error"]
    assert browser.get(frame_url(series, 2)).status_code == 200


def test_an_image_without_hounsfield_units_is_stored_and_not_shown(
    browser: Client, folder: Path, ingest: Ingest
):
    ct_instance(folder / "1.dcm", RescaleSlope=None, RescaleIntercept=None)
    assert ingest(folder).counts["indexed"] == 1
    response = browser.get(frame_url(Series.objects.get(), 0))
    assert response.status_code == 422
    assert "cannot be shown" in response.json()["error"]


def test_a_stranger_cannot_tell_a_series_from_a_random_number(
    strange_browser: Client, series: Series
):
    nothing = Series(public_id=uuid.uuid4())
    for url in (slices_url, lambda one: frame_url(one, 0)):
        foreign, random = strange_browser.get(url(series)), strange_browser.get(url(nothing))
        assert foreign.status_code == random.status_code == 404
        assert foreign.content == random.content
