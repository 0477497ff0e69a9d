"""Tell DICOM from everything else by the first bytes of a file.

References
----------
DICOM PS3.10 section 7.1 (preamble and prefix).
"""

import struct

from .acceptance import overrules
from .elements import Buffer
from .errors import (
    ExecutablePreambleError,
    MissingFileMetaError,
    NotDicomDocumentError,
    NotDicomError,
    NotDicomImageError,
)

PREAMBLE_LENGTH = 128
DATASET_START = 132

_PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
)
_PROGRAM_MARKS = (
    b"%PDF",
    b"<html",
    b"<!doctype",
    b"<script",
    b"<?xml",
    b"<?php",
    b"<svg",
)
_PICTURE_STARTS = (
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"BM",
    b"\0\0\0\x0cjP",
)
_DOCUMENT_STARTS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x1f\x8b",
)


def check_kind(buffer: Buffer, overridden: frozenset[str]) -> None:
    """Tell DICOM from everything else by its first 132 bytes."""
    head = buffer[:DATASET_START]
    if head[PREAMBLE_LENGTH:] == b"DICM":
        preamble = head[:PREAMBLE_LENGTH]
        lower = preamble.lower()
        if preamble.startswith(_PROGRAM_STARTS) or any(
            mark.lower() in lower for mark in _PROGRAM_MARKS
        ):
            error = ExecutablePreambleError()
            if not overrules(overridden, error):
                raise error
        return
    if head.startswith(_PICTURE_STARTS):
        raise NotDicomImageError
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_DOCUMENT_STARTS) or stripped.startswith(
        tuple(mark.lower() for mark in _PROGRAM_MARKS)
    ):
        raise NotDicomDocumentError
    if head.startswith(b"DICM") or _starts_like_dataset(head):
        raise MissingFileMetaError
    raise NotDicomError


def _starts_like_dataset(head: bytes) -> bool:
    if len(head) < 8:
        return False
    group, number = struct.unpack_from("<HH", head)
    if group not in (0x0002, 0x0008):
        group, number = struct.unpack_from(">HH", head)
    return group in (0x0002, 0x0008) and number <= 0x0070
