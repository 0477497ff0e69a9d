"""Stored values become Hounsfield units, or nothing does."""

from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.pixels.processing import apply_modality_lut

from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.errors import FrameNotDecodableError, MissingRescaleError
from imaging.dicom.hounsfield import (
    hounsfield,
    hounsfield_undefined,
    native_frame,
    padding_hu,
)
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import ct_instance


@pytest.fixture
def slice_path(tmp_path):
    return ct_instance(tmp_path / "a.dcm", rows=4, columns=6)


def _attributes(path) -> InstanceAttributes:
    source = load_header(path)
    return InstanceAttributes.of(source.dataset, transfer_syntax_uid=source.transfer_syntax_uid)


def test_hu_are_slope_times_value_plus_intercept(slice_path):
    dataset = dcmread(slice_path)
    attributes = replace(_attributes(slice_path), rescale_slope=1.5)
    dataset.RescaleSlope = "1.5"
    stored = native_frame(dataset.PixelData, attributes)
    found = hounsfield(stored, attributes, as_type=np.float64)
    np.testing.assert_array_equal(found, apply_modality_lut(dataset.pixel_array, dataset))
    assert (found.dtype, found.shape, found[0, 1]) == (np.float64, (4, 6), -1022.5)
    single = hounsfield(stored, attributes, as_type=np.float32)
    assert (single.dtype, single[0, 1]) == (np.float32, -1022.5)


@pytest.mark.parametrize("missing", ["rescale_slope", "rescale_intercept"])
def test_without_rescale_there_are_no_hu(slice_path, missing):
    attributes = replace(_attributes(slice_path), **{missing: None})
    with pytest.raises(MissingRescaleError):
        hounsfield(np.zeros((4, 6), np.int16), attributes, as_type=np.float64)


def test_unused_high_bits_are_masked_and_the_sign_is_carried(slice_path):
    """An old overlay in bits 12 to 15 must not change the 12 stored bits."""
    attributes = replace(_attributes(slice_path), bits_stored=12, high_bit=11)
    values = np.zeros(24, dtype="<u2")
    values[:4] = [0xF005, 0x0FFF, 0x1800, 0x07FF]
    signed = native_frame(values.tobytes(), attributes)
    assert list(signed[0, :4]) == [5, -1, -2048, 2047]
    unsigned = native_frame(values.tobytes(), replace(attributes, pixel_representation=0))
    assert list(unsigned[0, :4]) == [5, 4095, 2048, 2047]


def test_big_endian_frames_are_turned_round(slice_path):
    attributes = _attributes(slice_path)
    values = np.arange(24, dtype=">i2")
    found = native_frame(values.tobytes(), attributes, little_endian=False)
    assert found[3, 5] == 23
    assert found.dtype.isnative


def test_a_frame_of_the_wrong_length_is_not_decoded(slice_path):
    with pytest.raises(FrameNotDecodableError):
        native_frame(b"\0" * 47, _attributes(slice_path))


def test_what_cannot_be_shown_is_not_decoded(slice_path):
    attributes = replace(
        _attributes(slice_path), displayable=False, not_displayable_reason="Bits Stored"
    )
    with pytest.raises(FrameNotDecodableError, match="Bits Stored"):
        native_frame(b"\0" * 48, attributes)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"pixel_padding_value": 0}, (-1024, -1024)),
        # A signed image may declare its padding as the unsigned number of the same bits.
        ({"pixel_padding_value": 63536}, (-3024, -3024)),
        ({"pixel_padding_value": 10, "pixel_padding_range_limit": 4}, (-1020, -1014)),
        ({"pixel_padding_value": 10, "rescale_slope": -2.0}, (-1044, -1044)),
        ({"pixel_padding_value": 63536, "rescale_slope": 100.0}, (-32768, -32768)),
        ({"pixel_padding_value": 0, "rescale_slope": None}, None),
    ],
)
def test_padding_is_a_range_of_hu(slice_path, facts, expected):
    assert padding_hu(replace(_attributes(slice_path), **facts)) == expected


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({}, None),
        ({"RescaleType": None}, None),
        ({"RescaleType": "US"}, "(0028,1054)"),
        ({"RescaleSlope": None}, "(0028,1053)"),
        ({"RescaleIntercept": None}, "(0028,1052)"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "projection"),
    ],
)
def test_numbers_that_are_no_hounsfield_units_say_why(tmp_path, elements, said):
    reason = hounsfield_undefined(_attributes(ct_instance(tmp_path / "a.dcm", **elements)))
    assert (reason is None) if said is None else (reason is not None and said in reason)


def test_attributes_stored_before_padding_was_read_say_nothing_about_it(slice_path):
    plain = _attributes(slice_path).to_json()
    del plain["pixel_padding_value"], plain["pixel_padding_range_limit"]
    assert padding_hu(InstanceAttributes.from_json(plain)) is None
