"""Stored images on their way out: onto paper, and to the archives of others. A public door."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from functools import partial
from typing import Literal

from imaging.archive.configured import configured_archive
from imaging.archive.errors import ArchiveError
from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.deidentification import PSEUDONYM_DIGITS
from imaging.dicom.dicom_json import ADDRESS
from imaging.dicom.errors import FrameNotDecodableError
from imaging.dicom.rendering import PNG, Rendering
from imaging.dicom.slice_grid import SliceGrid, SliceNotPlacedError
from imaging.dicomweb.archive_connection import ArchiveAnswerError, ArchiveUnreachableError
from imaging.dicomweb.media_types import DICOM
from imaging.dicomweb.multipart_answer import OutgoingPart
from imaging.dicomweb.remote_archive_client import RemoteArchiveClient
from imaging.dicomweb.stored_there import StoredThere
from imaging.ingest.pool import shared_pool
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.ingest.stored_images import checked_files, chunks, headers, lines, rendered
from imaging.models import Instance, RemoteArchive, Study

MOST_BYTES_AT_ONCE = 64 * 1024 * 1024
"""A larger batch of images is sent in several requests, so that less is sent again."""

Result = Literal["stored", "present", "failed", "unknown"]


class ImageUnavailableError(Exception):
    """Nothing can be shown or given out of a stored image; the message says why."""


@dataclass(frozen=True)
class Picture:
    """A PNG with a pixel for each of the image, and how large that is in the patient.

    Without a pixel spacing a pixel counts as a square millimetre.
    """

    png: bytes
    columns: int
    rows: int
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class OutgoingFile:
    """A DICOM file that was written here."""

    sop_instance_uid: str
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What became of one instance.

    `present`: the archive had it, nothing was sent. `unknown`: it was sent, and the archive did
    not say what became of it. `reason` is its failure reason (0008,1197), where it gave one.
    """

    sop_instance_uid: str
    result: Result
    reason: int | None = None


@dataclass(frozen=True)
class Sent:
    """What became of everything, and what went wrong on the way; empty where nothing did."""

    outcomes: tuple[Outcome, ...]
    problem: str = ""


def pseudonym(study: Study) -> str:
    """Patient ID and Patient's Name as the stored files have them."""
    return (study.subject_key or "")[:PSEUDONYM_DIGITS].upper()


def study_time(instance: Instance) -> time | None:
    return InstanceAttributes.from_json(instance.attributes).study_time


def frame_of_reference_uid(instance: Instance) -> str:
    """In what the patient coordinates of an instance are meant, read from the stored file.

    Raises
    ------
    ImageUnavailableError
    """
    try:
        content = headers(
            [instance.stored_sha256], archive=configured_archive(), pool=shared_pool()
        )
    except (ArchiveError, ReadingProcessUnavailableError) as error:
        raise ImageUnavailableError("A stored image cannot be read at the moment.") from error
    header = json.loads(lines(content).replace(ADDRESS.encode(), b""))
    values = header.get("00200052", {}).get("Value")
    if not values:
        raise ImageUnavailableError("A stored image does not say what its coordinates refer to.")
    return str(values[0])


def places_px(
    instance: Instance, *, frame: int, points_mm: Sequence[Sequence[float]]
) -> list[tuple[float, float]]:
    """Column and row of points of the patient; (0, 0) is the corner of the first pixel.

    Raises
    ------
    ImageUnavailableError
    """
    try:
        grid = SliceGrid.of(InstanceAttributes.from_json(instance.attributes), frame=frame)
    except SliceNotPlacedError as error:
        raise ImageUnavailableError("A stored image does not say where it lies.") from error
    return [(column + 0.5, row + 0.5) for column, row in grid.pixels_of(points_mm).tolist()]


def picture(
    instance: Instance, *, frame: int, window_centre_hu: float, window_width_hu: float
) -> Picture:
    """A frame in a window.

    Raises
    ------
    ImageUnavailableError
    """
    rendering = Rendering(
        media_type=PNG, window_centre_hu=window_centre_hu, window_width_hu=window_width_hu
    )
    facts = InstanceAttributes.from_json(instance.attributes)
    columns, rows = facts.columns or 1, facts.rows or 1
    row_mm, column_mm = facts.pixel_spacing_mm or (1.0, 1.0)
    try:
        content = rendered(
            instance,
            index=frame,
            rendering=rendering,
            archive=configured_archive(),
            pool=shared_pool(),
        )
    except FrameNotDecodableError as error:
        raise ImageUnavailableError(f"The image cannot be shown: {error}.") from error
    except (ArchiveError, ReadingProcessUnavailableError) as error:
        raise ImageUnavailableError("The image cannot be read at the moment.") from error
    return Picture(content, columns, rows, columns * column_mm, rows * row_mm)


def send(
    archive: RemoteArchive, *, files: Sequence[OutgoingFile], images: Sequence[Instance]
) -> Sent:
    """Store files at an archive, and before them those images that it does not have.

    What the archive does not name as stored is not. It may be sent again at any time: the same
    files have the same UIDs.
    """
    client = RemoteArchiveClient(archive)
    outcomes: list[Outcome] = []
    try:
        lacking = _lacking(client, images)
        absent = {image.pk for image in lacking}
        outcomes += [
            Outcome(image.sop_instance_uid, "present") for image in images if image.pk not in absent
        ]
        for batch in _batches([*map(_image_part, lacking), *map(_file_part, files)]):
            uids = [uid for uid, _ in batch]
            try:
                there = client.store([part for _, part in batch])
            except ArchiveAnswerError as error:
                outcomes += [Outcome(uid, "unknown") for uid in uids]
                return Sent(tuple(outcomes), problem=str(error))
            outcomes += [_outcome(uid, there) for uid in uids]
    except ArchiveUnreachableError as error:
        return Sent(tuple(outcomes), problem=str(error))
    except (ArchiveError, ReadingProcessUnavailableError):
        return Sent(tuple(outcomes), problem="A stored image cannot be read at the moment.")
    return Sent(tuple(outcomes))


def _lacking(client: RemoteArchiveClient, images: Sequence[Instance]) -> list[Instance]:
    """Those that the archive does not say it has; one that cannot be searched says so once."""
    lacking: list[Instance] = []
    for position, image in enumerate(images):
        try:
            has = client.has(
                study_instance_uid=image.series.study.study_instance_uid,
                series_instance_uid=image.series.series_instance_uid,
                sop_instance_uid=image.sop_instance_uid,
            )
        except ArchiveAnswerError:
            return [*lacking, *images[position:]]
        if not has:
            lacking.append(image)
    return lacking


Part = tuple[str, OutgoingPart]


def _image_part(image: Instance) -> Part:
    path = checked_files.path(image, configured_archive())
    read = partial(chunks, path, offset=0, length=image.stored_bytes)
    return image.sop_instance_uid, OutgoingPart(DICOM, image.stored_bytes, read)


def _file_part(file: OutgoingFile) -> Part:
    return file.sop_instance_uid, OutgoingPart(
        DICOM, len(file.content), lambda: iter([file.content])
    )


def _batches(parts: Iterable[Part]) -> Iterator[list[Part]]:
    batch: list[Part] = []
    size = 0
    for part in parts:
        length = part[1].length or 0
        if batch and size + length > MOST_BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(part)
        size += length
    if batch:
        yield batch


def _outcome(uid: str, there: StoredThere) -> Outcome:
    if uid in there.stored:
        return Outcome(uid, "stored")
    if uid in there.failed:
        return Outcome(uid, "failed", there.failed[uid])
    return Outcome(uid, "unknown")
