"""From a file that came in to the file that is stored: one pass, pixels untouched.

The header is parsed once and rewritten; the pixel bytes are streamed behind it as they are.
The caller makes the result durable (fsync, rename, fsync of the folder).

References
----------
DICOM PS3.10 section 7.1 (File Meta Information).
"""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from .acceptance import accept
from .asked_for import AskedFor
from .attributes import InstanceAttributes
from .claimed_uids import ClaimedUids
from .deidentification import Deidentifier, Keys, source_subject_key
from .element_values import date_of, first_text
from .elements import LONG_VRS, PIXEL_DATA, UNDEFINED_LENGTH, Encoding, encode
from .errors import DicomError, ResidualIdentifierError
from .loading import load_header
from .manifest import Manifest
from .source_instance import SourceInstance
from .test_images import Rule, check

IMPLEMENTATION_CLASS_UID = "2.25.253404186930107526149370423137104690893"
IMPLEMENTATION_VERSION_NAME = "CRESCENT_0_1"

SEXES = frozenset({"M", "F", "O"})
"""Patient's Sex (PS3.3 C.2.3)."""

CHUNK_BYTES = 1024 * 1024
"""How much of the pixels is in memory at a time."""

_EXPLICIT_LITTLE = Encoding(implicit_vr=False, little_endian=True)


