"""The allow-list: every attribute that may stay in a stored CT image, with its reason.

What is not here is removed on every nesting level, whether Table E.1-1 knows it or not. What
is here is still subject to the table (an attribute of type 2 that the table empties stays as
an empty element) and to the rules for its value: text is kept only where it follows a
pattern that leaves no room for prose, and where it repeats no identifier of the source
(`imaging.dicom.identifiers`).

Not kept although the table would allow it: model name, software version, station and all
other free text. Sex, age, size and weight go because the option to retain patient
characteristics (113108) is not claimed; the registry's own form holds what the analysis
needs. The contrast agent is kept as a code only.

References
----------
DICOM PS3.3 A.3 (CT Image IOD), A.38 (Enhanced CT), A.70 (Legacy Converted Enhanced CT).
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pydicom.datadict import dictionary_VM, dictionary_VR, tag_for_keyword

from . import kept_terms as terms
from .kept_terms import DUMMY_TEXT, STANDARD_TERMS

__all__ = [
    "CODED_TERMS",
    "DATES_AND_TIMES",
    "DUMMY_TEXT",
    "ENHANCED_ONLY",
    "KEPT_ATTRIBUTES",
    "KEPT_BY_KEYWORD",
    "REASONS",
    "STANDARD_TERMS",
    "AttributeType",
    "KeptAttribute",
]

AttributeType = Literal["1", "2", "3"]


@dataclass(frozen=True, slots=True)
class KeptAttribute:
    """One allowed attribute.

    `attribute_type` is its type in the CT IOD: when its value has to go, type 1 gets a dummy,
    type 2 stays empty and type 3 disappears. A text stays if it is one of `terms` (case makes no
    difference) or fits `pattern`. `max_values` (None: any number) is the upper end of its VM.
    `coded` sequences keep known codes only.
    """

    keyword: str
    tag: int
    vrs: frozenset[str]
    max_values: int | None
    attribute_type: AttributeType
    reason: str
    terms: frozenset[str] | None = None
    pattern: re.Pattern[str] | None = None
    coded: bool = False
    items: Mapping[int, "KeptAttribute"] = field(default_factory=dict)

    def allows(self, text: str) -> bool:
        """Whether one component of a text is of the closed list or pattern."""
        if not text.isascii():
            return False
        if self.terms is not None and text.upper() in self.terms:
            return True
        return self.pattern is not None and self.pattern.fullmatch(text) is not None


REASONS: Mapping[str, str] = {
    "instance": "says which object this is; UIDs are replaced",
    "empty": "the IOD demands the element; its value is always removed",
    "time": "intervals are the analysis (Retain Longitudinal Temporal Information, full dates)",
    "pixels": "without it the pixels cannot be decoded",
    "values": "turns stored values into HU and grey levels",
    "geometry": "says where each pixel lies in the patient",
    "anatomy": "says which part of the body, by code or standard term",
    "acquisition": "how the scanner was set; decides metal artefacts, noise and comparability",
    "contrast": "amount, route and timing of the contrast medium",
    "series": "order and role of the image within its series",
    "frames": "the same facts, per frame, in an enhanced image",
}
"""Why an attribute is kept: the reason groups of the table below."""


def _read_coded_terms() -> dict[tuple[str, str], str]:
    with (Path(__file__).parent / "coded_terms.csv").open(newline="") as file:
        return {(row["scheme"], row["code"]): row["meaning"] for row in csv.DictReader(file)}


CODED_TERMS = _read_coded_terms()
"""(coding scheme, code) -> meaning: the codes that may stay.

