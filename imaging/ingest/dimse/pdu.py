"""The short data units of the upper layer, as bytes.

References
----------
DICOM PS3.8 section 9.3 (structure of the PDUs) and annex E.2 (message control header).
"""

import struct
from collections.abc import Iterator

ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, P_DATA, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)
"""PDU types."""

HEADER_BYTES = 6
_HEADER = struct.Struct(">BxI")
_FRAGMENT = struct.Struct(">IBB")

FRAGMENT_HEADER_BYTES = 6
"""Item length, presentation context ID and message control header."""

IS_COMMAND, IS_LAST = 1, 2
"""Bits of the message control header."""

REASON_NOT_SPECIFIED = 0
UNRECOGNISED_PDU = 1
UNEXPECTED_PDU = 2
INVALID_PARAMETER = 6
"""Reasons of an A-ABORT by the service provider (PS3.8 table 9-26)."""

RELEASE_ANSWER = _HEADER.pack(RELEASE_RP, 4) + bytes(4)


class MalformedPduError(Exception):
    """What was sent is no sound PDU, or none that may come now.

    Attributes
    ----------
    reason
        For the A-ABORT.
    """

    def __init__(self, words: str, *, reason: int = INVALID_PARAMETER) -> None:
        super().__init__(words)
        self.reason = reason


def read_header(header: bytes | bytearray | memoryview) -> tuple[int, int]:
    """Type and length of the PDU that begins with these six bytes."""
    pdu_type, length = _HEADER.unpack_from(header)
    return pdu_type, length


def read_fragment_header(header: bytes | bytearray | memoryview) -> tuple[int, int, int]:
    """Bytes that follow, presentation context ID and control bits of a fragment."""
    length, context_id, control = _FRAGMENT.unpack_from(header)
    if length < 2:
        raise MalformedPduError("a fragment without its own header")
    return length - 2, context_id, control


def abort(reason: int) -> bytes:
    """A-ABORT by the service provider."""
    return _HEADER.pack(ABORT, 4) + bytes((0, 0, 2, reason))


def reject(*, result: int, source: int, reason: int) -> bytes:
    """A-ASSOCIATE-RJ."""
    return _HEADER.pack(ASSOCIATE_RJ, 4) + bytes((0, result, source, reason))


def command_pdus(command: bytes, *, context_id: int, max_length: int) -> Iterator[bytes]:
    """P-DATA-TF PDUs that carry a command set, none longer than the receiver takes.

    Parameters
    ----------
    max_length
        Of the variable field, as the receiver announced it; 0 stands for any length.
    """
    room = (max_length or len(command) + FRAGMENT_HEADER_BYTES) - FRAGMENT_HEADER_BYTES
    for start in range(0, len(command), room):
        piece = command[start : start + room]
        control = IS_COMMAND | (IS_LAST if start + room >= len(command) else 0)
        yield (
            _HEADER.pack(P_DATA, len(piece) + FRAGMENT_HEADER_BYTES)
            + _FRAGMENT.pack(len(piece) + 2, context_id, control)
            + piece
        )