@dataclass(frozen=True, slots=True)
class PreparedInstance:
    """A de-identified file ready to be made durable; every UID is pseudonymous.

    `pixel_offset` and `pixel_length` span the pixel value bytes in the output file. Sex and year
    of birth are of the source, for the comparison with the case; the stored file has neither.
    `manifest` is what `imaging.dicom.manifest` says was done, as JSON.
    """

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    subject_key: str | None
    stored_sha256: str
    stored_bytes: int
    pixel_sha256: str
    pixel_offset: int
    pixel_length: int
    frames: int
    attributes: InstanceAttributes
    patient_sex: str = ""
    patient_birth_year: int | None = None
    body_part: str = ""
    not_displayable: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)
    claimed: ClaimedUids = field(default_factory=ClaimedUids)

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain JSON values."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {
            **plain,
            "attributes": self.attributes.to_json(),
            "claimed": self.claimed.to_json(),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Build from what `to_json` returned."""
        return cls(
            **{
                **plain,
                "attributes": InstanceAttributes.from_json(plain["attributes"]),
                "claimed": ClaimedUids.from_json(plain["claimed"]),
            }
        )


def prepare(
    source: Path,
    output: Path,
    *,
    keys: Keys,
    centre_code: str,
    expected: ClaimedUids | None = None,
    asked: AskedFor | None = None,
    overridden: frozenset[str] = frozenset(),
    rules: Sequence[Rule] = (),
) -> PreparedInstance:
    """Check, de-identify and write one file.

    Parameters
    ----------
    source
        The file as it came in; it is not changed.
    output
        Where the de-identified file goes. After a refusal nothing is there.
    expected
        Which object the sender said it is.
    asked
        Which study was asked for, when it was pulled.
    overridden
        Reason codes that a person has overruled for this file.
    rules
        By which test images are told.

    Raises
    ------
    DicomError
        The file is refused or quarantined; the subclass names the reason.
    OSError
        The disk failed; this is not the file's fault.
    """
    loaded = load_header(source, overridden=overridden)
    claimed = ClaimedUids.of(loaded.dataset)
    try:
        claimed.check(expected)
        if asked is not None:
            asked.check(loaded.dataset)
        accept(loaded, overridden=overridden)
        check(loaded, rules, overridden=overridden)
        header = _Header(loaded, keys=keys, centre_code=centre_code)
    except DicomError as error:
        error.claimed = claimed
        raise
    written = False
    try:
        stored_sha256, pixel_sha256 = _write(loaded, header.content, output)
        written = True
    finally:
        if not written:
            output.unlink(missing_ok=True)
    return PreparedInstance(
        study_instance_uid=header.uid(0x0020000D),
        series_instance_uid=header.uid(0x0020000E),
        sop_instance_uid=header.uid(0x00080018),
        sop_class_uid=header.uid(0x00080016),
        transfer_syntax_uid=loaded.transfer_syntax_uid,
        subject_key=header.subject_key,
        stored_sha256=stored_sha256,
        stored_bytes=len(header.content) + loaded.pixel_length,
        pixel_sha256=pixel_sha256,
        pixel_offset=len(header.content),
        pixel_length=loaded.pixel_length,
        frames=loaded.frames,
        attributes=header.attributes,
        patient_sex=_sex(loaded.dataset),
        patient_birth_year=_birth_year(loaded.dataset),
        body_part=header.attributes.body_part or "",
        not_displayable=header.attributes.not_displayable_reason or "",
        manifest=header.manifest.to_json(),
        claimed=claimed,
    )


def _sex(dataset: Dataset) -> str:
    sex = (first_text(dataset, 0x00100040) or "").upper()
    return sex if sex in SEXES else ""


def _birth_year(dataset: Dataset) -> int | None:
    born = date_of((first_text(dataset, 0x00100030) or "").replace(".", ""))
    return born.year if born is not None else None


class _Header:
    """Everything of the stored file that comes before the pixel bytes."""

    def __init__(self, source: SourceInstance, *, keys: Keys, centre_code: str) -> None:
        run = Deidentifier(source, keys=keys, centre_code=centre_code)
        self._dataset = run.run()
        self.subject_key = source_subject_key(source, keys=keys, centre_code=centre_code)
        encoding = Encoding(source.implicit_vr, source.little_endian)
        meta = _file_meta(
            sop_class_uid=self.uid(0x00080016),
            sop_instance_uid=self.uid(0x00080018),
            transfer_syntax_uid=source.transfer_syntax_uid,
        )
        body = meta + encode(self._dataset, encoding)
        own = (*run.written, IMPLEMENTATION_VERSION_NAME.encode("ascii"))
        if run.identifiers.found_in(body, written=own):
            raise ResidualIdentifierError
        self.content = b"\0" * 128 + b"DICM" + body + _pixel_head(source, encoding)
        self.manifest = Manifest()
        self.attributes = InstanceAttributes.of(
            self._dataset, transfer_syntax_uid=source.transfer_syntax_uid
        )

    def uid(self, tag: int) -> str:
        return first_text(self._dataset, tag) or ""


def _file_meta(*, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> bytes:
    """Fresh File Meta Information: nothing of the source but SOP class and transfer syntax."""
    elements: dict[int, tuple[str, bytes]] = {
        0x00020001: ("OB", b"\0\1"),
        0x00020002: ("UI", sop_class_uid.encode("ascii")),
        0x00020003: ("UI", sop_instance_uid.encode("ascii")),
        0x00020010: ("UI", transfer_syntax_uid.encode("ascii")),
        0x00020012: ("UI", IMPLEMENTATION_CLASS_UID.encode("ascii")),
        0x00020013: ("SH", IMPLEMENTATION_VERSION_NAME.encode("ascii")),
    }
    dataset = Dataset()
    for tag, (vr, value) in elements.items():
        base_tag = BaseTag(tag)
        dataset._dict[base_tag] = RawDataElement(base_tag, vr, len(value), value, 0, False, True)
    encoded = encode(dataset, _EXPLICIT_LITTLE)
    return struct.pack("<HH2sHI", 0x0002, 0x0000, b"UL", 4, len(encoded)) + encoded


def _pixel_head(source: SourceInstance, encoding: Encoding) -> bytes:
    order = "<" if encoding.little_endian else ">"
    group, number = PIXEL_DATA >> 16, PIXEL_DATA & 0xFFFF
    length = UNDEFINED_LENGTH if source.encapsulated else source.pixel_length
    if encoding.implicit_vr:
        return struct.pack(order + "HHI", group, number, length)
    vr = source.pixel_vr.encode("ascii")
    if vr not in LONG_VRS:
        raise ValueError(source.pixel_vr)
    return struct.pack(order + "HH2sHI", group, number, vr, 0, length)


def _write(source: SourceInstance, header: bytes, output: Path) -> tuple[str, str]:
    """Write header and pixels; return the SHA-256 of the whole and of the pixel bytes."""
    stored, pixels = hashlib.sha256(header), hashlib.sha256()
    left = source.pixel_length
    with (
        source.path.open("rb", buffering=0) as reader,
        output.open("wb") as writer,  # buffered: a raw file may write less than it is given
    ):
        writer.write(header)
        reader.seek(source.pixel_offset)
        while left:
            chunk = reader.read(min(CHUNK_BYTES, left))
            if not chunk:
                raise OSError("the source became shorter while it was read")
            writer.write(chunk)
            stored.update(chunk)
            pixels.update(chunk)
            left -= len(chunk)
    return stored.hexdigest(), pixels.hexdigest()
