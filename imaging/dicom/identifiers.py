"""What in a source says who the patient is, and whether any of it is still there.

The allow-list removes free text altogether; what stays are numbers, dates and short terms.
This module is the second wall: it collects the identifying texts of the source and looks for
them in what stays. The rule, in order:

1. Tokens are taken from `IDENTIFYING_KEYWORDS` and every person name, on all nesting levels:
   whole values and their words of three characters or more. Everything else the table removes
   yields no tokens: it is gone, and the words of a description are mostly technical.
2. A term of the standard (`STANDARD_TERMS`) is never a hit: it would be there for any patient.
3. A short text that stays is a hit when it or one of its words equals a token, or contains a
   token of four characters or more. That a removed description says the same ("HEAD" as study
   description and as body part) is no hit: the word names nobody.
4. A number or time that stays is a hit when its digits before the point equal an all-digit
   token of six digits or more. Shorter numbers coincide with settings of the scanner and say
   nothing.
5. A date or number that stays is a hit when it is the birth date and not the study date. A
   newborn examined on the day of birth keeps the date of the study. A short text is a hit when
   it holds the birth date in any usual order.
6. A hit is blanked. Afterwards the finished header bytes are searched for every token with a
   letter and at least five characters and for every UID of the source; the texts the
   de-identification wrote itself and standard terms are left out of that search. Whatever is
   found then is a fault, and the file is refused.
"""

import re
import unicodedata
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import lru_cache

from pydicom._uid_dict import UID_dictionary
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from .character_sets import undeclared_text
from .element_values import components, texts
from .elements import plain_elements
from .header_shape import MOST_SHAPES, Elements, HeaderShape
from .kept_attributes import STANDARD_TERMS

IDENTIFYING_KEYWORDS: tuple[str, ...] = (
    "AccessionNumber",
    "AdmissionID",
    "AdmittingDiagnosesDescription",
    "ConsultingPhysicianName",
    "ContentCreatorName",
    "CountryOfResidence",
    "CurrentPatientLocation",
    "DetectorID",
    "DeviceSerialNumber",
    "FillerOrderNumberImagingServiceRequest",
    "GantryID",
    "InstitutionAddress",
    "InstitutionName",
    "InstitutionalDepartmentName",
    "InsurancePlanIdentification",
    "IssuerOfPatientID",
    "MedicalRecordLocator",
    "MilitaryRank",
    "NameOfPhysiciansReadingStudy",
    "OperatorsName",
    "OtherPatientIDs",
    "OtherPatientNames",
    "PatientAddress",
    "PatientBirthDate",
    "PatientBirthName",
    "PatientID",
    "PatientInstitutionResidence",
    "PatientMotherBirthName",
    "PatientName",
    "PatientTelephoneNumbers",
    "PerformedLocation",
    "PerformedProcedureStepID",
    "PerformedStationAETitle",
    "PerformedStationName",
    "PerformingPhysicianName",
    "PersonAddress",
    "PersonName",
    "PersonTelephoneNumbers",
    "PhysiciansOfRecord",
    "PlacerOrderNumberImagingServiceRequest",
    "PlateID",
    "ReferringPhysicianAddress",
    "ReferringPhysicianName",
    "ReferringPhysicianTelephoneNumbers",
    "RegionOfResidence",
    "RequestedProcedureID",
    "RequestedProcedureLocation",
    "RequestingPhysician",
    "RequestingService",
    "ResponsibleOrganization",
    "ResponsiblePerson",
    "ScheduledPerformingPhysicianName",
    "ScheduledProcedureStepID",
    "ScheduledStationAETitle",
    "ScheduledStationName",
    "ScheduledStudyLocation",
    "ServiceEpisodeID",
    "StationName",
    "StudyID",
)
"""Elements whose values name the patient, staff, the place, the device or the order."""

MIN_WORD = 3
MIN_CONTAINED = 4
MIN_NUMBER = 6
MIN_SEARCHED = 5

MAX_UIDS_SEARCHED = 64
"""Up to this many UIDs it is quicker to search for each than to find all UIDs there are."""

