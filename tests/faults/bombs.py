"""Small files that would become large, endless or deep if anybody believed them."""

import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from pydicom.uid import DeflatedExplicitVRLittleEndian, RLELossless

from tests.factories.dicom_files import ct_instance, element, insert_element, nested, zip_of

MIB = 1024 * 1024
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xE000, 0xE00D, 0xE0DD


def _item(number: int, length: int) -> bytes:
    return struct.pack("<HHI", 0xFFFE, number, length)


def _with(path: Path, raw: bytes) -> Path:
    return insert_element(ct_instance(path), raw)


def _deflated(path: Path) -> Path:
    """1 GiB of zeros behind a File Meta that says Deflated."""
    content = _with_syntax(ct_instance(path), DeflatedExplicitVRLittleEndian)
    (length,) = struct.unpack_from("<I", content, 140)
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(MIB)
    squeezed = b"".join(squeeze.compress(zeros) for _ in range(1024)) + squeeze.flush()
    path.write_bytes(content[: 144 + length] + squeezed)
    return path


def _with_syntax(path: Path, uid: str) -> bytes:
    """The file with another Transfer Syntax UID, and the group length that goes with it."""
    content = path.read_bytes()
    at = content.index(b"\2\0\x10\0UI")
    (old,) = struct.unpack_from("<H", content, at + 6)
    new = uid.encode() + b"\0" * (len(uid) % 2)
    (group,) = struct.unpack_from("<I", content, 140)
    content = content[: at + 6] + struct.pack("<H", len(new)) + new + content[at + 8 + old :]
    return content[:140] + struct.pack("<I", group + len(new) - old) + content[144:]


