"""Which instances are taken in, and which can be shown."""

import struct

import pytest
from pydicom import dcmread
from pydicom.datadict import tag_for_keyword
from pydicom.uid import (
    CTImageStorage,
    EncapsulatedPDFStorage,
    EnhancedCTImageStorage,
    JPEGExtended12Bit,
    LegacyConvertedEnhancedCTImageStorage,
    MRImageStorage,
    RLELossless,
    RTStructureSetStorage,
    SecondaryCaptureImageStorage,
    XRayRadiationDoseSRStorage,
)

from imaging.dicom.acceptance import ACCEPTED_SOP_CLASSES, accept, displayable
from imaging.dicom.errors import REASONS, DicomError, SopClassNeedsReviewError
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import ct_instance, element, enhanced_ct_instance, insert_element

HOSTILE_UIDS = [
    "../../../etc/evil",
    "/etc/cron.d/x",
    "1." + "2" * 63,
    "1.2.abc",
    "1..2",
    ".1.2",
    "1.2.",
    "1.2 .3",
    " 1.2.3",
    "1\0.2",
    "-1.2",
    "１.２",
]


def _reason(path) -> str:
    with pytest.raises(DicomError) as caught:
        accept(load_header(path))
    return caught.value.reason_code


def _with_uid(path, keyword, uid):
    """Replace the bytes of a UID element, because pydicom would refuse to write such values."""
    content = ct_instance(path).read_bytes()
    at = content.index(struct.pack("<HH2s", *_group_and_element(keyword), b"UI"))
    (length,) = struct.unpack_from("<H", content, at + 6)
    value = uid.encode("utf-8")
    raw = element(tag_for_keyword(keyword), "UI", value + b"\0" * (len(value) % 2))
    path.write_bytes(content[:at] + raw + content[at + 8 + length :])
    return path


def _group_and_element(keyword):
    tag = tag_for_keyword(keyword)
    return tag >> 16, tag & 0xFFFF


@pytest.mark.parametrize("number", ["", None])
def test_a_multi_frame_image_says_how_many_frames_it_has(tmp_path, number):
    """Of compressed frames nothing else tells how many there are (PS3.3 C.7.6.6)."""
    dataset = dcmread(enhanced_ct_instance(tmp_path / "a.dcm", frames=2, rows=8, columns=8))
    dataset.compress(RLELossless, generate_instance_uid=False)
    del dataset.NumberOfFrames
    if number is not None:
        dataset.NumberOfFrames = number
    dataset.save_as(tmp_path / "b.dcm")
    assert _reason(tmp_path / "b.dcm") == "invalid_pixel_description"


def test_an_ordinary_slice_is_accepted(tmp_path):
    accept(load_header(ct_instance(tmp_path / "a.dcm")))


def test_three_sop_classes_are_accepted_and_no_other():
    assert {
        CTImageStorage,
        EnhancedCTImageStorage,
        LegacyConvertedEnhancedCTImageStorage,
    } == ACCEPTED_SOP_CLASSES


@pytest.mark.parametrize(
    ("sop_class", "reason_code"),
    [
        (MRImageStorage, "sop_class_not_ct"),
        (RTStructureSetStorage, "sop_class_not_ct"),
        ("1.2.3.4.5.6", "sop_class_not_ct"),
        (SecondaryCaptureImageStorage, "sop_class_needs_review"),
        (EncapsulatedPDFStorage, "sop_class_needs_review"),
        (XRayRadiationDoseSRStorage, "sop_class_needs_review"),
    ],
)
@pytest.mark.parametrize("pixels", [True, False])
def test_what_is_not_ct_is_named_with_or_without_pixels(tmp_path, sop_class, reason_code, pixels):
    overrides = {} if pixels else {"PixelData": None}
    path = ct_instance(tmp_path / "a.dcm", SOPClassUID=sop_class, **overrides)
    assert _reason(path) == reason_code


@pytest.mark.parametrize(
    "keyword", ["StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"]
)
@pytest.mark.parametrize("uid", HOSTILE_UIDS)
def test_a_hostile_uid_is_refused(tmp_path, keyword, uid):
    assert _reason(_with_uid(tmp_path / "a.dcm", keyword, uid)) == "invalid_uid"


def test_two_uids_in_one_element_are_refused(tmp_path):
    path = _with_uid(tmp_path / "a.dcm", "StudyInstanceUID", "1.2.3\\1.2.4")
    assert _reason(path) == "invalid_uid"


@pytest.mark.parametrize("padding", [" ", "\0", "  ", "\0\0", " \0", "\0 "])
@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "FrameOfReferenceUID", "SOPInstanceUID"])
def test_padding_behind_a_uid_is_no_part_of_it(tmp_path, keyword, padding):
    """PS3.5 section 6.2 pads with one NUL; real scanners pad with blanks and NULs."""
    path = _with_uid(tmp_path / "a.dcm", keyword, "1.2.3.4" + padding)
    if keyword == "SOPInstanceUID":
        assert _reason(path) == "uid_mismatch"  # file meta names another one: the value was read
    else:
        accept(load_header(path))