_IDENTIFYING_TAGS = frozenset(
    tag for keyword in IDENTIFYING_KEYWORDS if (tag := tag_for_keyword(keyword)) is not None
)
_BIRTH_DATE = 0x00100030
_STUDY_DATE = 0x00080020
_SPLIT = re.compile(r"[^0-9A-Z]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_UIDS = re.compile(rb"[0-9]+(?:\.[0-9]+){3,}")
_STANDARD_BYTES = tuple(term.encode("ascii") for term in STANDARD_TERMS)
_UMLAUTS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "Ø": "OE", "Å": "AA"})


@dataclass(slots=True)
class Identifiers:
    """The identifying texts of one source, upper case and ASCII.

    `key` is equal for sources that agree in everything but UIDs.
    """

    words: Set[str] = frozenset()
    numbers: Set[str] = frozenset()
    uids: Set[bytes] = frozenset()
    birth_date: str | None = None
    birth_dates: tuple[str, ...] = ()
    study_date: str | None = None
    key: tuple[object, ...] = ()
    searched: tuple[bytes, ...] | None = None

    def occurs_in(self, text: str) -> bool:
        """Whether a short text that is to stay repeats an identifier (rules 2 and 3)."""
        upper = text.upper()
        if not upper or upper in STANDARD_TERMS:
            return False
        if upper in self.words or upper in self.numbers:
            return True
        digits = _NO_DIGITS.sub("", upper)
        if any(spelling in digits for spelling in self.birth_dates):
            return True
        if any(part in self.words or part in self.numbers for part in _SPLIT.split(upper)):
            return True
        return any(len(word) >= MIN_CONTAINED and word in upper for word in self.words) or any(
            number in upper for number in self.numbers if len(number) >= MIN_CONTAINED
        )

    def equals_number(self, text: str) -> bool:
        """Whether a number that is to stay is an identifier (rule 4)."""
        return len(text) >= MIN_NUMBER and text in self.numbers

    def is_birth_date(self, text: str) -> bool:
        """Whether a date or date-time that is to stay is the birth date (rule 5)."""
        return (
            self.birth_date is not None
            and text.startswith(self.birth_date)
            and self.study_date != self.birth_date
        )

    def found_in(self, header: bytes, *, written: Iterable[bytes]) -> bool:
        """Whether a finished header still holds an identifier or UID (rule 6)."""
        if self._uid_in(header):
            return True
        if not self._word_in(header.upper()):
            return False
        for text in sorted((*written, *_STANDARD_BYTES), key=len, reverse=True):
            # a shorter text cannot hide a token, but taking it out could break one apart
            if len(text) >= MIN_SEARCHED:
                header = header.replace(text, b"\0")
        return self._word_in(header.upper())

    def _uid_in(self, header: bytes) -> bool:
        few = len(self.uids) <= MAX_UIDS_SEARCHED
        if few and not any(uid in header for uid in self.uids):
            return False
        return any(match in self.uids for match in _UIDS.findall(header))

    def _word_in(self, upper: bytes) -> bool:
        searched = self.searched if self.searched is not None else _searched(self.words)
        return any(map(upper.__contains__, searched))


@dataclass(frozen=True, slots=True, eq=False)
class _Contribution:
    """What one element says of the patient; compared by identity, which is quick."""

    words: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    uids: frozenset[bytes] = frozenset()


def identifiers_of(dataset: Dataset, shape: HeaderShape | None = None) -> Identifiers:
    """Collect the identifying texts of a source on every nesting level.

    What elements contribute that are the same in a whole series is remembered with its shape.
    """
    names: tuple[_Contribution, ...] = ()
    uids: frozenset[bytes] = frozenset()
    elements: Elements = plain_elements(dataset)
    if shape is not None:
        names, uids = _contributed_by_series(shape)
        elements = {tag: elements[tag] for tag in shape.varying & elements.keys()}
    varying_names, varying_uids = _contributed(elements)
    names += varying_names
    found = Identifiers(uids=uids | varying_uids)
    found.words, found.numbers, found.searched = _merged(names)
    birth = texts(dataset, _BIRTH_DATE)
    study = texts(dataset, _STUDY_DATE)
    day = _NO_DIGITS.sub("", birth[0]) if birth else ""  # ACR-NEMA wrote 1953.07.17
    found.birth_date = day if len(day) == 8 else None
    found.birth_dates = _orders(found.birth_date)
    found.study_date = study[0] if study else None
    found.key = (names, found.birth_date, found.study_date)
    return found


