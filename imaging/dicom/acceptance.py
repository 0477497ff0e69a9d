"""Which DICOM instances the registry takes, and which of them it can show.

References
----------
DICOM PS3.4 annex B.5 (storage SOP classes), PS3.5 section 9 (UIDs) and annex A (transfer
syntaxes), PS3.3 C.7.6.3 (Image Pixel Module).
"""

import re

from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    CTImageStorage,
    EncapsulatedCDAStorage,
    EncapsulatedMTLStorage,
    EncapsulatedOBJStorage,
    EncapsulatedPDFStorage,
    EncapsulatedSTLStorage,
    EnhancedCTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    LegacyConvertedEnhancedCTImageStorage,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    MultiFrameSingleBitSecondaryCaptureImageStorage,
    MultiFrameTrueColorSecondaryCaptureImageStorage,
    RLELossless,
    SecondaryCaptureImageStorage,
)

from .burned_in import suspected
from .element_values import first_text, integer, texts
from .elements import describe
from .errors import (
    DicomError,
    InvalidPixelDescriptionError,
    InvalidUidError,
    MissingUidError,
    OverlayInPixelsError,
    SopClassNeedsReviewError,
    SopClassNotCtError,
    TransferSyntaxRefusedError,
    TransferSyntaxUnknownError,
    UidLeadingZeroError,
    UidMismatchError,
)
from .source_instance import SourceInstance

ACCEPTED_SOP_CLASSES = frozenset(
    {CTImageStorage, EnhancedCTImageStorage, LegacyConvertedEnhancedCTImageStorage}
)
"""What a CT contrast study may consist of."""

REVIEWED_SOP_CLASSES = frozenset(
    {
        SecondaryCaptureImageStorage,
        MultiFrameSingleBitSecondaryCaptureImageStorage,
        MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
        MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
        MultiFrameTrueColorSecondaryCaptureImageStorage,
        EncapsulatedPDFStorage,
        EncapsulatedCDAStorage,
        EncapsulatedSTLStorage,
        EncapsulatedOBJStorage,
        EncapsulatedMTLStorage,
    }
)
"""Screenshots and documents: quarantined, because they show or tell who the patient is."""

STRUCTURED_REPORT_ROOT = "1.2.840.10008.5.1.4.1.1.88."
"""Root of all structured report classes (dose reports among them): quarantined too."""

DICOM_ROOT = "1.2.840.10008."
"""Root of every UID that the standard itself registers (PS3.6 annex A)."""

NATIVE_TRANSFER_SYNTAXES = frozenset(
    {ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian}
)
ENCAPSULATED_TRANSFER_SYNTAXES = frozenset(
    {
        JPEGBaseline8Bit,
        JPEGExtended12Bit,
        JPEGLossless,
        JPEGLosslessSV1,
        JPEGLSLossless,
        JPEGLSNearLossless,
        JPEG2000Lossless,
        JPEG2000,
        HTJ2KLossless,
        HTJ2KLosslessRPCL,
        HTJ2K,
        RLELossless,
    }
)
ACCEPTED_TRANSFER_SYNTAXES = NATIVE_TRANSFER_SYNTAXES | ENCAPSULATED_TRANSFER_SYNTAXES
"""How an accepted instance may be encoded; deflated and video syntaxes are refused."""

REQUIRED_UIDS = (0x00080016, 0x00080018, 0x0020000D, 0x0020000E)
"""SOP Class, SOP Instance, Study Instance and Series Instance UID."""

OPTIONAL_UIDS = (0x00200052,)
"""Frame of Reference UID: checked when it has a value."""

MAX_UID_LENGTH = 64

_UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*")
_UID_WITH_LEADING_ZERO = re.compile(r"[0-9]+(\.[0-9]+)*")


def accept(source: SourceInstance, *, overridden: frozenset[str] = frozenset()) -> None:
    """Refuse what is not a CT image that can be stored de-identified.

    Parameters
    ----------
    overridden
        Reason codes that a person has overruled for this file; those that are not
        releasable are not passed over.

    Raises
    ------
    DicomError
        The subclass names the reason.
    """
    dataset, meta = source.dataset, source.file_meta
    for tag in REQUIRED_UIDS:
        _check_uid(texts(dataset, tag), tag, overridden, required=True)
    for tag in OPTIONAL_UIDS:
        _check_uid(texts(dataset, tag), tag, overridden, required=False)
    for meta_tag, tag in ((0x00020002, 0x00080016), (0x00020003, 0x00080018)):
        named = texts(meta, meta_tag)
        _check_uid(named, meta_tag, overridden, required=False)
        if named and named != texts(dataset, tag):
            raise UidMismatchError(f"{describe(meta_tag)}, {describe(tag)}")
    check_sop_class(first_text(dataset, 0x00080016) or "")
    check_transfer_syntax(source.transfer_syntax_uid)
    _check_number_of_frames(dataset)
    _check_overlay_in_pixels(dataset)
    if (error := suspected(dataset)) is not None and not overrules(overridden, error):
        raise error


