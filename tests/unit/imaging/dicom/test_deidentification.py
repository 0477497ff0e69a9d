"""PS3.15 Table E.1-1 and the allow-list, row by row and level by level."""

import random
import re
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.uid import CTImageStorage

from imaging.dicom import confidentiality_profile
from imaging.dicom.acceptance import accept
from imaging.dicom.deidentification import (
    METHOD_CODES,
    Deidentifier,
    deidentify,
    derive_keys,
    source_subject_key,
    subject_key,
)
from imaging.dicom.elements import KNOWN_VRS, Encoding, encode
from imaging.dicom.errors import DicomError
from imaging.dicom.kept_attributes import DATES_AND_TIMES, KEPT_ATTRIBUTES
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import (
    IDENTIFYING_VALUES,
    ct_instance,
    element,
    enhanced_ct_instance,
)

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
CANARY_UID = b"1.2.826.0.1.3680043.8.498.4242.424242\0"
VALUES = {
    "UI": CANARY_UID,
    "DA": b"19111111",
    "DT": b"19111111101112.131415 ",
    "TM": b"231112.131415 ",
    "AS": b"091Y",
    "DS": b"1.8765432 ",
    "IS": b"987654",
    "FD": struct.pack("<d", 1.876543219),
    "FL": struct.pack("<f", 1.8765432),
    "US": b"\x37\x13",
    "SS": b"\x37\x13",
    "UL": b"\x37\x13\x37\x13",
    "SL": b"\x37\x13\x37\x13",
    "AT": b"\x37\x13\x37\x13",
    "CS": b"SEEDEDCANARY",
    "SQ": b"\xfe\xff\x00\xe0"
    + struct.pack("<I", 28)
    + element(0x00100010, "PN", b"Seeded^Canary^Nested"),
}
TEXT = b"Seeded^Canary value "

PLAIN_ROWS = [
    (int(match[1] + match[2], 16), row)
    for row in confidentiality_profile.ROWS
    if (match := re.fullmatch(r"\(([0-9A-F]{4}),([0-9A-F]{4})\)", row.tag))
]
FILE_META_ROWS = [(tag, row) for tag, row in PLAIN_ROWS if tag >> 16 == 0x0002]
DATASET_ROWS = [(tag, row) for tag, row in PLAIN_ROWS if tag >> 16 != 0x0002]
BASE_UIDS = {0x00080018, 0x0020000D, 0x0020000E}
CHECKED_UIDS = {*BASE_UIDS, 0x00200052}
WRITTEN = {0x00100010, 0x00100020}
"""Patient's Name and Patient ID: present in the result, as pseudonym."""


def _vr(tag: int) -> str:
    try:
        vr = dictionary_VR(tag).split(" or ")[0]
    except KeyError:
        return "LO"
    return vr if vr.encode() in KNOWN_VRS else "LO"


def _bare(path):
    """A CT with nothing of the table in it but the UIDs it cannot do without."""
    absent = [*IDENTIFYING_VALUES, "DeviceUID", "FrameOfReferenceUID", "ReferencedImageSequence"]
    for suffix in ("Date", "Time"):
        absent += [f"{part}{suffix}" for part in ("Study", "Series", "Acquisition", "Content")]
    return ct_instance(path, InstanceCreationDate=None, **dict.fromkeys(absent))


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    path = _bare(folder / "a.dcm")
    content = path.read_bytes()
    pixels = content.rindex(b"\xe0\x7f\x10\x00OW")
    return folder / "row.dcm", content[:pixels], content[pixels:]


def _result(path) -> tuple[bytes, Deidentifier]:
    source = load_header(path)
    accept(source, overridden=frozenset({"burned_in_annotation"}))
    run = Deidentifier(source, keys=KEYS, centre_code="DEMO")
    return encode(run.run(), Encoding(source.implicit_vr, source.little_endian)), run


def _replace_uid(head: bytes, tag: int, uid: bytes) -> bytes:
    """Give a UID element (and for the instance its file meta twin) another value."""
    for twin in {tag, 0x00020003 if tag == 0x00080018 else tag}:
        at = head.index(struct.pack("<HH2s", twin >> 16, twin & 0xFFFF, b"UI"))
        (length,) = struct.unpack_from("<H", head, at + 6)
        head = head[:at] + element(twin, "UI", uid) + head[at + 8 + length :]
    return head


