"""A zip without compression whose bytes follow from its parts.

What is read is packed again and compared: a header that contradicts the directory, bytes between
two parts, a second entry of one name or a note in a corner make another file, and are refused.
Where another program packed sound parts anew, the refusal holds them, so that whoever looks for
what was changed still can.

References
----------
PKWARE, .ZIP File Format Specification (APPNOTE.TXT) 6.3.10, sections 4.3 to 4.5.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping

MOST_BYTES = 2**31 - 1
"""Beyond it a zip needs its extended form."""

MOST_PARTS = 200
MOST_UNCOMPRESSED_BYTES = 2**28
"""So much is read of what another program compressed [own]."""

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)*\.[a-z0-9]+")
LONGEST_NAME_SHOWN = 80

_VERSION = 20
_FIRST_DAY = 0x21  # 1980-01-01, the earliest day a zip can name
_UNIX_OWNER_ONLY = (stat.S_IFREG | 0o600) << 16
_MADE_ON_UNIX = 3 << 8 | _VERSION
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


class ContainerError(Exception):
    """The file is no zip as `pack` makes one, or would be too large for one; says what is wrong."""


class RepackedError(ContainerError):
    """Another program made this zip.

    Attributes
    ----------
    parts
        What it holds, by name.
    """

    def __init__(self, words: str, parts: Mapping[str, bytes]) -> None:
        super().__init__(words)
        self.parts = dict(parts)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The parts by name, in the order of their names.

    Raises
    ------
    ContainerError
        They are too large or too many, or a name is none that every system can keep.
    """
    if len(parts) > MOST_PARTS or sum(map(len, parts.values())) > MOST_BYTES - 2**20:
        raise ContainerError("the parts are too large for one file")
    body, directory = io.BytesIO(), io.BytesIO()
    for name in sorted(parts):
        if not NAME.fullmatch(name):
            raise ContainerError(f"{_shown(name)} is no name for a part")
        content, written = parts[name], name.encode("ascii")
        sizes = (zlib.crc32(content), len(content), len(content))
        offset = body.tell()
        body.write(
            _LOCAL.pack(b"PK\x03\x04", _VERSION, 0, 0, 0, _FIRST_DAY, *sizes, len(written), 0)
        )
        body.write(written + content)
        directory.write(
            _CENTRAL.pack(
                b"PK\x01\x02", _MADE_ON_UNIX, _VERSION, 0, 0, 0, _FIRST_DAY, *sizes,
                len(written), 0, 0, 0, 0, _UNIX_OWNER_ONLY, offset,
            ) + written
        )  # fmt: skip
    entries, start = directory.getvalue(), body.tell()
    counts = (0, 0, len(parts), len(parts))
    return b"".join(
        (body.getvalue(), entries, _END.pack(b"PK\x05\x06", *counts, len(entries), start, 0))
    )


def unpack(content: bytes) -> dict[str, bytes]:
    """The parts of what `pack` made.

    Raises
    ------
    RepackedError
        The same parts, or others, in another form.
    ContainerError
        It is something else, however slightly; says in what.
    """
    if len(content) > MOST_BYTES:
        raise ContainerError("the file is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            oddity = _oddity(entries, within=len(content))
            parts = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (
        zipfile.BadZipFile, EOFError, OSError, NotImplementedError, OverflowError,
        RuntimeError, struct.error, ValueError, zlib.error,
    ) as error:  # fmt: skip
        raise ContainerError(f"the file is no sound zip ({_shown(error)})") from error
    if oddity or pack(parts) != content:
        raise RepackedError(
            oddity
            or "the zip has bytes that belong to no part, or headers that contradict its directory",
            parts,
        )
    return parts


def _oddity(entries: list[zipfile.ZipInfo], *, within: int) -> str:
    """What another program does to a zip and nobody need fear, in words; empty if nothing.

    Raises
    ------
    ContainerError
        What no part of ours is.
    """
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS:
        raise ContainerError(f"the zip has {len(entries)} parts, more than {MOST_PARTS}")
    odd = ""
    for entry in entries:
        name = _shown(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if names.count(entry.filename) > 1:
            raise ContainerError(f"{name} is in the zip more than once")
        if entry.is_dir() and not entry.file_size and kind in (0, stat.S_IFDIR):
            odd = odd or f"{name} is a link or folder, no file"
            continue
        if kind not in (0, stat.S_IFREG):
            raise ContainerError(f"{name} is a link or folder, no file")
        if entry.orig_filename != entry.filename or not NAME.fullmatch(entry.filename):
            raise ContainerError(f"{name} is no name for a part")
        if entry.flag_bits & 1:
            raise ContainerError(f"{name} is encrypted")
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            odd = odd or f"{name} is compressed, which a bundle never is"
            within = MOST_UNCOMPRESSED_BYTES
    if sum(entry.file_size for entry in entries) > within:
        raise ContainerError("the parts claim to be larger than the file they are in")
    return odd


def _shown(what: object) -> str:
    """Words of a stranger's file, safe on a terminal."""
    return ascii(str(what))[: LONGEST_NAME_SHOWN + 2]
