"""Every transfer syntax of CT goes in, keeps its pixels and is marked: can it be shown, or why not.

The images come from our encoders, from DCMTK and from the test files of pydicom.
"""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import HTJ2K, UID

from imaging.dicom.acceptance import ENCAPSULATED_TRANSFER_SYNTAXES
from imaging.dicom.decoding import PixelInfo, decode_frame
from imaging.dicom.errors import DicomError, FrameNotDecodableError
from imaging.dicom.loading import load_header
from imaging.dicom.preparation import PreparedInstance, prepare
from imaging.dicom.pseudonyms import derive_keys
from tests.factories.htj2k_images import (
    CODE_STREAMS,
    MOST_LOSS_HU,
    STREAMS,
    htj2k_instance,
    phantom,
)
from tests.faults.seeds import seeds

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
LOOKED_AT = frozenset({"burned_in_annotation"})
"""Some of the foreign images are in colour or have no geometry."""


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return seeds(tmp_path_factory.mktemp("seeds"))


def _stored(tmp_path, content: bytes) -> PreparedInstance | None:
    (tmp_path / "source.dcm").write_bytes(content)
    try:
        return prepare(
            tmp_path / "source.dcm",
            tmp_path / "stored.dcm",
            keys=KEYS,
            centre_code="DEMO",
            overridden=LOOKED_AT,
        )
    except DicomError:
        return None


def _info(prepared: PreparedInstance) -> PixelInfo:
    return PixelInfo.of(
        prepared.attributes,
        transfer_syntax_uid=prepared.transfer_syntax_uid,
        pixel_offset=prepared.pixel_offset,
        pixel_length=prepared.pixel_length,
    )


def _pixels(path) -> bytes:
    source = load_header(path)
    return path.read_bytes()[source.pixel_offset :][: source.pixel_length]


def test_each_image_keeps_its_pixels_and_can_be_shown_or_says_why_not(images, tmp_path):
    shown, syntaxes = [], set()
    for name, content in images.items():
        prepared = _stored(tmp_path, content)
        if prepared is None:
            continue
        stored = (tmp_path / "stored.dcm").read_bytes()
        assert prepared.pixel_offset + prepared.pixel_length == len(stored), name
        pixels = stored[prepared.pixel_offset :]
        assert pixels == _pixels(tmp_path / "source.dcm"), name
        if not prepared.attributes.displayable:
            assert prepared.not_displayable.endswith("."), name
            continue
        assert prepared.not_displayable == "", name
        expected = dcmread(tmp_path / "source.dcm").pixel_array
        for frame in range(prepared.frames):
            np.testing.assert_array_equal(
                decode_frame(tmp_path / "stored.dcm", _info(prepared), frame),
                expected[frame] if prepared.frames > 1 else expected,
                err_msg=name,
            )
        shown.append(name)
        syntaxes.add(UID(prepared.transfer_syntax_uid))
    missing = ENCAPSULATED_TRANSFER_SYNTAXES - syntaxes
    # 12 bit JPEG is stored and not shown
    assert {uid.keyword for uid in missing} == {"JPEGExtended12Bit"}
    assert any("enhanced" in name for name in shown)


@pytest.mark.parametrize("transfer_syntax", STREAMS)
def test_high_throughput_jpeg_2000_is_the_phantom_it_was_made_from(transfer_syntax, tmp_path):
    """Code streams of another encoder than ours, so neither side can be wrong alone."""
    prepared = _stored(tmp_path, htj2k_instance(tmp_path / "ct.dcm", transfer_syntax).read_bytes())
    assert prepared is not None
    assert prepared.attributes.displayable, prepared.not_displayable
    assert prepared.transfer_syntax_uid == transfer_syntax
    shown = decode_frame(tmp_path / "stored.dcm", _info(prepared), 0)
    worst_hu = np.abs(shown.astype(int) - phantom()).max()
    assert worst_hu <= (MOST_LOSS_HU if transfer_syntax == HTJ2K else 0)
    stored = (tmp_path / "stored.dcm").read_bytes()
    assert (CODE_STREAMS / STREAMS[transfer_syntax]).read_bytes() in stored


def test_a_damaged_code_stream_is_stored_and_marked(images, tmp_path):
    """What its markers show is known at intake, with the number of the frame."""
    for name in ("JPEG lossless", "JPEG-LS lossless", "JPEG 2000 lossless", "RLE"):
        content = bytearray(images[name])
        (tmp_path / "whole.dcm").write_bytes(content)
        source = load_header(tmp_path / "whole.dcm")
        pixels = content[source.pixel_offset :][: source.pixel_length]
        table = int.from_bytes(pixels[4:8], "little")
        start = source.pixel_offset + 16 + table
        end = source.pixel_offset + source.pixel_length - 8
        content[start:end] = b"\x55" * (end - start)
        prepared = _stored(tmp_path, bytes(content))
        assert prepared is not None, name
        assert not prepared.attributes.displayable, name
        assert prepared.not_displayable.startswith("Frame 1: "), name


def test_damage_inside_the_compressed_data_shows_when_a_frame_is_decoded(images, tmp_path):
    """Never an exception of a codec; the bytes stay as they came."""
    refused = 0
    for name in ("JPEG lossless", "JPEG-LS lossless", "JPEG 2000 lossless", "RLE"):
        content = bytearray(images[name])
        (tmp_path / "whole.dcm").write_bytes(content)
        source = load_header(tmp_path / "whole.dcm")
        end = source.pixel_offset + source.pixel_length
        for at in range(end - 60, end - 20):
            content[at] ^= 0x5A
        prepared = _stored(tmp_path, bytes(content))
        if prepared is None or not prepared.attributes.displayable:
            continue
        try:
            decode_frame(tmp_path / "stored.dcm", _info(prepared), 0)
        except FrameNotDecodableError:
            refused += 1
    assert refused
