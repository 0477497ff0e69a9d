"""A signed read as DICOM structured report: a Measurement Report (TID 1500).

One group holds the answers, one each finding with its sites, each mark with what it measured, and
each key image with the window it was seen in.

References
----------
DICOM PS3.3 A.35.13 (Comprehensive 3D SR), PS3.16 TID 1500, 1501, 1410, 300.
"""

from collections.abc import Iterator, Sequence

import highdicom.sr as sr
import numpy as np
from highdicom import UID
from pydicom.sr.coding import Code

from . import read_codes as code
from .document_file import code_scheme, evidence, observers, part10
from .read_document import (
    MANUFACTURER,
    ImageReference,
    InSpace,
    KeyImageDocument,
    MarkDocument,
    OnImage,
    ReadDocument,
    Word,
    uid,
)

SERIES_NUMBER = 9801
SERIES_DESCRIPTION = "Crescent read"

Group = sr.MeasurementsAndQualitativeEvaluations | sr.PlanarROIMeasurementsAndQualitativeEvaluations


def sop_instance_uid(document: ReadDocument) -> str:
    """Of the report: another one as soon as it would say anything else."""
    return uid(document.read_id, f"structured report {document.fingerprint}")


def write(document: ReadDocument) -> bytes:
    """The report as a DICOM file; the same document gives the same bytes."""
    person, device = observers(document)
    measurement_report = sr.MeasurementReport(
        observation_context=sr.ObservationContext(
            observer_person_context=person, observer_device_context=device
        ),
        procedure_reported=code.CT,
        imaging_measurements=list(_Writer(document).groups()),
        title=code.REPORT_TITLE,
        language_of_content_item_and_descendants=sr.LanguageOfContentItemAndDescendants(
            code.ENGLISH
        ),
    )
    report = sr.Comprehensive3DSR(
        evidence=evidence(document, document.images()),
        content=measurement_report[0],
        series_instance_uid=uid(document.read_id, "structured report series"),
        series_number=SERIES_NUMBER,
        series_description=SERIES_DESCRIPTION,
        sop_instance_uid=sop_instance_uid(document),
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MANUFACTURER,
        is_complete=True,
        is_final=True,
        coding_schemes=[code_scheme(document)],
    )
    return part10(report, document)


class _Writer:
    """Puts the parts of one document into groups."""

    def __init__(self, document: ReadDocument) -> None:
        self._document = document
        self._version = document.vocabulary_version

    def groups(self) -> Iterator[Group]:
        yield self._answers()
        for number, finding in enumerate(self._document.findings, 1):
            role = code.PRIMARY if number == 1 else code.FURTHER
            yield sr.MeasurementsAndQualitativeEvaluations(
                tracking_identifier=self._tracking("Finding", number),
                finding_type=self._answer(finding.finding),
                finding_sites=[sr.FindingSite(self._answer(site)) for site in finding.sites],
                qualitative_evaluations=[self._evaluation("finding_role", role)],
            )
        for mark in self._document.marks:
            yield self._mark(mark)
        for key_image in self._document.key_images:
            yield self._key_image(key_image)

    def _answers(self) -> Group:
        document = self._document
        remarks = code.REMARKS_WITHHELD if document.has_remarks else code.REMARKS_NONE
        answered: list[tuple[str, Word | None]] = [
            ("read_source", document.source),
            ("read_adequacy", document.adequacy),
            ("certainty", document.certainty),
            ("tip_level", document.tip_level),
            ("extent_from_level", document.extent_from_level),
            ("extent_to_level", document.extent_to_level),
            *(("information_shown", shown) for shown in document.information_shown),
            ("remarks", remarks),
            ("data", code.SYNTHETIC if document.is_synthetic else None),
        ]
        extent = document.extent_mm
        group = sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=self._tracking("Read"),
            measurements=[self._measured("extent", extent, code.MILLIMETRE)] if extent else None,
            qualitative_evaluations=[
                self._evaluation(name, word) for name, word in answered if word is not None
            ],
        )
        self._refer(group, "read_id", f"2.25.{document.read_id.int}")
        if document.supersedes is not None:
            self._refer(group, "supersedes", f"2.25.{document.supersedes.int}")
        return group

    def _mark(self, mark: MarkDocument) -> Group:
        tracking = self._tracking("Mark", mark.number)
        kind = [self._evaluation("measurement_kind", mark.kind)]
        between_points = _between_points(mark)
        group: Group
        if between_points is not None:
            group = sr.MeasurementsAndQualitativeEvaluations(
                tracking_identifier=tracking,
                measurements=[between_points],
                qualitative_evaluations=kind,
            )
        else:
            group = sr.PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=tracking,
                referenced_region=_region(mark),
                measurements=self._statistics(mark) or None,
                qualitative_evaluations=kind,
            )
        if isinstance(mark.place, InSpace):
            self._refer(group, "series", mark.place.series_instance_uid)
        return group

    def _statistics(self, mark: MarkDocument) -> list[sr.Measurement]:
        measured: list[sr.Measurement] = []
        if mark.area_mm2 is not None:
            measured.append(
                sr.Measurement(name=code.AREA, value=mark.area_mm2, unit=code.SQUARE_MILLIMETRE)
            )
        for value, derivation in (
            (mark.mean_hu, code.MEAN),
            (mark.sd_hu, code.STANDARD_DEVIATION),
            (mark.min_hu, code.MINIMUM),
            (mark.max_hu, code.MAXIMUM),
        ):
            if value is not None:
                measured.append(_attenuation(value, derivation))
        if mark.pixels is not None:
            measured.append(self._measured("pixels", mark.pixels, code.PIXELS))
        return measured

    def _key_image(self, key_image: KeyImageDocument) -> Group:
        return sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=self._tracking("Key image", key_image.number),
            finding_type=code.OF_INTEREST,
            measurements=[
                self._measured("window_centre", key_image.window_centre_hu, code.HOUNSFIELD_UNIT),
                self._measured("window_width", key_image.window_width_hu, code.HOUNSFIELD_UNIT),
            ],
            source_images=[sr.SourceImageForMeasurementGroup(*_referred(key_image.image))],
        )

    def _tracking(self, name: str, number: int | None = None) -> sr.TrackingIdentifier:
        identifier = name if number is None else f"{name} {number}"
        return sr.TrackingIdentifier(
            uid=UID(uid(self._document.read_id, identifier)), identifier=identifier
        )

    def _answer(self, word: Word) -> sr.CodedConcept:
        return code.answer(word, version=self._version)

    def _question(self, name: str) -> sr.CodedConcept:
        return code.question(name, version=self._version)

    def _evaluation(self, name: str, word: Word) -> sr.QualitativeEvaluation:
        return sr.QualitativeEvaluation(name=self._question(name), value=self._answer(word))

    def _measured(self, name: str, value: float, unit: Code) -> sr.Measurement:
        return sr.Measurement(name=self._question(name), value=value, unit=unit)

    def _refer(self, group: Group, name: str, referred: str) -> None:
        group[0].ContentSequence.append(
            sr.UIDRefContentItem(
                name=self._question(name),
                value=referred,
                relationship_type=sr.RelationshipTypeValues.CONTAINS,
            )
        )