def _several(vr: str) -> bytes:
    one = VALUES.get(vr, TEXT)
    if vr in ("SQ", "FD", "FL", "US", "SS", "UL", "SL", "AT"):
        return one * 2
    value = one.rstrip(b"\0 ") + b"\\" + one.rstrip(b"\0 ")
    return value + (b"\0" if vr == "UI" else b" ") * (len(value) % 2)


@pytest.mark.parametrize(
    ("tag", "row"), DATASET_ROWS, ids=[row.tag + row.keyword for _, row in DATASET_ROWS]
)
def test_row_at_the_top_level(bare, tag, row):
    """Present, with several values and empty."""
    path, head, pixels = bare
    vr = _vr(tag)
    if tag in CHECKED_UIDS:
        _check_uid_row(bare, tag)
        return
    several = _several(vr)
    for value in (VALUES.get(vr, TEXT), several):
        path.write_bytes(head + element(tag, vr, value) + pixels)
        header, _ = _result(path)
        kept = tag in KEPT_ATTRIBUTES and tag in DATES_AND_TIMES and vr in ("DA", "DT", "TM")
        if kept and value != several:
            assert VALUES[vr].strip() in header
        else:
            _assert_gone(header, tag, vr)
    path.write_bytes(head + element(tag, vr, b"") + pixels)
    _result(path)


def _check_uid_row(bare, tag: int) -> None:
    """UIDs that acceptance looks at: one is replaced, two are refused."""
    path, head, pixels = bare
    base = head if tag in BASE_UIDS else head + element(tag, "UI", CANARY_UID)
    path.write_bytes(_replace_uid(base, tag, CANARY_UID) + pixels)
    header, run = _result(path)
    assert CANARY_UID.rstrip(b"\0") in run.identifiers.uids
    _assert_gone(header, tag, "UI")
    path.write_bytes(_replace_uid(base, tag, _several("UI")) + pixels)
    with pytest.raises(DicomError):
        _result(path)


def _assert_gone(header: bytes, tag: int, vr: str) -> None:
    value = VALUES.get(vr, TEXT)
    needle = TEXT if vr == "SQ" else value
    assert needle.strip(b"\0 ") not in header
    assert b"Seeded" not in header
    assert b"CANARY" not in header
    if tag not in KEPT_ATTRIBUTES and tag not in WRITTEN:
        assert struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode() not in header


@pytest.mark.parametrize(
    ("tag", "row"), DATASET_ROWS, ids=[row.tag + row.keyword for _, row in DATASET_ROWS]
)
def test_row_nested_three_deep(bare, tag, row):
    path, head, pixels = bare
    vr = _vr(tag)
    raw = element(tag, vr, VALUES.get(vr, TEXT))
    code = (
        element(0x00080100, "SH", b"113691")
        + element(0x00080102, "SH", b"DCM ")
        + element(0x00080104, "LO", b"Seeded^Canary meaning ")
    )
    level_3 = _sequence(0x00189346, code + raw)
    level_2 = _sequence(0x00189321, level_3 + raw)
    level_1 = _sequence(0x52009229, level_2 + raw)
    path.write_bytes(head + level_1 + pixels)
    header, _ = _result(path)
    # the path to the deepest level is on the allow-list, so the levels are really walked
    assert b"113691" in header
    _assert_gone(header, tag, vr)


def _sequence(tag: int, content: bytes) -> bytes:
    item = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(content)) + content
    return element(tag, "SQ", item)


@pytest.mark.parametrize(
    "tag",
    [
        ((0x5000 + step) << 16) | number
        for step in range(0, 0x20, 2)
        for number in (5, 0x10, 0x3000, 0x2500)
    ]
    + [
        ((0x6000 + step) << 16) | number
        for step in range(0, 0x20, 2)
        for number in (0x3000, 0x4000, 0x22, 0x1500)
    ],
)
def test_curves_and_overlays_are_removed(bare, tag):
    path, head, pixels = bare
    path.write_bytes(head + element(tag, "OB", b"Seeded CANARY overlay ") + pixels)
    header, _ = _result(path)
    assert b"CANARY" not in header


def test_private_elements_go_on_every_level(bare):
    path, head, pixels = bare
    random.seed(7)
    groups = random.sample(range(0x0009, 0x7FDF, 2), 60)
    private = b"".join(
        element((group << 16) | 0x0010, "LO", b"CANARY CREATOR")
        + element((group << 16) | 0x1001, "UN", b"Seeded CANARY value ")
        for group in sorted(groups)
    )
    path.write_bytes(
        head + private + _sequence(0x52009229, private + _sequence(0x00189321, private)) + pixels
    )
    header, _ = _result(path)
    assert b"CANARY" not in header


