"""Why a file is not taken in, and what to do about it.

One exception class per reason. The classes are the closed list: `REASONS` is built
from them, so documentation and tests can enumerate every code. A message may name a
tag and its keyword; it never repeats a value, because values identify people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from .claimed_uids import ClaimedUids

Disposition = Literal["rejected", "quarantined"]
"""rejected: nothing is kept. quarantined: the bytes are kept apart for a named person."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of the closed list of reasons."""

    reason_code: str
    disposition: Disposition
    sentence: str
    remedy: str
    releasable: bool = False
    """Whether a person who has looked at a quarantined file may let it in all the same."""


class DicomError(Exception):
    """A file or one of its parts cannot be taken in.

    Parameters
    ----------
    detail
        What exactly, e.g. ``"(0028,0010) Rows"``; never a value of the file.

    Attributes
    ----------
    claimed
        Which object the file says it is, where that could be read.
    """

    reason_code: ClassVar[str]
    disposition: ClassVar[Disposition]
    sentence: ClassVar[str]
    remedy: ClassVar[str]
    releasable: ClassVar[bool] = False

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.claimed: ClaimedUids | None = None

    def __str__(self) -> str:
        return f"{self.sentence} [{self.detail}]" if self.detail else self.sentence


class EmptyFileError(DicomError):
    reason_code = "empty_file"
    disposition = "rejected"
    sentence = "The file has no content."
    remedy = "Export the image again; the copy probably broke off."


class NotDicomError(DicomError):
    reason_code = "not_dicom"
    disposition = "rejected"
    sentence = "The file is not a DICOM file: the mark DICM is missing."
    remedy = "Export from the scanner or the PACS as DICOM (PS3.10) and send that."


class NotDicomImageError(DicomError):
    reason_code = "not_dicom_image"
    disposition = "rejected"
    sentence = "The file is an ordinary picture (such as JPEG or PNG), not a DICOM image."
    remedy = "Export the original CT as DICOM; a picture has no Hounsfield units or geometry."


class NotDicomDocumentError(DicomError):
    reason_code = "not_dicom_document"
    disposition = "rejected"
    sentence = "The file is a document or archive (PDF, HTML, office), not a DICOM image."
    remedy = "Leave documents out, or unpack the archive; send the CT as DICOM files."


class MissingFileMetaError(DicomError):
    reason_code = "missing_file_meta"
    disposition = "rejected"
    sentence = "The DICOM data set has no preamble or no File Meta Information."
    remedy = "Convert it to a PS3.10 file first, for example with DCMTK's dcmconv."


class TruncatedElementError(DicomError):
    reason_code = "truncated_element"
    disposition = "rejected"
    sentence = "An element declares more bytes than the file holds."
    remedy = "Export or copy the image again; this copy is cut or damaged."


class TruncatedPixelDataError(DicomError):
    reason_code = "truncated_pixel_data"
    disposition = "rejected"
    sentence = "The pixel data is shorter than the image description demands."
    remedy = "Export or copy the image again; this copy is cut inside the pixel data."


class MissingPixelDataError(DicomError):
    reason_code = "missing_pixel_data"
    disposition = "rejected"
    sentence = "The CT image has no Pixel Data (7FE0,0010)."
    remedy = "Export the image with its pixels, not its header alone."


class InvalidUidError(DicomError):
    reason_code = "invalid_uid"
    disposition = "rejected"
    sentence = "A UID is not one: only digits and dots, at most 64 characters, are allowed."
    remedy = "Ask whoever produced the file; such a UID is an error or an attack."


class UidLeadingZeroError(DicomError):
    reason_code = "uid_leading_zero"
    disposition = "quarantined"
    sentence = "A UID has a component with a leading zero, which PS3.5 section 9.1 forbids."
    remedy = "Let the data manager decide; some older devices write such UIDs."
    # what is stored is a keyed hash of the UID, whatever the UID looked like
    releasable = True


