"""Commands as DCMTK and pynetdicom write them, and as nobody should."""

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import CTImageStorage
from pynetdicom.dimse_messages import C_ECHO_RQ, C_STORE_RQ
from pynetdicom.dimse_primitives import C_ECHO, C_STORE
from pynetdicom.dsutils import decode, encode

from imaging.ingest.dimse.command_set import (
    C_STORE as STORE_FIELD,
)
from imaging.ingest.dimse.command_set import (
    Command,
    MalformedCommandError,
)


def store_request(uid="1.2.3.4"):
    primitive = C_STORE()
    primitive.MessageID = 7
    primitive.AffectedSOPClassUID = CTImageStorage
    primitive.AffectedSOPInstanceUID = uid
    primitive.Priority = 2
    primitive.DataSet = BytesIO(b"\0\0")
    message = C_STORE_RQ()
    message.primitive_to_message(primitive)
    return encode(message.command_set, True, True)


def element(tag, value):
    return struct.pack("<HHI", 0, tag, len(value)) + value


def test_a_store_request_of_another_implementation_is_read():
    command = Command.read(store_request())
    assert command == Command(
        field=STORE_FIELD,
        message_id=7,
        has_data_set=True,
        sop_class_uid=CTImageStorage,
        sop_instance_uid="1.2.3.4",
    )


def test_an_echo_request_of_another_implementation_is_read():
    primitive = C_ECHO()
    primitive.MessageID = 1
    message = C_ECHO_RQ()
    message.primitive_to_message(primitive)
    command = Command.read(encode(message.command_set, True, True))
    assert (command.field, command.has_data_set) == (0x0030, False)


@pytest.mark.parametrize(
    "uid",
    [
        b"../../../etc/evil\0",
        b"1.2.3\\4.5.6\0",
        b"1.2\x003.4",
        b"1.2.3\n",
        b"1" * 66,
        b"\0",
        b"",
        "1.2.٣".encode(),
    ],
)
def test_a_uid_of_other_than_digits_and_dots_is_as_if_missing(uid):
    """pynetdicom hands such a UID to the application."""
    encoded = element(0x0100, b"\x01\0") + element(0x0800, b"\0\0") + element(0x1000, uid)
    assert Command.read(encoded).sop_instance_uid == ""


def test_one_trailing_byte_of_padding_is_taken_off():
    for padding in (b"\0", b" "):
        encoded = element(0x0100, b"\x01\0") + element(0x0800, b"\0\0")
        command = Command.read(encoded + element(0x1000, b"1.2.3" + padding))
        assert command.sop_instance_uid == "1.2.3"


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"\0\0\0\0",
        element(0x0100, b"\x01\0"),
        element(0x0100, b"\x01\0\x02\0") + element(0x0800, b"\0\0"),
        element(0x0100, b"\x01\0") * 2 + element(0x0800, b"\0\0"),
        element(0x0100, b"\x01\0") + struct.pack("<HHI", 0, 0x0800, 0xFFFFFFFF),
        struct.pack("<HHI", 8, 0x0100, 2) + b"\x01\0",
    ],
    ids=["empty", "cut", "no type", "two values", "twice", "lying length", "other group"],
)
def test_a_command_that_cannot_be_answered_is_malformed(encoded):
    with pytest.raises(MalformedCommandError):
        Command.read(encoded)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_command_or_malformed(encoded):
    try:
        Command.read(encoded)
    except MalformedCommandError:
        return


def test_the_answer_reads_as_meant():
    """pydicom decodes what we write."""
    command = Command.read(store_request("1.2.3"))
    answer = decode(BytesIO(command.answer(0xC100, comment="sop_class_needs_review")), True, True)
    assert answer.CommandField == 0x8001
    assert answer.MessageIDBeingRespondedTo == 7
    assert answer.CommandDataSetType == 0x0101
    assert answer.Status == 0xC100
    assert answer.ErrorComment == "sop_class_needs_review"
    assert answer.AffectedSOPClassUID == CTImageStorage
    assert answer.AffectedSOPInstanceUID == "1.2.3"
    assert answer.CommandGroupLength == len(command.answer(0xC100, comment="x" * 22)) - 12


def test_a_malformed_uid_is_not_sent_back():
    encoded = element(0x0100, b"\x01\0") + element(0x0800, b"\0\0") + element(0x1000, b"../x")
    answer = decode(BytesIO(Command.read(encoded).answer(0x0117)), True, True)
    assert "AffectedSOPInstanceUID" not in answer


def test_a_comment_is_no_longer_than_a_long_string():
    """PS3.5 section 6.2, VR LO: 64 characters."""
    answer = decode(BytesIO(Command.read(store_request()).answer(0xC000, comment="x" * 99)), True,
                    True)  # fmt: skip
    assert len(answer.ErrorComment) == 64