def overrules(overridden: frozenset[str], error: DicomError) -> bool:
    """Whether a person has overruled this refusal, and could."""
    return error.releasable and error.reason_code in overridden


def _check_uid(
    values: tuple[str, ...], tag: int, overridden: frozenset[str], *, required: bool
) -> None:
    try:
        check_uid(values, tag=tag, required=required)
    except UidLeadingZeroError as error:
        if not overrules(overridden, error):
            raise


def check_uid(values: tuple[str, ...], *, tag: int, required: bool) -> None:
    """Refuse a UID that is missing, multiple or breaks the rules of PS3.5 section 9.1.

    Raises
    ------
    MissingUidError, InvalidUidError, UidLeadingZeroError
    """
    if not any(values):
        if required:
            raise MissingUidError(describe(tag))
        return
    if len(values) != 1 or len(values[0]) > MAX_UID_LENGTH:
        raise InvalidUidError(describe(tag))
    if _UID.fullmatch(values[0]):
        return
    if _UID_WITH_LEADING_ZERO.fullmatch(values[0]):
        raise UidLeadingZeroError(describe(tag))
    raise InvalidUidError(describe(tag))


def check_sop_class(sop_class_uid: str) -> None:
    """Refuse what is not CT; quarantine screenshots, documents and reports."""
    if not sop_class_uid:
        raise MissingUidError(describe(0x00080016))
    if sop_class_uid in ACCEPTED_SOP_CLASSES:
        return
    if sop_class_uid in REVIEWED_SOP_CLASSES or sop_class_uid.startswith(STRUCTURED_REPORT_ROOT):
        raise SopClassNeedsReviewError(_registered_name(sop_class_uid))
    raise SopClassNotCtError(_registered_name(sop_class_uid))


def check_transfer_syntax(transfer_syntax_uid: str) -> None:
    """Refuse deflated and video syntaxes; quarantine private and unknown ones."""
    if transfer_syntax_uid in ACCEPTED_TRANSFER_SYNTAXES:
        return
    if transfer_syntax_uid.startswith(DICOM_ROOT):
        raise TransferSyntaxRefusedError(_registered_name(transfer_syntax_uid))
    raise TransferSyntaxUnknownError


def displayable(dataset: Dataset, *, transfer_syntax_uid: str) -> str | None:
    """Why the pixels of an accepted instance cannot be shown; None when they can.

    Such an instance is stored all the same: its bytes may still be needed.
    """
    allocated = integer(dataset, 0x00280100)
    stored = integer(dataset, 0x00280101)
    high_bit = integer(dataset, 0x00280102)
    representation = integer(dataset, 0x00280103)
    if allocated not in (8, 16, 32):
        return "Bits Allocated (0028,0100) is not 8, 16 or 32."
    if stored is None or not 1 <= stored <= allocated:
        return "Bits Stored (0028,0101) is missing or does not fit into Bits Allocated."
    if high_bit != stored - 1:
        return "High Bit (0028,0102) is not Bits Stored minus one."
    if representation not in (0, 1):
        return "Pixel Representation (0028,0103) is missing or neither 0 nor 1."
    if integer(dataset, 0x00280002) != 1:
        return "Samples per Pixel (0028,0002) is not 1."
    if first_text(dataset, 0x00280004) not in ("MONOCHROME1", "MONOCHROME2"):
        return "Photometric Interpretation (0028,0004) is not MONOCHROME1 or MONOCHROME2."
    if transfer_syntax_uid == JPEGBaseline8Bit and allocated != 8:
        return "JPEG Baseline holds 8 bits only, and Bits Allocated (0028,0100) says otherwise."
    if transfer_syntax_uid == JPEGExtended12Bit and stored > 8:
        return "No codec of this installation reads JPEG Extended with more than 8 bits."
    return None


def _check_number_of_frames(dataset: Dataset) -> None:
    """Refuse a multi-frame image that does not say it (PS3.3 C.7.6.6, type 1).

    Of compressed pixels nothing else tells: all frames but the first would be out of sight.
    """
    is_plain_ct = first_text(dataset, 0x00080016) == CTImageStorage
    if not is_plain_ct and first_text(dataset, 0x00280008) is None:
        raise InvalidPixelDescriptionError(describe(0x00280008))


def _check_overlay_in_pixels(dataset: Dataset) -> None:
    for tag in dataset._dict:
        # an overlay without its own data lives in the unused high bits of the pixels
        overlay = (tag >> 16) & 0xFF01 == 0x6000
        if overlay and tag & 0xFFFF == 0x0102 and (integer(dataset, tag) or 0) > 0:
            raise OverlayInPixelsError("(60xx,0102) OverlayBitPosition")


def _registered_name(uid: str) -> str:
    return UID_dictionary[uid][0] if uid in UID_dictionary else ""
