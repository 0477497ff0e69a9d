"""Ways to damage a DICOM file: blind ones, and ones that know where elements begin.

Every mutant follows from the number it is made with, so that one that is found can be made again.
"""

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from imaging.dicom.elements import KNOWN_VRS, LONG_VRS
from imaging.dicom.errors import DicomError
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import element, nested

STEPS = (1, 1, 1, 1, 1, 2, 2, 3, 5)
"""Mostly one: a file with many damages falls at the first of them."""

LYING_LENGTHS = (0, 1, 2, 7, 255, 0x7FFF, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFF0, 0xFFFFFFFF)
SHORTS = (0, 1, 2, 3, 7, 8, 12, 15, 16, 17, 31, 32, 64, 255, 256, 4096, 4097, 32768, 65535)
NUMBERS = (
    b"NaN", b"Inf", b"-Inf", b"1e400", b"-1e308", b"0", b"-0", b"1,5", b"abcdef", b"", b" ", b"\\",
    b"1\\2\\3\\4\\5\\6\\7", b"9" * 16, b"-999999999999", b"2147483648", b"1e-320", b"0x10", b"\0",
    "\u0663".encode(), b"1_000", b"+1", b"4001", b"3",
)  # fmt: skip
TEXTS = (
    b"../../../etc/evil", b"/etc/cron.d/x", b"1.2.\0.3", b"1..2", b"1.02.3", b"1.2.3.", b"9" * 65,
    b"<img src=x onerror=alert(1)>", b"\xff\xfe\xfd", b"\x1b$B\x1b(B", b"\x1b$)C", b"A" * 66000,
    b"ISO_IR 999", b"ISO 2022 IR 87", b"GB18030", b"^^^^=^^=^", b"\xe2\x80\xae", b"\\" * 300,
    b"19530717", b"00000000", b"99991231", b"20241301", b"2400", b"0", b"-1", b"DICM", b"CT",
    b"ORIGINAL\\PRIMARY\\DOSE_INFO", b"YES", b"NO", b"RGB", b"PALETTE COLOR",
    b"1.2.840.10008.1.2.1",
)  # fmt: skip
TAGS = (
    0x00020000, 0x00020010, 0x00080000, 0x00080005, 0x00080016, 0x00080018, 0x00100010, 0x00100020,
    0x00100030, 0x00190010, 0x00191010, 0x0020000D, 0x00200032, 0x00200037, 0x00280002, 0x00280008,
    0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280103, 0x00281050, 0x00281053, 0x00540220,
    0x50000010, 0x60003000, 0x7FE00010, 0x7FE00008, 0xFFFCFFFC, 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD,
)  # fmt: skip
SYNTAXES = (
    b"1.2.840.10008.1.2", b"1.2.840.10008.1.2.1", b"1.2.840.10008.1.2.2", b"1.2.840.10008.1.2.5",
    b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2.4.50", b"1.2.840.10008.1.2.4.51",
    b"1.2.840.10008.1.2.4.57", b"1.2.840.10008.1.2.4.70", b"1.2.840.10008.1.2.4.80",
    b"1.2.840.10008.1.2.4.90", b"1.2.840.10008.1.2.4.91", b"1.2.840.10008.1.2.4.201",
    b"1.2.840.10008.1.2.4.202", b"1.2.840.10008.1.2.4.203", b"1.2.840.10008.1.2.4.100", b"1.3.12.2",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An element of a seed: where its head, its value and its end lie."""

    head: int
    value: int
    end: int
    vr: str


@dataclass(frozen=True)
class Seed:
    """A file to damage; `places` is empty when it cannot be read."""

    name: str
    content: bytes
    places: tuple[Place, ...]
    pixels_at: int

    @classmethod
    def of(cls, name: str, content: bytes) -> "Seed":
        with TemporaryDirectory() as folder:
            path = Path(folder) / "seed"
            path.write_bytes(content)
            try:
                source = load_header(path)
            except DicomError:
                return cls(name, content, (), len(content) * 3 // 4)
        places = [*_places(source.file_meta), *_places(source.dataset)]
        return cls(name, content, tuple(places), source.pixel_offset)


def _places(dataset: Dataset) -> Iterator[Place]:
    for raw in dataset._dict.values():
        if isinstance(raw, RawDataElement):
            is_long = not raw.is_implicit_VR and (raw.VR or "").encode() in LONG_VRS
            head = raw.value_tell - (12 if is_long else 8)
            yield Place(head, raw.value_tell, raw.value_tell + raw.length, raw.VR or "UN")
        else:
            for item in raw.value:
                yield from _places(item)


Mutation = Callable[[bytes, Seed, random.Random, list[Seed]], bytes]


def mutant(number: int, seeds: list[Seed]) -> tuple[Seed, list[str], bytes]:
    """The mutant of this number: the seed it came from, what was done, its content."""
    chance = random.Random(number)
    seed = seeds[number % len(seeds)]
    content = seed.content
    steps = []
    for _ in range(chance.choice(STEPS)):
        mutation = chance.choice(MUTATIONS)
        content = mutation(content, seed, chance, seeds)
        steps.append(mutation.__name__)
        if not content:
            break
    return seed, steps, content


def flip_bits(content: bytes, _seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 16)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def flip_bits_of_header(
    content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]
) -> bytes:
    end = max(1, min(len(content), seed.pixels_at))
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(end)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwrite(content: bytes, _seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    at, length = chance.randrange(len(content)), chance.randint(1, 64)
    filler = chance.choice((bytes(length), b"\xff" * length, chance.randbytes(length)))
    return content[:at] + filler + content[at + length :]


def truncate(content: bytes, _seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    return content[: chance.randrange(len(content))]


def append(content: bytes, _seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    return content + chance.choice((b"\0", b"MZ", chance.randbytes(9), bytes(4096), content[:300]))


def delete_block(content: bytes, _seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.randint(1, 300) :]


def duplicate_block(content: bytes, _seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    at, to = chance.randrange(len(content)), chance.randrange(len(content))
    block = content[at : at + chance.randint(1, 2000)] * chance.choice((1, 1, 2, 50))
    return content[:to] + block + content[to:]


def splice(content: bytes, _seed: Seed, chance: random.Random, seeds: list[Seed]) -> bytes:
    other = chance.choice(seeds).content
    return content[: chance.randrange(len(content))] + other[chance.randrange(len(other)) :]


def duplicate_element(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    place = _place(seed, chance)
    block = content[place.head : place.end]
    to = _place(seed, chance).head
    return content[:to] + block * chance.choice((1, 3, 1000)) + content[to:]


def delete_element(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    place = _place(seed, chance)
    return content[: place.head] + content[place.end :]


def lie_about_length(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    place = _place(seed, chance)
    length = chance.choice((*LYING_LENGTHS, place.end - place.value + chance.randint(-3, 3)))
    if place.value - place.head == 12 or chance.random() < 0.3:
        return _put(content, place.value - 4, struct.pack("<I", length & 0xFFFFFFFF))
    return _put(content, place.value - 2, struct.pack("<H", length & 0xFFFF))


def swap_vr(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    vr = chance.choice((*sorted(KNOWN_VRS), b"??", b"\0\0"))
    return _put(content, _place(seed, chance).head + 4, vr)


def swap_tag(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    tag = chance.choice((*TAGS, chance.getrandbits(32)))
    order = chance.choice(("<HH", "<HH", "<HH", ">HH"))
    return _put(content, _place(seed, chance).head, struct.pack(order, tag >> 16, tag & 0xFFFF))


def swap_elements(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    first, second = sorted(
        (_place(seed, chance), _place(seed, chance)), key=lambda place: place.head
    )
    if first.end > second.head:
        return content
    return (
        content[: first.head] + content[second.head : second.end]
        + content[first.end : second.head] + content[first.head : first.end]
        + content[second.end :]
    )  # fmt: skip


def edit_value(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    """A hostile value with a length that is right, where the length has two bytes."""
    place = _place(seed, chance)
    value = chance.choice(NUMBERS if place.vr in ("DS", "IS", "AS") else TEXTS)
    if place.vr == "US":
        return _put(content, place.value, struct.pack("<H", chance.choice(SHORTS)))
    if place.value - place.head != 8:
        return _put(content, place.value, value[: place.end - place.value])
    value = value[:0xFFFE] + b" " * (len(value) % 2)
    return content[: place.value - 2] + struct.pack("<H", len(value)) + value + content[place.end :]


def insert_element(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    vr = chance.choice(sorted(KNOWN_VRS)).decode()
    value = chance.choice((*NUMBERS, *TEXTS, chance.randbytes(8), bytes(64), b""))
    length = chance.choice((None, None, None, *LYING_LENGTHS))
    if length is not None and length > 0xFFFF and vr.encode() not in LONG_VRS:
        length = 0xFFFF
    tag = chance.choice((*TAGS, chance.getrandbits(32)))
    if vr.encode() not in LONG_VRS:
        value = value[:0xFFFE]
    at = _place(seed, chance).head
    return content[:at] + element(tag, vr, value, length=length) + content[at:]


def insert_sequence(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    at = _place(seed, chance).head
    kind = chance.randrange(4)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, chance.choice((0, 0, 8, *LYING_LENGTHS)))
    if kind == 0:
        inserted = nested(chance.choice((1, 5, 15, 16, 17, 40, 400)))
    elif kind == 1:
        inserted = element(0x00091000, "SQ", item * chance.choice((1, 10, 3000)))
    elif kind == 2:
        inserted = element(0x00091000, "UN", item * 3, length=0xFFFFFFFF)
    else:
        inserted = element(0x00081115, "SQ", item + nested(3), length=0xFFFFFFFF)
    return content[:at] + inserted + content[at:]


def swap_file_meta(content: bytes, seed: Seed, chance: random.Random, seeds: list[Seed]) -> bytes:
    other = chance.choice(seeds)
    end, other_end = _end_of_meta(seed), _end_of_meta(other)
    return other.content[:other_end] + content[end:]


def change_syntax(content: bytes, _seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    at = content.find(b"\x02\0\x10\0UI")
    if at < 0 or len(content) < at + 8:
        return content
    (length,) = struct.unpack_from("<H", content, at + 6)
    syntax = chance.choice(SYNTAXES)
    syntax += b"\0" * (len(syntax) % 2)
    return content[: at + 6] + struct.pack("<H", len(syntax)) + syntax + content[at + 8 + length :]


def damage_fragments(content: bytes, seed: Seed, chance: random.Random, _all: list[Seed]) -> bytes:
    """Within the pixels only, so that what reads the header lets it pass."""
    start = min(seed.pixels_at, len(content) - 1)
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        # Frame headers and offset tables lie at the start.
        reach = chance.choice((16, 64, 256, len(changed)))
        at = min(start + chance.randrange(reach), len(changed) - 1)
        changed[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)))
    return bytes(changed)


def _end_of_meta(seed: Seed) -> int:
    ends = [
        place.end for place in seed.places if seed.content[place.head : place.head + 2] == b"\2\0"
    ]
    return max(ends, default=132)


def _place(seed: Seed, chance: random.Random) -> Place:
    if seed.places and chance.random() < 0.95:
        return chance.choice(seed.places)
    at = chance.randrange(max(1, len(seed.content)))
    return Place(at, at + 8, at + 8 + chance.randint(0, 40), "LO")


def _put(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits, flip_bits_of_header, overwrite, truncate, append, delete_block, duplicate_block,
    splice, duplicate_element, delete_element, lie_about_length, swap_vr, swap_tag, swap_elements,
    edit_value, edit_value, insert_element, insert_sequence, swap_file_meta, change_syntax,
    damage_fragments, damage_fragments,
)  # fmt: skip
