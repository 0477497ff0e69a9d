"""The command of a message: a flat list of elements of group 0000, Implicit VR Little Endian.

References
----------
DICOM PS3.7 section 6.3.1 (encoding), 9.3.1 (C-STORE), 9.3.5 (C-ECHO) and annex E (elements).
"""

import re
import struct
from dataclasses import dataclass

LONGEST_COMMAND_BYTES = 16 * 1024

C_STORE, C_ECHO, C_CANCEL = 0x0001, 0x0030, 0x0FFF
IS_RESPONSE = 0x8000
NO_DATA_SET = 0x0101

_GROUP_LENGTH, _SOP_CLASS, _FIELD, _MESSAGE_ID = 0x0000, 0x0002, 0x0100, 0x0110
_ANSWERED_ID, _DATA_SET_TYPE, _STATUS, _COMMENT = 0x0120, 0x0800, 0x0900, 0x0902
_SOP_INSTANCE = 0x1000

LONGEST_COMMENT = 64
"""(0000,0902) is a Long String."""

_ELEMENT = struct.Struct("<HHI")
_UID_TEXT = re.compile(rb"[0-9.]{1,64}")


class MalformedCommandError(Exception):
    """The bytes are no command that could be answered."""


@dataclass(frozen=True)
class Command:
    """What is asked for.

    Attributes
    ----------
    sop_class_uid, sop_instance_uid
        Digits and dots, at most 64; "" when missing or written with anything else.
    """

    field: int
    message_id: int
    has_data_set: bool
    sop_class_uid: str
    sop_instance_uid: str

    @classmethod
    def read(cls, encoded: bytes) -> "Command":
        """Decode a command set.

        Raises
        ------
        MalformedCommandError
        """
        elements = _elements(encoded)
        return cls(
            field=_number(elements, _FIELD),
            message_id=_number(elements, _MESSAGE_ID) if _MESSAGE_ID in elements else 0,
            has_data_set=_number(elements, _DATA_SET_TYPE) != NO_DATA_SET,
            sop_class_uid=_uid(elements, _SOP_CLASS),
            sop_instance_uid=_uid(elements, _SOP_INSTANCE),
        )

    def answer(self, status: int, *, comment: str = "") -> bytes:
        """The response to this command."""
        parts = [
            (_FIELD, struct.pack("<H", self.field | IS_RESPONSE)),
            (_ANSWERED_ID, struct.pack("<H", self.message_id)),
            (_DATA_SET_TYPE, struct.pack("<H", NO_DATA_SET)),
            (_STATUS, struct.pack("<H", status)),
        ]
        if self.sop_class_uid:
            parts.insert(0, (_SOP_CLASS, _padded(self.sop_class_uid, b"\0")))
        if comment:
            parts.append((_COMMENT, _padded(comment[:LONGEST_COMMENT], b" ")))
        if self.sop_instance_uid and self.field == C_STORE:
            parts.append((_SOP_INSTANCE, _padded(self.sop_instance_uid, b"\0")))
        body = b"".join(_ELEMENT.pack(0, tag, len(value)) + value for tag, value in parts)
        return _ELEMENT.pack(0, _GROUP_LENGTH, 4) + struct.pack("<I", len(body)) + body


def _elements(encoded: bytes) -> dict[int, bytes]:
    elements = {}
    offset = 0
    while offset < len(encoded):
        if offset + _ELEMENT.size > len(encoded):
            raise MalformedCommandError("an element cut short")
        group, tag, length = _ELEMENT.unpack_from(encoded, offset)
        offset += _ELEMENT.size
        if group != 0 or offset + length > len(encoded) or tag in elements:
            raise MalformedCommandError("an element of another group, too long or given twice")
        elements[tag] = encoded[offset : offset + length]
        offset += length
    return elements


def _number(elements: dict[int, bytes], tag: int) -> int:
    value = elements.get(tag, b"")
    if len(value) != 2:
        raise MalformedCommandError(f"(0000,{tag:04x}) is missing or no single number")
    return int.from_bytes(value, "little")


def _uid(elements: dict[int, bytes], tag: int) -> str:
    # One trailing NUL pads to an even length; some senders pad with a blank.
    value = elements.get(tag, b"")
    value = value[:-1] if value[-1:] in (b"\0", b" ") else value
    return value.decode("ascii") if _UID_TEXT.fullmatch(value) else ""


def _padded(text: str, padding: bytes) -> bytes:
    value = text.encode("ascii")
    return value + padding if len(value) % 2 else value
