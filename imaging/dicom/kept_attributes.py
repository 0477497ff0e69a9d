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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydicom.datadict import dictionary_VM, dictionary_VR, tag_for_keyword

AttributeType = Literal["1", "2", "3"]


@dataclass(frozen=True, slots=True)
class KeptAttribute:
    """One allowed attribute.

    `attribute_type` is its type in the CT IOD: when its value has to go, type 1 gets a dummy,
    type 2 stays empty and type 3 disappears. `terms` and `pattern` narrow the value further
    than its VR, `max_values` (None: any number) is the upper end of its VM, and `coded`
    sequences keep known codes only.
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

MANUFACTURERS = frozenset(
    [
        "AGFA",
        "CANON",
        "CANON_MEC",
        "CARESTREAM",
        "FUJIFILM",
        "GE",
        "GE HEALTHCARE",
        "GE MEDICAL SYSTEMS",
        "HITACHI",
        "HITACHI MEDICAL CORPORATION",
        "MEDTRONIC",
        "NEUSOFT",
        "NEUSOFT MEDICAL SYSTEMS",
        "PHILIPS",
        "PHILIPS HEALTHCARE",
        "PHILIPS MEDICAL SYSTEMS",
        "SAMSUNG",
        "SHIMADZU",
        "SIEMENS",
        "SIEMENS HEALTHCARE",
        "SIEMENS HEALTHINEERS",
        "SINOVISION",
        "TOSHIBA",
        "TOSHIBA_MEC",
        "UIH",
        "UNITED IMAGING",
    ]
)
"""Makers of CT scanners; another value of Manufacturer is emptied."""

BODY_PARTS = frozenset(
    [
        "ABDOMEN",
        "ABDOMENPELVIS",
        "ABDOMEN_PELVIS",
        "BODY",
        "CERVIX",
        "CHEST",
        "CHESTABDOMEN",
        "CHESTABDPELVIS",
        "COCCYX",
        "CSPINE",
        "CTSPINE",
        "HEAD",
        "HEADNECK",
        "HIP",
        "LSPINE",
        "LSSPINE",
        "LUMBAR",
        "NECK",
        "PELVIS",
        "SACRUM",
        "SKULL",
        "SPINE",
        "SSPINE",
        "THORAX",
        "THORACIC",
        "TLSPINE",
        "TSPINE",
        "TRUNK",
        "WHOLEBODY",
        "WSPINE",
        "BRAIN",
    ]
)
"""Terms of PS3.16 Annex L and their usual spellings for trunk, spine and head."""

STANDARD_TERMS = frozenset(
    [
        "CT",
        "ORIGINAL",
        "DERIVED",
        "PRIMARY",
        "SECONDARY",
        "AXIAL",
        "LOCALIZER",
        "HELIX",
        "HELICAL",
        "SPIRAL",
        "SEQUENCE",
        "STATIONARY",
        "CONSTANT_ANGLE",
        "VOLUME",
        "MPR",
        "MIP",
        "MINIP",
        "NONE",
        "HFP",
        "HFS",
        "HFDR",
        "HFDL",
        "FFDR",
        "FFDL",
        "FFP",
        "FFS",
        "MONOCHROME1",
        "MONOCHROME2",
        "RGB",
        "YES",
        "NO",
        "CW",
        "CC",
        "HU",
        "US",
        "R",
        "L",
        "U",
        "B",
        "LINEAR",
        "LINEAR_EXACT",
        "SIGMOID",
        "IDENTITY",
        "INVERSE",
        "ISO_10918_1",
        "ISO_14495_1",
        "ISO_15444_1",
        "FILTER_BACK_PROJ",
        "ITERATIVE",
        "IODINE",
        "GADOLINIUM",
        "CARBON DIOXIDE",
        "BARIUM",
        "XENON",
        "PRODUCT",
        "RESEARCH",
        "SERVICE",
        "MIXED",
        "DISTORTED",
        "SAMPLED",
    ]
)
"""Terms the standard defines for the attributes below.

