"""PDUs byte by byte: sound ones, and parts to build others from."""

import socket
import struct
from collections.abc import Iterable

from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian

VERIFICATION = "1.2.840.10008.1.1"
NATIVE = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)


def item(kind: int, value: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(value)) + value


def context_item(
    number: int, *, abstract: str = CTImageStorage, transfer: Iterable[str] = NATIVE
) -> bytes:
    syntaxes = item(0x30, abstract.encode())
    syntaxes += b"".join(item(0x40, uid.encode()) for uid in transfer)
    return item(0x20, bytes((number, 0, 0, 0)) + syntaxes)


def user_item(value: bytes | None = None, *, max_length: int = 16382) -> bytes:
    if value is None:
        value = item(0x51, struct.pack(">I", max_length)) + item(0x52, b"1.2.826.0.1.3680043.8")
    return item(0x50, value)


def associate_request(
    *,
    calling: str = "STORESCU",
    called: str = "CRESCENT",
    max_length: int = 16382,
    version: int = 1,
    application: str = "1.2.840.10008.3.1.1.1",
    items: bytes | None = None,
    user: bytes | None = None,
) -> bytes:
    """A-ASSOCIATE-RQ that proposes Verification (1) and CT (3)."""
    if items is None:
        items = context_item(1, abstract=VERIFICATION, transfer=[ImplicitVRLittleEndian])
        items += context_item(3)
        items += user if user is not None else user_item(max_length=max_length)
    body = struct.pack(">HH", version, 0) + called.encode().ljust(16) + calling.encode().ljust(16)
    body += bytes(32) + item(0x10, application.encode()) + items
    return struct.pack(">BxI", 1, len(body)) + body


def p_data(content: bytes, *, context_id: int = 3, control: int = 2) -> bytes:
    """One P-DATA-TF with one fragment."""
    fragment = struct.pack(">IBB", len(content) + 2, context_id, control) + content
    return struct.pack(">BxI", 4, len(fragment)) + fragment


def command(field: int, *, data_set: bool, **elements: bytes) -> bytes:
    """A command set; `elements` are named by hexadecimal tag, as in `e1000=b"1.2"`."""
    parts = {0x0100: struct.pack("<H", field), 0x0110: struct.pack("<H", 9)}
    parts[0x0800] = struct.pack("<H", 1 if data_set else 0x0101)
    parts |= {int(name[1:], 16): value for name, value in elements.items()}
    return b"".join(
        struct.pack("<HHI", 0, tag, len(value)) + value for tag, value in sorted(parts.items())
    )


def store_command(
    sop_instance_uid: bytes, *, sop_class_uid: bytes = CTImageStorage.encode()
) -> bytes:
    return command(0x0001, data_set=True, e0002=sop_class_uid, e1000=sop_instance_uid)


ECHO = p_data(command(0x0030, data_set=False, e0002=VERIFICATION.encode()), context_id=1, control=3)
RELEASE = struct.pack(">BxII", 5, 4, 0)
ABORT = struct.pack(">BxII", 7, 4, 0)


def receive_pdu(connection: socket.socket) -> tuple[int, bytes]:
    """Type and body of the next PDU; (0, b"") when the connection is over."""
    header = _exactly(connection, 6)
    if len(header) < 6:
        return 0, b""
    kind, length = struct.unpack(">BxI", header)
    return kind, _exactly(connection, length)


def _exactly(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        try:
            piece = connection.recv(count - len(received))
        except ConnectionError:
            break
        if not piece:
            break
        received += piece
    return received


def status_of(body: bytes) -> int:
    """(0000,0900) of the response in a P-DATA-TF."""
    at = body.index(struct.pack("<HHI", 0, 0x0900, 2))
    status: int = struct.unpack_from("<H", body, at + 8)[0]
    return status
