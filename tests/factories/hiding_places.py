"""Where somebody may have written who the patient is, in a CT file.

Each place is a function that writes a text there; see `tests.factories.seeded_patients`.
"""

from collections.abc import Callable

from pydicom.datadict import dictionary_VR, tag_for_keyword

from tests.factories.raw_dicom import RawDataset, RawValue

Seed = Callable[[], bytes]
Writer = Callable[[RawDataset, RawDataset, Seed], None]


def _at(keyword: str, vr: str = "") -> Writer:
    tag = tag_for_keyword(keyword)
    assert tag is not None, keyword
    chosen = vr or dictionary_VR(tag).split(" or ")[0]

    def write(dataset: RawDataset, _: RawDataset, seed: Seed) -> None:
        dataset[tag] = (chosen, seed())

    return write


def _raw(tag: int, vr: str) -> Writer:
    def write(dataset: RawDataset, _: RawDataset, seed: Seed) -> None:
        dataset[tag] = (vr, seed())

    return write


def _meta(tag: int, vr: str) -> Writer:
    def write(_: RawDataset, meta: RawDataset, seed: Seed) -> None:
        meta[tag] = (vr, seed())

    return write


def _within(sequence: str | int, *inner: tuple[int, str]) -> Writer:
    tag = sequence if isinstance(sequence, int) else tag_for_keyword(sequence)
    assert tag is not None, sequence

    def write(dataset: RawDataset, _: RawDataset, seed: Seed) -> None:
        item: RawDataset = {inner_tag: (vr, seed()) for inner_tag, vr in inner}
        dataset[tag] = ("SQ", [*_items(dataset.get(tag)), item])

    return write


def _items(value: RawValue | None) -> list[RawDataset]:
    return value[1] if value is not None and isinstance(value[1], list) else []


def _behind(tag: int, vr: str, before: bytes, *, length: int | None = None) -> Writer:
    """A value that begins as it should and goes on with a seed."""

    def write(dataset: RawDataset, _: RawDataset, seed: Seed) -> None:
        dataset[tag] = (vr, before + seed()[:length])

    return write


def _deep(levels: int) -> Writer:
    def write(dataset: RawDataset, _: RawDataset, seed: Seed) -> None:
        item: RawDataset = {0x00100010: ("PN", seed()), 0x00204000: ("LT", seed())}
        for level in range(levels):
            item = {0x00091010 + level: ("SQ", [item])}
        dataset.update(item)

    return write


def _groups(inner: RawDataset, sequence: int, leaf: tuple[int, str]) -> Writer:
    """In a functional group that is kept."""

    def write(dataset: RawDataset, _: RawDataset, seed: Seed) -> None:
        groups = _items(dataset.get(0x52009229)) or [{}]
        groups[0][sequence] = ("SQ", [{**inner, leaf[0]: (leaf[1], seed())}])
        dataset[0x52009229] = ("SQ", groups)

    return write


def _code(sequence: str) -> Writer:
    return _within(sequence, (0x00080100, "SH"), (0x00080102, "SH"), (0x00080104, "LO"))


def _known_code(sequence: str, scheme: bytes, code: bytes) -> Writer:
    tag = tag_for_keyword(sequence)
    assert tag is not None

    def write(dataset: RawDataset, _: RawDataset, seed: Seed) -> None:
        item: RawDataset = {
            0x00080100: ("SH", code),
            0x00080102: ("SH", scheme),
            0x00080103: ("SH", seed()),
            0x00080104: ("LO", seed()),
            0x00080119: ("UC", seed()),
        }
        dataset[tag] = ("SQ", [item])

    return write


TEXT_ELEMENTS = (
    "PatientName PatientID PatientComments OtherPatientIDs OtherPatientNames PatientAddress "
    "PatientMotherBirthName PatientTelephoneNumbers IssuerOfPatientID EthnicGroup Occupation "
    "AdditionalPatientHistory MedicalAlerts Allergies CountryOfResidence "
    "PatientReligiousPreference ResponsiblePerson ReferringPhysicianName StudyDescription "
    "SeriesDescription ProtocolName InstitutionName InstitutionAddress "
    "InstitutionalDepartmentName StationName OperatorsName PerformingPhysicianName "
    "NameOfPhysiciansReadingStudy PhysiciansOfRecord AdmittingDiagnosesDescription "
    "DerivationDescription ImageComments RequestedProcedureDescription RequestingPhysician "
    "RequestingService AccessionNumber StudyID DeviceSerialNumber SoftwareVersions "
    "ManufacturerModelName Manufacturer FilterType ScanOptions ExposureModulationType "
    "BodyPartExamined ContrastBolusAgent ContrastBolusRoute RescaleType "
    "WindowCenterWidthExplanation PositionReferenceIndicator Laterality PatientPosition "
    "TimezoneOffsetFromUTC RetrieveURL RetrieveAETitle PerformedProcedureStepDescription "
    "PerformedStationAETitle ReasonForStudy TextComments CurrentPatientLocation DataSetSubtype "
    "GantryID DetectorID AcquisitionComments AcquisitionDeviceProcessingDescription "
    "ScheduledProcedureStepDescription VisitComments InterpretationText PixelPresentation "
    "PresentationLUTShape LossyImageCompressionMethod RotationDirection "
    "MultienergyCTAcquisition"
)

