"""What is taken over the network."""

import pytest
from pydicom.uid import (
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    MRImageStorage,
    SecondaryCaptureImageStorage,
)
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import (
    PatientRootQueryRetrieveInformationModelFind,
    Verification,
    XRayRadiationDoseSRStorage,
)

from imaging.dicom.acceptance import ACCEPTED_SOP_CLASSES, ACCEPTED_TRANSFER_SYNTAXES
from imaging.ingest.dimse.negotiation import negotiate


def answers(*proposed, roles=None):
    requested = []
    for number, (abstract, transfer) in enumerate(proposed):
        context = build_context(abstract, list(transfer))
        context.context_id = 2 * number + 1
        requested.append(context)
    contexts, _ = negotiate(requested, roles=roles or {})
    return [(context.result, str(context.transfer_syntax[0])) for context in contexts]


@pytest.mark.parametrize("sop_class", sorted(ACCEPTED_SOP_CLASSES))
@pytest.mark.parametrize("syntax", sorted(ACCEPTED_TRANSFER_SYNTAXES))
def test_each_accepted_class_is_taken_in_each_accepted_syntax(sop_class, syntax):
    assert answers((sop_class, [syntax])) == [(0, syntax)]


def test_the_first_syntax_of_the_sender_that_we_take_is_chosen():
    assert answers(
        (CTImageStorage, [ImplicitVRLittleEndian, ExplicitVRLittleEndian]),
        (CTImageStorage, [ExplicitVRLittleEndian, ImplicitVRLittleEndian]),
        (CTImageStorage, [DeflatedExplicitVRLittleEndian, JPEGLosslessSV1, JPEG2000Lossless]),
        (CTImageStorage, [ExplicitVRBigEndian, ImplicitVRLittleEndian]),
    ) == [
        (0, ImplicitVRLittleEndian),
        (0, ExplicitVRLittleEndian),
        (0, JPEGLosslessSV1),
        (0, ImplicitVRLittleEndian),
    ]


def test_what_the_door_keeps_in_quarantine_may_be_sent():
    for sop_class in (SecondaryCaptureImageStorage, XRayRadiationDoseSRStorage):
        assert answers((sop_class, [ImplicitVRLittleEndian]))[0][0] == 0


def test_deflated_objects_and_private_syntaxes_are_not_taken():
    """PS3.8 table 9-18: 4, transfer syntaxes not supported."""
    for syntax in (DeflatedExplicitVRLittleEndian, "1.2.3.4"):
        assert answers((CTImageStorage, [syntax]))[0][0] == 4


@pytest.mark.parametrize(
    "abstract", [MRImageStorage, PatientRootQueryRetrieveInformationModelFind, "1.2.3"]
)
def test_other_objects_and_services_are_not_offered(abstract):
    """PS3.8 table 9-18: 3, abstract syntax not supported."""
    assert answers((abstract, [ImplicitVRLittleEndian]))[0][0] == 3


def test_verification_is_offered_uncompressed():
    assert answers((Verification, [ImplicitVRLittleEndian]))[0][0] == 0
    assert answers((Verification, [JPEG2000Lossless]))[0][0] == 4


def test_a_peer_that_offers_to_receive_is_told_that_we_do_not_send():
    context = build_context(CTImageStorage, [ExplicitVRLittleEndian])
    context.context_id = 1
    contexts, replies = negotiate([context], roles={CTImageStorage: (True, True)})
    assert [one.result for one in contexts] == [0]
    assert [(reply.scu_role, reply.scp_role) for reply in replies] == [(True, False)]
    only_receiving = {CTImageStorage: (False, True)}
    assert answers((CTImageStorage, [ExplicitVRLittleEndian]), roles=only_receiving)[0][0] == 1
