"""A grey picture as a baseline JPEG file.

Written here because a browser asks for JPEG, and none of the codecs that decode CT images writes
one without private memory rules; the tables are the examples of the standard.

References
----------
ISO/IEC 10918-1 (ITU-T T.81) annexes B (markers), F (baseline) and K (example tables).
"""

import struct
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BLOCK = 8
BLOCKS_AT_A_TIME = 4096
LARGEST_COEFFICIENT = 1023
END_OF_BLOCK = 0x00
SIXTEEN_ZEROS = 0xF0

_QUANTISATION = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)
"""Table K.1."""

_DC_COUNTS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
_DC_SYMBOLS = bytes(range(12))
"""Table K.3: how many codes there are of each length, and what they stand for."""

_AC_COUNTS = bytes([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D])
_AC_SYMBOLS = bytes.fromhex(
    "0102030004110512213141061351610722711432 8191a1082342b1c11552d1f02433627282"
    "090a161718191a25262728292a3435363738393a434445464748494a535455565758595a63"
    "6465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6"
    "a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6"
    "e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)
"""Table K.5."""

_ZIGZAG = np.array(
    sorted(
        range(BLOCK * BLOCK),
        key=lambda at: (
            at // BLOCK + at % BLOCK,
            at // BLOCK if (at // BLOCK + at % BLOCK) % 2 else at % BLOCK,
        ),
    )
)

_FREQUENCY, _PLACE = np.mgrid[0:BLOCK, 0:BLOCK]
_COSINES = np.cos((2 * _PLACE + 1) * _FREQUENCY * np.pi / (2 * BLOCK)) * np.where(
    _FREQUENCY == 0, np.sqrt(1 / BLOCK), np.sqrt(2 / BLOCK)
)


def jpeg(pixels: NDArray[np.uint8], *, quality: int) -> bytes:
    """Grey levels, shape (rows, columns), as JPEG; `quality` from 1 to 100."""
    rows, columns = pixels.shape
    table = _quantisation(quality)
    coefficients = _coefficients(pixels, table)
    steps = np.diff(coefficients[:, 0], prepend=0)
    bits = [
        _bits(steps[first : first + BLOCKS_AT_A_TIME], coefficients[first:][:BLOCKS_AT_A_TIME])
        for first in range(0, len(coefficients), BLOCKS_AT_A_TIME)
    ]
    filling = np.ones(-sum(map(len, bits)) % 8, dtype=np.uint8)
    scan = np.packbits(np.concatenate([*bits, filling])).tobytes().replace(b"\xff", b"\xff\0")
    ordered = bytes(table.reshape(-1)[_ZIGZAG].astype(np.uint8))
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            _segment(0xDB, b"\0" + ordered),
            _segment(0xC0, struct.pack(">BHHB3B", 8, rows, columns, 1, 1, 0x11, 0)),
            _segment(0xC4, b"\x00" + _DC_COUNTS + _DC_SYMBOLS),
            _segment(0xC4, b"\x10" + _AC_COUNTS + _AC_SYMBOLS),
            _segment(0xDA, bytes([1, 1, 0x00, 0, 63, 0])),
            scan,
            b"\xff\xd9",
        )
    )


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _quantisation(quality: int) -> NDArray[np.int64]:
    """The example table scaled the way the Independent JPEG Group does."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    table: NDArray[np.int64] = np.clip((_QUANTISATION * percent + 50) // 100, 1, 255)
    return table


def _coefficients(pixels: NDArray[np.uint8], table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Quantised coefficients in zigzag order, shape (blocks, 64)."""
    rows, columns = pixels.shape
    padded = np.pad(pixels, ((0, -rows % BLOCK), (0, -columns % BLOCK)), mode="edge")
    down, across = padded.shape[0] // BLOCK, padded.shape[1] // BLOCK
    blocks = padded.reshape(down, BLOCK, across, BLOCK).swapaxes(1, 2).astype(np.float32) - 128
    spectrum = _COSINES.astype(np.float32) @ blocks @ _COSINES.T.astype(np.float32)
    rounded = np.rint(spectrum / table).astype(np.int64)
    quantised: NDArray[np.int64] = rounded.reshape(-1, BLOCK * BLOCK)[:, _ZIGZAG]
    quantised[:, 1:] = np.clip(quantised[:, 1:], -LARGEST_COEFFICIENT, LARGEST_COEFFICIENT)
    return quantised


def _bits(steps: NDArray[np.int64], coefficients: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The entropy-coded bits of some blocks, one to a byte (T.81 F.1.2)."""
    blocks = np.arange(len(coefficients))
    block, place = np.nonzero(coefficients[:, 1:])
    place += 1
    before = np.where(np.diff(block, prepend=-1) == 0, np.roll(place, 1), 0)
    zeros = place - before - 1
    values = coefficients[block, place]
    sizes = _size(values)
    last = np.zeros(len(coefficients), dtype=np.int64)
    last[block] = place
    ends = blocks[last < BLOCK * BLOCK - 1]
    # Order within the picture, code, its length, and the bits behind it with their number.
    step_sizes = _size(steps)
    dc, ac = _codes(_DC_COUNTS, _DC_SYMBOLS), _codes(_AC_COUNTS, _AC_SYMBOLS)
    skipped = np.repeat(_order(block, place, 0), zeros // 16)
    order = np.concatenate(
        (
            _order(blocks, np.zeros_like(blocks), 1),
            skipped,
            _order(block, place, 1),
            _order(ends, np.full_like(ends, BLOCK * BLOCK), 0),
        )
    )
    codes = np.concatenate(
        (
            dc[step_sizes],
            np.broadcast_to(ac[SIXTEEN_ZEROS], (len(skipped), 2)),
            ac[zeros % 16 * 16 + sizes],
            np.broadcast_to(ac[END_OF_BLOCK], (len(ends), 2)),
        )
    )
    nothing = np.zeros(len(skipped), dtype=np.int64), np.zeros(len(ends), dtype=np.int64)
    extra = np.concatenate((_amplitude(steps), nothing[0], _amplitude(values), nothing[1]))
    extra_sizes = np.concatenate((step_sizes, nothing[0], sizes, nothing[1]))
    sequence = np.argsort(order, kind="stable")
    words = ((codes[:, 0] << extra_sizes) | extra)[sequence]
    lengths = (codes[:, 1] + extra_sizes)[sequence]
    ends_at = np.cumsum(lengths)
    shifts = np.repeat(ends_at, lengths) - 1 - np.arange(ends_at[-1])
    return (np.repeat(words, lengths) >> shifts & 1).astype(np.uint8)


def _order(block: NDArray[np.int64], place: NDArray[np.int64], kind: int) -> NDArray[np.int64]:
    return block * 256 + place * 2 + kind


def _size(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many bits a value needs (table F.1)."""
    return np.frexp(np.abs(values).astype(np.float64))[1].astype(np.int64)


def _amplitude(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(values < 0, values + (1 << _size(values)) - 1, values)


@lru_cache(maxsize=2)
def _codes(counts: bytes, symbols: bytes) -> NDArray[np.int64]:
    """Code and length by symbol, shape (256, 2), from the counts of each length (T.81 annex C)."""
    table = np.zeros((256, 2), dtype=np.int64)
    code, at = 0, 0
    for length, count in enumerate(counts, 1):
        for symbol in symbols[at : at + count]:
            table[symbol] = code, length
            code += 1
        at += count
        code <<= 1
    return table
