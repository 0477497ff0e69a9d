"""One file from source to store."""

import hashlib
import io
import json
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from imaging.dicom import preparation
from imaging.dicom.deidentification import derive_keys
from imaging.dicom.errors import REASONS, DicomError, ResidualIdentifierError
from imaging.dicom.identifiers import Identifiers
from imaging.dicom.kept_attributes import KeptAttribute
from imaging.dicom.loading import load_header
from imaging.dicom.preparation import (
    IMPLEMENTATION_CLASS_UID,
    PreparedInstance,
    prepare,
)
from tests.factories.dicom_files import (
    IDENTIFYING_VALUES,
    ct_instance,
    element,
    enhanced_ct_instance,
)

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
SYNTAXES = [
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    RLELossless,
    JPEG2000Lossless,
    JPEGLSLossless,
]


def _prepare(source, output) -> PreparedInstance:
    return prepare(source, output, keys=KEYS, centre_code="DEMO")


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_pixels_go_through_byte_for_byte_and_dcmtk_reads_the_result(tmp_path, syntax):
    source = ct_instance(tmp_path / "a.dcm", transfer_syntax=syntax)
    output = tmp_path / "out.dcm"
    prepared = _prepare(source, output)
    stored = output.read_bytes()
    loaded = load_header(source)
    original = source.read_bytes()[loaded.pixel_offset :][: loaded.pixel_length]
    assert stored[prepared.pixel_offset :] == original
    assert prepared.pixel_length == len(original)
    assert prepared.stored_sha256 == hashlib.sha256(stored).hexdigest()
    assert prepared.stored_bytes == len(stored)
    as_explicit = ExplicitVRLittleEndian if syntax == ImplicitVRLittleEndian else syntax
    assert prepared.transfer_syntax_uid == as_explicit
    result = dcmread(output)
    assert result.PixelData == dcmread(source).PixelData
    assert result.SOPInstanceUID == prepared.sop_instance_uid
    dump = subprocess.run(["dcmdump", output], capture_output=True, text=True, check=True)
    assert "W:" not in dump.stderr
    assert "E:" not in dump.stderr


def test_an_enhanced_image_is_read_by_dcmtk(tmp_path):
    source = enhanced_ct_instance(tmp_path / "e.dcm", frames=3)
    prepared = _prepare(source, tmp_path / "out.dcm")
    assert prepared.frames == 3
    subprocess.run(["dcmdump", tmp_path / "out.dcm"], capture_output=True, check=True)
    assert b"Canary" not in (tmp_path / "out.dcm").read_bytes()


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_no_identifying_value_occurs_anywhere_in_the_stored_file(tmp_path, syntax):
    source = ct_instance(
        tmp_path / "a.dcm",
        transfer_syntax=syntax,
        preamble=b"Canary in preamble".ljust(128, b"\0"),
        trailing=element(0x7FE10010, "LO", b"CANARY TRAILER")
        if syntax not in (ImplicitVRLittleEndian, ExplicitVRBigEndian)
        else b"",
    )
    output = tmp_path / "out.dcm"
    _prepare(source, output)
    stored = output.read_bytes().upper()
    assert b"CANARY" not in stored
    for value in IDENTIFYING_VALUES.values():
        if len(value) > 1:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert value.upper().encode(encoding) not in stored
    dataset = dcmread(source)
    uids = [item.value for item in dataset.iterall() if item.VR == "UI"]
    for uid in (*uids, dataset.file_meta.ImplementationClassUID):
        if not uid.startswith("1.2.840.10008."):
            assert uid.encode() not in stored


def test_preamble_and_file_meta_are_fresh(tmp_path):
    source = ct_instance(tmp_path / "a.dcm", preamble=b"II*\0".ljust(128, b"x"), trailing=b"")
    prepared = _prepare(source, tmp_path / "out.dcm")
    stored = dcmread(tmp_path / "out.dcm")
    assert stored.preamble == b"\0" * 128
    assert {item.keyword for item in stored.file_meta} == {
        "FileMetaInformationGroupLength",
        "FileMetaInformationVersion",
        "MediaStorageSOPClassUID",
        "MediaStorageSOPInstanceUID",
        "TransferSyntaxUID",
        "ImplementationClassUID",
        "ImplementationVersionName",
    }
    assert stored.file_meta.ImplementationClassUID == IMPLEMENTATION_CLASS_UID
    assert stored.file_meta.MediaStorageSOPInstanceUID == prepared.sop_instance_uid


