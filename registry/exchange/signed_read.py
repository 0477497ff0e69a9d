"""What a signed read of the database says, as the plain data that leaves."""

import math
import struct
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.crypto import salted_hmac

from imaging import outbound
from imaging.models import Instance, Study
from registry.models import ImagingFinding, Read, ReadKeyImage, ReadMeasurement
from registry.vocabulary import (
    Certainty,
    ClosedList,
    ImagingFindingCode,
    ImagingSite,
    InformationShown,
    MeasurementKind,
    ReadAdequacy,
    ReadSource,
    SpinalLevel,
)

from .read_document import (
    FindingDocument,
    ImageReference,
    InSpace,
    KeyImageDocument,
    MarkDocument,
    OnImage,
    ReadDocument,
    Subject,
    Word,
)

Points = Sequence[Sequence[float]]


class NoImagesError(Exception):
    """The read belongs to no stored images: there is no DICOM study it could be a part of."""


def document_of(read: Read) -> ReadDocument:
    """Everything of a read that leaves.

    Raises
    ------
    NoImagesError
    ImageUnavailableError
        A stored image that a mark was drawn on cannot be read.
    """
    measurements = read.measurements.select_related("series", "instance__series__study")
    key_images = read.key_images.select_related("instance__series__study")
    study = _study(read, [*measurements, *key_images])
    centre = read.contrast_study.case.patient.centre
    assert read.signed_at is not None
    return ReadDocument(
        read_id=read.public_id,
        subject=_subject(study),
        reader=_pseudonym(read.reader_id),
        signed_at=read.signed_at.astimezone(ZoneInfo(centre.time_zone)).replace(
            tzinfo=None, microsecond=0
        ),
        vocabulary_version=read.vocabulary_version,
        source=_word(ReadSource, read.source),
        adequacy=_word(ReadAdequacy, read.adequacy),
        findings=tuple(_finding(finding) for finding in read.findings.all()),
        information_shown=tuple(
            _word(InformationShown, member.code)
            for member in InformationShown
            if member.code in read.information_shown
        ),
        certainty=_word(Certainty, str(read.certainty)) if read.certainty else None,
        tip_level=_level(read.tip_level),
        extent_mm=read.extent_mm,
        extent_from_level=_level(read.extent_from_level),
        extent_to_level=_level(read.extent_to_level),
        has_remarks=bool(read.remarks),
        is_synthetic=read.is_synthetic,
        supersedes=read.supersedes.public_id if read.supersedes else None,
        marks=tuple(_mark(measurement) for measurement in measurements),
        key_images=tuple(
            KeyImageDocument(
                number=key_image.number,
                image=_reference(key_image.instance, key_image.frame),
                window_centre_hu=key_image.window_centre_hu,
                window_width_hu=key_image.window_width_hu,
            )
            for key_image in key_images
        ),
    )


def images_of(read: Read) -> list[Instance]:
    """The stored images that marks and key images refer to, each once."""
    found = {
        mark.instance.pk: mark.instance
        for marks in (read.measurements, read.key_images)
        for mark in marks.select_related("instance__series__study")
        if mark.instance is not None
    }
    return list(found.values())


def _study(read: Read, marks: Sequence[ReadMeasurement | ReadKeyImage]) -> Study:
    """The DICOM study the documents belong to: that of the first mark, else the first linked."""
    for mark in marks:
        if mark.instance is not None:
            return mark.instance.series.study
    for link in read.contrast_study.study_links.select_related("study").order_by("pk"):
        return link.study
    raise NoImagesError


def _subject(study: Study) -> Subject:
    first = Instance.objects.filter(series__study=study).order_by("pk").first()
    if first is None:
        raise NoImagesError
    return Subject(
        study_instance_uid=study.study_instance_uid,
        pseudonym=outbound.pseudonym(study),
        study_date=study.study_date,
        study_time=outbound.study_time(first),
    )


def _pseudonym(reader_id: int) -> str:
    """The same for all reads of a person; the key is the one that is for good."""
    secret = settings.CRESCENT_DEID_KEY
    digest = salted_hmac("crescent/reader", str(reader_id), secret=secret, algorithm="sha256")
    return f"READER-{digest.hexdigest()[:8].upper()}"


def _word(members: type[ClosedList], code: str) -> Word:
    member = members.get(code)
    return Word(members.list_code, member.code, member.term.label)


def _level(code: str) -> Word | None:
    return _word(SpinalLevel, code) if code else None


def _finding(finding: ImagingFinding) -> FindingDocument:
    return FindingDocument(
        finding=_word(ImagingFindingCode, finding.code),
        sites=tuple(
            _word(ImagingSite, code) for code in sorted(site.code for site in finding.sites.all())
        ),
    )


def _mark(measurement: ReadMeasurement) -> MarkDocument:
    points = _told_points(measurement.kind, measurement.points_mm)
    place: OnImage | InSpace
    if measurement.instance is not None and measurement.frame is not None:
        places = outbound.places_px(measurement.instance, frame=measurement.frame, points_mm=points)
        place = OnImage(
            image=_reference(measurement.instance, measurement.frame),
            points_px=tuple((_single(column), _single(row)) for column, row in places),
        )
    else:
        place = InSpace(
            series_instance_uid=measurement.series.series_instance_uid,
            frame_of_reference_uid=_frame_of_reference_uid(measurement),
            points_mm=tuple((_single(x), _single(y), _single(z)) for x, y, z in points),
        )
    return MarkDocument(
        number=measurement.number,
        kind=_word(MeasurementKind, measurement.kind),
        place=place,
        length_mm=measurement.length_mm,
        angle_deg=measurement.angle_deg,
        area_mm2=measurement.area_mm2,
        mean_hu=measurement.mean_hu,
        sd_hu=measurement.sd_hu,
        min_hu=measurement.min_hu,
        max_hu=measurement.max_hu,
        pixels=measurement.pixels,
    )


def _told_points(kind: str, points_mm: Points) -> Points:
    """As DICOM wants them: the longer axis of an ellipse first, of an arrow the tip.

    References
    ----------
    PS3.3 C.18.6.1.2 (Graphic Type).
    """
    if kind == MeasurementKind.ARROW.value:
        return points_mm[:1]
    if kind == MeasurementKind.ELLIPSE.value:
        one, other = points_mm[:2], points_mm[2:]
        return [*one, *other] if _distance(one) >= _distance(other) else [*other, *one]
    return points_mm


def _distance(ends: Points) -> float:
    start, end = ends
    return math.dist(start, end)


def _frame_of_reference_uid(measurement: ReadMeasurement) -> str:
    instance = measurement.series.instances.order_by("pk").first()
    if instance is None:
        raise NoImagesError
    return outbound.frame_of_reference_uid(instance)


def _reference(instance: Instance, frame: int) -> ImageReference:
    return ImageReference(
        study_instance_uid=instance.series.study.study_instance_uid,
        series_instance_uid=instance.series.series_instance_uid,
        sop_instance_uid=instance.sop_instance_uid,
        sop_class_uid=instance.sop_class_uid,
        frame=frame if instance.frames > 1 else None,
    )


def _single(value: float) -> float:
    """As a DICOM coordinate holds it (VR FL), so that what is written comes back equal."""
    (single,) = struct.unpack("<f", struct.pack("<f", value))
    return float(single)
