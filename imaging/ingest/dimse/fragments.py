"""The fragments of messages inside P-DATA, one after the other, with their limits.

References
----------
DICOM PS3.8 section 9.3.5 (P-DATA-TF) and annex E (fragmentation).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .association_request import LARGEST_PDU_BYTES
from .pdu import (
    ABORT,
    FRAGMENT_HEADER_BYTES,
    HEADER_BYTES,
    IS_COMMAND,
    IS_LAST,
    P_DATA,
    RELEASE_RQ,
    UNEXPECTED_PDU,
    UNRECOGNISED_PDU,
    MalformedPduError,
    read_fragment_header,
    read_header,
)
from .stream import Stream

SHORT_PDU_BYTES = 4
"""Length of A-RELEASE and A-ABORT."""


class ReleaseRequestedError(Exception):
    """The peer has nothing more to send."""


class AbortedError(Exception):
    """The peer gave up."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The head of a fragment; its bytes follow in the stream."""

    context_id: int
    length: int
    is_command: bool
    is_last: bool


class Fragments:
    """Reads the fragments of all messages of an association."""

    def __init__(self, stream: Stream, *, context_ids: Collection[int]) -> None:
        self._stream = stream
        self._context_ids = context_ids
        self._left_in_pdu = 0

    def head(self) -> Fragment:
        """The next fragment.

        Raises
        ------
        ReleaseRequestedError, AbortedError, MalformedPduError, PeerGoneError, PeerTooSlowError
        """
        if not self._left_in_pdu:
            self._left_in_pdu = self._next_pdu()
        length, context_id, control = read_fragment_header(
            self._stream.exactly(FRAGMENT_HEADER_BYTES)
        )
        self._left_in_pdu -= FRAGMENT_HEADER_BYTES + length
        if self._left_in_pdu < 0 or 0 < self._left_in_pdu < FRAGMENT_HEADER_BYTES:
            raise MalformedPduError("a fragment longer than its PDU, or leaving a rest of it")
        if context_id not in self._context_ids:
            raise MalformedPduError("a fragment of a presentation context that was not accepted")
        is_last = bool(control & IS_LAST)
        if not length and not is_last:
            raise MalformedPduError("an empty fragment that promises more")
        return Fragment(context_id, length, bool(control & IS_COMMAND), is_last)

    def content(self, fragment: Fragment) -> Iterator[memoryview]:
        """Its bytes in pieces; each is valid until the next."""
        left = fragment.length
        while left:
            piece = self._stream.some(left)
            left -= len(piece)
            yield piece

    def _next_pdu(self) -> int:
        """Length of the next P-DATA-TF."""
        pdu_type, length = read_header(self._stream.exactly(HEADER_BYTES))
        if pdu_type == P_DATA:
            if not FRAGMENT_HEADER_BYTES <= length <= LARGEST_PDU_BYTES:
                raise MalformedPduError("a P-DATA of no sound length")
            return length
        if not 0 < pdu_type <= ABORT:
            raise MalformedPduError("an unknown PDU", reason=UNRECOGNISED_PDU)
        if length != SHORT_PDU_BYTES or pdu_type not in (RELEASE_RQ, ABORT):
            raise MalformedPduError("a PDU that may not come now", reason=UNEXPECTED_PDU)
        self._stream.exactly(length)
        if pdu_type == ABORT:
            raise AbortedError
        raise ReleaseRequestedError
