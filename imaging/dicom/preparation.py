"""From a file that came in to the file that is stored: one pass, pixels untouched.

The header is parsed once and rewritten; the pixel bytes are written behind it as they are.
The caller makes the result durable (fsync, rename, fsync of the folder).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from pydicom.dataset import Dataset

from . import unused_bits
from .acceptance import accept
from .asked_for import AskedFor
from .attributes import InstanceAttributes
from .claimed_uids import ClaimedUids
from .element_values import date_of, first_text
from .errors import DicomError
from .header_shape import HeaderShapes
from .loading import load_header
from .prepared_file import PreparedFile
from .pseudonyms import Keys
from .source_instance import SourceInstance
from .stored_header import IMPLEMENTATION_CLASS_UID, StoredHeader, stored_pixel_length
from .test_images import Rule, check

__all__ = ["IMPLEMENTATION_CLASS_UID", "PreparedInstance", "prepare"]

SEXES = frozenset({"M", "F", "O"})
"""Patient's Sex (PS3.3 C.2.3)."""


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
    pixel_offset: int
    pixel_length: int
    frames: int
    attributes: InstanceAttributes
    patient_sex: str = ""
    patient_birth_year: int | None = None
    body_part: str = ""
    not_displayable: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)
    manifest_sha256: str = ""
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
    shapes: HeaderShapes | None = None,
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
    shapes
        Of the series that came before: it is quicker with them, and the same comes of it.

    Raises
    ------
    DicomError
        The file is refused or quarantined; the subclass names the reason.
    OSError
        The disk failed; this is not the file's fault.
    """
    loaded = load_header(source, overridden=overridden, shapes=shapes)
    header = checked_header(
        loaded,
        keys=keys,
        centre_code=centre_code,
        expected=expected,
        asked=asked,
        overridden=overridden,
        rules=rules,
    )
    with memoryview(loaded.content) as content:
        end = loaded.pixel_offset + loaded.pixel_length
        with content[loaded.pixel_offset : end] as pixels:
            check_pixels(loaded, pixels)
            with PreparedFile(output, header.content) as file:
                file.write(pixels)
                stored_sha256 = file.finish(stored_pixel_length(loaded))
    return prepared_instance(loaded, header, stored_sha256=stored_sha256)


def checked_header(
    loaded: SourceInstance,
    *,
    keys: Keys,
    centre_code: str,
    expected: ClaimedUids | None,
    asked: AskedFor | None,
    overridden: frozenset[str],
    rules: Sequence[Rule],
) -> StoredHeader:
    """What is stored before the pixels of a file whose header holds nothing against it.

    Raises
    ------
    DicomError
        As `prepare`; nothing is said of the pixels.
    """
    claimed = ClaimedUids.of(loaded.dataset)
    try:
        claimed.check(expected)
        if asked is not None:
            asked.check(loaded.dataset)
        accept(loaded, overridden=overridden)
        check(loaded, rules, overridden=overridden)
        return StoredHeader(loaded, keys=keys, centre_code=centre_code)
    except DicomError as error:
        error.claimed = claimed
        raise


def check_pixels(loaded: SourceInstance, pixels: memoryview) -> None:
    """Refuse pixels that hide something.

    Raises
    ------
    DicomError
    """
    try:
        unused_bits.check(loaded, pixels)
    except DicomError as error:
        error.claimed = ClaimedUids.of(loaded.dataset)
        raise


def prepared_instance(
    loaded: SourceInstance, header: StoredHeader, *, stored_sha256: str
) -> PreparedInstance:
    """All there is to know of the file that was written."""
    return PreparedInstance(
        study_instance_uid=header.uid(0x0020000D),
        series_instance_uid=header.uid(0x0020000E),
        sop_instance_uid=header.uid(0x00080018),
        sop_class_uid=header.uid(0x00080016),
        transfer_syntax_uid=header.transfer_syntax_uid,
        subject_key=header.subject_key,
        stored_sha256=stored_sha256,
        stored_bytes=len(header.content) + stored_pixel_length(loaded),
        pixel_offset=len(header.content),
        pixel_length=stored_pixel_length(loaded),
        frames=loaded.frames,
        attributes=header.attributes,
        patient_sex=_sex(loaded.dataset),
        patient_birth_year=_birth_year(loaded.dataset),
        body_part=header.attributes.body_part or "",
        not_displayable=header.attributes.not_displayable_reason or "",
        manifest=header.manifest,
        manifest_sha256=header.manifest_sha256,
        claimed=ClaimedUids.of(loaded.dataset),
    )


def _sex(dataset: Dataset) -> str:
    sex = (first_text(dataset, 0x00100040) or "").upper()
    return sex if sex in SEXES else ""


def _birth_year(dataset: Dataset) -> int | None:
    born = date_of((first_text(dataset, 0x00100030) or "").replace(".", ""))
    return born.year if born is not None else None
