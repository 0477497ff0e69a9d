"""What the registry indexes of an instance."""

import json
import math
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import ct_instance, element, enhanced_ct_instance, insert_element


def _attributes(path) -> InstanceAttributes:
    source = load_header(path)
    return InstanceAttributes.of(source.dataset, transfer_syntax_uid=source.transfer_syntax_uid)


@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]
)
def test_the_values_of_an_ordinary_slice(tmp_path, syntax):
    found = _attributes(ct_instance(tmp_path / "a.dcm", index=3, transfer_syntax=syntax))
    assert found.modality == "CT"
    assert found.image_type == ("ORIGINAL", "PRIMARY", "AXIAL")
    assert found.study_date == date(2024, 3, 5)
    assert found.study_time == time(10, 15)
    assert found.acquisition_time == time(10, 16, 3, 500000)
    assert (found.rows, found.columns, found.frames) == (32, 32, 1)
    assert (found.rescale_slope, found.rescale_intercept) == (1.0, -1024.0)
    assert found.pixel_spacing_mm == (0.5, 0.5)
    assert found.image_position_mm == (-50.0, -50.0, 6.0)
    assert found.image_orientation == (1, 0, 0, 0, 1, 0)
    assert found.instance_number == 4
    assert found.body_part == "LSPINE"
    assert found.displayable
    assert found.not_displayable_reason is None


def test_an_enhanced_image_is_described_by_its_first_frame(tmp_path):
    found = _attributes(enhanced_ct_instance(tmp_path / "e.dcm", frames=5))
    assert found.frames == 5
    assert found.image_position_mm == (-50.0, -50.0, 0.0)
    assert found.image_orientation == (1, 0, 0, 0, 1, 0)
    assert found.pixel_spacing_mm == (0.5, 0.5)
    assert (found.rescale_slope, found.rescale_intercept) == (1.0, -1024.0)


@pytest.mark.parametrize("value", [b"NaN ", b"Inf ", b"1e400 ", b"1,5 ", b"", b"0 ", b"0.0 "])
def test_an_unusable_rescale_slope_is_absent(tmp_path, value):
    path = insert_element(
        ct_instance(tmp_path / "a.dcm", RescaleSlope=None), element(0x00281053, "DS", value)
    )
    assert _attributes(path).rescale_slope is None


@pytest.mark.parametrize("value", [b"abcdef", b"1.5 ", b"99999999999 ", b""])
def test_a_malformed_instance_number_is_absent(tmp_path, value):
    path = insert_element(
        ct_instance(tmp_path / "a.dcm", InstanceNumber=None), element(0x00200013, "IS", value)
    )
    assert _attributes(path).instance_number is None


@pytest.mark.parametrize(
    ("overrides", "name"),
    [
        ({"ImagePositionPatient": [1, 2]}, "image_position_mm"),
        ({"ImageOrientationPatient": [1, 0, 0]}, "image_orientation"),
        ({"PixelSpacing": [0.5, 0]}, "pixel_spacing_mm"),
        ({"PixelSpacing": None}, "pixel_spacing_mm"),
        ({"SliceThickness": "-1"}, "slice_thickness_mm"),
        ({"StudyDate": ""}, "study_date"),
        ({"WindowWidth": "0"}, "window_width_hu"),
    ],
)
def test_geometry_that_means_nothing_is_absent(tmp_path, overrides, name):
    assert getattr(_attributes(ct_instance(tmp_path / "a.dcm", **overrides)), name) is None


def test_the_acquisition_date_time_stands_in_for_date_and_time(tmp_path):
    found = _attributes(
        ct_instance(
            tmp_path / "a.dcm",
            AcquisitionDate=None,
            AcquisitionTime=None,
            AcquisitionDateTime="20240306111213.5+0100",
        )
    )
    assert found.acquisition_date == date(2024, 3, 6)
    assert found.acquisition_time == time(11, 12, 13, 500000)


def test_the_json_form_goes_there_and_back(tmp_path):
    for path in (ct_instance(tmp_path / "a.dcm"), enhanced_ct_instance(tmp_path / "e.dcm")):
        found = _attributes(path)
        text = json.dumps(found.to_json(), allow_nan=False)
        assert InstanceAttributes.from_json(json.loads(text)) == found


NUMERIC_TAGS = [0x00281053, 0x00281052, 0x00280030, 0x00200032, 0x00200037, 0x00181120, 0x00180060]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NUMERIC_TAGS), st.binary(max_size=30))
def test_no_bytes_in_a_numeric_element_yield_nan_or_an_exception(tag, value):
    base = BaseTag(tag)
    dataset = Dataset({base: RawDataElement(base, "DS", len(value), value, 0, False, True)})
    found = InstanceAttributes.of(dataset, transfer_syntax_uid=ExplicitVRLittleEndian)
    json.dumps(found.to_json(), allow_nan=False)
    assert found.rescale_slope is None or math.isfinite(found.rescale_slope)
