"""The key images of a read as DICOM Key Object Selection (TID 2010), and back.

References
----------
DICOM PS3.3 A.35.4, C.17.6; PS3.16 TID 2010, CID 7010.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
from highdicom.sr.utils import collect_evidence
from pydicom import dcmread

from . import read_codes as code
from .document_file import (
    evidence,
    image_of,
    observers,
    part10,
    reader_of,
    references_of,
    signed_at_of,
    subject_of,
)
from .read_document import MANUFACTURER, ImageReference, ReadDocument, Subject, uid

SERIES_NUMBER = 9802
SERIES_DESCRIPTION = "Crescent key images"


class NoKeyImagesError(Exception):
    """The reader marked no key image, and a selection of nothing is none."""


@dataclass(frozen=True, slots=True)
class KeyObjects:
    """What a selection says."""

    subject: Subject
    reader: str
    signed_at: datetime
    images: tuple[ImageReference, ...]


def selected(document: ReadDocument) -> KeyObjects:
    return KeyObjects(
        subject=document.subject,
        reader=document.reader,
        signed_at=document.signed_at,
        images=tuple(key_image.image for key_image in document.key_images),
    )


def sop_instance_uid(document: ReadDocument) -> str:
    return uid(document.read_id, f"key objects {document.fingerprint}")


def write(document: ReadDocument) -> bytes:
    """The selection as a DICOM file; the same document gives the same bytes.

    Raises
    ------
    NoKeyImagesError
    """
    images = selected(document).images
    if not images:
        raise NoKeyImagesError
    person, device = observers(document)
    content = KeyObjectSelection(
        document_title=code.OF_INTEREST,
        referenced_objects=[header for image in images for header in evidence(document, [image])],
        observer_person_context=person,
        observer_device_context=device,
    )
    _name_frames(content, images)
    headers = evidence(document, images)
    own_study, other_studies = collect_evidence(
        headers, content[0], study_instance_uid=document.subject.study_instance_uid
    )
    for header in headers:
        # The library refuses a selection from several studies, which the standard allows.
        header.StudyInstanceUID = document.subject.study_instance_uid
    selection = KeyObjectSelectionDocument(
        evidence=headers,
        content=content,
        series_instance_uid=uid(document.read_id, "key objects series"),
        series_number=SERIES_NUMBER,
        series_description=SERIES_DESCRIPTION,
        sop_instance_uid=sop_instance_uid(document),
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MANUFACTURER,
    )
    selection.CurrentRequestedProcedureEvidenceSequence = [*own_study, *other_studies]
    return part10(selection, document)


def read(content: bytes) -> KeyObjects:
    """What `write` wrote."""
    dataset = dcmread(io.BytesIO(content))
    references = references_of(dataset)
    items = list(dataset.ContentSequence)
    [reader] = [reader_of(item) for item in items if item.ValueType == "PNAME"]
    return KeyObjects(
        subject=subject_of(dataset),
        reader=reader,
        signed_at=signed_at_of(dataset),
        images=tuple(image_of(item, references) for item in items if item.ValueType == "IMAGE"),
    )


def _name_frames(content: KeyObjectSelection, images: Sequence[ImageReference]) -> None:
    items = [item for item in content[0].ContentSequence if item.ValueType == "IMAGE"]
    for item, image in zip(items, images, strict=True):
        if image.frame is not None:
            item.ReferencedSOPSequence[0].ReferencedFrameNumber = image.frame + 1
