"""What structured report and key object selection have in common: header, observers, bytes."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import highdicom.sr as sr
from highdicom.coding_schemes import CodingSchemeIdentificationItem
from pydicom.dataset import Dataset
from pydicom.filewriter import dcmwrite
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import DA, TM

from . import read_codes as code
from .read_document import (
    FORMAT_VERSION,
    MANUFACTURER,
    ImageReference,
    ReadDocument,
    Subject,
    uid,
)

UTF_8 = "ISO_IR 192"
SOFTWARE = f"read export {FORMAT_VERSION}"
IMPLEMENTATION_CLASS_UID = "2.25.253404186930107526149370423137104690893"
IMPLEMENTATION_VERSION_NAME = f"CRESCENT_READ_{FORMAT_VERSION}"
TIMES_OF_WRITING = ("InstanceCreationDate", "InstanceCreationTime", "ContributingEquipmentSequence")
"""They would make each file another one, and tell of the library alone."""


def observers(document: ReadDocument) -> tuple[sr.ObserverContext, sr.ObserverContext]:
    """The reader under a pseudonym, and this program (TID 1003, 1004)."""
    person = sr.ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(
            name=f"{document.reader}^"
        ),
    )
    device = sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(
            uid=IMPLEMENTATION_CLASS_UID,
            name=MANUFACTURER,
            manufacturer_name=MANUFACTURER,
            model_name=SOFTWARE,
        ),
    )
    return person, device


def code_scheme(document: ReadDocument) -> CodingSchemeIdentificationItem:
    return CodingSchemeIdentificationItem(
        designator=code.SCHEME,
        name=code.SCHEME_NAME,
        version=document.vocabulary_version,
        responsible_organization=MANUFACTURER,
    )


def evidence(document: ReadDocument, images: Iterable[ImageReference]) -> list[Dataset]:
    """The headers of the images that are referred to, each once; of none a header alone.

    Those of the document's own study come first: the library takes the first for its study.
    """
    own = document.subject.study_instance_uid
    ordered = sorted(images, key=lambda image: image.study_instance_uid != own)
    by_uid = {image.sop_instance_uid: image for image in ordered}
    return [_header(document, image) for image in by_uid.values()] or [_header(document, None)]


def _header(document: ReadDocument, image: ImageReference | None) -> Dataset:
    subject = document.subject
    header = Dataset()
    header.StudyInstanceUID = image.study_instance_uid if image else subject.study_instance_uid
    header.SeriesInstanceUID = (
        image.series_instance_uid if image else uid(document.read_id, "no series")
    )
    header.SOPInstanceUID = image.sop_instance_uid if image else uid(document.read_id, "no image")
    header.SOPClassUID = image.sop_class_uid if image else "1.2.840.10008.5.1.4.1.1.2"
    header.PatientID = subject.pseudonym
    header.PatientName = header.PatientBirthDate = header.PatientSex = ""
    header.StudyDate = f"{subject.study_date:%Y%m%d}" if subject.study_date else ""
    header.StudyTime = _tm(subject.study_time)
    header.AccessionNumber = header.StudyID = header.ReferringPhysicianName = ""
    # What the library takes for an image has a size; nothing of it is written.
    header.Rows = header.Columns = 1
    return header


def _tm(moment: time | None) -> str:
    """A time as DICOM writes it, no more precise than it is (PS3.5 6.2)."""
    if moment is None:
        return ""
    return f"{moment:%H%M%S.%f}" if moment.microsecond else f"{moment:%H%M%S}"


def part10(dataset: Any, document: ReadDocument) -> bytes:
    """The file; everything that depends on the moment or on the library is replaced.

    References
    ----------
    DICOM PS3.10 7.1.
    """
    for keyword in TIMES_OF_WRITING:
        if keyword in dataset:
            delattr(dataset, keyword)
    subject = document.subject
    dataset.SpecificCharacterSet = UTF_8
    dataset.StudyInstanceUID = subject.study_instance_uid
    dataset.PatientName = dataset.PatientID = subject.pseudonym
    dataset.SoftwareVersions = SOFTWARE
    dataset.ContentDate = dataset.SeriesDate = f"{document.signed_at:%Y%m%d}"
    dataset.ContentTime = dataset.SeriesTime = f"{document.signed_at:%H%M%S}"
    meta = dataset.file_meta
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    written = io.BytesIO()
    dcmwrite(written, dataset, enforce_file_format=True)
    return written.getvalue()


def subject_of(dataset: Dataset) -> Subject:
    """The header as `part10` wrote it."""
    return Subject(
        study_instance_uid=str(dataset.StudyInstanceUID),
        pseudonym=str(dataset.PatientID),
        study_date=DA(dataset.StudyDate) or None,
        study_time=TM(dataset.StudyTime) or None,
    )


def reader_of(observer: Dataset) -> str:
    return str(observer.PersonName).rstrip("^")


def signed_at_of(dataset: Dataset) -> datetime:
    return datetime.strptime(  # noqa: DTZ007 - the time of the centre, as in the images
        f"{dataset.ContentDate} {dataset.ContentTime}", "%Y%m%d %H%M%S"
    )


def references_of(dataset: Dataset) -> dict[str, ImageReference]:
    """The images that the evidence names, without frames, by SOP Instance UID."""
    found = {}
    for keyword in ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence"):
        for study in dataset.get(keyword, ()):
            for series in study.ReferencedSeriesSequence:
                for instance in series.ReferencedSOPSequence:
                    uid_of_instance = str(instance.ReferencedSOPInstanceUID)
                    found[uid_of_instance] = ImageReference(
                        study_instance_uid=str(study.StudyInstanceUID),
                        series_instance_uid=str(series.SeriesInstanceUID),
                        sop_instance_uid=uid_of_instance,
                        sop_class_uid=str(instance.ReferencedSOPClassUID),
                    )
    return found


def image_of(item: Dataset, references: Mapping[str, ImageReference]) -> ImageReference:
    """What an IMAGE item refers to, with its frame."""
    referenced = item.ReferencedSOPSequence[0]
    frame = referenced.get("ReferencedFrameNumber")
    return replace(
        references[str(referenced.ReferencedSOPInstanceUID)],
        frame=None if frame is None else int(frame) - 1,
    )
