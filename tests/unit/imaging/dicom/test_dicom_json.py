"""Headers in the DICOM JSON Model say what pydicom says of the same file (PS3.18 annex F)."""

import json

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, JPEGLSLossless

from imaging.dicom.dicom_json import ADDRESS, header_json
from tests.factories.dicom_files import ct_instance, enhanced_ct_instance

ADDED = ("00081190", "00083002", "7FE00010")


def header(path):
    return json.loads(header_json(path).replace(ADDRESS, "http://host/dicom-web"))


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", JPEGLSLossless, ExplicitVRBigEndian])
def test_every_element_is_there_with_its_value(tmp_path, syntax):
    path = ct_instance(
        tmp_path / "one.dcm", transfer_syntax=syntax, PatientAge=None, StudyDescription=""
    )
    found = header(path)
    stored = pydicom.dcmread(path)
    del stored.PixelData
    assert found["00083002"]["Value"] == [syntax]
    assert found["7FE00010"]["vr"] == ("OB" if syntax == JPEGLSLossless else "OW")
    assert Dataset.from_json({tag: found[tag] for tag in found if tag not in ADDED}) == stored


def test_nested_groups_of_an_enhanced_image(tmp_path):
    path = enhanced_ct_instance(tmp_path / "many.dcm", frames=3)
    stored = pydicom.dcmread(path)
    found = Dataset.from_json({"52009230": header(path)["52009230"]})
    assert found[0x52009230] == stored[0x52009230]


def test_what_is_no_number_stays_text_and_an_empty_component_null(tmp_path):
    path = ct_instance(tmp_path / "one.dcm", ImageType=["ORIGINAL", "", "AXIAL"])
    raw = path.read_bytes().replace(b"400 ", b"4OO ")
    path.write_bytes(raw)
    found = header(path)
    assert found["00080008"]["Value"] == ["ORIGINAL", None, "AXIAL"]
    assert found["00281051"]["Value"] == ["4OO"]


def test_it_is_one_line_in_which_the_address_stands_only_where_it_belongs(tmp_path):
    text = header_json(ct_instance(tmp_path / "one.dcm", ImageComments=f"a{ADDRESS}b\nc"))
    assert "\n" not in text
    assert text.count(ADDRESS) == 2