class MissingUidError(DicomError):
    reason_code = "missing_uid"
    disposition = "rejected"
    sentence = "A UID that every image must have is missing."
    remedy = "Export the image again from the PACS, which assigns the missing UIDs."


class UidMismatchError(DicomError):
    reason_code = "uid_mismatch"
    disposition = "rejected"
    sentence = "File Meta Information and data set name different SOP classes or instances."
    remedy = "Export the image again; somebody changed one of the two and not the other."


class PulledOtherThanAskedError(DicomError):
    reason_code = "pulled_other_than_asked"
    disposition = "quarantined"
    sentence = "The archive sent an image of another study or patient than was asked for."
    remedy = "Let the data manager compare it with the request; the archive may mix patients up."


class SopClassNotCtError(DicomError):
    reason_code = "sop_class_not_ct"
    disposition = "rejected"
    sentence = "The object is not a CT image."
    remedy = "Send the CT series only."


class SopClassNeedsReviewError(DicomError):
    reason_code = "sop_class_needs_review"
    disposition = "quarantined"
    sentence = "The object is a screenshot, document or report and may show who the patient is."
    remedy = "Let the data manager look at it; it cannot be de-identified automatically."


class TransferSyntaxRefusedError(DicomError):
    reason_code = "transfer_syntax_refused"
    disposition = "rejected"
    sentence = "The transfer syntax (deflated, video or similar) is not accepted for CT."
    remedy = "Export as Explicit VR Little Endian, for example with DCMTK's dcmconv."


class TransferSyntaxUnknownError(DicomError):
    reason_code = "transfer_syntax_unknown"
    disposition = "quarantined"
    sentence = "The transfer syntax is private or unknown."
    remedy = "Export as Explicit VR Little Endian; the data manager may inspect the original."


class ExecutablePreambleError(DicomError):
    reason_code = "executable_preamble"
    disposition = "quarantined"
    sentence = "The 128 bytes before DICM are the start of a program, script or document."
    remedy = "Tell the security officer; the file may be an attack (CVE-2019-11687)."
    # every stored file gets a preamble of zeros, so nothing of the program is taken over
    releasable = True


class PixelBudgetError(DicomError):
    reason_code = "pixel_budget"
    disposition = "rejected"
    sentence = "The image exceeds 4096 rows or columns, 4000 frames or 512 MiB decoded."
    remedy = "Send the reconstructed axial series; split a larger multi-frame image."


class InvalidPixelDescriptionError(DicomError):
    reason_code = "invalid_pixel_description"
    disposition = "rejected"
    sentence = "The description of the pixels is missing or contradicts itself."
    remedy = "Export the image again; if it stays so, ask the manufacturer of the scanner."


class NestingTooDeepError(DicomError):
    reason_code = "nesting_too_deep"
    disposition = "rejected"
    sentence = "Sequences are nested more than 16 deep."
    remedy = "Ask whoever produced the file; no CT image nests like that."


class TooManyElementsError(DicomError):
    reason_code = "too_many_elements"
    disposition = "rejected"
    sentence = "The header has more than 50,000 elements and items."
    remedy = "Ask whoever produced the file; send a large multi-frame image in parts."


class TrailingBytesError(DicomError):
    reason_code = "trailing_bytes"
    disposition = "rejected"
    sentence = "Something that is not DICOM follows the pixel data."
    remedy = "Export the image again; foreign bytes at the end may hide a program."


class BurnedInAnnotationError(DicomError):
    reason_code = "burned_in_annotation"
    disposition = "quarantined"
    sentence = "The image declares or suggests text burned into its pixels."
    remedy = "Let the data manager look at it; export the original axial images instead."
    # whether there is text to be read is what a person sees and the header can only suspect
    releasable = True