PS3.16 context groups 11 (routes), 12 and 13 (contrast agents and ingredients), 4030 (CT
anatomy) and 4052 (phantoms), as listed by pydicom 3.0.2, SNOMED codes in both spellings. The
meaning is written from here, never copied: Code Meaning is free text.
"""


def _kept(
    keyword: str,
    attribute_type: AttributeType,
    reason: str,
    *,
    terms: frozenset[str] | None = None,
    pattern: re.Pattern[str] | None = None,
    coded: bool = False,
    items: tuple[KeptAttribute, ...] = (),
) -> KeptAttribute:
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise LookupError(keyword)
    return KeptAttribute(
        keyword=keyword,
        tag=tag,
        vrs=frozenset(dictionary_VR(tag).split(" or ")),
        max_values=int(most) if (most := dictionary_VM(tag).rpartition("-")[2]).isdigit() else None,
        attribute_type=attribute_type,
        reason=reason,
        terms=terms,
        pattern=pattern,
        coded=coded,
        items={item.tag: item for item in items},
    )


def _all(reason: str, attribute_type: AttributeType, keywords: str) -> tuple[KeptAttribute, ...]:
    return tuple(_kept(keyword, attribute_type, reason) for keyword in keywords.split())


def _texts(
    reason: str, attribute_type: AttributeType, **terms_by_keyword: frozenset[str]
) -> tuple[KeptAttribute, ...]:
    return tuple(
        _kept(keyword, attribute_type, reason, terms=allowed)
        for keyword, allowed in terms_by_keyword.items()
    )


def _coded(reason: str, keywords: str) -> tuple[KeptAttribute, ...]:
    return tuple(_kept(keyword, "3", reason, coded=True) for keyword in keywords.split())


def _groups(keyword: str, *items: KeptAttribute) -> KeptAttribute:
    return _kept(keyword, "3", "frames", items=items)


_REFERENCE = (
    *_all("instance", "1", "ReferencedSOPClassUID ReferencedSOPInstanceUID"),
    *_all("instance", "3", "ReferencedFrameNumber"),
)

_TIME = _all(
    "time",
    "2",
    "StudyDate StudyTime",
) + _all(
    "time",
    "3",
    "SeriesDate SeriesTime AcquisitionDate AcquisitionTime ContentDate ContentTime"
    " AcquisitionDateTime InstanceCreationDate InstanceCreationTime",
)

_VALUES = (
    *_all("values", "3", "RescaleIntercept RescaleSlope WindowCenter WindowWidth"),
    *_texts("values", "3", RescaleType=terms.RESCALE_TYPES),
)
_VALUES_CODE_STRINGS = _texts(
    "values",
    "3",
    VOILUTFunction=terms.VOI_LUT_FUNCTIONS,
    LossyImageCompression=terms.LOSSY,
    PresentationLUTShape=terms.LUT_SHAPES,
)

_GEOMETRY = _all(
    "geometry",
    "3",
    "ImagePositionPatient ImageOrientationPatient PixelSpacing SliceThickness SliceLocation"
    " SpacingBetweenSlices GantryDetectorTilt TableHeight ReconstructionDiameter"
    " DataCollectionDiameter DistanceSourceToDetector DistanceSourceToPatient",
)

_KERNEL = _kept("ConvolutionKernel", "3", "acquisition", terms=terms.KERNELS, pattern=terms.KERNEL)

_ACQUISITION = (
    *_all(
        "acquisition",
        "3",
        "KVP ExposureTime XRayTubeCurrent Exposure ExposureInuAs GeneratorPower FocalSpots"
        " RevolutionTime SingleCollimationWidth TotalCollimationWidth TableSpeed"
        " TableFeedPerRotation SpiralPitchFactor CTDIvol SpatialResolution"
        " DataCollectionCenterPatient ReconstructionTargetCenterPatient",
    ),
    *_texts(
        "acquisition",
        "3",
        ScanOptions=terms.SCAN_OPTIONS,
        RotationDirection=terms.ROTATIONS,
        ExposureModulationType=terms.EXPOSURE_MODULATIONS,
        AcquisitionType=terms.ACQUISITION_TYPES,
        MultienergyCTAcquisition=terms.YES_OR_NO,
        FilterType=terms.FILTERS,
    ),
    _KERNEL,
    *_coded("acquisition", "CTDIPhantomTypeCodeSequence"),
)

_CONTRAST_AMOUNTS = _all(
    "contrast",
    "3",
    "ContrastBolusVolume ContrastBolusTotalDose ContrastBolusStartTime ContrastBolusStopTime"
    " ContrastFlowRate ContrastFlowDuration ContrastBolusIngredientConcentration"
    " ContrastBolusAgentNumber",
) + _texts(
    "contrast",
    "3",
    ContrastBolusIngredient=terms.INGREDIENTS,
    ContrastBolusIngredientOpaque=terms.YES_OR_NO,
)

_ANATOMY = (
    *_texts(
        "anatomy",
        "3",
        BodyPartExamined=terms.BODY_PARTS,
        ImageLaterality=terms.SIDES,
    ),
    *_texts("anatomy", "2", Laterality=terms.SIDES),  # 2C: empty is unknown, absent is unpaired
    *_coded("anatomy", "AnatomicRegionSequence"),
)

_VOLUME_TEXTS = _texts(
    "series",
    "1",
    PixelPresentation=terms.PIXEL_PRESENTATIONS,
    VolumetricProperties=terms.VOLUMETRIC_PROPERTIES,
    VolumeBasedCalculationTechnique=terms.VOLUME_CALCULATIONS,
)

_FUNCTIONAL_GROUPS = (
    _groups("PixelMeasuresSequence", *_GEOMETRY),
    _groups("PlanePositionSequence", *_GEOMETRY),
    _groups("PlaneOrientationSequence", *_GEOMETRY),
    _groups("PixelValueTransformationSequence", *_VALUES),
    _groups("FrameVOILUTSequence", *_VALUES, *_VALUES_CODE_STRINGS),
    _groups(
        "FrameContentSequence",
        *_all(
            "frames",
            "3",
            "FrameAcquisitionNumber FrameAcquisitionDuration FrameAcquisitionDateTime"
            " FrameReferenceDateTime InStackPositionNumber TemporalPositionIndex"
            " DimensionIndexValues",
        ),
        _kept("StackID", "3", "frames", pattern=terms.SHORT_NUMBER),
    ),
    _groups(
        "FrameAnatomySequence",
        *_texts("anatomy", "1", FrameLaterality=terms.SIDES),
        *_coded("anatomy", "AnatomicRegionSequence"),
    ),
    _groups(
        "CTImageFrameTypeSequence",
        _kept("FrameType", "1", "series", terms=terms.IMAGE_TYPES, pattern=terms.IMAGE_TYPE),
        *_VOLUME_TEXTS,
    ),
    _groups(
        "CTAcquisitionTypeSequence",
        *_texts(
            "acquisition",
            "3",
            AcquisitionType=terms.ACQUISITION_TYPES,
            ConstantVolumeFlag=terms.YES_OR_NO,
            FluoroscopyFlag=terms.YES_OR_NO,
        ),
        *_all("acquisition", "3", "TubeAngle"),
    ),
    _groups(
        "CTAcquisitionDetailsSequence",
        *_texts("acquisition", "3", RotationDirection=terms.ROTATIONS),
        *_all(
            "acquisition",
            "3",
            "RevolutionTime SingleCollimationWidth TotalCollimationWidth TableHeight"
            " GantryDetectorTilt DataCollectionDiameter",
        ),
    ),
    _groups(
        "CTTableDynamicsSequence",
        *_all("acquisition", "3", "TableSpeed TableFeedPerRotation SpiralPitchFactor"),
    ),
    _groups(
        "CTPositionSequence",
        *_all(
            "geometry",
            "3",
            "TablePosition DataCollectionCenterPatient ReconstructionTargetCenterPatient",
        ),
    ),
    _groups(
        "CTGeometrySequence",
        *_all(
            "geometry",
            "3",
            "DistanceSourceToDetector DistanceSourceToDataCollectionCenter",
        ),
    ),
    _groups(
        "CTReconstructionSequence",
        *_texts(
            "acquisition",
            "3",
            ReconstructionAlgorithm=terms.RECONSTRUCTIONS,
            ConvolutionKernelGroup=terms.KERNEL_GROUPS,
        ),
        _KERNEL,
        *_all(
            "acquisition",
            "3",
            "ReconstructionDiameter ReconstructionFieldOfView ReconstructionPixelSpacing"
            " ReconstructionAngle",
        ),
    ),
    _groups(
        "CTExposureSequence",
        *_all(
            "acquisition",
            "3",
            "ExposureTimeInms XRayTubeCurrentInmA ExposureInmAs CTDIvol",
        ),
        *_texts("acquisition", "3", ExposureModulationType=terms.EXPOSURE_MODULATIONS),
        *_coded("acquisition", "CTDIPhantomTypeCodeSequence"),
    ),
    _groups(
        "CTXRayDetailsSequence",
        *_all("acquisition", "3", "KVP FocalSpots"),
        *_texts("acquisition", "3", FilterType=terms.FILTERS),
    ),
    _groups(
        "IrradiationEventIdentificationSequence",
        *_all("frames", "3", "IrradiationEventUID"),
    ),
    _groups(
        "ContrastBolusUsageSequence",
        *_all("contrast", "3", "ContrastBolusAgentNumber"),
        *_texts(
            "contrast",
            "3",
            ContrastBolusAgentAdministered=terms.YES_OR_NO,
            ContrastBolusAgentDetected=terms.YES_OR_NO,
        ),
    ),
)

_TOP = (
    *_all("instance", "1", "SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID"),
    *_all("instance", "3", "FrameOfReferenceUID IrradiationEventUID"),
    _kept("ReferencedImageSequence", "3", "instance", items=_REFERENCE),
    *_texts("instance", "1", Modality=terms.MODALITIES),
    *_all(
        "empty",
        "2",
        "AccessionNumber ReferringPhysicianName PatientBirthDate PatientSex StudyID"
        " PositionReferenceIndicator ContrastBolusAgent",
    ),
    *_all("empty", "1", "DeviceSerialNumber ManufacturerModelName SoftwareVersions"),
    *_TIME,
    _kept("TimezoneOffsetFromUTC", "3", "time", pattern=terms.OFFSET),
    _kept("Manufacturer", "2", "acquisition", terms=terms.MANUFACTURERS),
    _kept("ImageType", "1", "series", terms=terms.IMAGE_TYPES, pattern=terms.IMAGE_TYPE),
    *_texts(
        "series",
        "3",
        BurnedInAnnotation=terms.YES_OR_NO,
        ContentQualification=terms.QUALIFICATIONS,
    ),
    *_texts("series", "2", PatientPosition=terms.PATIENT_POSITIONS),
    *(replace(kept, attribute_type="3") for kept in _VOLUME_TEXTS),
    *_all("series", "2", "SeriesNumber InstanceNumber"),
    *_all("series", "3", "AcquisitionNumber TemporalPositionIndex ImagesInAcquisition"),
    *_all(
        "pixels",
        "1",
        "SamplesPerPixel Rows Columns BitsAllocated BitsStored HighBit PixelRepresentation",
    ),
    *_texts("pixels", "1", PhotometricInterpretation=terms.PHOTOMETRIC_INTERPRETATIONS),
    *_all(
        "pixels",
        "3",
        "NumberOfFrames PlanarConfiguration PixelPaddingValue PixelPaddingRangeLimit"
        " SmallestImagePixelValue LargestImagePixelValue LossyImageCompressionRatio"
        " PixelAspectRatio",
    ),
    *_texts("pixels", "3", LossyImageCompressionMethod=terms.LOSSY_METHODS),
    *_VALUES,
    *_VALUES_CODE_STRINGS,
    *_GEOMETRY,
    *_ANATOMY,
    *_ACQUISITION,
    *_CONTRAST_AMOUNTS,
    *_coded("contrast", "ContrastBolusAdministrationRouteSequence"),
    _kept(
        "ContrastBolusAgentSequence",
        "3",
        "contrast",
        coded=True,
        items=(
            *_CONTRAST_AMOUNTS,
            *_coded(
                "contrast",
                "ContrastBolusAdministrationRouteSequence ContrastBolusIngredientCodeSequence",
            ),
        ),
    ),
    _groups("SharedFunctionalGroupsSequence", *_FUNCTIONAL_GROUPS),
    _groups("PerFrameFunctionalGroupsSequence", *_FUNCTIONAL_GROUPS),
    _groups(
        "DimensionOrganizationSequence",
        *_all("frames", "1", "DimensionOrganizationUID"),
    ),
    _groups(
        "DimensionIndexSequence",
        *_all(
            "frames",
            "3",
            "DimensionIndexPointer FunctionalGroupPointer DimensionOrganizationUID",
        ),
    ),
)

KEPT_ATTRIBUTES: Mapping[int, KeptAttribute] = {kept.tag: kept for kept in _TOP}
"""Allowed attributes of the data set by tag; nested allow-lists are in `items`."""

KEPT_BY_KEYWORD: Mapping[str, KeptAttribute] = {kept.keyword: kept for kept in _TOP}

ENHANCED_ONLY = frozenset(
    {0x00181000, 0x00081090, 0x00181020}  # serial number, model name, software versions
)
"""Type 1 in enhanced images only; in a plain CT image they are optional and disappear."""

DATES_AND_TIMES = frozenset(
    tag
    for keyword in [
        "StudyDate",
        "StudyTime",
        "SeriesDate",
        "SeriesTime",
        "AcquisitionDate",
        "AcquisitionTime",
        "ContentDate",
        "ContentTime",
        "AcquisitionDateTime",
        "InstanceCreationDate",
        "InstanceCreationTime",
        "TimezoneOffsetFromUTC",
        "ContrastBolusStartTime",
        "ContrastBolusStopTime",
        "FrameAcquisitionDateTime",
        "FrameReferenceDateTime",
    ]
    if (tag := tag_for_keyword(keyword)) is not None
)
"""Rows of Table E.1-1 that stay under Retain Longitudinal Temporal Information (full dates)."""
