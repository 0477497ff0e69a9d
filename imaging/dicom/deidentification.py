"""De-identify the header of a CT instance.

PS3.15 Basic Profile (113100) with Retain Longitudinal Temporal Information, full dates
(113106), and nothing else claimed. Clean Pixel Data (113101) is not claimed: images that
declare burned-in text are refused, but pixels are not inspected and stay byte for byte. Clean
Descriptors (113105) is not needed: descriptions are removed.

The table and the allow-list are applied together on every nesting level; each can only take
away what the other would leave.

References
----------
DICOM PS3.15 annex E, PS3.16 CID 7050, PS3.5 annex B.2 (UUID-derived UIDs).
"""

from collections.abc import Mapping, Set
from copy import deepcopy
from functools import lru_cache

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage

from . import confidentiality_profile
from .character_sets import text_of
from .cleaned import Cleaned
from .element_decisions import Circumstances, decisions_under, stays, without_padding
from .element_values import first_text, integer, raw_bytes
from .elements import Encoding, base_tag, encode_element, plain_elements
from .header_shape import Element, Elements
from .identifiers import Identifiers, identifiers_of
from .kept_attributes import CODED_TERMS, KEPT_ATTRIBUTES, KEPT_BY_KEYWORD, KeptAttribute
from .manifest import (
    ADDED,
    CODED_TERM,
    EMPTIED,
    KEPT,
    METHOD,
    PSEUDONYM,
    REMOVED,
    REPLACED,
    TYPE_2,
    VALUE_RULE,
    Outcome,
    allowed,
    outcome_of_removed,
    path,
    table,
)
from .pseudonyms import Keys, derive_keys, pseudonymous_uid, subject_key
from .source_instance import SourceInstance

__all__ = [
    "Deidentifier",
    "Keys",
    "deidentify",
    "derive_keys",
    "pseudonymous_uid",
    "source_subject_key",
    "subject_key",
]

METHOD_TEXT = (
    f"PS3.15 Basic Profile, Table E.1-1 of {confidentiality_profile.EDITION}",
    "Crescent allow-list of CT attributes",
)
"""(0012,0063) De-identification Method."""

METHOD_CODES = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113106", "Retain Longitudinal Temporal Information Full Dates Option"),
)
"""(0012,0064): profile and options that were really applied (PS3.16 CID 7050)."""

PSEUDONYM_DIGITS = 24
"""Hexadecimal digits of the subject key that stand for Patient ID and Patient's Name."""

_ALWAYS_PRESENT = tuple(
    KEPT_BY_KEYWORD[keyword].tag
    for keyword in [
        "StudyDate",
        "StudyTime",
        "AccessionNumber",
        "Manufacturer",
        "ReferringPhysicianName",
        "PatientBirthDate",
        "PatientSex",
        "StudyID",
        "SeriesNumber",
        "InstanceNumber",
    ]
)
"""Type 2 elements of the IOD, written empty when the source lacks them."""

_ACQUISITION_CONTEXT = 0x00400555
"""Acquisition Context Sequence: type 2 in enhanced images, always emptied."""


def source_subject_key(source: SourceInstance, *, keys: Keys, centre_code: str) -> str | None:
    """The subject key of the person a source names in Patient ID; None when it is empty."""
    value = raw_bytes(source.dataset, 0x00100020)
    identifier = text_of(value, declared=raw_bytes(source.dataset, 0x00080005))
    return subject_key(identifier.replace("\0", ""), keys=keys, centre_code=centre_code)


def deidentify(source: SourceInstance, *, keys: Keys, centre_code: str) -> Dataset:
    """Build the header that is stored; the source's data set is not changed.

    Returns
    -------
    A new data set without Pixel Data whose elements are raw values in the byte order of
    the source, and sequences of such data sets.
    """
    # a copy: pydicom converts what is read in place, and a run remembers elements
    return deepcopy(Deidentifier(source, keys=keys, centre_code=centre_code).run())


