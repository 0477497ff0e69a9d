"""Associations that go wrong: recorded ones, with PDUs and bytes changed, lost, repeated and mixed.

The same number gives the same stream as long as the recordings are the same.
"""

import random
import struct
from collections.abc import Callable

LENGTHS = (0, 1, 4, 5, 6, 7, 0xFF, 0xFFFF, 0x20000, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
MOST_STEPS = 4

Pdus = list[bytes]
Mutation = Callable[[Pdus, random.Random, list[Pdus]], None]


def pdus_of(stream: bytes) -> Pdus:
    """Cut a sound stream where its PDUs begin (PS3.8 9.3.1)."""
    found, at = [], 0
    while at < len(stream):
        end = at + 6 + int.from_bytes(stream[at + 2 : at + 6], "big")
        found.append(stream[at:end])
        at = end
    return found


def mutated(number: int, seeds: list[Pdus]) -> bytes:
    chance = random.Random(number)
    pdus = list(chance.choice(seeds))
    for _ in range(chance.randint(1, MOST_STEPS)):
        chance.choice(MUTATIONS)(pdus, chance, seeds)
    return b"".join(pdus)


def _edit(pdus: Pdus, chance: random.Random, edit: Callable[[bytearray, int], None]) -> None:
    """Change one PDU, more often near its beginning, where its structure is."""
    number = chance.randrange(len(pdus)) if pdus else 0
    if not pdus or not pdus[number]:
        return
    changed = bytearray(pdus[number])
    reach = min(len(changed), chance.choice((6, 12, 80, 400, len(changed))))
    edit(changed, chance.randrange(reach))
    pdus[number] = bytes(changed)


def change_byte(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    def edit(pdu: bytearray, at: int) -> None:
        pdu[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))

    _edit(pdus, chance, edit)


def insert_bytes(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    def edit(pdu: bytearray, at: int) -> None:
        pdu[at:at] = chance.choice((chance.randbytes(chance.randint(1, 40)), bytes(5000)))

    _edit(pdus, chance, edit)


def delete_bytes(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    def edit(pdu: bytearray, at: int) -> None:
        del pdu[at : at + chance.randint(1, 200)]

    _edit(pdus, chance, edit)


def lie_about_length(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    """Of the PDU, of a fragment in it, or of any item: two bytes or four, anywhere."""

    def edit(pdu: bytearray, at: int) -> None:
        length = chance.choice(LENGTHS)
        if at == 2 or chance.random() < 0.5:
            place = chance.choice((2, 6, at))
            pdu[place : place + 4] = struct.pack(">I", length)
        else:
            pdu[at : at + 2] = struct.pack(">H", length & 0xFFFF)

    _edit(pdus, chance, edit)


def change_kind(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    def edit(pdu: bytearray, _at: int) -> None:
        pdu[0] = chance.randrange(12)

    _edit(pdus, chance, edit)


def change_fragment(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    """Presentation context and control header of the first fragment (PS3.8 annex E.2)."""

    def edit(pdu: bytearray, _at: int) -> None:
        if len(pdu) > 12:
            pdu[chance.choice((10, 11))] = chance.randrange(256)

    _edit(pdus, chance, edit)


def cut_fragment(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    """One fragment in two PDUs, the first of them not the last of its kind: still sound."""
    number = chance.randrange(len(pdus)) if pdus else 0
    if not pdus or len(pdus[number]) < 14 or pdus[number][0] != 4:
        return
    head, content = pdus[number][:12], pdus[number][12:]
    cut = chance.randrange(len(content))
    pieces = ((content[:cut], head[11] & 1), (content[cut:], head[11]))
    pdus[number : number + 1] = [
        struct.pack(">BxIIBB", 4, len(piece) + 6, len(piece) + 2, head[10], control) + piece
        for piece, control in pieces
    ]


def lose_pdu(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    if pdus:
        del pdus[chance.randrange(len(pdus))]


def repeat_pdu(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    if pdus:
        place = chance.randrange(len(pdus))
        pdus[place:place] = [chance.choice(pdus)] * chance.choice((1, 1, 2, 100))


def swap_pdus(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    if pdus:
        one, other = chance.randrange(len(pdus)), chance.randrange(len(pdus))
        pdus[one], pdus[other] = pdus[other], pdus[one]


def break_off(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    if pdus:
        place = chance.randrange(len(pdus))
        pdus[place:] = [pdus[place][: chance.randrange(len(pdus[place]) + 1)]]


def mix(pdus: Pdus, chance: random.Random, seeds: list[Pdus]) -> None:
    """The beginning of one association and the end of another."""
    other = chance.choice(seeds)
    pdus[chance.randrange(len(pdus) + 1) :] = other[chance.randrange(len(other)) :]


def speak_otherwise(pdus: Pdus, chance: random.Random, _seeds: list[Pdus]) -> None:
    other = (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\2\0\1", b"\0" * 64, chance.randbytes(64))
    pdus.insert(chance.randrange(len(pdus) + 1), chance.choice(other))


MUTATIONS: tuple[Mutation, ...] = (
    change_byte, change_byte, insert_bytes, delete_bytes, lie_about_length, lie_about_length,
    change_kind, change_fragment, cut_fragment, lose_pdu, repeat_pdu, swap_pdus, break_off, mix,
    speak_otherwise,
)  # fmt: skip
