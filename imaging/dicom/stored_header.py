"""The header of the stored file, the same whatever the way it came.

Uncompressed little endian images are all written in Explicit VR Little Endian: the elements of an
implicit file get their VRs, lengths of sequences are spelled out, values are padded anew, and the
VR of the pixels follows from Bits Allocated. So the same image is the same bytes, whichever sender
or transfer syntax brought it.

References
----------
DICOM PS3.10 section 7.1 (File Meta Information), PS3.5 section 6.2 (padding), 7 (data set) and
annex A (transfer syntaxes).
"""

import struct
from collections import OrderedDict
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from . import compressed_pixels
from .attributes import InstanceAttributes
from .deidentification import Deidentifier, Keys
from .element_values import first_text, integer
from .elements import PIXEL_DATA, UNDEFINED_LENGTH, Encoding, base_tag, encode_element
from .errors import ResidualIdentifierError
from .manifest import CONVERTED, FILE_META, Manifest, Outcome, content_sha256
from .source_instance import SourceInstance

IMPLEMENTATION_CLASS_UID = "2.25.253404186930107526149370423137104690893"
IMPLEMENTATION_VERSION_NAME = "CRESCENT_0_1"

MOST_MANIFESTS = 64

_EXPLICIT_LITTLE = Encoding(implicit_vr=False, little_endian=True)
_BEGIN = b"\0" * 128 + b"DICM"


class StoredHeader:
    """Everything of the stored file that comes before the pixel bytes.

    Attributes
    ----------
    content
        Its bytes, up to the value of the pixel data.
    manifest, manifest_sha256
        What was done, as `Manifest.to_json`, and the hash of that.

    Raises
    ------
    ResidualIdentifierError
        An identifying text of the source is still there.
    """

    def __init__(self, source: SourceInstance, *, keys: Keys, centre_code: str) -> None:
        run = Deidentifier(source, keys=keys, centre_code=centre_code)
        self._dataset = run.run()
        self.transfer_syntax_uid = stored_transfer_syntax(source.transfer_syntax_uid)
        self.subject_key = run.subject_key
        meta = _file_meta(
            sop_class_uid=self.uid(0x00080016),
            sop_instance_uid=self.uid(0x00080018),
            transfer_syntax_uid=self.transfer_syntax_uid,
        )
        body = meta + run.encoded()
        own = (*run.written, IMPLEMENTATION_VERSION_NAME.encode("ascii"))
        if run.identifiers.found_in(body, written=own):
            raise ResidualIdentifierError
        fault = compressed_pixels.check(source, run.identifiers)
        self.content = _BEGIN + body + _pixel_head(source)
        self.attributes = InstanceAttributes.of(
            self._dataset, transfer_syntax_uid=self.transfer_syntax_uid
        )
        if fault is not None and self.attributes.displayable:
            self.attributes = replace(
                self.attributes, displayable=False, not_displayable_reason=fault
            )
        file = [FILE_META, *source.around]
        if source.transfer_syntax_uid == ImplicitVRLittleEndian:
            file.append(CONVERTED)
        self.manifest, self.manifest_sha256 = _manifest(run.noted(), tuple(file))

    def uid(self, tag: int) -> str:
        return first_text(self._dataset, tag) or ""


def stored_transfer_syntax(transfer_syntax_uid: str) -> str:
    """How an image that came in this transfer syntax is stored."""
    if transfer_syntax_uid == ImplicitVRLittleEndian:
        return str(ExplicitVRLittleEndian)
    return transfer_syntax_uid


_manifests: OrderedDict[object, tuple[dict[str, Any], str]] = OrderedDict()


def _manifest(
    noted: tuple[tuple[str, int, Outcome], ...], file: tuple[str, ...]
) -> tuple[dict[str, Any], str]:
    """Manifest and hash, remembered from file to file."""
    key = (noted, file)
    found = _manifests.get(key)
    if found is None:
        plain = Manifest.of(noted, file).to_json()
        found = _manifests[key] = (plain, content_sha256(plain))
        if len(_manifests) > MOST_MANIFESTS:
            _manifests.popitem(last=False)
    return found


def _file_meta(*, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> bytes:
    """Fresh File Meta Information: nothing of the source but SOP class and transfer syntax."""
    before, after = _constant_file_meta(sop_class_uid, transfer_syntax_uid)
    encoded = before + _meta_element(0x00020003, "UI", sop_instance_uid.encode("ascii")) + after
    return struct.pack("<HH2sHI", 0x0002, 0x0000, b"UL", 4, len(encoded)) + encoded


@lru_cache(maxsize=64)
def _constant_file_meta(sop_class_uid: str, transfer_syntax_uid: str) -> tuple[bytes, bytes]:
    """What stands before and behind the SOP Instance UID."""
    before = {0x00020001: ("OB", b"\0\1"), 0x00020002: ("UI", sop_class_uid.encode("ascii"))}
    after = {
        0x00020010: ("UI", transfer_syntax_uid.encode("ascii")),
        0x00020012: ("UI", IMPLEMENTATION_CLASS_UID.encode("ascii")),
        0x00020013: ("SH", IMPLEMENTATION_VERSION_NAME.encode("ascii")),
    }
    head, tail = (
        b"".join(_meta_element(tag, vr, value) for tag, (vr, value) in elements.items())
        for elements in (before, after)
    )
    return head, tail


def _meta_element(tag: int, vr: str, value: bytes) -> bytes:
    element = RawDataElement(base_tag(tag), vr, len(value), value, 0, False, True)
    return encode_element(element, _EXPLICIT_LITTLE)


def _pixel_head(source: SourceInstance) -> bytes:
    order = "<" if source.little_endian else ">"
    length = UNDEFINED_LENGTH if source.encapsulated else stored_pixel_length(source)
    vr = b"OB"
    if not source.encapsulated and (integer(source.dataset, 0x00280100) or 0) > 8:
        vr = b"OW"
    return struct.pack(order + "HH2sHI", PIXEL_DATA >> 16, PIXEL_DATA & 0xFFFF, vr, 0, length)


def stored_pixel_length(source: SourceInstance) -> int:
    """Bytes of the pixel value: a byte of padding where a writer has left it out."""
    missing = 0 if source.encapsulated else source.pixel_length % 2
    return source.pixel_length + missing