@pytest.mark.parametrize("tag", [0x0018FFFE, 0x00111111, 0x12345678, 0x00080001, 0x00081196])
def test_what_no_table_knows_is_removed(bare, tag):
    path, head, pixels = bare
    path.write_bytes(head + element(tag, "LO", b"Seeded CANARY value ") + pixels)
    assert b"CANARY" not in _result(path)[0]


def test_no_seeded_value_of_a_full_header_is_left(tmp_path):
    header, run = _result(ct_instance(tmp_path / "a.dcm"))
    for keyword, value in IDENTIFYING_VALUES.items():
        if len(value) > 1:
            assert value.encode() not in header, keyword
            assert value.upper().encode() not in header.upper(), keyword
    assert b"CANARY" not in header.upper()
    assert not any(uid in header for uid in run.identifiers.uids)


def test_type_2_elements_stay_empty_and_technical_values_stay(tmp_path):
    source = load_header(ct_instance(tmp_path / "a.dcm"))
    result = deidentify(source, keys=KEYS, centre_code="DEMO")
    for keyword in (
        "AccessionNumber",
        "ReferringPhysicianName",
        "PatientBirthDate",
        "PatientSex",
        "StudyID",
    ):
        assert result[keyword].is_empty, keyword
    for keyword in (
        "ImageType",
        "StudyDate",
        "AcquisitionTime",
        "Manufacturer",
        "BodyPartExamined",
        "SliceThickness",
        "KVP",
        "ConvolutionKernel",
        "PatientPosition",
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "PixelSpacing",
        "RescaleIntercept",
        "RescaleSlope",
        "WindowCenter",
        "Rows",
        "InstanceNumber",
    ):
        assert result[keyword].value == source.dataset[keyword].value, keyword