def test_a_leading_zero_is_quarantined(tmp_path):
    path = _with_uid(tmp_path / "a.dcm", "StudyInstanceUID", "1.2.03.4")
    assert _reason(path) == "uid_leading_zero"


@pytest.mark.parametrize(
    "keyword", ["SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"]
)
def test_a_missing_uid_is_refused(tmp_path, keyword):
    path = ct_instance(tmp_path / "a.dcm", **{keyword: None})
    assert _reason(path) == "missing_uid"


@pytest.mark.parametrize(
    "meta",
    [
        {"MediaStorageSOPInstanceUID": "1.2.3"},
        {"MediaStorageSOPClassUID": MRImageStorage},
    ],
)
def test_file_meta_and_data_set_must_agree(tmp_path, meta):
    assert _reason(ct_instance(tmp_path / "a.dcm", meta_overrides=meta)) == "uid_mismatch"


def test_an_overlay_hidden_in_the_high_bits_is_quarantined(tmp_path):
    path = insert_element(ct_instance(tmp_path / "a.dcm"), element(0x60000102, "US", b"\x0c\x00"))
    assert _reason(path) == "overlay_in_pixels"


def test_a_suspicion_of_text_in_the_pixels_quarantines(tmp_path):
    assert _reason(ct_instance(tmp_path / "a.dcm", BurnedInAnnotation="YES")) == (
        "burned_in_annotation"
    )


@pytest.mark.parametrize(
    ("overrides", "keyword"),
    [
        ({"BitsStored": 17}, "Bits Stored"),
        ({"BitsStored": None}, "Bits Stored"),
        ({"HighBit": 11}, "High Bit"),
        ({"PixelRepresentation": None}, "Pixel Representation"),
        ({"PhotometricInterpretation": "MONOCHROME3"}, "Photometric"),
        ({"BitsAllocated": 12}, "Bits Allocated"),
        ({"BitsAllocated": 1, "PixelData": b"\0" * 128}, "Bits Allocated"),
        ({"BitsAllocated": 64, "PixelData": b"\0" * 8192}, "Bits Allocated"),
    ],
)
def test_an_odd_pixel_description_is_stored_but_not_shown(tmp_path, overrides, keyword):
    source = load_header(ct_instance(tmp_path / "a.dcm", **overrides))
    accept(source)
    reason = displayable(source.dataset, transfer_syntax_uid=source.transfer_syntax_uid)
    assert keyword in reason


def test_a_person_can_overrule_what_is_releasable_and_nothing_else(tmp_path):
    suspect = load_header(ct_instance(tmp_path / "a.dcm", BurnedInAnnotation="YES"))
    accept(suspect, overridden=frozenset({"burned_in_annotation"}))
    old = load_header(_with_uid(tmp_path / "b.dcm", "StudyInstanceUID", "1.2.03.4"))
    accept(old, overridden=frozenset({"uid_leading_zero"}))
    with pytest.raises(DicomError):
        accept(old, overridden=frozenset({"burned_in_annotation"}))
    hidden = insert_element(ct_instance(tmp_path / "c.dcm"), element(0x60000102, "US", b"\x0c\0"))
    for path, code in [
        (hidden, "overlay_in_pixels"),
        (_with_uid(tmp_path / "d.dcm", "StudyInstanceUID", "../etc"), "invalid_uid"),
        (ct_instance(tmp_path / "e.dcm", StudyInstanceUID=None), "missing_uid"),
    ]:
        with pytest.raises(DicomError) as caught:
            accept(load_header(path), overridden=frozenset(REASONS))
        assert caught.value.reason_code == code


def test_a_screenshot_class_is_never_overruled(tmp_path):
    path = ct_instance(tmp_path / "a.dcm", SOPClassUID=SecondaryCaptureImageStorage)
    with pytest.raises(SopClassNeedsReviewError):
        accept(load_header(path, overridden=frozenset(REASONS)), overridden=frozenset(REASONS))


def test_jpeg_extended_of_12_bits_is_stored_but_not_shown(tmp_path):
    """GDCM and Pillow do not read it; it is rare, and its bytes may still be needed."""
    dataset = load_header(ct_instance(tmp_path / "a.dcm", BitsStored=12, HighBit=11)).dataset
    assert "JPEG Extended" in (
        displayable(dataset, transfer_syntax_uid=str(JPEGExtended12Bit)) or ""
    )


def test_an_ordinary_slice_can_be_shown(tmp_path):
    source = load_header(ct_instance(tmp_path / "a.dcm"))
    assert displayable(source.dataset, transfer_syntax_uid=source.transfer_syntax_uid) is None
