"""The same image is the same bytes, whatever the way it came."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from imaging.dicom.deidentification import derive_keys
from imaging.dicom.elements import Encoding, encode
from imaging.dicom.loading import load_header
from imaging.dicom.manifest import CONVERTED, FILE_META
from imaging.dicom.preparation import prepare
from tests.factories.dicom_files import ct_instance, enhanced_ct_instance

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
ITEM, ITEM_END, SEQUENCE_END = 0xE000, 0xE00D, 0xE0DD


def stored(source, tmp_path) -> bytes:
    output = tmp_path / "stored.dcm"
    prepare(source, output, keys=KEYS, centre_code="DEMO")
    return output.read_bytes()


def rewritten(dataset, *, implicit: bool, undefined: bool, pad: bytes, more: int) -> bytes:
    """The data set as another writer might have put it down.

    Sequences and items with undefined lengths, texts with other and more padding: all allowed or
    seen in practice.
    """
    parts = []
    for tag, element in sorted(dataset._dict.items()):
        if isinstance(element.value, bytes | None):
            value = element.value or b""
            if element.VR in ("CS", "DS", "IS", "SH", "LO", "DA", "TM", "PN") and value:
                value = value.rstrip(b" \0")
                value += pad * (len(value) % 2 + 2 * more)
        else:
            items = [
                rewritten(item, implicit=implicit, undefined=undefined, pad=pad, more=more)
                for item in element.value
            ]
            value = b"".join(
                struct.pack("<HHI", 0xFFFE, ITEM, 0xFFFFFFFF if undefined else len(item))
                + item
                + (struct.pack("<HHI", 0xFFFE, ITEM_END, 0) if undefined else b"")
                for item in items
            )
        length = len(value)
        if element.VR == "SQ" and undefined:
            length = 0xFFFFFFFF
            value += struct.pack("<HHI", 0xFFFE, SEQUENCE_END, 0)
        head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
        if implicit:
            parts += [head, struct.pack("<I", length), value]
        elif element.VR in ("SQ", "OB", "OW", "UN", "UT"):
            parts += [head, element.VR.encode(), b"\0\0", struct.pack("<I", length), value]
        else:
            parts += [head, element.VR.encode(), struct.pack("<H", length), value]
    return b"".join(parts)


@settings(max_examples=60, deadline=None)
@given(
    enhanced=st.booleans(),
    implicit=st.booleans(),
    undefined=st.booleans(),
    pad=st.sampled_from([b" ", b"\0"]),
    more=st.integers(0, 2),
    padding_value=st.sampled_from([-2000, -1]),
)
def test_another_way_of_writing_the_same_image_down_makes_no_difference(
    tmp_path_factory, enhanced, implicit, undefined, pad, more, padding_value
):
    folder = tmp_path_factory.mktemp("same")
    make = enhanced_ct_instance if enhanced else ct_instance
    first = make(folder / "a.dcm", PixelPaddingValue=padding_value)
    loaded = load_header(first)
    content = first.read_bytes()
    (meta_bytes,) = struct.unpack_from("<I", content, 140)
    meta = content[: 144 + meta_bytes]
    pixels = content[loaded.pixel_offset :]
    if implicit:
        explicit_uid = struct.pack("<HH2sH", 2, 0x10, b"UI", 20) + b"1.2.840.10008.1.2.1\0"
        implicit_uid = struct.pack("<HH2sH", 2, 0x10, b"UI", 18) + b"1.2.840.10008.1.2\0"
        assert explicit_uid in meta
        meta = meta.replace(explicit_uid, implicit_uid)
        meta = meta[:140] + struct.pack("<I", meta_bytes - 2) + meta[144:]
        pixel_head = struct.pack("<HHI", 0x7FE0, 0x0010, len(pixels))
    else:
        pixel_head = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, len(pixels))
    second = folder / "b.dcm"
    body = rewritten(loaded.dataset, implicit=implicit, undefined=undefined, pad=pad, more=more)
    second.write_bytes(meta + body + pixel_head + pixels)
    assert stored(first, folder) == stored(second, folder)


@pytest.mark.parametrize(
    ("syntax", "as_stored"),
    [
        (ImplicitVRLittleEndian, ExplicitVRLittleEndian),
        (ExplicitVRLittleEndian, ExplicitVRLittleEndian),
        (ExplicitVRBigEndian, ExplicitVRBigEndian),
        (RLELossless, RLELossless),
    ],
    ids=lambda uid: uid.keyword,
)
def test_only_implicit_files_change_their_transfer_syntax(tmp_path, syntax, as_stored):
    source = ct_instance(tmp_path / "a.dcm", transfer_syntax=syntax)
    prepared = prepare(source, tmp_path / "out.dcm", keys=KEYS, centre_code="DEMO")
    again = load_header(tmp_path / "out.dcm")
    assert prepared.transfer_syntax_uid == again.transfer_syntax_uid == as_stored
    assert (CONVERTED in prepared.manifest["file"]) == (syntax == ImplicitVRLittleEndian)
    assert FILE_META in prepared.manifest["file"]


def test_what_is_remembered_of_one_file_does_not_change_the_next(tmp_path):
    """Decisions are remembered from file to file; each file is what it would be alone."""
    alone, after = [], []
    for index, name in enumerate(["Ida^Spine", "Otto^Zebedee", "Ida^Spine"]):
        source = ct_instance(
            tmp_path / f"{index}.dcm",
            index=index,
            PatientName=name,
            PatientID=f"P{index % 2}-815",
            BodyPartExamined="SPINE",
        )
        after.append(stored(source, tmp_path))
        alone.append(encode(load_header(tmp_path / "stored.dcm").dataset, Encoding(False, True)))
    assert [b"SPINE" in content for content in alone] == [False, True, False]
    assert len({content[-2048:] for content in after}) == 3