class Deidentifier:
    """One run over one header.

    Attributes
    ----------
    identifiers
        Those of the source.
    written
        Texts of our own in the result.
    subject_key
        Of the person the source names, after `run`.
    """

    def __init__(self, source: SourceInstance, *, keys: Keys, centre_code: str) -> None:
        self._source = source
        self.identifiers: Identifiers = identifiers_of(source.dataset, source.shape)
        about = Circumstances(
            signed=integer(source.dataset, 0x00280103) == 1,
            plain_ct=first_text(source.dataset, 0x00080016) == CTImageStorage,
            little_endian=source.little_endian,
            keys=keys,
            centre_code=centre_code,
        )
        self._about = about
        self._decisions = decisions_under(about, names=self.identifiers.key)
        self._encoding = Encoding(implicit_vr=False, little_endian=source.little_endian)
        self._cleaned = Cleaned()

    @property
    def written(self) -> set[bytes]:
        return self._cleaned.written

    @property
    def subject_key(self) -> str | None:
        return self._cleaned.subject_key

    def run(self) -> Dataset:
        elements: Elements = plain_elements(self._source.dataset)
        shape = self._source.shape
        if shape is None:
            self._clean_top(elements)
            self._write_own()
        else:
            of_series = self._decisions.of_series.get(shape)
            if of_series is None:
                self._clean_top(shape.fixed)
                self._write_own(but=shape.varying)
                of_series = self._decisions.of_series[shape] = self._cleaned
            self._cleaned = of_series.copy()
            self._clean_top({tag: elements[tag] for tag in shape.varying & elements.keys()})
            self._write_missing()
        result = self._new_dataset()
        plain_elements(result).update(self._cleaned.elements)
        return result

    def encoded(self) -> bytes:
        """The header as it is stored, after `run`."""
        encoded = self._cleaned.encoded
        return b"".join([encoded[tag] for tag in sorted(encoded)])

    def noted(self) -> tuple[tuple[str, int, Outcome], ...]:
        """What was done to each element, after `run`: path of its parent, tag, outcome."""
        top = [("", tag, outcome) for tag, outcome in self._cleaned.outcomes.items()]
        return (*top, *self._cleaned.below)

    def _clean_top(self, elements: Elements) -> None:
        done = self._cleaned
        stays, outcomes = self._clean(elements, KEPT_ATTRIBUTES, "", done.encoded)
        done.elements |= stays
        done.outcomes |= outcomes

    def _clean(
        self,
        elements: Elements,
        allowed_here: Mapping[int, KeptAttribute],
        where: str,
        encoded: dict[int, bytes] | None,
    ) -> tuple[dict[int, Element], dict[int, Outcome]]:
        """What stays of one level, and what was done to it.

        The encoded elements go to `encoded`, where there is such.
        """
        stays: dict[int, Element] = {}
        outcomes: dict[int, Outcome] = {}
        decide = self._decisions.decide
        for tag, element in elements.items():
            kept = allowed_here.get(tag)
            if kept is None:
                outcomes[tag] = outcome_of_removed(tag)
            elif isinstance(element, RawDataElement):
                decision = decide(kept, element, self.identifiers)
                outcomes[tag] = decision.outcome
                if decision.element is not None:
                    stays[tag] = decision.element
                    if decision.written:
                        self.written.update(decision.written)
                    if encoded is not None:
                        encoded[tag] = decision.encoded
            else:
                outcomes[tag] = self._clean_sequence(kept, element, stays, where)
                if encoded is not None and tag in stays:
                    encoded[tag] = encode_element(stays[tag], self._encoding)
        return stays, outcomes

    def _clean_sequence(
        self, kept: KeptAttribute, element: DataElement, stay: dict[int, Element], where: str
    ) -> Outcome:
        action = confidentiality_profile.action(kept.tag)
        if kept.reason == "empty" or not stays(kept, action):
            decision = self._decisions.withhold(kept, table(action or "Z"))
            if decision.element is not None:
                stay[kept.tag] = decision.element
                self.written.update(decision.written)
            return decision.outcome
        if "SQ" not in kept.vrs:
            return REMOVED, VALUE_RULE
        items: list[Dataset] = []
        below = path(where, kept.tag)
        for item in element.value:
            cleaned, outcomes = self._clean(plain_elements(item), kept.items, below, None)
            if kept.coded:
                outcomes |= self._keep_code(item, cleaned)
            self._cleaned.below += [(below, tag, outcome) for tag, outcome in outcomes.items()]
            if cleaned:
                items.append(self._new_dataset())
                plain_elements(items[-1]).update(cleaned)
        if not items:
            return REMOVED, VALUE_RULE
        stay[kept.tag] = _sequence(kept.tag, items)
        return KEPT, allowed(kept.reason)

    def _keep_code(self, item: Dataset, cleaned: dict[int, Element]) -> dict[int, Outcome]:
        """Keep a known code with the meaning from the list, not the one in the file."""
        code, scheme = (
            first_text(item, 0x00080100) or "",
            first_text(item, 0x00080102) or "",
        )
        meaning = CODED_TERMS.get((scheme, code))
        if meaning is None:
            return {}
        outcomes = {}
        for tag, vr, text in (
            (0x00080100, "SH", code),
            (0x00080102, "SH", scheme),
            (0x00080104, "LO", meaning),
        ):
            value = text.encode("ascii")
            outcome = (_done(item, tag, value), CODED_TERM)
            decision = self._decisions.own(tag, vr, value, outcome)
            assert decision.element is not None
            cleaned[tag] = decision.element
            self.written.update(decision.written)
            outcomes[tag] = decision.outcome
        return outcomes

    def _write_own(self, *, but: Set[int] = frozenset()) -> None:
        """Write what is in every header of ours, but for elements that vary."""
        self._write_missing(but=but)
        if not self._about.plain_ct:
            element = _sequence(_ACQUISITION_CONTEXT, [])
            had = _ACQUISITION_CONTEXT in self._source.dataset._dict
            self._put(_ACQUISITION_CONTEXT, element, (EMPTIED if had else ADDED, TYPE_2))
        self._write_patient()
        self._write_method()

    def _write_missing(self, *, but: Set[int] = frozenset()) -> None:
        for tag in _ALWAYS_PRESENT:
            if tag not in self._cleaned.encoded and tag not in but:
                self._own(tag, min(KEPT_ATTRIBUTES[tag].vrs), b"", TYPE_2)

    def _write_patient(self) -> None:
        about = self._about
        self._cleaned.subject_key = source_subject_key(
            self._source, keys=about.keys, centre_code=about.centre_code
        )
        pseudonym = (self.subject_key or "")[:PSEUDONYM_DIGITS].upper().encode("ascii")
        self._own(0x00100010, "PN", pseudonym, PSEUDONYM)
        self._own(0x00100020, "LO", pseudonym, PSEUDONYM)

    def _write_method(self) -> None:
        for tag, vr, value in (
            (0x00080005, "CS", b"ISO_IR 192"),
            (0x00120062, "CS", b"YES"),
            (0x00120063, "LO", "\\".join(METHOD_TEXT).encode("ascii")),
            (0x00280303, "CS", b"UNMODIFIED"),
        ):
            self._own(tag, vr, value, METHOD)
        element, encoded = _method_codes(self._source.little_endian)
        outcome = (_done(self._source.dataset, 0x00120064, encoded), METHOD)
        self._put(0x00120064, element, outcome)
        self.written.update(_WRITTEN_IN_CODES)

    def _own(self, tag: int, vr: str, value: bytes, rule: str) -> None:
        """Write an element of ours at the top, whatever the source had there."""
        outcome = (_done(self._source.dataset, tag, value), rule)
        decision = self._decisions.own(tag, vr, value, outcome)
        assert decision.element is not None
        self.written.update(decision.written)
        self._put(tag, decision.element, outcome)

    def _put(self, tag: int, element: Element, outcome: Outcome) -> None:
        done = self._cleaned
        done.elements[tag] = element
        done.outcomes[tag] = outcome
        done.encoded[tag] = encode_element(element, self._encoding)

    def _new_dataset(self) -> Dataset:
        return _new_dataset(self._source.little_endian)


