"""What becomes of one allowed element: the table first, then what its value allows.

A decision depends on the element and on the circumstances of its file, nothing else. The slices of
a series share nearly all elements and their circumstances, so decisions are remembered.

References
----------
DICOM PS3.15 annex E; PS3.5 section 6.2 (padding) and 6.2.2 (VR UN).
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from pydicom._uid_dict import UID_dictionary
from pydicom.dataelem import RawDataElement

from . import confidentiality_profile
from .cleaned import Cleaned
from .elements import Encoding, base_tag, encode_element
from .header_shape import HeaderShape
from .identifiers import Identifiers
from .kept_attributes import DATES_AND_TIMES, DUMMY_TEXT, ENHANCED_ONLY, KeptAttribute
from .manifest import (
    DUMMY,
    EMPTIED,
    KEPT,
    REMOVED,
    REPLACED,
    VALUE_RULE,
    Outcome,
    allowed,
    table,
)
from .pseudonyms import Keys, pseudonymous_uid
from .value_rules import (
    BINARY_SIZES,
    MAX_VALUE_BYTES,
    TEXT_VRS,
    VALUE_OF_VR,
    binary_stays,
    number_or_date_stays,
    too_many,
)

MAY_BE_WELL_KNOWN = frozenset({"SOPClassUID", "ReferencedSOPClassUID", "FrameOfReferenceUID"})
"""UIDs that stay where the standard registers them (PS3.6 annex A): classes and atlases.

