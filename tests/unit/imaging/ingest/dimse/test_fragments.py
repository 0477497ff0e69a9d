"""P-DATA with sound and unsound fragments."""

import socket
import struct

import pytest

from imaging.ingest.dimse.association_request import LARGEST_PDU_BYTES
from imaging.ingest.dimse.fragments import AbortedError, Fragments, ReleaseRequestedError
from imaging.ingest.dimse.pdu import MalformedPduError
from imaging.ingest.dimse.stream import Stream
from tests.factories.dimse import ABORT, RELEASE, p_data


@pytest.fixture
def given():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        fragments = Fragments(Stream(ours, network_seconds=1), context_ids={1, 3})

        def send(content):
            theirs.sendall(content)
            return fragments

        yield send


def pdu(body, *, kind=4, length=None):
    return struct.pack(">BxI", kind, len(body) if length is None else length) + body


def fragment(content, *, context_id=3, control=0, length=None):
    declared = len(content) + 2 if length is None else length
    return struct.pack(">IBB", declared, context_id, control) + content


def test_several_fragments_in_one_pdu_and_over_several(given):
    fragments = given(
        pdu(fragment(b"one", control=1) + fragment(b"two", control=3)) + p_data(b"three")
    )
    seen = []
    for _ in range(3):
        head = fragments.head()
        content = b"".join(bytes(piece) for piece in fragments.content(head))
        seen.append((head.is_command, head.is_last, content))
    assert seen == [(True, False, b"one"), (True, True, b"two"), (False, True, b"three")]


def test_a_last_fragment_may_be_empty(given):
    head = given(p_data(b"")).head()
    assert (head.length, head.is_last) == (0, True)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (pdu(b"", length=LARGEST_PDU_BYTES + 1), 6),
        (pdu(b"", length=0), 6),
        (pdu(b"", length=5), 6),
        (pdu(fragment(b"abc", length=6)), 6),
        (pdu(fragment(b"abc", length=0xFFFFFFFF)), 6),
        (pdu(fragment(b"abc", length=1)), 6),
        (pdu(fragment(b"abc", length=4)), 6),
        (pdu(fragment(b"")), 6),
        (pdu(fragment(b"abc", context_id=5)), 6),
        (pdu(b"\0" * 68, kind=1), 2),
        (pdu(b"\0" * 4, kind=3), 2),
        (pdu(b"\0" * 4, kind=6), 2),
        (pdu(b"\0" * 5, kind=5), 2),
        (pdu(b"", kind=0), 1),
        (pdu(b"", kind=8), 1),
        (b"GET / HTTP/1.1\r\n\r\n", 1),
    ],
)
def test_what_is_no_sound_fragment_is_malformed(given, sent, reason):
    """PS3.8 table 9-26: 1 unrecognised PDU, 2 unexpected PDU, 6 invalid parameter."""
    with pytest.raises(MalformedPduError) as malformed:
        given(sent).head()
    assert malformed.value.reason == reason


def test_release_and_abort_are_told_apart(given):
    with pytest.raises(ReleaseRequestedError):
        given(RELEASE).head()
    with pytest.raises(AbortedError):
        given(ABORT).head()