def _done(source: Dataset, tag: int, value: bytes) -> str:
    """What writing a value of ours does to an element of the source."""
    element = plain_elements(source).get(tag)
    if element is None:
        return ADDED
    if isinstance(element, RawDataElement) and without_padding(element.value or b"") == value:
        return KEPT
    return REPLACED if value else EMPTIED


def _new_dataset(little_endian: bool) -> Dataset:
    dataset = Dataset()
    dataset.set_original_encoding(False, little_endian, "iso8859")
    return dataset


def _sequence(tag: int, items: list[Dataset]) -> DataElement:
    return DataElement(base_tag(tag), "SQ", Sequence(items))


_WRITTEN_IN_CODES = frozenset(
    text.encode("ascii") for code in METHOD_CODES for text in (*code, "DCM")
)


@lru_cache(maxsize=2)
def _method_codes(little_endian: bool) -> tuple[DataElement, bytes]:
    """The sequence of the codes, and the same in bytes."""
    items = []
    for code, meaning in METHOD_CODES:
        item = _new_dataset(little_endian)
        for tag, vr, text in (
            (0x00080100, "SH", code),
            (0x00080102, "SH", "DCM"),
            (0x00080104, "LO", meaning),
        ):
            value = text.encode("ascii") + b" " * (len(text) % 2)
            plain_elements(item)[tag] = RawDataElement(
                base_tag(tag), vr, len(value), value, 0, False, little_endian
            )
        items.append(item)
    element = DataElement(base_tag(0x00120064), "SQ", Sequence(items))
    return element, encode_element(element, Encoding(False, little_endian))
