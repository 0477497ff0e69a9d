"""Which objects are taken over the network, and how encoded.

References
----------
DICOM PS3.4 annex B.5, PS3.8 section 7.1.1.13.
"""

from collections.abc import Iterable

from pydicom._uid_dict import UID_dictionary
from pydicom.uid import UID, ExplicitVRBigEndian
from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation
from pynetdicom.presentation import PresentationContext, build_context, negotiate_as_acceptor

from imaging.dicom.acceptance import (
    ACCEPTED_SOP_CLASSES,
    ACCEPTED_TRANSFER_SYNTAXES,
    NATIVE_TRANSFER_SYNTAXES,
    REVIEWED_SOP_CLASSES,
    STRUCTURED_REPORT_ROOT,
)

VERIFICATION = "1.2.840.10008.1.1"
ACCEPTED = 0x00

_REPORTS = frozenset(
    uid
    for uid, entry in UID_dictionary.items()
    if uid.startswith(STRUCTURED_REPORT_ROOT) and entry[1] == "SOP Class"
)

Roles = dict[UID, tuple[bool | None, bool | None]]
"""Proposed (SCU, SCP) by SOP class."""

STORED_SOP_CLASSES = ACCEPTED_SOP_CLASSES | REVIEWED_SOP_CLASSES | _REPORTS
"""Images, and what the door keeps in quarantine; the rest is refused before it is sent."""


def negotiate(
    requested: Iterable[PresentationContext], *, roles: Roles
) -> tuple[list[PresentationContext], list[SCP_SCU_RoleSelectionNegotiation]]:
    """The answer to each proposed context.

    Of the transfer syntaxes in one context the first that we take is chosen: senders put the one
    the object has at the head, and what is not converted on the way is stored as it was. Big endian
    comes last: it is retired, and would be stored as it came.
    """
    contexts: list[PresentationContext] = []
    answered_roles: dict[str, SCP_SCU_RoleSelectionNegotiation] = {}
    for context in requested:
        answers, replies = negotiate_as_acceptor([context], _supported(context), roles)
        contexts += answers
        answered_roles |= {str(reply.sop_class_uid): reply for reply in replies}
    return contexts, list(answered_roles.values())


def _supported(context: PresentationContext) -> list[PresentationContext]:
    """What we take of one context, in the order of the sender."""
    if context.abstract_syntax == VERIFICATION:
        syntaxes = NATIVE_TRANSFER_SYNTAXES
    elif context.abstract_syntax in STORED_SOP_CLASSES:
        syntaxes = ACCEPTED_TRANSFER_SYNTAXES
    else:
        return []
    taken = [syntax for syntax in context.transfer_syntax if syntax in syntaxes]
    taken.sort(key=lambda syntax: syntax == ExplicitVRBigEndian)
    supported = build_context(str(context.abstract_syntax), [*(taken or sorted(syntaxes))])
    # Answering a role selection tells a sender that asks for both roles that we only receive.
    supported.scu_role, supported.scp_role = True, False
    return [supported]
