"""What a search gives for each study, series and instance, in the DICOM JSON Model.

References
----------
DICOM PS3.18 10.6.3 (attributes), annex F.
"""

from collections.abc import Sequence
from typing import Any

from pydicom.datadict import dictionary_VR, tag_for_keyword

Row = Any
"""A model with the annotations of `imaging.queries.dicomweb_search`."""

Results = list[dict[str, Any]]


def study(row: Row, *, modalities: Sequence[str], address: str) -> dict[str, Any]:
    return _item(
        **_study(row, row),
        ModalitiesInStudy=[one for one in modalities if one],
        NumberOfStudyRelatedSeries=[row.series_count],
        NumberOfStudyRelatedInstances=[row.instance_count],
        RetrieveURL=[f"{address}/studies/{row.study_instance_uid}"],
    )


def series(row: Row, *, address: str) -> dict[str, Any]:
    return _item(
        **_study(row.study, row),
        **_series(row),
        NumberOfSeriesRelatedInstances=[row.instance_count],
        RetrieveURL=[_series_address(row, address)],
    )


def instance(row: Row, *, address: str, include: frozenset[int] | None) -> dict[str, Any]:
    facts = row.attributes
    always = _item(
        **_study(row.series.study, row),
        **_series(row.series),
        SOPClassUID=[row.sop_class_uid],
        SOPInstanceUID=[row.sop_instance_uid],
        AvailableTransferSyntaxUID=[row.transfer_syntax_uid],
        InstanceNumber=[row.instance_number],
        Rows=[facts["rows"]],
        Columns=[facts["columns"]],
        BitsAllocated=[facts["bits_allocated"]],
        NumberOfFrames=[row.frames] if row.frames > 1 else [],
        RetrieveURL=[f"{_series_address(row.series, address)}/instances/{row.sop_instance_uid}"],
    )
    on_top = _item(
        ImageType=facts["image_type"],
        BodyPartExamined=[facts["body_part"]],
        SliceThickness=[facts["slice_thickness_mm"]],
        KVP=[facts["kvp"]],
        ImagePositionPatient=facts["image_position_mm"],
        ImageOrientationPatient=facts["image_orientation"],
        PixelSpacing=facts["pixel_spacing_mm"],
        SamplesPerPixel=[facts["samples_per_pixel"]],
        PhotometricInterpretation=[facts["photometric_interpretation"]],
        BitsStored=[facts["bits_stored"]],
        PixelRepresentation=[facts["pixel_representation"]],
        WindowCenter=[facts["window_center_hu"]],
        WindowWidth=[facts["window_width_hu"]],
        RescaleIntercept=[facts["rescale_intercept"]],
        RescaleSlope=[facts["rescale_slope"]],
    )
    wanted = {tag for tag in on_top if include is None or int(tag, 16) in include}
    return dict(sorted((always | {tag: on_top[tag] for tag in wanted}).items()))


def _study(row: Row, found: Row) -> dict[str, Any]:
    """Of the study; empty where de-identification leaves nothing but the element."""
    return {
        "SpecificCharacterSet": ["ISO_IR 192"],
        "StudyDate": [row.study_date and f"{row.study_date:%Y%m%d}"],
        "StudyTime": [(found.study_time or "").replace(":", "")],
        "AccessionNumber": [],
        "InstanceAvailability": ["ONLINE"],
        "ReferringPhysicianName": [],
        "PatientName": [found.pseudonym and {"Alphabetic": found.pseudonym}],
        "PatientID": [found.pseudonym],
        "PatientBirthDate": [],
        "PatientSex": [],
        "StudyInstanceUID": [row.study_instance_uid],
        "StudyID": [],
    }


def _series(row: Row) -> dict[str, Any]:
    return {
        "Modality": [row.modality],
        "SeriesInstanceUID": [row.series_instance_uid],
        "SeriesNumber": [row.series_number],
    }


def _series_address(row: Row, address: str) -> str:
    return f"{address}/studies/{row.study.study_instance_uid}/series/{row.series_instance_uid}"


def _item(**values: Sequence[Any] | None) -> dict[str, Any]:
    """Attributes by tag; a value that is unknown is left out, the element stays."""
    item = {}
    for keyword, given in values.items():
        tag = tag_for_keyword(keyword)
        if tag is None:
            raise LookupError(keyword)
        known = [value for value in given or () if value not in (None, "")]
        vr = {"vr": dictionary_VR(tag)}
        item[f"{tag:08X}"] = vr | {"Value": known} if known else vr
    return dict(sorted(item.items()))