HIDING_PLACES: dict[str, Writer] = {keyword: _at(keyword) for keyword in TEXT_ELEMENTS.split()} | {
    "image type, 4th value": _behind(0x00080008, "CS", b"ORIGINAL\\PRIMARY\\AXIAL\\", length=16),
    "kernel": _raw(0x00181210, "SH"),
    "kernel, 2nd value": _behind(0x00181210, "SH", b"B30f\\", length=16),
    "manufacturer, behind its name": _behind(0x00080070, "LO", b"SIEMENS "),
    "character set": _behind(0x00080005, "CS", b"ISO_IR 100\\"),
    "text as UN": _raw(0x00104000, "UN"),
    "standard tag with a wrong VR": _raw(0x00181030, "OB"),
    "number with words": _behind(0x00201041, "DS", b"12.5 "),
    "letters in a double": _raw(0x00189306, "FD"),
    "letters in an integer": _behind(0x00209228, "UL", b"", length=4),
    "letters in a tag pointer": _within(0x00209222, (0x00209165, "AT")),
    "letters in an unsigned short": _raw(0x00280106, "US"),
    "date range": _behind(0x00080022, "DA", b"20240305-"),
    "date and time": _behind(0x0008002A, "DT", b"20240305101500 "),
    "time": _behind(0x00080032, "TM", b"101500 "),
    "table height": _raw(0x00181130, "DS"),
    "series number": _raw(0x00200011, "IS"),
    "temporal index": _raw(0x00209128, "UL"),
    "modality LUT explanation": _within("ModalityLUTSequence", (0x00283003, "LO")),
    "VOI LUT explanation": _within("VOILUTSequence", (0x00283003, "LO")),
    "private creator": _raw(0x00190010, "LO"),
    "private text": _raw(0x00191008, "LO"),
    "private UN": _raw(0x00191009, "UN"),
    "private sequence": _within(0x0019100A, (0x00100010, "PN"), (0x00190010, "LO")),
    "private known as safe": _raw(0x00431027, "SH"),
    "Siemens CSA header": _raw(0x00291010, "OB"),
    "sequences ten deep": _deep(10),
    "overlay data": _raw(0x60003000, "OW"),
    "overlay label": _raw(0x60001500, "LO"),
    "overlay description": _raw(0x60020022, "LO"),
    "overlay comments": _raw(0x60024000, "LT"),
    "curve data": _raw(0x50003000, "OW"),
    "curve label": _raw(0x50002500, "LO"),
    "audio comments": _raw(0x50002610, "LT"),
    "icon image": _within("IconImageSequence", (0x7FE00010, "OB"), (0x00204000, "LT")),
    "request attributes": _within(
        "RequestAttributesSequence", (0x00400007, "LO"), (0x00401001, "SH"), (0x00321032, "PN")
    ),
    "other patient ids": _within("OtherPatientIDsSequence", (0x00100020, "LO")),
    "referenced patient": _within("ReferencedPatientSequence", (0x00081155, "UI")),
    "referenced study": _within("ReferencedStudySequence", (0x00081155, "UI")),
    "referenced image": _within("ReferencedImageSequence", (0x00081155, "UI"), (0x00204000, "LT")),
    "source image": _within("SourceImageSequence", (0x00081155, "UI"), (0x00081150, "UI")),
    "content sequence": _within("ContentSequence", (0x0040A160, "UT"), (0x0040A123, "PN")),
    "procedure code": _code("ProcedureCodeSequence"),
    "anatomic region, unknown code": _code("AnatomicRegionSequence"),
    "contrast agent, unknown code": _code("ContrastBolusAgentSequence"),
    "route, meaning of a known code": _known_code(
        "ContrastBolusAdministrationRouteSequence", b"SCT", b"72607000"
    ),
    "dose phantom, meaning of a known code": _known_code(
        "CTDIPhantomTypeCodeSequence", b"DCM", b"113691"
    ),
    "person identification": _within("OperatorIdentificationSequence", (0x00081070, "PN")),
    "original attributes": _within("OriginalAttributesSequence", (0x04000564, "LO")),
    "modified attributes": _within("ModifiedAttributesSequence", (0x00100010, "PN")),
    "digital signature": _within("DigitalSignaturesSequence", (0x04000120, "OB")),
    "encrypted attributes": _within("EncryptedAttributesSequence", (0x04000520, "OB")),
    "encapsulated document": _raw(0x00420011, "OB"),
    "text of a graphic annotation": _within("GraphicAnnotationSequence", (0x00700006, "ST")),
    "waveform annotation": _within("WaveformAnnotationSequence", (0x00700006, "ST")),
    "clinical trial subject": _raw(0x00120040, "LO"),
    "earlier de-identification method": _raw(0x00120063, "LO"),
    "specimen": _within("SpecimenDescriptionSequence", (0x00400600, "LO")),
    "frame comment": _groups({}, 0x00209111, (0x00209158, "LT")),
    "stack id": _groups({}, 0x00209111, (0x00209056, "SH")),
    "frame date": _groups({}, 0x00209111, (0x00189074, "DT")),
    "frame type": _groups({}, 0x00189329, (0x00089007, "CS")),
    "reconstruction kernel": _groups({}, 0x00189314, (0x00181210, "SH")),
    "private in a functional group": _groups({}, 0x00189304, (0x00191010, "LO")),
    "retired recognition code": _raw(0x00080010, "SH"),
    "retired comments": _raw(0x00084000, "LT"),
    "unknown standard tag": _raw(0x0018FFFE, "LO"),
    "element of no group in use": _raw(0x12345678, "UT"),
    "group length": _behind(0x00100000, "UL", b"", length=4),
    "source application": _meta(0x00020016, "AE"),
    "sending application": _meta(0x00020017, "AE"),
    "receiving application": _meta(0x00020018, "AE"),
    "source presentation address": _meta(0x00020026, "UR"),
    "sending presentation address": _meta(0x00020027, "UR"),
    "receiving presentation address": _meta(0x00020028, "UR"),
    "implementation version": _meta(0x00020013, "SH"),
    "private information": _meta(0x00020102, "OB"),
}
"""Where an identifier is written, beside preamble, padding, tail, UIDs and file name."""