class OverlayInPixelsError(DicomError):
    # not releasable: no viewer shows the unused bits, so looking at the picture proves nothing
    reason_code = "overlay_in_pixels"
    disposition = "quarantined"
    sentence = "The unused bits of the pixels hold an overlay, which may be text."
    remedy = "Export the image again without overlays, or with overlays as elements of their own."


class PhantomOrTestImageError(DicomError):
    reason_code = "test_image"
    disposition = "quarantined"
    sentence = "The image is of a phantom or a test, by a rule of this installation."
    remedy = "Leave it out; if it is a patient after all, the data manager can release it."
    # a patient may bear a name that a rule takes for a test
    releasable = True


class ResidualIdentifierError(DicomError):
    reason_code = "residual_identifier"
    disposition = "quarantined"
    sentence = "After de-identification an identifying text of the source is still there."
    remedy = "Let the data manager look at the named element and report it to the developers."


class MalformedDicomError(DicomError):
    reason_code = "malformed_dicom"
    disposition = "rejected"
    sentence = "The DICOM encoding is damaged."
    remedy = "Export or copy the image again."


class ParserTimeoutError(DicomError):
    reason_code = "parser_timeout"
    disposition = "rejected"
    sentence = "Reading the file took longer than allowed."
    remedy = "Send the file alone; if it happens again, the file is damaged or hostile."


class ParserCrashedError(DicomError):
    reason_code = "parser_crashed"
    disposition = "rejected"
    sentence = "Reading the file made the reading process fail."
    remedy = "Export the image again; if it happens again, report it to the developers."


class FileTooLargeError(DicomError):
    reason_code = "file_too_large"
    disposition = "rejected"
    sentence = "The file is larger than the limit."
    remedy = "Send the axial series as single images, or ask the administrator for the limit."


class ZipUnreadableError(DicomError):
    reason_code = "zip_unreadable"
    disposition = "rejected"
    sentence = "The zip archive is damaged, cut or not a zip archive."
    remedy = "Pack it again, or send the folder itself."


class ZipUnsafeNameError(DicomError):
    reason_code = "zip_unsafe_name"
    disposition = "rejected"
    sentence = "An entry of the zip archive has a name that leads out of the archive."
    remedy = "Pack it again with an ordinary program; such names are used in attacks."


class ZipEncryptedError(DicomError):
    reason_code = "zip_encrypted"
    disposition = "rejected"
    sentence = "The zip archive is protected with a password."
    remedy = "Unpack it and send the folder, or pack it again without a password."


class ZipBombError(DicomError):
    reason_code = "zip_bomb"
    disposition = "rejected"
    sentence = "The zip archive unpacks to far more than it holds, or to too many entries."
    remedy = "Send the folder, or several smaller archives."


class ZipOverlapError(DicomError):
    reason_code = "zip_overlap"
    disposition = "rejected"
    sentence = "Entries of the zip archive overlap each other."
    remedy = "Pack it again with an ordinary program; such archives are used in attacks."


class ZipNestedError(DicomError):
    reason_code = "zip_nested"
    disposition = "rejected"
    sentence = "The zip archive contains another archive."
    remedy = "Unpack the inner archive and send its files."


class ZipUnsupportedEntryError(DicomError):
    reason_code = "zip_unsupported_entry"
    disposition = "rejected"
    sentence = "An entry of the zip archive is a link, a device or packed in an unknown way."
    remedy = "Pack it again with the usual method (deflate) and without links."


def _subclasses(parent: type[DicomError]) -> Iterator[type[DicomError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)


REASONS: dict[str, Reason] = {
    error.reason_code: Reason(
        reason_code=error.reason_code,
        disposition=error.disposition,
        sentence=error.sentence,
        remedy=error.remedy,
        releasable=error.releasable,
    )
    for error in _subclasses(DicomError)
}
"""Every reason by its code."""


class MissingRescaleError(Exception):
    """The instance has no usable Rescale Slope or Intercept, so there are no HU."""


class FrameNotDecodableError(Exception):
    """A frame of a stored image cannot be turned into an array of numbers."""
