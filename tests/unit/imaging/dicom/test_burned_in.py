"""Images that may show who the patient is are told by their header."""

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from imaging.dicom.burned_in import suspected
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import (
    ct_instance,
    element,
    enhanced_ct_instance,
    insert_element,
)


def _suspected(path) -> str:
    error = suspected(load_header(path).dataset)
    return error.detail if error is not None else ""


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        ({"BurnedInAnnotation": "YES"}, "BurnedInAnnotation"),
        ({"ConversionType": "WSD"}, "ConversionType"),
        ({"SecondaryCaptureDeviceID": "X"}, "SecondaryCaptureDeviceID"),
        ({"ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]}, "ImageType"),
        ({"ImageType": ["DERIVED", "SECONDARY", "DOSE_INFO"]}, "ImageType"),
        ({"ImageType": ["ORIGINAL", "SECONDARY", "OTHER", "CT_SOM5 PROT"]}, "ImageType"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER", "PROTOCOL"]}, "ImageType"),
        ({"SeriesDescription": "Dose Report"}, "SeriesDescription"),
        ({"SeriesDescription": "PATIENT PROTOCOL"}, "SeriesDescription"),
        ({"SeriesDescription": "Exam Summary"}, "SeriesDescription"),
        ({"ProtocolName": "screen-save"}, "ProtocolName"),
        ({"ImageComments": "Patientenprotokoll"}, "ImageComments"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "PhotometricInterpretation"),
        ({"PhotometricInterpretation": "RGB"}, "PhotometricInterpretation"),
        ({"SamplesPerPixel": 3, "PixelData": b"\0" * 6144}, "SamplesPerPixel"),
        ({"ImagePositionPatient": None}, "ImagePositionPatient"),
        ({"ImageOrientationPatient": None}, "ImageOrientationPatient"),
        ({"PixelSpacing": None}, "PixelSpacing"),
    ],
)
def test_suspected_text_in_the_pixels_is_named_by_its_element(tmp_path, overrides, named):
    assert named in _suspected(ct_instance(tmp_path / "a.dcm", **overrides))


def test_burned_in_text_declared_in_small_letters_counts_too(tmp_path):
    path = insert_element(ct_instance(tmp_path / "a.dcm"), element(0x00280301, "CS", b"Yes "))
    assert _suspected(path)


@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"BurnedInAnnotation": "NO"},
        {"SeriesDescription": "LOW DOSE THORAX 1.0 B30f"},
        {"ProtocolName": "Spine Protocol"},
        {"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "LOW_DOSE"]},
        {"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "PHOTON_COUNTING"]},
        {"ImageType": ["DERIVED", "SECONDARY", "MPR"]},
        {"ImageType": ["DERIVED", "PRIMARY", "MIP"]},
    ],
)
def test_an_ordinary_image_is_not_suspected(tmp_path, overrides):
    assert _suspected(ct_instance(tmp_path / "a.dcm", **overrides)) == ""


def test_a_localizer_is_taken_in_with_or_without_geometry(tmp_path):
    """It can be shown and is left out of every reformation."""
    localizer = {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    assert _suspected(ct_instance(tmp_path / "a.dcm", **localizer)) == ""
    bare = dict.fromkeys(["ImagePositionPatient", "ImageOrientationPatient"])
    assert _suspected(ct_instance(tmp_path / "b.dcm", **localizer, **bare)) == ""
    assert _suspected(
        ct_instance(tmp_path / "c.dcm", **localizer, **bare, BurnedInAnnotation="YES")
    )


def test_the_geometry_of_an_enhanced_image_is_looked_for_in_its_frames(tmp_path):
    path = enhanced_ct_instance(tmp_path / "a.dcm")
    assert _suspected(path) == ""
    groups = Dataset()
    groups.FrameContentSequence = Sequence([Dataset()])
    bare = load_header(path).dataset
    del bare._dict[0x52009230]
    error = suspected(bare)
    assert error is not None
    assert "ImagePositionPatient" in error.detail
