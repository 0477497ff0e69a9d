"""What a caller asks for, and the answer to it.

The structure is walked here before pynetdicom decodes the items: it believes their lengths, and it
gives up at items it does not know, which PS3.8 tells to skip.

References
----------
DICOM PS3.8 section 9.3.2 and annex D.3, PS3.7 annex D.3.3.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydicom.uid import UID
from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    ImplementationVersionNameNotification,
    MaximumLengthNotification,
    SCP_SCU_RoleSelectionNegotiation,
)
from pynetdicom.presentation import PresentationContext

from imaging.dicom.stored_header import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME

from .pdu import ASSOCIATE_RQ, FRAGMENT_HEADER_BYTES, MalformedPduError

LONGEST_REQUEST_BYTES = 256 * 1024
"""128 presentation contexts with 50 transfer syntaxes each fit."""

LARGEST_PDU_BYTES = 128 * 1024
"""Variable field of the P-DATA we take; more than DCMTK sends."""

APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
SHORTEST_ANSWER_BYTES = 64
"""Who takes less at a time is no DICOM application."""

MOST_CONTEXTS = 128
MOST_SYNTAXES = 64
"""In one presentation context."""

_FIXED_BYTES = 68
_ITEM = struct.Struct(">BxH")
_TITLE = re.compile(rb"[\x20-\x5b\x5d-\x7e]{16}")
_UID = re.compile(rb"[0-9]+(\.[0-9]+)*\0?")

_APPLICATION_CONTEXT_ITEM, _CONTEXT_ITEM, _USER_ITEM = 0x10, 0x20, 0x50
_ABSTRACT_SYNTAX, _TRANSFER_SYNTAX = 0x30, 0x40
_MAXIMUM_LENGTH, _CLASS_UID, _ROLE, _VERSION_NAME = 0x51, 0x52, 0x54, 0x55


@dataclass(frozen=True)
class AssociationRequest:
    """A-ASSOCIATE-RQ, decoded.

    Attributes
    ----------
    calling_ae_title, called_ae_title
        Without surrounding blanks; printable, but foreign all the same.
    roles
        Proposed (SCU, SCP) by SOP class.
    max_length
        Largest variable field of a P-DATA the caller takes; 0: any.
    """

    calling_ae_title: str
    called_ae_title: str
    application_context: str
    protocol_version: int
    contexts: tuple[PresentationContext, ...]
    roles: dict[UID, tuple[bool | None, bool | None]]
    max_length: int

    @classmethod
    def read(cls, body: bytes) -> "AssociationRequest":
        """Decode the PDU without its header.

        Raises
        ------
        MalformedPduError
        """
        if len(body) < _FIXED_BYTES:
            raise MalformedPduError("a request cut short")
        if any(not _TITLE.fullmatch(title) or not title.strip() for title in _titles(body)):
            raise MalformedPduError("an AE title of other than printable characters")
        sound = body[:_FIXED_BYTES] + b"".join(_sound_items(body[_FIXED_BYTES:]))
        pdu = A_ASSOCIATE_RQ()
        pdu.decode(bytes((ASSOCIATE_RQ, 0, 0, 0, 0, 0)) + sound)
        primitive = pdu.to_primitive()
        roles: dict[UID, tuple[bool | None, bool | None]] = {}
        max_length = 0
        for item in primitive.user_information:
            if isinstance(item, SCP_SCU_RoleSelectionNegotiation):
                roles[UID(str(item.sop_class_uid))] = (item.scu_role, item.scp_role)
            elif isinstance(item, MaximumLengthNotification):
                max_length = item.maximum_length_received or 0
        return cls(
            calling_ae_title=primitive.calling_ae_title.strip(),
            called_ae_title=primitive.called_ae_title.strip(),
            application_context=str(primitive.application_context_name or ""),
            protocol_version=pdu.protocol_version,
            contexts=tuple(primitive.presentation_context_definition_list),
            roles=roles,
            max_length=max_length,
        )

    @property
    def takes_our_answers(self) -> bool:
        return self.max_length == 0 or self.max_length >= (
            SHORTEST_ANSWER_BYTES + FRAGMENT_HEADER_BYTES
        )


def accept(
    request: AssociationRequest,
    *,
    contexts: Sequence[PresentationContext],
    roles: Sequence[SCP_SCU_RoleSelectionNegotiation],
) -> bytes:
    """A-ASSOCIATE-AC with what was negotiated."""
    answer = A_ASSOCIATE()
    answer.application_context_name = UID(APPLICATION_CONTEXT)
    answer.calling_ae_title = request.calling_ae_title
    answer.called_ae_title = request.called_ae_title
    answer.result = 0x00
    answer.result_source = 0x01
    answer.presentation_context_definition_results_list = list(contexts)
    length = MaximumLengthNotification()
    length.maximum_length_received = LARGEST_PDU_BYTES
    class_uid = ImplementationClassUIDNotification()
    class_uid.implementation_class_uid = UID(IMPLEMENTATION_CLASS_UID)
    version = ImplementationVersionNameNotification()
    version.implementation_version_name = IMPLEMENTATION_VERSION_NAME
    answer.user_information = [length, class_uid, version, *roles]
    pdu = A_ASSOCIATE_AC()
    pdu.from_primitive(answer)
    return pdu.encode()


def _titles(body: bytes) -> tuple[bytes, bytes]:
    return body[4:20], body[20:36]


def _sound_items(body: bytes) -> Iterator[bytes]:
    """The items we know, each with a sound inside."""
    identifiers: set[int] = set()
    users = 0
    for kind, value in _items(body):
        if kind == _APPLICATION_CONTEXT_ITEM:
            yield _item(kind, _uid(value))
        elif kind == _CONTEXT_ITEM:
            identifier, syntaxes = _context(value)
            if identifier in identifiers:
                raise MalformedPduError("a presentation context ID used twice")
            identifiers.add(identifier)
            yield _item(kind, bytes((identifier, 0, 0, 0)) + syntaxes)
        elif kind == _USER_ITEM:
            users += 1
            yield _item(kind, b"".join(_sound_user_items(value)))
    if users != 1 or not identifiers or len(identifiers) > MOST_CONTEXTS:
        raise MalformedPduError("a request without presentation contexts or user information")


def _context(value: bytes) -> tuple[int, bytes]:
    if len(value) < 4 or value[0] % 2 == 0:
        raise MalformedPduError("a presentation context without an odd ID")
    abstract, transfer = [], []
    for kind, inner in _items(value[4:]):
        if kind == _ABSTRACT_SYNTAX:
            abstract.append(_item(kind, _uid(inner)))
        elif kind == _TRANSFER_SYNTAX:
            transfer.append(_item(kind, _uid(inner)))
    if len(abstract) != 1 or not 1 <= len(transfer) <= MOST_SYNTAXES:
        raise MalformedPduError("a presentation context without its syntaxes")
    return value[0], b"".join(abstract + transfer)


def _sound_user_items(body: bytes) -> Iterator[bytes]:
    """Those we answer; other negotiation is passed over, which refuses it (PS3.7 D.3.3)."""
    seen = set()
    for kind, value in _items(body):
        if kind == _ROLE:
            yield _item(kind, _role(value))
            continue
        if kind not in (_MAXIMUM_LENGTH, _CLASS_UID, _VERSION_NAME):
            continue
        if kind in seen:
            raise MalformedPduError("user information given twice")
        seen.add(kind)
        if kind == _MAXIMUM_LENGTH:
            if len(value) != 4:
                raise MalformedPduError("a maximum length of other than four bytes")
            yield _item(kind, value)
        elif kind == _CLASS_UID:
            yield _item(kind, _uid(value))


def _role(value: bytes) -> bytes:
    if len(value) < 4:
        raise MalformedPduError("a role selection cut short")
    (length,) = struct.unpack_from(">H", value)
    roles = value[2 + length :]
    if len(roles) != 2 or not set(roles) <= {0, 1}:
        raise MalformedPduError("a role selection of no sound length")
    sop_class = _uid(value[2 : 2 + length])
    return struct.pack(">H", len(sop_class)) + sop_class + roles


def _items(body: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset < len(body):
        if offset + _ITEM.size > len(body):
            raise MalformedPduError("an item cut short")
        kind, length = _ITEM.unpack_from(body, offset)
        offset += _ITEM.size
        if offset + length > len(body):
            raise MalformedPduError("an item longer than what it is in")
        yield kind, body[offset : offset + length]
        offset += length


def _item(kind: int, value: bytes) -> bytes:
    return _ITEM.pack(kind, len(value)) + value


def _uid(value: bytes) -> bytes:
    if not _UID.fullmatch(value) or len(value) > 65:
        raise MalformedPduError("a UID of other characters or too long")
    return value.rstrip(b"\0")