A study, series or image under a registered UID is a fault of its writer. Its UID is replaced like
any other, or the studies of two centres with the same fault would be one.
"""

MOST_CIRCUMSTANCES = 16
MOST_REMEMBERED_BYTES = 1024 * 1024
"""Of the decisions under the same circumstances; then they are forgotten and made anew."""
BYTES_PER_DECISION = 800
"""About what one takes beside its value, which is kept four times."""
LONGEST_REMEMBERED = 256
"""Bytes; what a sender varies without end must not fill the memory."""

_EITHER_SIGN = frozenset({"US", "SS"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one element.

    Attributes
    ----------
    element
        As it is stored; None when it goes.
    encoded
        The same in the bytes of the stored file.
    written
        Texts of our own in it.
    """

    outcome: Outcome
    element: RawDataElement | None = None
    encoded: bytes = b""
    written: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What of a file, but who it is of, has a say in the decision about each of its elements."""

    signed: bool
    plain_ct: bool
    little_endian: bool
    keys: Keys
    centre_code: str


@dataclass(slots=True)
class ElementDecisions:
    """The decisions under the same circumstances, each made once."""

    about: Circumstances
    of_series: WeakKeyDictionary[HeaderShape, Cleaned] = field(default_factory=WeakKeyDictionary)
    """What became of all the elements that do not vary in a series."""
    _made: dict[tuple[int, str | None, bool, bytes], Decision] = field(default_factory=dict)
    _made_bytes: int = 0
    _own: dict[tuple[int, str, bytes, Outcome], Decision] = field(default_factory=dict)

    def decide(
        self, kept: KeptAttribute, element: RawDataElement, identifiers: Identifiers
    ) -> Decision:
        value = element.value or b""
        # PS3.5 section 6.2.2: a value under UN is little endian in a big endian file, too
        little_endian = element.is_little_endian or element.VR == "UN"
        if len(value) > LONGEST_REMEMBERED:
            return self._decide(kept, element.VR, value, little_endian, identifiers)
        # the entries of the allow-list live as long as the process
        key = (id(kept), element.VR, little_endian, value)
        decision = self._made.get(key)
        if decision is None:
            if self._made_bytes >= MOST_REMEMBERED_BYTES:
                self._made.clear()
                self._made_bytes = 0
            decision = self._decide(kept, element.VR, value, little_endian, identifiers)
            self._made[key] = decision
            self._made_bytes += BYTES_PER_DECISION + 4 * len(value)
        return decision

    def _decide(
        self,
        kept: KeptAttribute,
        declared_vr: str | None,
        value: bytes,
        little_endian: bool,
        identifiers: Identifiers,
    ) -> Decision:
        action = confidentiality_profile.action(kept.tag)
        if kept.reason == "empty" or not stays(kept, action):
            return self.withhold(kept, table(action or "Z"))
        if "SQ" in kept.vrs:
            return Decision((REMOVED, VALUE_RULE))
        if "UI" in kept.vrs:
            return self._replace_uids(kept, value, action)
        vr = self._vr(kept, declared_vr)
        if vr is None or len(value) > MAX_VALUE_BYTES:
            return self.withhold(kept, VALUE_RULE)
        if vr in BINARY_SIZES and little_endian != self.about.little_endian:
            value = _swapped(value, 2 if vr == "AT" else BINARY_SIZES[vr])
        return self._keep_value(kept, vr, value, identifiers)

    def withhold(self, kept: KeptAttribute, rule: str) -> Decision:
        """Resolve D, Z or X by the type of the attribute in the IOD."""
        attribute_type = kept.attribute_type
        if self.about.plain_ct and kept.tag in ENHANCED_ONLY:
            attribute_type = "3"
        if attribute_type == "3" or "SQ" in kept.vrs:
            return Decision((REMOVED, rule))
        vr = min(kept.vrs)
        if attribute_type == "1" and vr in TEXT_VRS:
            return self.own(kept.tag, vr, DUMMY_TEXT.encode(), (DUMMY, rule))
        return self.own(kept.tag, vr, b"", (EMPTIED, rule))

    def own(self, tag: int, vr: str, value: bytes, outcome: Outcome) -> Decision:
        """An element with a value of ours."""
        key = (tag, vr, value, outcome)
        decision = self._own.get(key)
        if decision is None:
            written = (value,) if value else ()
            decision = self._stored(tag, vr, value, outcome, written=written)
            # what we write ourselves is bounded by the allow-list, the code list and one patient
            self._own[key] = decision
        return decision

    def _replace_uids(self, kept: KeptAttribute, value: bytes, action: str | None) -> Decision:
        replaced, written = [], []
        for uid in value.decode("latin-1").rstrip("\0 ").split("\\"):
            known = kept.keyword in MAY_BE_WELL_KNOWN and uid in UID_dictionary
            if uid and not known:
                uid = pseudonymous_uid(
                    uid, keys=self.about.keys, centre_code=self.about.centre_code
                )
                written.append(uid.encode("ascii"))
            replaced.append(uid)
        if not any(replaced):
            return Decision((REMOVED, VALUE_RULE))
        outcome = (REPLACED, table(action or "U")) if written else (KEPT, allowed(kept.reason))
        encoded = "\\".join(replaced).encode("ascii")
        return self._stored(kept.tag, "UI", encoded, outcome, written=tuple(written))

    def _keep_value(
        self, kept: KeptAttribute, vr: str, value: bytes, identifiers: Identifiers
    ) -> Decision:
        if vr in BINARY_SIZES:
            element = self._raw(kept.tag, vr, value)
            stored = value if binary_stays(kept, element) else b""
        elif too_many(kept, value):
            stored = b""
        elif vr in VALUE_OF_VR:
            stored = without_padding(value)
            if not number_or_date_stays(vr, stored, identifiers):
                stored = b""
        else:
            stored = _terms(kept, value, identifiers)
        if not stored:
            return self.withhold(kept, VALUE_RULE)
        whole = vr in BINARY_SIZES or stored == without_padding(value)
        outcome = (KEPT, allowed(kept.reason)) if whole else (REPLACED, VALUE_RULE)
        return self._stored(kept.tag, vr, stored, outcome)

    def _vr(self, kept: KeptAttribute, declared: str | None) -> str | None:
        """The VR to write, the same however the source declares it; None when it cannot be this
        attribute."""
        if kept.vrs == _EITHER_SIGN:
            fits = declared in ("US", "SS", "UN") or " or " in (declared or "")
            return ("SS" if self.about.signed else "US") if fits else None
        if declared in kept.vrs:
            return declared
        if len(kept.vrs) == 1:
            (only,) = kept.vrs
            if declared == "UN" or (only in TEXT_VRS and declared in TEXT_VRS):
                return only
        return None

    def _stored(
        self,
        tag: int,
        vr: str,
        value: bytes,
        outcome: Outcome,
        *,
        written: tuple[bytes, ...] = (),
    ) -> Decision:
        if len(value) % 2:
            value += b"\0" if vr == "UI" else b" "
        element = self._raw(tag, vr, value)
        encoding = Encoding(implicit_vr=False, little_endian=self.about.little_endian)
        return Decision(outcome, element, encode_element(element, encoding), written)

    def _raw(self, tag: int, vr: str, value: bytes) -> RawDataElement:
        return RawDataElement(
            base_tag(tag), vr, len(value), value, 0, False, self.about.little_endian
        )


def _swapped(value: bytes, size: int) -> bytes:
    """Numbers of so many bytes in the other byte order; what is no such is no number either."""
    if len(value) % size:
        return value
    return b"".join(value[at : at + size][::-1] for at in range(0, len(value), size))


def stays(kept: KeptAttribute, action: str | None) -> bool:
    """Whether the table leaves an allowed attribute its value, replaced UIDs included."""
    return action in (None, "U", "X/Z/U*") or kept.tag in DATES_AND_TIMES


def _terms(kept: KeptAttribute, value: bytes, identifiers: Identifiers) -> bytes:
    """The components that are allowed terms and repeat no identifier."""
    parts = without_padding(value).decode("latin-1").split("\\")
    stay = [part if kept.allows(part) and not identifiers.occurs_in(part) else "" for part in parts]
    return "\\".join(stay).rstrip("\\").encode("ascii")


def without_padding(value: bytes) -> bytes:
    """A text as every writer would pad it: not at all, neither its end nor its components."""
    return b"\\".join(part.strip(b" ") for part in value.rstrip(b" \0").split(b"\\"))


_remembered: OrderedDict[tuple[Circumstances, object], ElementDecisions] = OrderedDict()


def decisions_under(about: Circumstances, *, names: object) -> ElementDecisions:
    """The decisions made under the circumstances, remembered from file to file.

    Parameters
    ----------
    names
        `Identifiers.key` of the source: the same for the slices of a series.
    """
    key = (about, names)
    decisions = _remembered.get(key)
    if decisions is None:
        decisions = _remembered[key] = ElementDecisions(about)
        if len(_remembered) > MOST_CIRCUMSTANCES:
            _remembered.popitem(last=False)
    else:
        _remembered.move_to_end(key)
    return decisions
