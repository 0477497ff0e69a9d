"""The short PDUs."""

import pytest
from pynetdicom.pdu import A_ABORT_RQ, A_ASSOCIATE_RJ, P_DATA_TF

from imaging.ingest.dimse import pdu


def test_a_header_says_type_and_length():
    assert pdu.read_header(b"\x01\x00\x7f\xff\xff\xff") == (1, 0x7FFFFFFF)


def test_an_abort_reads_as_one_of_the_provider():
    """pynetdicom decodes what we write."""
    decoded = A_ABORT_RQ()
    decoded.decode(pdu.abort(pdu.UNEXPECTED_PDU))
    assert (decoded.source, decoded.reason_diagnostic) == (2, 2)


def test_a_rejection_reads_as_meant():
    decoded = A_ASSOCIATE_RJ()
    decoded.decode(pdu.reject(result=1, source=1, reason=7))
    assert (decoded.result, decoded.source, decoded.reason_diagnostic) == (1, 1, 7)


@pytest.mark.parametrize("max_length", [0, 64, 70, 16384])
def test_a_command_is_cut_into_pdus_the_receiver_takes(max_length):
    """PS3.8 annex D.1: the maximum is of the variable field, fragment headers included."""
    command = bytes(range(250))
    content, last = b"", []
    for encoded in pdu.command_pdus(command, context_id=3, max_length=max_length):
        assert max_length == 0 or len(encoded) - pdu.HEADER_BYTES <= max_length
        decoded = P_DATA_TF()
        decoded.decode(encoded)
        (item,) = decoded.presentation_data_value_items
        assert item.presentation_context_id == 3
        control, piece = item.presentation_data_value[0], item.presentation_data_value[1:]
        assert control & pdu.IS_COMMAND
        last.append(bool(control & pdu.IS_LAST))
        content += piece
    assert content == command
    assert last == [False] * (len(last) - 1) + [True]


def test_a_fragment_shorter_than_its_header_is_malformed():
    with pytest.raises(pdu.MalformedPduError):
        pdu.read_fragment_header(b"\0\0\0\x01\x01\x02")