def _referred(image: ImageReference) -> tuple[str, str, list[int] | None]:
    """Class, instance and frames from 1, as a reference names them."""
    frames = None if image.frame is None else [image.frame + 1]
    return image.sop_class_uid, image.sop_instance_uid, frames


def _attenuation(value: float, derivation: Code) -> sr.Measurement:
    return sr.Measurement(
        name=code.ATTENUATION, value=value, unit=code.HOUNSFIELD_UNIT, derivation=derivation
    )


def _points(mark: MarkDocument) -> Sequence[Sequence[float]]:
    return mark.place.points_px if isinstance(mark.place, OnImage) else mark.place.points_mm


def _between_points(mark: MarkDocument) -> sr.Measurement | None:
    """The length or angle; None of an area, a place, or an angle with an arm of no length."""
    if mark.length_mm is not None:
        name, value, unit = code.LENGTH, mark.length_mm, code.MILLIMETRE
    elif mark.angle_deg is not None:
        name, value, unit = code.ANGLE, mark.angle_deg, code.DEGREE
    else:
        return None
    where: sr.CoordinatesForMeasurement | sr.CoordinatesForMeasurement3D
    if isinstance(mark.place, OnImage):
        where = sr.CoordinatesForMeasurement(
            graphic_type=sr.GraphicTypeValues.POLYLINE,
            graphic_data=np.array(_points(mark)),
            source_image=sr.SourceImageForRegion(*_referred(mark.place.image)),
        )
    else:
        where = sr.CoordinatesForMeasurement3D(
            graphic_type=sr.GraphicTypeValues3D.POLYLINE,
            graphic_data=np.array(_points(mark)),
            frame_of_reference_uid=mark.place.frame_of_reference_uid,
        )
    return sr.Measurement(name=name, value=value, unit=unit, referenced_coordinates=[where])


GRAPHIC_TYPES = {
    "probe": "POINT",
    "arrow": "POINT",
    "ellipse": "ELLIPSE",
}


def _region(mark: MarkDocument) -> sr.ImageRegion | sr.ImageRegion3D:
    graphic_type = GRAPHIC_TYPES.get(mark.kind.code, "POLYLINE")
    drawn = np.array(_points(mark))
    if mark.kind.code == "freehand":
        drawn = np.concatenate([drawn, drawn[:1]])
    if isinstance(mark.place, OnImage):
        return sr.ImageRegion(
            graphic_type=graphic_type,
            graphic_data=drawn,
            source_image=sr.SourceImageForRegion(*_referred(mark.place.image)),
        )
    return sr.ImageRegion3D(
        graphic_type=graphic_type,
        graphic_data=drawn,
        frame_of_reference_uid=mark.place.frame_of_reference_uid,
    )