def test_only_the_options_really_applied_are_claimed(tmp_path):
    source = load_header(ct_instance(tmp_path / "a.dcm"))
    result = deidentify(source, keys=KEYS, centre_code="DEMO")
    assert result.PatientIdentityRemoved == "YES"
    assert result.LongitudinalTemporalInformationModified == "UNMODIFIED"
    assert "2026c" in result.DeidentificationMethod[0]
    codes = [item.CodeValue for item in result.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113106"] == [code for code, _ in METHOD_CODES]
    assert result.SpecificCharacterSet == "ISO_IR 192"


def test_the_source_is_not_changed(tmp_path):
    source = load_header(ct_instance(tmp_path / "a.dcm"))
    before = encode(source.dataset, Encoding(False, True))
    deidentify(source, keys=KEYS, centre_code="DEMO")
    assert encode(source.dataset, Encoding(False, True)) == before


def test_uids_are_replaced_consistently_also_inside_sequences(tmp_path):
    first = load_header(ct_instance(tmp_path / "a.dcm", index=0))
    second = load_header(ct_instance(tmp_path / "b.dcm", index=100))
    one = deidentify(first, keys=KEYS, centre_code="DEMO")
    two = deidentify(second, keys=KEYS, centre_code="DEMO")
    reference = one.ReferencedImageSequence[0]
    assert reference.ReferencedSOPInstanceUID == two.SOPInstanceUID
    assert reference.ReferencedSOPClassUID == CTImageStorage
    assert one.StudyInstanceUID == two.StudyInstanceUID
    assert one.SOPInstanceUID != two.SOPInstanceUID


def test_well_known_uids_stay(tmp_path):
    source = load_header(
        ct_instance(tmp_path / "a.dcm", FrameOfReferenceUID="1.2.840.10008.1.4.1.1")
    )
    result = deidentify(source, keys=KEYS, centre_code="DEMO")
    assert result.FrameOfReferenceUID == "1.2.840.10008.1.4.1.1"
    assert result.SOPClassUID == CTImageStorage


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
def test_a_registered_uid_in_the_wrong_place_is_replaced(tmp_path, keyword):
    """Two centres whose writers make the same mistake must not share a study."""
    source = load_header(ct_instance(tmp_path / "a.dcm", **{keyword: str(CTImageStorage)}))
    ours, theirs = (
        deidentify(source, keys=KEYS, centre_code=code)[keyword].value for code in ("DEMO", "OTHER")
    )
    assert ours.startswith("2.25.")
    assert ours != theirs


def test_enhanced_frames_keep_their_geometry_and_lose_their_comments(tmp_path):
    source = load_header(enhanced_ct_instance(tmp_path / "e.dcm", frames=3))
    result = deidentify(source, keys=KEYS, centre_code="DEMO")
    frames = result.PerFrameFunctionalGroupsSequence
    assert [frame.PlanePositionSequence[0].ImagePositionPatient[2] for frame in frames] == [0, 2, 4]
    assert frames[0].FrameContentSequence[0].FrameAcquisitionDateTime == "20240305101600"
    assert "FrameComments" not in frames[0].FrameContentSequence[0]
    assert result.DeviceSerialNumber == "WITHHELD"
    assert result["AcquisitionContextSequence"].value == []


def test_codes_are_kept_with_the_meaning_of_the_list(bare):
    path, head, pixels = bare
    route = (
        element(0x00080100, "SH", b"72607000")
        + element(0x00080102, "SH", b"SCT ")
        + element(0x00080104, "LO", b"given to Seeded Canary")
    )
    local = (
        element(0x00080100, "SH", b"SEEDED")
        + element(0x00080102, "SH", b"99LOCAL ")
        + element(0x00080104, "LO", b"given to Seeded Canary")
    )
    path.write_bytes(head + _sequence(0x00180014, route) + _sequence(0x00082218, local) + pixels)
    result = deidentify(load_header(path), keys=KEYS, centre_code="DEMO")
    code = result.ContrastBolusAdministrationRouteSequence[0]
    assert (code.CodeValue, code.CodeMeaning) == ("72607000", "Intrathecal route")
    assert "AnatomicRegionSequence" not in result


@pytest.mark.parametrize(
    ("overrides", "keyword", "expected"),
    [
        ({"ConvolutionKernel": "ZEBEDEE"}, "ConvolutionKernel", None),
        (
            {"ImageType": ["ORIGINAL", "PRIMARY", "ZEBEDEE"]},
            "ImageType",
            ["ORIGINAL", "PRIMARY"],
        ),
        ({"BodyPartExamined": "ZEBEDEE"}, "BodyPartExamined", None),
        ({"BodyPartExamined": "HEAD", "PatientName": "Head^John"}, "BodyPartExamined", None),
        ({"BodyPartExamined": "HEAD", "StudyDescription": "Head"}, "BodyPartExamined", "HEAD"),
        ({"BodyPartExamined": "HEAD", "StudyDescription": "CT Head"}, "BodyPartExamined", "HEAD"),
        ({"SeriesDescription": "B30f"}, "ConvolutionKernel", "B30f"),
        ({"SeriesDescription": "AXIAL"}, "ImageType", ["ORIGINAL", "PRIMARY", "AXIAL"]),
        ({"Manufacturer": "Zebedee Scanners"}, "Manufacturer", ""),
        ({"PatientName": "Original^Axial"}, "ImageType", ["ORIGINAL", "PRIMARY", "AXIAL"]),
        ({"PatientID": "1", "InstanceNumber": "1"}, "InstanceNumber", 1),
        ({"PatientID": "512"}, "Rows", 32),
        ({"PatientID": "8153344", "SeriesNumber": "8153344"}, "SeriesNumber", None),
        ({"PatientID": "8153344", "AcquisitionNumber": "8153344"}, "AcquisitionNumber", None),
        ({"AcquisitionDate": "19530717"}, "AcquisitionDate", None),
        ({"AcquisitionDateTime": "19530717101010"}, "AcquisitionDateTime", None),
        ({"StudyDate": "19530717"}, "StudyDate", "19530717"),
        ({"InstanceNumber": "19530717"}, "InstanceNumber", None),
        ({"ConvolutionKernel": "17.07.1953"}, "ConvolutionKernel", None),
        ({"ConvolutionKernel": "17-07", "PatientID": "17-07"}, "ConvolutionKernel", None),
    ],
)
def test_an_identifier_repeated_in_a_kept_element_is_blanked(
    tmp_path, overrides, keyword, expected
):
    source = load_header(ct_instance(tmp_path / "a.dcm", **overrides))
    result = deidentify(source, keys=KEYS, centre_code="DEMO")
    found = result[keyword].value if keyword in result else None
    if expected is None:
        assert not found
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [
        (0x00281053, "DS", b"NaN "),
        (0x00281053, "DS", b"1,5 "),
        (0x00180060, "DS", b"<script>alert(1)</script> "),
        (0x00185100, "CS", b"<img src=x>"),
        (0x00181210, "SH", b"Anna; DROP TABLE "),
        (0x00181210, "SH", "Müllers Kern".encode()),
        (0x00189345, "FD", b"\0\0\0\0\0\0\xf8\x7f"),
        (0x00189345, "FD", b"\0\0\0"),
        (0x00189345, "FD", b"ZEBEDEES"),
        (0x00209128, "UL", b"ANNA"),
        (0x00209128, "UL", b"\1\0\0\0\2\0\0\0"),
        (0x00180060, "DS", b"120\\140 "),
        (0x00080201, "SH", b"Europe/Berlin "),
        (0x00180090, "DS", b"1" * 40),
        (0x00180090, "OB", b"12"),
        (0x00180015, "CS", b"\xdfPINE "),
    ],
)
def test_a_value_that_breaks_the_rules_of_its_element_is_dropped(bare, tag, vr, value):
    path, head, pixels = bare
    old = re.search(re.escape(struct.pack("<HH", tag >> 16, tag & 0xFFFF)) + b"[A-Z]{2}", head)
    if old:
        (length,) = struct.unpack_from("<H", head, old.start() + 6)
        head = head[: old.start()] + head[old.start() + 8 + length :]
    path.write_bytes(head + element(tag, vr, value) + pixels)
    result = deidentify(load_header(path), keys=KEYS, centre_code="DEMO")
    assert tag not in result or not result[tag].value


