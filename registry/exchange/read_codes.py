"""The codes of a read's DICOM objects.

Of the standard come only names that PS3.16 lists for measurements and documents. Everything a
reader answers has a code of this project, in the private scheme `99CRESCENT`: list and code as in
the vocabulary, with its label as meaning and the vocabulary's version as version of the scheme. No
finding is mapped to a code of somebody else, since no clinician has said that it means the same.

References
----------
DICOM PS3.16 CID 7021 (titles), CID 7469 and 7470 (names), CID 7464 (derivations), CID 7181
(units); PS3.16 8.2 (private coding schemes begin with 99).
"""

from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from .read_document import Word

SCHEME = "99CRESCENT"
SCHEME_NAME = "Vocabulary of Crescent"

LENGTH = Code("410668003", "SCT", "Length")
ANGLE = Code("1483009", "SCT", "Angle")
AREA = Code("42798000", "SCT", "Area")
ATTENUATION = Code("112031", "DCM", "Attenuation Coefficient")
MEAN = Code("373098007", "SCT", "Mean")
STANDARD_DEVIATION = Code("386136009", "SCT", "Standard Deviation")
MINIMUM = Code("255605001", "SCT", "Minimum")
MAXIMUM = Code("56851009", "SCT", "Maximum")

MILLIMETRE = Code("mm", "UCUM", "mm")
SQUARE_MILLIMETRE = Code("mm2", "UCUM", "square millimeter")
DEGREE = Code("deg", "UCUM", "Degree")
HOUNSFIELD_UNIT = Code("[hnsf'U]", "UCUM", "Hounsfield unit")
PIXELS = Code("{pixels}", "UCUM", "pixels")

CT = Code("25045-6", "LN", "CT unspecified body region")
"""CID 100; the images say which part of the body it was."""

ENGLISH = CodedConcept("en-GB", "RFC5646", "English (United Kingdom)")

REPORT_TITLE = codes.DCM.ImagingMeasurementReport
OF_INTEREST = codes.DCM.OfInterest

QUESTIONS = {
    "read_source": "Source of the read",
    "read_adequacy": "Adequacy of the images",
    "certainty": "Certainty of a defect",
    "information_shown": "Information shown",
    "measurement_kind": "Kind of measurement",
    "finding_role": "Role of the finding",
    "tip_level": "Level of the tip",
    "extent": "Extent of contrast",
    "extent_from_level": "Uppermost level of contrast",
    "extent_to_level": "Lowermost level of contrast",
    "remarks": "Remarks",
    "data": "Data",
    "pixels": "Pixels measured",
    "window_centre": "Window centre",
    "window_width": "Window width",
    "series": "Series it was drawn in",
    "read_id": "Read",
    "supersedes": "Read that it corrects",
}
"""What is answered, by its private code."""

PRIMARY = Word("finding_role", "primary", "Primary finding")
FURTHER = Word("finding_role", "further", "Further finding")
REMARKS_WITHHELD = Word("remarks", "withheld", "Written, not given out")
REMARKS_NONE = Word("remarks", "none", "None")
SYNTHETIC = Word("data", "synthetic", "Made up for demonstration")


def question(code: str, *, version: str) -> CodedConcept:
    return CodedConcept(code, SCHEME, QUESTIONS[code], version)


def answer(word: Word, *, version: str) -> CodedConcept:
    return CodedConcept(f"{word.list_code}.{word.code}", SCHEME, word.label, version)


def word(concept: Dataset) -> Word:
    """The word that `answer` made a concept of."""
    list_code, _, own = value(concept).partition(".")
    return Word(list_code, own, concept.CodeMeaning)


def value(concept: Dataset) -> str:
    """The code of a concept; long ones lie in an element of their own (PS3.3 8.1)."""
    return str(concept.get("CodeValue") or concept.LongCodeValue)