@lru_cache(maxsize=64)
def _merged(
    names: tuple[_Contribution, ...],
) -> tuple[frozenset[str], frozenset[str], tuple[bytes, ...]]:
    """All words, all numbers, and the words that are searched for in the finished header."""
    words = frozenset[str]().union(*(one.words for one in names))
    numbers = frozenset[str]().union(*(one.numbers for one in names))
    return words, numbers, tuple(_searched(words))


def _searched(words: Iterable[str]) -> list[bytes]:
    return [word.encode("ascii") for word in words if len(word) >= MIN_SEARCHED]


def _orders(date: str | None) -> tuple[str, ...]:
    """The digits of a date in the orders people write them, with and without the century."""
    if date is None:
        return ()
    year, month, day = date[:4], date[4:6], date[6:]
    short = year[2:]
    return (
        *(year + month + day, day + month + year, month + day + year),
        *(short + month + day, day + month + short, month + day + short),
    )


Contributed = tuple[tuple[_Contribution, ...], frozenset[bytes]]
"""Contributions of names, and UIDs."""


def _contributed(elements: Elements) -> Contributed:
    names: list[_Contribution] = []
    uids: set[bytes] = set()
    _collect(elements, names, uids)
    return tuple(names), frozenset(uids)


@lru_cache(maxsize=MOST_SHAPES)
def _contributed_by_series(shape: HeaderShape) -> Contributed:
    return _contributed(shape.fixed)


def _collect(elements: Elements, found: list[_Contribution], uids: set[bytes]) -> None:
    for tag, element in elements.items():
        if not isinstance(element, RawDataElement):
            for item in element.value:
                _collect(plain_elements(item), found, uids)
            continue
        value = element.value or b""
        contributed = (
            _remembered_contribution(tag, element.VR, value)
            if len(value) <= _LONGEST_REMEMBERED
            else _contribution(tag, element.VR, value)
        )
        if contributed is None:
            continue
        if contributed.uids:
            uids |= contributed.uids
        else:
            found.append(contributed)


def _contribution(tag: int, vr: str | None, value: bytes) -> _Contribution | None:
    if vr == "UI":
        uids = frozenset(
            uid.encode("latin-1")
            for uid in components(value, vr)
            if uid and uid not in UID_dictionary
        )
        return _Contribution(uids=uids) if uids else None
    if tag != _BIRTH_DATE and (tag in _IDENTIFYING_TAGS or vr == "PN"):
        words, numbers = _tokens(value)
        return _Contribution(words=words, numbers=numbers) if words or numbers else None
    return None


_LONGEST_REMEMBERED = 256
"""Bytes; what a sender varies without end must not fill the memory."""
_remembered_contribution = lru_cache(maxsize=8192)(_contribution)


def _tokens(value: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The words and the numbers of an identifying text."""
    words: set[str] = set()
    numbers: set[str] = set()
    for text in _spellings(undeclared_text(value[:65536])):
        for part in (*text.split("\\"), *_SPLIT.split(text)):
            token = part.strip(" ^=\0")
            if len(token) < MIN_WORD or not token.isascii():
                continue
            if any(character.isalpha() for character in token):
                words.add(token)
            elif any(character.isdigit() for character in token):
                # "17-07-53" without its dashes, too
                numbers.update({token, _NO_DIGITS.sub("", token)})
    return frozenset(words), frozenset(numbers)


def _spellings(text: str) -> tuple[str, ...]:
    upper = text.upper()
    if upper.isascii():
        return (upper,)
    plain = unicodedata.normalize("NFKD", upper).encode("ascii", "ignore").decode("ascii")
    return (upper, plain, upper.translate(_UMLAUTS))
