"""A signed read as plain data: all that its DICOM objects say, and nothing that they do not.

No free text is in it and no name: the objects may leave the registry, and what somebody typed may
name a person. Whether remarks were written is told, their words are not.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

FORMAT_VERSION = 1
"""Goes up when the same read is written with other bytes from now on; a test keeps a hash."""

MANUFACTURER = "Crescent"

Point2D = tuple[float, float]
Point3D = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Word:
    """A member of a closed list of the vocabulary: list, code and label."""

    list_code: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Patient and study as the stored, de-identified images have them; None: empty there."""

    study_instance_uid: str
    pseudonym: str
    study_date: date | None
    study_time: time | None


@dataclass(frozen=True, slots=True)
class ImageReference:
    """One frame of a stored instance; `frame` counts from 0 and is None in a single-frame file."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class OnImage:
    """Points on one image, in (column, row) of its pixels, (0, 0) the corner of the first one.

    References
    ----------
    DICOM PS3.3 C.18.6 (Spatial Coordinates Macro).
    """

    image: ImageReference
    points_px: tuple[Point2D, ...]


@dataclass(frozen=True, slots=True)
class InSpace:
    """Points on a plane that was reformatted from a series, in mm of the patient (LPS).

    References
    ----------
    DICOM PS3.3 C.18.9 (3D Spatial Coordinates Macro).
    """

    series_instance_uid: str
    frame_of_reference_uid: str
    points_mm: tuple[Point3D, ...]


@dataclass(frozen=True, slots=True)
class MarkDocument:
    """One measurement or arrow with what it gave; a value that does not apply is None.

    The points of an ellipse are the ends of its longer axis, then of the other; of an arrow there
    is its tip alone. Those of a freehand outline are not closed.
    """

    number: int
    kind: Word
    place: OnImage | InSpace
    length_mm: float | None = None
    angle_deg: float | None = None
    area_mm2: float | None = None
    mean_hu: float | None = None
    sd_hu: float | None = None
    min_hu: float | None = None
    max_hu: float | None = None
    pixels: int | None = None


@dataclass(frozen=True, slots=True)
class KeyImageDocument:
    number: int
    image: ImageReference
    window_centre_hu: float
    window_width_hu: float


@dataclass(frozen=True, slots=True)
class FindingDocument:
    """What the read found; the first of a document is the primary one."""

    finding: Word
    sites: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A signed read.

    Attributes
    ----------
    reader
        A pseudonym: the same for all reads of one person, and nobody without the key of the
        installation can tell whose it is.
    signed_at
        In the time of the centre, as the times of the images are; without a zone.
    information_shown
        What the reader knew beside the images, in the order of the list.
    is_synthetic
        Something of it was made up, for a demonstration.
    supersedes
        The read that this one corrects.
    """

    read_id: uuid.UUID
    subject: Subject
    reader: str
    signed_at: datetime
    vocabulary_version: str
    source: Word
    adequacy: Word
    findings: tuple[FindingDocument, ...]
    information_shown: tuple[Word, ...] = ()
    certainty: Word | None = None
    tip_level: Word | None = None
    extent_mm: int | None = None
    extent_from_level: Word | None = None
    extent_to_level: Word | None = None
    has_remarks: bool = False
    is_synthetic: bool = False
    supersedes: uuid.UUID | None = None
    marks: tuple[MarkDocument, ...] = ()
    key_images: tuple[KeyImageDocument, ...] = ()

    def images(self) -> Iterator[ImageReference]:
        """Every image that a mark or key image refers to, in order, some more than once."""
        for mark in self.marks:
            if isinstance(mark.place, OnImage):
                yield mark.place.image
        for key_image in self.key_images:
            yield key_image.image

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all that is said, and the form it is said in."""
        plain = json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(f"{FORMAT_VERSION} {plain}".encode()).hexdigest()


def uid(read_id: uuid.UUID, name: str) -> str:
    """A UID for something of a read, always the same.

    References
    ----------
    RFC 9562 5.5 (UUID version 5), DICOM PS3.5 annex B.2 (UUID-derived UIDs).
    """
    return f"2.25.{uuid.uuid5(read_id, name).int}"
