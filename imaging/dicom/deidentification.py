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

from collections.abc import Mapping

from pydicom._uid_dict import UID_dictionary
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.uid import CTImageStorage

from . import confidentiality_profile
from .element_values import first_text, integer
from .identifiers import Identifiers, decoded, identifiers_of
from .kept_attributes import (
    CODED_TERMS,
    DATES_AND_TIMES,
    DUMMY_TEXT,
    ENHANCED_ONLY,
    KEPT_ATTRIBUTES,
    KEPT_BY_KEYWORD,
    KeptAttribute,
)
from .pseudonyms import Keys, derive_keys, pseudonymous_uid, subject_key
from .source_instance import SourceInstance
from .value_rules import (
    BINARY_SIZES,
    MAX_VALUE_BYTES,
    TEXT_VRS,
    VALUE_OF_VR,
    binary_stays,
    number_or_date_stays,
    too_many,
)

__all__ = [
    "Deidentifier",
    "Keys",
    "deidentify",
    "derive_keys",
    "pseudonymous_uid",
    "source_subject_key",
    "subject_key",
]

METHOD = (
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

_MAY_BE_WELL_KNOWN = frozenset({"SOPClassUID", "ReferencedSOPClassUID", "FrameOfReferenceUID"})
"""UIDs that stay where the standard registers them (PS3.6 annex A): classes and atlases.

A study, series or image under a registered UID is a fault of its writer. Its UID is replaced like
any other, or the studies of two centres with the same fault would be one.
"""

_MISSED_BY_NOBODY = frozenset({"BodyPartExamined", "Manufacturer"})
"""Terms that go when they equal a removed value; the others decide what is measured."""

_ACQUISITION_CONTEXT = 0x00400555
"""Acquisition Context Sequence: type 2 in enhanced images, always emptied."""


def source_subject_key(source: SourceInstance, *, keys: Keys, centre_code: str) -> str | None:
    """The subject key of the person a source names in Patient ID; None when it is empty."""
    element = source.dataset._dict.get(0x00100020)  # type: ignore[call-overload]
    value = element.value if isinstance(element, RawDataElement) else None
    identifier = decoded(value).replace("\0", "") if value else None
    return subject_key(identifier, keys=keys, centre_code=centre_code)


def deidentify(source: SourceInstance, *, keys: Keys, centre_code: str) -> Dataset:
    """Build the header that is stored; the source's data set is not changed.

    Returns
    -------
    A new data set without Pixel Data whose elements are raw values in the byte order of
    the source, and sequences of such data sets.
    """
    return Deidentifier(source, keys=keys, centre_code=centre_code).run()


class Deidentifier:
    """One run over one header; remembers the texts it wrote itself."""

    def __init__(self, source: SourceInstance, *, keys: Keys, centre_code: str) -> None:
        self._source = source
        self._keys = keys
        self._centre_code = centre_code
        self._signed = integer(source.dataset, 0x00280103) == 1
        self._plain_ct = first_text(source.dataset, 0x00080016) == CTImageStorage
        self.identifiers: Identifiers = identifiers_of(source.dataset)
        self.written: set[bytes] = set()

    def run(self) -> Dataset:
        result = self._clean(self._source.dataset, KEPT_ATTRIBUTES)
        for tag in _ALWAYS_PRESENT:
            if tag not in result._dict:
                self._put(result, tag, min(KEPT_ATTRIBUTES[tag].vrs), b"")
        if not self._plain_ct:
            _put_sequence(result, _ACQUISITION_CONTEXT, [])
        self._write_patient(result)
        self._write_method(result)
        return result

    def _clean(self, dataset: Dataset, allowed: Mapping[int, KeptAttribute]) -> Dataset:
        result = self._new_dataset()
        for tag, element in dataset._dict.items():
            kept = allowed.get(tag)
            if kept is not None:
                self._apply(kept, element, result)
        return result

    def _apply(
        self,
        kept: KeptAttribute,
        element: DataElement | RawDataElement,
        result: Dataset,
    ) -> None:
        """One allowed element: what the table says, then what the value allows."""
        action = confidentiality_profile.action(kept.tag)
        if kept.reason == "empty" or not _stays(kept, action):
            self._withhold(kept, result)
        elif not isinstance(element, RawDataElement):
            self._clean_sequence(kept, element, result)
        elif "SQ" in kept.vrs:
            return
        elif "UI" in kept.vrs:
            self._replace_uids(kept, element, result)
        else:
            self._keep_value(kept, element, result)

    def _withhold(self, kept: KeptAttribute, result: Dataset) -> None:
        """Resolve D, Z or X by the type of the attribute in the IOD."""
        attribute_type = kept.attribute_type
        if self._plain_ct and kept.tag in ENHANCED_ONLY:
            attribute_type = "3"
        if attribute_type == "3":
            return
        if "SQ" in kept.vrs:
            return
        vr = min(kept.vrs)
        dummy = DUMMY_TEXT.encode() if attribute_type == "1" and vr in TEXT_VRS else b""
        self._put(result, kept.tag, vr, dummy, own=True)

    def _clean_sequence(self, kept: KeptAttribute, element: DataElement, result: Dataset) -> None:
        if "SQ" not in kept.vrs:
            return
        items = []
        for item in element.value:
            cleaned = self._clean(item, kept.items)
            if kept.coded:
                self._keep_code(item, cleaned)
            if cleaned._dict:
                items.append(cleaned)
        if items:
            _put_sequence(result, kept.tag, items)

    def _keep_code(self, item: Dataset, cleaned: Dataset) -> None:
        """Keep a known code with the meaning from the list, not the one in the file."""
        code, scheme = (
            first_text(item, 0x00080100) or "",
            first_text(item, 0x00080102) or "",
        )
        meaning = CODED_TERMS.get((scheme, code))
        if meaning is None:
            return
        for tag, vr, text in (
            (0x00080100, "SH", code),
            (0x00080102, "SH", scheme),
            (0x00080104, "LO", meaning),
        ):
            self._put(cleaned, tag, vr, text.encode("ascii"), own=True)

    def _replace_uids(self, kept: KeptAttribute, element: RawDataElement, result: Dataset) -> None:
        replaced = []
        for uid in _components(element):
            known = kept.keyword in _MAY_BE_WELL_KNOWN and uid in UID_dictionary
            if uid and not known:
                uid = pseudonymous_uid(uid, keys=self._keys, centre_code=self._centre_code)
                self.written.add(uid.encode("ascii"))
            replaced.append(uid)
        if any(replaced):
            self._put(result, kept.tag, "UI", "\\".join(replaced).encode("ascii"))

    def _keep_value(self, kept: KeptAttribute, element: RawDataElement, result: Dataset) -> None:
        value = element.value or b""
        vr = self._vr(kept, element.VR)
        if vr is None or len(value) > MAX_VALUE_BYTES:
            self._withhold(kept, result)
        elif vr in BINARY_SIZES:
            if binary_stays(kept, element._replace(VR=vr)):
                self._put(result, kept.tag, vr, value)
            else:
                self._withhold(kept, result)
        elif not value.strip(b" \0") or too_many(kept, value):
            self._withhold(kept, result)
        elif vr not in VALUE_OF_VR:
            self._keep_terms(kept, vr, value, result)
        elif number_or_date_stays(vr, value, self.identifiers):
            self._put(result, kept.tag, vr, value)
        else:
            self._withhold(kept, result)

    def _keep_terms(self, kept: KeptAttribute, vr: str, value: bytes, result: Dataset) -> None:
        """Keep the components that are allowed terms and repeat no identifier."""
        components = [
            self._term(kept, part.strip(" "))
            for part in value.rstrip(b" \0").decode("latin-1").split("\\")
        ]
        if any(components):
            self._put(result, kept.tag, vr, "\\".join(components).rstrip("\\").encode("ascii"))
        else:
            self._withhold(kept, result)

    def _term(self, kept: KeptAttribute, text: str) -> str:
        if not kept.allows(text):
            return ""
        if self.identifiers.occurs_in(text):
            return ""
        repeats = kept.keyword in _MISSED_BY_NOBODY and self.identifiers.equals_removed(text)
        return "" if repeats else text

    def _vr(self, kept: KeptAttribute, declared: str | None) -> str | None:
        """The VR to write; None when the declared one cannot be this attribute."""
        if declared in kept.vrs:
            return declared
        if declared is not None and " or " in declared:
            return "SS" if self._signed else "US"
        if len(kept.vrs) == 1:
            (only,) = kept.vrs
            if only in TEXT_VRS and (declared == "UN" or declared in TEXT_VRS):
                return only
        return None

    def _write_patient(self, result: Dataset) -> None:
        key = source_subject_key(self._source, keys=self._keys, centre_code=self._centre_code)
        pseudonym = key[:PSEUDONYM_DIGITS].upper().encode("ascii") if key else b""
        self._put(result, 0x00100010, "PN", pseudonym, own=True)
        self._put(result, 0x00100020, "LO", pseudonym, own=True)

    def _write_method(self, result: Dataset) -> None:
        self._put(result, 0x00080005, "CS", b"ISO_IR 192", own=True)
        self._put(result, 0x00120062, "CS", b"YES", own=True)
        self._put(result, 0x00120063, "LO", "\\".join(METHOD).encode("ascii"), own=True)
        codes = []
        for code, meaning in METHOD_CODES:
            item = self._new_dataset()
            self._put(item, 0x00080100, "SH", code.encode("ascii"), own=True)
            self._put(item, 0x00080102, "SH", b"DCM", own=True)
            self._put(item, 0x00080104, "LO", meaning.encode("ascii"), own=True)
            codes.append(item)
        _put_sequence(result, 0x00120064, codes)
        self._put(result, 0x00280303, "CS", b"UNMODIFIED", own=True)

    def _new_dataset(self) -> Dataset:
        dataset = Dataset()
        dataset.set_original_encoding(
            self._source.implicit_vr, self._source.little_endian, "iso8859"
        )
        return dataset

    def _put(self, dataset: Dataset, tag: int, vr: str, value: bytes, *, own: bool = False) -> None:
        if own and value:
            self.written.add(value)
        if len(value) % 2:
            value += b"\0" if vr == "UI" else b" "
        base_tag = BaseTag(tag)
        dataset._dict[base_tag] = RawDataElement(
            base_tag,
            vr,
            len(value),
            value,
            0,
            self._source.implicit_vr,
            self._source.little_endian,
        )


def _stays(kept: KeptAttribute, action: str | None) -> bool:
    """Whether the table leaves an allowed attribute its value, replaced UIDs included."""
    return action in (None, "U", "X/Z/U*") or kept.tag in DATES_AND_TIMES


def _components(element: RawDataElement) -> list[str]:
    return (element.value or b"").decode("latin-1").rstrip("\0 ").split("\\")


def _put_sequence(dataset: Dataset, tag: int, items: list[Dataset]) -> None:
    base_tag = BaseTag(tag)
    dataset._dict[base_tag] = DataElement(base_tag, "SQ", Sequence(items))