def _many_elements(path: Path) -> Path:
    count = 2_000_000
    head = struct.Struct("<HH2sH").pack
    raw = b"".join(
        head(0x0101 + 2 * (number // 0xF000), 0x1000 + number % 0xF000, b"LO", 0)
        for number in range(count)
    )
    return _with(path, raw)


def _private_creators(path: Path) -> Path:
    raw = b"".join(
        element((0x0101 + 2 * (number // 0xF0)) << 16 | (0x10 + number % 0xF0), "LO", b"CREATOR ")
        for number in range(100_000)
        if 0x0101 + 2 * (number // 0xF0) < 0xFFFE
    )
    return _with(path, raw)


def _many_items(path: Path) -> Path:
    return _with(path, element(0x00091000, "SQ", _item(ITEM, 0) * 65_535))


def _many_undelimited_items(path: Path) -> Path:
    items = (_item(ITEM, UNDEFINED) + _item(ITEM_END, 0)) * 500_000
    return _with(path, element(0x00091000, "SQ", b"", length=UNDEFINED) + items)


def _endless_sequence(path: Path) -> Path:
    return _with(
        path, element(0x00091000, "SQ", b"", length=UNDEFINED) + _item(ITEM, UNDEFINED) + bytes(8)
    )


def _wide_and_deep(path: Path) -> Path:
    """Sixteen levels, each with as many items as fit: a tree, not a chain."""
    level = b""
    for _ in range(16):
        level = element(0x00091000, "SQ", (_item(ITEM, len(level)) + level) * 3)[: 8 * MIB]
        if len(level) > MIB:
            break
    return _with(path, level)


def _encapsulated(path: Path, *, fragments: bytes) -> Path:
    ct_instance(path, transfer_syntax=RLELossless)
    content = path.read_bytes()
    at = content.rindex(b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff") + 12
    path.write_bytes(content[:at] + fragments)
    return path


def _flood(path: Path) -> Path:
    """65,535 by 65,535 by 1,000 frames out of 70 bytes (numpy would try 7.81 TiB)."""
    rle = struct.pack("<16I", 2, 64, 66, *[0] * 13) + b"\x81\0\x81\0\0\0"
    return _described(path, rows=65_535, columns=65_535, frames=1000, fragments=_fragment(rle))


def _fragment(*contents: bytes) -> bytes:
    return (
        _item(ITEM, 0)
        + b"".join(_item(ITEM, len(content)) + content for content in contents)
        + _item(SEQUENCE_END, 0)
    )


def _described(path: Path, *, rows: int, columns: int, frames: int, fragments: bytes) -> Path:
    """A description that has nothing to do with the pixels."""
    _encapsulated(path, fragments=fragments)
    content = path.read_bytes()
    at = content.index(b"\x28\0\x10\0US")
    content = content[:at] + element(0x00280008, "IS", b"%-6d" % frames) + content[at:]
    for tag, value in ((0x0010, rows), (0x0011, columns)):
        at = content.index(struct.pack("<HH2sH", 0x0028, tag, b"US", 2)) + 8
        content = content[:at] + struct.pack("<H", value) + content[at + 2 :]
    path.write_bytes(content)
    return path


def rle_of_zeros(pixels: int) -> bytes:
    """RLE of so many 16 bit zeros: 128 to 1."""
    segment = b"\x81\0" * (pixels // 128)
    return struct.pack("<16I", 2, 64, 64 + len(segment), *[0] * 13) + segment * 2


def _honest_looking(path: Path) -> Path:
    """8.4 MB that unpack, as they say, to 16,384 by 16,384."""
    return _described(
        path, rows=16_384, columns=16_384, frames=1, fragments=_fragment(rle_of_zeros(16_384**2))
    )


def _many_fragments(path: Path) -> Path:
    return _encapsulated(path, fragments=_fragment(*[b""] * 200_000))


def _endless_fragments(path: Path) -> Path:
    return _encapsulated(path, fragments=_item(ITEM, 0) + _item(ITEM, 0xFFFFFFFE))


def _lying_element(path: Path) -> Path:
    return _with(path, element(0x00091010, "OB", b"abc", length=0xFFFFFFF0))


def _lying_pixels(path: Path) -> Path:
    content = ct_instance(path).read_bytes()
    at = content.rindex(b"\xe0\x7f\x10\0OW\0\0") + 8
    path.write_bytes(content[:at] + struct.pack("<I", 0xFFFFFFFE) + content[at + 4 :])
    return path


def _large_header(path: Path) -> Path:
    """500 MB of sparse zeros as one private element, so that it costs the sender nothing."""
    return _sparse(path, tag=0x00091010, size=500 * MIB)


def _large_file_meta(path: Path) -> Path:
    content = ct_instance(path).read_bytes()
    (length,) = struct.unpack_from("<I", content, 140)
    with path.open("wb") as file:
        file.write(content[: 144 + length] + element(0x00020102, "OB", b"", length=500 * MIB))
        file.seek(500 * MIB, 1)
        file.write(content[144 + length :])
    return path


def _large_header_of_many(path: Path) -> Path:
    return _with(
        path, b"".join(element(0x00091000 + number, "OB", bytes(MIB)) for number in range(100))
    )


def _large_tail(path: Path) -> Path:
    ct_instance(path)
    size = 500 * MIB
    with path.open("ab") as file:
        file.write(element(0xFFFCFFFC, "OB", b"", length=size))
        file.truncate(file.tell() + size)
    return path


def _header_just_below_the_limit(path: Path) -> Path:
    """30 MB of text in an element that is kept where it is short."""
    return _sparse(path, tag=0x00181210, size=30 * MIB, vr="UT")


def _sparse(path: Path, *, tag: int, size: int, vr: str = "OB") -> Path:
    content = ct_instance(path).read_bytes()
    at = content.rindex(b"\xe0\x7f\x10\0OW\0\0")
    with path.open("wb") as file:
        file.write(content[:at] + element(tag, vr, b"", length=size))
        file.seek(size, 1)
        file.write(content[at:])
    return path


def _larger_than_any(path: Path) -> Path:
    with ct_instance(path).open("ab") as file:
        file.truncate(2**32)
    return path


def _zip_of_zeros(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dcm", bytes(300 * MIB))
    return path


def _zip_of_many_zeros(path: Path) -> Path:
    """Each entry 140 to 1 and below the ratio of one, together above that of all."""
    chance = random.Random(1)
    content = b"".join(chance.randbytes(8) + bytes(3000) for _ in range(MIB // 3008))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(400):
            archive.writestr(f"{number}.dcm", content)
    return path


def _zip_overlapping(path: Path) -> Path:
    """500 names of the directory for one body: 33 kB that claim gigabytes."""
    zip_of(path, [("a.dcm", bytes(10 * MIB))])
    content = path.read_bytes()
    start = content.rindex(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    record = content[start:end]
    tail = bytearray(content[end:])
    struct.pack_into("<HHI", tail, 8, 500, 500, 500 * len(record))
    path.write_bytes(content[:start] + record * 500 + bytes(tail))
    return path


def _zip_says(size: int) -> Callable[[Path], Path]:
    """An entry whose directory record names another size than it has."""

    def make(path: Path) -> Path:
        zip_of(path, [("a.dcm", b"DICM" * 50_000)])
        content = bytearray(path.read_bytes())
        at = content.rindex(b"PK\x01\x02")
        struct.pack_into("<I", content, at + 24, size)
        path.write_bytes(bytes(content))
        return path

    return make


def _zip_of_many(path: Path) -> Path:
    return zip_of(path, [(f"{number}", b"") for number in range(20_001)])


def _zip_in_zip(path: Path) -> Path:
    inner = zip_of(path.with_suffix(".inner"), [("a.dcm", bytes(1000))]).read_bytes()
    return zip_of(path, [("a.zip", inner)])


BOMBS: dict[str, tuple[Callable[[Path], Path], set[str]]] = {
    "D04 element of 4 GiB, three bytes": (_lying_element, {"truncated_element"}),
    "D04 pixels of 4 GiB, two kilobytes": (_lying_pixels, {"truncated_pixel_data"}),
    "D05 deflated, 1 MB to 1 GiB": (_deflated, {"transfer_syntax_refused"}),
    "D06 150 nested sequences": (lambda p: _with(p, nested(150)), {"nesting_too_deep"}),
    "D06 5,000 nested sequences": (lambda p: _with(p, nested(5000)), {"nesting_too_deep"}),
    "D06 a tree of sequences": (_wide_and_deep, {"nesting_too_deep", "too_many_elements"}),
    "D06 endless sequence": (_endless_sequence, {"truncated_element", "malformed_dicom"}),
    "D07 2,000,000 elements": (_many_elements, {"too_many_elements"}),
    "D07 private creators": (_private_creators, {"too_many_elements"}),
    "D07 65,535 items": (_many_items, {"too_many_elements"}),
    "D07 500,000 items without end": (_many_undelimited_items, {"too_many_elements"}),
    "D08 65,535 squared, 1,000 frames, 70 bytes": (_flood, {"pixel_budget"}),
    "D09 8.4 MB to 16,384 squared": (_honest_looking, {"pixel_budget"}),
    "D13 200,000 fragments": (_many_fragments, {"too_many_elements"}),
    "D13 fragments without end": (_endless_fragments, {"truncated_pixel_data"}),
    "D26 500 MB of padding": (_large_tail, {"trailing_bytes"}),
    "header of 500 MB": (_large_header, {"file_too_large"}),
    "file meta of 500 MB": (_large_file_meta, {"file_too_large"}),
    "header of 100 MB in 100 elements": (_large_header_of_many, {"file_too_large"}),
    "file of 4 GiB": (_larger_than_any, {"file_too_large"}),
    "Z03 500 overlapping entries": (_zip_overlapping, {"zip_overlap", "zip_bomb"}),
    "Z04 an entry larger than it says": (_zip_says(100), {"zip_unreadable"}),
    "Z05 an entry that says 4 GiB": (_zip_says(0xFFFFFFF0), {"zip_bomb"}),
    "Z06 300 MB of zeros": (_zip_of_zeros, {"zip_bomb"}),
    "Z06 400 entries, 100 to 1 together": (_zip_of_many_zeros, {"zip_bomb"}),
    "Z06 20,001 entries": (_zip_of_many, {"zip_bomb"}),
    "Z06 a zip in a zip": (_zip_in_zip, {"zip_nested"}),
}  # fmt: skip
"""Name -> how it is made, and the reasons that may refuse it."""

PERMITTED_LARGE = {"header of 30 MB": _header_just_below_the_limit}