def test_the_same_file_gives_the_same_bytes_and_another_centre_other_uids(tmp_path):
    source = ct_instance(tmp_path / "a.dcm")
    first = _prepare(source, tmp_path / "1.dcm")
    assert _prepare(source, tmp_path / "2.dcm") == first
    assert (tmp_path / "1.dcm").read_bytes() == (tmp_path / "2.dcm").read_bytes()
    other = prepare(source, tmp_path / "3.dcm", keys=KEYS, centre_code="OTHER")
    assert other.sop_instance_uid != first.sop_instance_uid
    assert other.subject_key != first.subject_key
    assert (tmp_path / "3.dcm").read_bytes()[other.pixel_offset :] == (
        tmp_path / "1.dcm"
    ).read_bytes()[first.pixel_offset :]


def test_preparing_a_prepared_file_keeps_its_pixels(tmp_path):
    _prepare(ct_instance(tmp_path / "a.dcm"), tmp_path / "1.dcm")
    first = load_header(tmp_path / "1.dcm")
    second = _prepare(tmp_path / "1.dcm", tmp_path / "2.dcm")
    assert second.pixel_length == first.pixel_length


def test_the_json_form_goes_there_and_back(tmp_path):
    prepared = _prepare(ct_instance(tmp_path / "a.dcm"), tmp_path / "out.dcm")
    text = json.dumps(prepared.to_json(), allow_nan=False)
    assert PreparedInstance.from_json(json.loads(text)) == prepared


def test_after_a_refusal_no_output_is_left(tmp_path):
    output = tmp_path / "out.dcm"
    with pytest.raises(DicomError):
        _prepare(ct_instance(tmp_path / "a.dcm", Modality="MR", SOPClassUID="1.2.3"), output)
    assert not output.exists()


def test_what_was_looked_at_is_what_is_stored(tmp_path, monkeypatch):
    """Whoever writes into the file meanwhile changes nothing any more."""
    source = ct_instance(tmp_path / "a.dcm")
    expected = _prepare(source, tmp_path / "1.dcm")
    loaded = load_header(source)
    source.write_bytes(b"")
    monkeypatch.setattr(preparation, "load_header", lambda *_, **__: loaded)
    assert _prepare(source, tmp_path / "2.dcm") == expected
    assert (tmp_path / "2.dcm").read_bytes() == (tmp_path / "1.dcm").read_bytes()


def test_an_identifier_that_got_through_is_caught_by_the_last_search(tmp_path, monkeypatch):
    """The last wall is tested with those before it taken down."""
    monkeypatch.setattr(KeptAttribute, "allows", lambda self, text: True)
    monkeypatch.setattr(Identifiers, "occurs_in", lambda self, text: False)
    source = ct_instance(tmp_path / "a.dcm", ConvolutionKernel="ZEBEDEE")
    with pytest.raises(ResidualIdentifierError):
        _prepare(source, tmp_path / "out.dcm")
    assert not (tmp_path / "out.dcm").exists()


def test_an_implicit_header_under_an_explicit_syntax_is_written_as_declared(tmp_path):
    source = ct_instance(
        tmp_path / "a.dcm",
        transfer_syntax=ImplicitVRLittleEndian,
        meta_overrides={"TransferSyntaxUID": ExplicitVRLittleEndian},
        PixelPaddingValue=-1500,
    )
    _prepare(source, tmp_path / "out.dcm")
    stored = dcmread(tmp_path / "out.dcm")
    assert stored.PixelPaddingValue == -1500
    assert stored["Rows"].VR == "US"
    subprocess.run(["dcmdump", tmp_path / "out.dcm"], capture_output=True, check=True)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeds")
    paths = [
        ct_instance(folder / f"{number}.dcm", transfer_syntax=syntax)
        for number, syntax in enumerate(SYNTAXES)
    ]
    paths.append(enhanced_ct_instance(folder / "e.dcm", frames=2))
    return folder, [(path.read_bytes(), load_header(path).pixel_offset) for path in paths]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_header_is_refused_by_name_or_gives_a_readable_file(seeds, data):
    folder, contents = seeds
    original, header_end = data.draw(st.sampled_from(contents))
    content = bytearray(original)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(132, header_end - 1))] = data.draw(st.integers(0, 255))
    source, output = folder / "mutant.dcm", folder / "out.dcm"
    source.write_bytes(bytes(content))
    output.unlink(missing_ok=True)
    reason_code, detail, prepared = "", "", None
    try:
        prepared = _prepare(source, output)
    except DicomError as error:
        reason_code, detail = error.reason_code, error.detail
    # a bug of ours must not pass for damage of the file
    assert detail not in {"TypeError", "AttributeError", "KeyError", "RecursionError"}
    assert output.exists() == (prepared is not None)
    if prepared is None:
        assert reason_code in REASONS
        return
    stored = output.read_bytes()
    assert b"CANARYID" not in stored
    assert b"Zebedee" not in stored
    json.dumps(prepared.to_json(), allow_nan=False)
    again = dcmread(io.BytesIO(stored))
    assert again.SOPInstanceUID == prepared.sop_instance_uid