They say nothing about a person even when a patient happens to be called like one of them.
"""

FILTERS = frozenset(["NONE", "WEDGE", "BUTTERFLY", "MULTIPLE", "FLAT", "SHAPED", "STRIP", "BOWTIE"])
RESCALE_TYPES = frozenset(["HU", "HU_MOD", "US", "OD", "Z_EFF", "ED", "EDW", "PCT", "MGML"])
DUMMY_TEXT = "WITHHELD"
"""Value of a type 1 text that has to go."""

_KERNEL = re.compile(r"[A-Za-z0-9+_./ -]{1,16}")
_DIGITS = re.compile(r"[0-9]{1,16}")
_OFFSET = re.compile(r"[+-][0-9]{4}")
_CODE_STRING = re.compile(r"[A-Z0-9_ ]{0,16}")


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


def _code_strings(
    reason: str, attribute_type: AttributeType, keywords: str
) -> tuple[KeptAttribute, ...]:
    return tuple(
        _kept(keyword, attribute_type, reason, pattern=_CODE_STRING) for keyword in keywords.split()
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
    _kept("RescaleType", "3", "values", terms=RESCALE_TYPES),
)
_VALUES_CODE_STRINGS = _code_strings(
    "values", "3", "VOILUTFunction LossyImageCompression PresentationLUTShape"
)

_GEOMETRY = _all(
    "geometry",
    "3",
    "ImagePositionPatient ImageOrientationPatient PixelSpacing SliceThickness SliceLocation"
    " SpacingBetweenSlices GantryDetectorTilt TableHeight ReconstructionDiameter"
    " DataCollectionDiameter DistanceSourceToDetector DistanceSourceToPatient",
)

_ACQUISITION = (
    *_all(
        "acquisition",
        "3",
        "KVP ExposureTime XRayTubeCurrent Exposure ExposureInuAs GeneratorPower FocalSpots"
        " RevolutionTime SingleCollimationWidth TotalCollimationWidth TableSpeed"
        " TableFeedPerRotation SpiralPitchFactor CTDIvol SpatialResolution"
        " DataCollectionCenterPatient ReconstructionTargetCenterPatient",
    ),
    *_code_strings(
        "acquisition",
        "3",
        "ScanOptions RotationDirection ExposureModulationType AcquisitionType"
        " MultienergyCTAcquisition",
    ),
    _kept("FilterType", "3", "acquisition", terms=FILTERS),
    _kept("ConvolutionKernel", "3", "acquisition", pattern=_KERNEL),
    *_coded("acquisition", "CTDIPhantomTypeCodeSequence"),
)

_CONTRAST_AMOUNTS = _all(
    "contrast",
    "3",
    "ContrastBolusVolume ContrastBolusTotalDose ContrastBolusStartTime ContrastBolusStopTime"
    " ContrastFlowRate ContrastFlowDuration ContrastBolusIngredientConcentration"
    " ContrastBolusAgentNumber",
) + _code_strings("contrast", "3", "ContrastBolusIngredient ContrastBolusIngredientOpaque")

_ANATOMY = (
    _kept("BodyPartExamined", "3", "anatomy", terms=BODY_PARTS),
    *_code_strings("anatomy", "3", "Laterality ImageLaterality"),
    *_coded("anatomy", "AnatomicRegionSequence"),
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
        _kept("StackID", "3", "frames", pattern=_DIGITS),
    ),
    _groups(
        "FrameAnatomySequence",
        *_code_strings("anatomy", "1", "FrameLaterality"),
        *_coded("anatomy", "AnatomicRegionSequence"),
    ),
    _groups(
        "CTImageFrameTypeSequence",
        *_code_strings(
            "series",
            "1",
            "FrameType PixelPresentation VolumetricProperties VolumeBasedCalculationTechnique",
        ),
    ),
    _groups(
        "CTAcquisitionTypeSequence",
        *_code_strings("acquisition", "3", "AcquisitionType ConstantVolumeFlag FluoroscopyFlag"),
        *_all("acquisition", "3", "TubeAngle"),
    ),
    _groups(
        "CTAcquisitionDetailsSequence",
        *_code_strings("acquisition", "3", "RotationDirection"),
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
        *_code_strings("acquisition", "3", "ReconstructionAlgorithm ConvolutionKernelGroup"),
        _kept("ConvolutionKernel", "3", "acquisition", pattern=_KERNEL),
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
        *_code_strings("acquisition", "3", "ExposureModulationType"),
        *_coded("acquisition", "CTDIPhantomTypeCodeSequence"),
    ),
    _groups(
        "CTXRayDetailsSequence",
        *_all("acquisition", "3", "KVP FocalSpots"),
        _kept("FilterType", "3", "acquisition", terms=FILTERS),
    ),
    _groups(
        "IrradiationEventIdentificationSequence",
        *_all("frames", "3", "IrradiationEventUID"),
    ),
    _groups(
        "ContrastBolusUsageSequence",
        *_all("contrast", "3", "ContrastBolusAgentNumber"),
        *_code_strings(
            "contrast", "3", "ContrastBolusAgentAdministered ContrastBolusAgentDetected"
        ),
    ),
)

_TOP = (
    *_all("instance", "1", "SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID"),
    *_all("instance", "3", "FrameOfReferenceUID IrradiationEventUID"),
    _kept("ReferencedImageSequence", "3", "instance", items=_REFERENCE),
    *_code_strings("instance", "1", "Modality"),
    *_all(
        "empty",
        "2",
        "AccessionNumber ReferringPhysicianName PatientBirthDate PatientSex StudyID"
        " PositionReferenceIndicator ContrastBolusAgent",
    ),
    *_all("empty", "1", "DeviceSerialNumber ManufacturerModelName SoftwareVersions"),
    *_TIME,
    _kept("TimezoneOffsetFromUTC", "3", "time", pattern=_OFFSET),
    _kept("Manufacturer", "2", "acquisition", terms=MANUFACTURERS),
    *_code_strings("series", "1", "ImageType"),
    *_code_strings("series", "3", "PatientPosition BurnedInAnnotation ContentQualification"),
    *_code_strings(
        "series",
        "3",
        "PixelPresentation VolumetricProperties VolumeBasedCalculationTechnique",
    ),
    *_all("series", "2", "SeriesNumber InstanceNumber"),
    *_all("series", "3", "AcquisitionNumber TemporalPositionIndex ImagesInAcquisition"),
    *_all(
        "pixels",
        "1",
        "SamplesPerPixel Rows Columns BitsAllocated BitsStored HighBit PixelRepresentation",
    ),
    *_code_strings("pixels", "1", "PhotometricInterpretation"),
    *_all(
        "pixels",
        "3",
        "NumberOfFrames PlanarConfiguration PixelPaddingValue PixelPaddingRangeLimit"
        " SmallestImagePixelValue LargestImagePixelValue LossyImageCompressionRatio"
        " PixelAspectRatio",
    ),
    *_code_strings("pixels", "3", "LossyImageCompressionMethod"),
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