def test_without_a_patient_id_there_is_no_pseudonym(tmp_path):
    source = load_header(ct_instance(tmp_path / "a.dcm", PatientID=""))
    result = deidentify(source, keys=KEYS, centre_code="DEMO")
    assert result["PatientID"].is_empty
    assert result["PatientName"].is_empty


def test_a_number_in_greek_letters_is_the_one_that_somebody_types(tmp_path):
    text = "ΑΒ-0012"
    path = ct_instance(tmp_path / "a.dcm", SpecificCharacterSet="ISO_IR 126", PatientID=text)
    read = source_subject_key(load_header(path), keys=KEYS, centre_code="DEMO")
    assert read == subject_key(text, keys=KEYS, centre_code="DEMO")


KEPT_TEXT_TAGS = [kept.tag for kept in KEPT_ATTRIBUTES.values() if "SQ" not in kept.vrs]
NAMES = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=5, max_size=12)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), name=NAMES)
def test_a_name_put_anywhere_does_not_survive(bare, data, name):
    """Random nesting, random tags, kept ones included."""
    path, head, pixels = bare
    word = f"Q{name}Q".encode()
    head_tags = {
        tag for tag in KEPT_TEXT_TAGS if struct.pack("<HH", tag >> 16, tag & 0xFFFF) in head
    }

    def leaf(tags):
        tag = data.draw(st.sampled_from(tags))
        vr = data.draw(st.sampled_from(["LO", "SH", "CS", "UN", "PN", "DS", "DA", "UI"]))
        return element(tag, vr, word + b" " * (len(word) % 2))

    inner = leaf(KEPT_TEXT_TAGS)
    for tag in data.draw(
        st.lists(st.sampled_from([0x52009229, 0x52009230, 0x00081140, 0x00180012]), max_size=4)
    ):
        inner = _sequence(tag, inner)
    top = [tag for tag in KEPT_TEXT_TAGS if tag not in head_tags]
    name_element = element(0x00100010, "PN", word + b" " * (len(word) % 2))
    private = _sequence(0x00191020, inner)
    candidates = [tag for tag in top if tag not in (0x00100010, 0x00280008)]
    path.write_bytes(head + name_element + private + leaf(candidates) + pixels)
    source = load_header(path)
    result = deidentify(source, keys=KEYS, centre_code="DEMO")
    assert word not in encode(result, Encoding(False, True)).upper()


def test_the_result_is_read_by_pydicom_without_a_warning(tmp_path, recwarn):
    path = ct_instance(tmp_path / "a.dcm")
    source = load_header(path)
    result = deidentify(source, keys=KEYS, centre_code="DEMO")
    for item in result:
        assert item.tag.group % 2 == 0
    assert not recwarn.list
    assert dcmread(path).PatientName == IDENTIFYING_VALUES["PatientName"]


def test_file_meta_rows_are_not_taken_over():
    """(0002,0003) is the only row of group 0002; `test_preparation` checks the fresh meta."""
    assert [row.tag for _, row in FILE_META_ROWS] == ["(0002,0003)"]
    assert tag_for_keyword("MediaStorageSOPInstanceUID") == FILE_META_ROWS[0][0]
