"""Requests of real implementations are read; nothing else gets through."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom.pdu import A_ASSOCIATE_AC

from imaging.ingest.dimse.association_request import (
    APPLICATION_CONTEXT,
    LARGEST_PDU_BYTES,
    LONGEST_REQUEST_BYTES,
    AssociationRequest,
    accept,
)
from imaging.ingest.dimse.negotiation import negotiate
from imaging.ingest.dimse.pdu import HEADER_BYTES, MalformedPduError
from tests.factories.dimse import associate_request, context_item, item, user_item


def test_the_request_of_another_implementation_is_read():
    body = associate_request(calling="CT2", called="CRESCENT", max_length=16382)[HEADER_BYTES:]
    request = AssociationRequest.read(body)
    assert (request.calling_ae_title, request.called_ae_title) == ("CT2", "CRESCENT")
    assert request.application_context == APPLICATION_CONTEXT
    assert request.max_length == 16382
    assert [context.abstract_syntax for context in request.contexts] == [
        "1.2.840.10008.1.1",
        CTImageStorage,
    ]
    assert request.contexts[1].transfer_syntax == [ExplicitVRLittleEndian, ImplicitVRLittleEndian]


def test_items_nobody_knows_are_passed_over():
    """PS3.8 section 9.3.1; pynetdicom alone gives up at them."""
    body = associate_request()[HEADER_BYTES:] + item(0x77, b"anything")
    assert AssociationRequest.read(body).calling_ae_title == "STORESCU"
    inside = user_item(item(0x51, b"\0\0\x40\0") + item(0x5F, b"secret") + item(0x52, b"1.2"))
    assert (
        AssociationRequest.read(associate_request(user=inside)[HEADER_BYTES:]).max_length == 0x4000
    )


@pytest.mark.parametrize(
    "title",
    [b" " * 16, b"\0" * 16, b"CT\n2".ljust(16), b"CT\\2".ljust(16), "CTü".encode().ljust(16)],
)
@pytest.mark.parametrize("at", [4, 20], ids=["called", "calling"])
def test_an_ae_title_of_other_characters_is_malformed(title, at):
    body = bytearray(associate_request()[HEADER_BYTES:])
    body[at : at + 16] = title
    with pytest.raises(MalformedPduError):
        AssociationRequest.read(bytes(body))


@pytest.mark.parametrize(
    "items",
    [
        b"",
        user_item(),
        context_item(1) + user_item() + user_item(),
        context_item(1),
        context_item(1) + context_item(1) + user_item(),
        context_item(2) + user_item(),
        context_item(1, transfer=[]) + user_item(),
        context_item(1, transfer=["1.2"] * 65) + user_item(),
        context_item(1, abstract="../../etc") + user_item(),
        context_item(1, abstract="1." + "2" * 64) + user_item(),
        context_item(1) + user_item(item(0x51, b"\0")),
        context_item(1) + user_item(item(0x51, b"\0\0\0\0") * 2),
        context_item(1) + user_item(item(0x54, b"\0\xff1.2\x01\x01")),
        context_item(1) + user_item(item(0x54, b"\0\x031.2\x01\x07")),
        context_item(1) + user_item() + b"\x20\0",
        context_item(1) + user_item() + b"\x20\0\xff\xff",
    ],
)
def test_a_request_of_no_sound_structure_is_malformed(items):
    with pytest.raises(MalformedPduError):
        AssociationRequest.read(associate_request(items=items)[HEADER_BYTES:])


def test_the_largest_request_is_read_in_no_time():
    """128 contexts with 50 syntaxes each; the bound is far above what it takes."""
    contexts = b"".join(
        context_item(number, transfer=[f"1.2.840.10008.1.2.{index}" for index in range(50)])
        for number in range(1, 256, 2)
    )
    request = associate_request(items=contexts + user_item())
    assert len(request) <= LONGEST_REQUEST_BYTES
    began = time.process_time()
    assert len(AssociationRequest.read(request[HEADER_BYTES:]).contexts) == 128
    assert time.process_time() - began < 5


@given(st.binary(max_size=400))
def test_any_bytes_are_a_request_or_malformed(body):
    try:
        AssociationRequest.read(body)
    except MalformedPduError:
        return


def test_any_mutation_of_a_request_is_a_request_or_malformed():
    """What is read can be negotiated and answered, too."""
    chance = random.Random(4711)
    sound = associate_request()[HEADER_BYTES:]
    read = 0
    for _ in range(3000):
        body = bytearray(sound)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(body))
            match chance.randrange(3):
                case 0:
                    body[place] = chance.randrange(256)
                case 1:
                    del body[place : place + chance.randint(1, 8)]
                case 2:
                    body[place:place] = chance.randbytes(chance.randint(1, 8))
        try:
            request = AssociationRequest.read(bytes(body))
        except MalformedPduError:
            continue
        contexts, roles = negotiate(request.contexts, roles=request.roles)
        assert accept(request, contexts=contexts, roles=roles)
        read += 1
    assert read > 100


def test_the_answer_reads_as_meant():
    """pynetdicom decodes what we write."""
    request = AssociationRequest.read(associate_request()[HEADER_BYTES:])
    contexts, roles = negotiate(request.contexts, roles=request.roles)
    decoded = A_ASSOCIATE_AC()
    decoded.decode(accept(request, contexts=contexts, roles=roles))
    answer = decoded.to_primitive()
    assert answer.result == 0
    assert [context.result for context in answer.presentation_context_definition_results_list] == [
        0,
        0,
    ]
    assert answer.maximum_length_received == LARGEST_PDU_BYTES


@pytest.mark.parametrize(("max_length", "takes"), [(0, True), (69, False), (70, True)])
def test_a_caller_that_takes_hardly_a_byte_cannot_be_answered(max_length, takes):
    request = AssociationRequest.read(associate_request(max_length=max_length)[HEADER_BYTES:])
    assert request.takes_our_answers is takes
