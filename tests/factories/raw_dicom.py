"""DICOM files element by element, as bytes: what no library would write can be written.

A data set is a mapping from tag to VR and value, where the value of a sequence is a list of
data sets.
"""

import struct
from collections.abc import Mapping
from pathlib import Path

from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.factories.dicom_files import IDENTIFYING_VALUES, ct_instance

RawValue = tuple[str, "bytes | list[RawDataset]"]
RawDataset = dict[int, RawValue]

PIXEL_DATA = 0x7FE00010
LONG_VRS = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"])
SWAPPED_BYTES = {"US": 2, "SS": 2, "AT": 2, "OW": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8}


def bare_ct(folder: Path) -> RawDataset:
    """A CT image with nothing of Table E.1-1 in it but the UIDs it cannot do without."""
    absent = [*IDENTIFYING_VALUES, "DeviceUID", "FrameOfReferenceUID", "ReferencedImageSequence"]
    for suffix in ("Date", "Time"):
        absent += [f"{part}{suffix}" for part in ("Study", "Series", "Acquisition", "Content")]
    path = ct_instance(
        folder / "bare.dcm", rows=8, columns=8, InstanceCreationDate=None, **dict.fromkeys(absent)
    )
    result: RawDataset = {}
    for tag, raw in dcmread(path)._dict.items():
        if isinstance(raw, RawDataElement) and not tag.is_private:
            result[int(tag)] = (raw.VR or "UN", raw.value or b"")
    return result


def write_raw(
    path: Path,
    dataset: Mapping[int, RawValue],
    *,
    transfer_syntax: str = ExplicitVRLittleEndian,
    meta: Mapping[int, RawValue] | None = None,
    preamble: bytes = b"",
    trailing: bytes = b"",
) -> Path:
    """Write a PS3.10 file; `meta` adds to or replaces what File Meta Information needs."""
    information: RawDataset = {
        0x00020001: ("OB", b"\0\1"),
        0x00020002: dataset.get(0x00080016, ("UI", b"")),
        0x00020003: dataset.get(0x00080018, ("UI", b"")),
        0x00020010: ("UI", transfer_syntax.encode()),
        0x00020012: ("UI", b"1.2.3.4"),
        **(meta or {}),
    }
    encoded = encode_raw(information)
    head = struct.pack("<HH2sHI", 0x0002, 0, b"UL", 4, len(encoded)) + encoded
    body = encode_raw(
        dataset,
        implicit=transfer_syntax == ImplicitVRLittleEndian,
        big=transfer_syntax == ExplicitVRBigEndian,
    )
    path.write_bytes(preamble.ljust(128, b"\0") + b"DICM" + head + body + trailing)
    return path


def encode_raw(
    dataset: Mapping[int, RawValue], *, implicit: bool = False, big: bool = False
) -> bytes:
    """The bytes of a data set, given little endian, in the encoding asked for."""
    order = ">" if big else "<"
    parts = []
    for tag, (vr, value) in sorted(dataset.items()):
        group, number = tag >> 16, tag & 0xFFFF
        if isinstance(value, list):
            items = [encode_raw(item, implicit=implicit, big=big) for item in value]
            content = b"".join(
                struct.pack(order + "HHI", 0xFFFE, 0xE000, len(item)) + item for item in items
            )
        else:
            content = _padded(vr, value)
            if big and vr in SWAPPED_BYTES:
                content = _swapped(content, SWAPPED_BYTES[vr])
        if implicit:
            parts.append(struct.pack("<HHI", group, number, len(content)))
        elif vr in LONG_VRS:
            parts.append(struct.pack(order + "HH2sHI", group, number, vr.encode(), 0, len(content)))
        else:
            parts.append(struct.pack(order + "HH2sH", group, number, vr.encode(), len(content)))
        parts.append(content)
    return b"".join(parts)


def read_raw(path: Path) -> RawDataset:
    """The elements of a stored file with their bytes; sequences as lists of data sets."""
    return _raw(dcmread(path))


def _raw(dataset: Dataset) -> RawDataset:
    result: RawDataset = {}
    for tag, element in dataset._dict.items():
        if isinstance(element, RawDataElement) and element.VR != "SQ":
            result[int(tag)] = (element.VR or "UN", element.value or b"")
        elif element.VR == "SQ":
            result[int(tag)] = ("SQ", [_raw(item) for item in dataset[tag].value])
        elif isinstance(element.value, int):  # pydicom has looked at the pixel representation
            result[int(tag)] = (element.VR, struct.pack("<H", element.value))
        else:  # and at the character set
            result[int(tag)] = (element.VR, str(element.value).encode())
    return result


def _padded(vr: str, value: bytes) -> bytes:
    if len(value) % 2 == 0:
        return value
    return value + (b"\0" if vr in ("UI", "OB", "UN") else b" ")


def _swapped(content: bytes, size: int) -> bytes:
    return b"".join(content[start : start + size][::-1] for start in range(0, len(content), size))
