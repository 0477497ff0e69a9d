"""Why a file was not taken in: the reasons of the reader and those of the door itself."""

from imaging.dicom.errors import REASONS, Reason

_OF_THE_DOOR = (
    Reason(
        reason_code="file_unreadable",
        disposition="rejected",
        sentence="The file or folder cannot be read from where it lies.",
        remedy="Check the disc and the permissions, copy the file to a sound disk, send it again.",
    ),
    Reason(
        reason_code="not_a_file",
        disposition="rejected",
        sentence="The entry is a device, a socket or a link that leads nowhere.",
        remedy="Leave it out; only ordinary files are read.",
    ),
    Reason(
        reason_code="archive_unreachable",
        disposition="rejected",
        sentence="The archive does not answer, or does not accept our credentials.",
        remedy="Ask its administrator; register it again if address or credentials have changed.",
    ),
    Reason(
        reason_code="archive_answer_unusable",
        disposition="rejected",
        sentence="The archive's answer broke off, lacks images, is too large or not as agreed.",
        remedy="Pull the study again; what has arrived is safe and counts as duplicate then.",
    ),
    Reason(
        reason_code="pixel_conflict",
        disposition="quarantined",
        sentence="An image with the same identity but other pixels is stored already.",
        remedy="Let the data manager compare the two; the image stored first stays in use.",
    ),
    Reason(
        reason_code="subject_conflict",
        disposition="quarantined",
        sentence="The study is stored already under another patient number.",
        remedy="Ask the sender which patient the study belongs to; it may be a mix-up.",
    ),
    Reason(
        reason_code="series_conflict",
        disposition="quarantined",
        sentence="The series is stored already as part of another study.",
        remedy="Ask the sender which study the series belongs to; it may be a mix-up.",
    ),
)

ALL_REASONS: dict[str, Reason] = REASONS | {reason.reason_code: reason for reason in _OF_THE_DOOR}
"""Every reason code an IngestedFile may carry."""
