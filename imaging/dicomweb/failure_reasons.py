"""Why an instance was not stored, as Failure Reason (0008,1197) says it.

Our reason codes are finer; the sender's log gets the nearest of the few the standard has, the page
of the import says the rest.
"""

from imaging.models import IngestedFile

PROCESSING_FAILURE = 0x0110
SOP_CLASS_NOT_SUPPORTED = 0x0122
OUT_OF_RESOURCES = 0xA700
DATA_SET_DOES_NOT_MATCH = 0xA900
CANNOT_UNDERSTAND = 0xC000
TRANSFER_SYNTAX_NOT_SUPPORTED = 0xC122

_BY_REASON_CODE = {
    "sop_class_not_ct": SOP_CLASS_NOT_SUPPORTED,
    "sop_class_needs_review": SOP_CLASS_NOT_SUPPORTED,
    "transfer_syntax_refused": TRANSFER_SYNTAX_NOT_SUPPORTED,
    "transfer_syntax_unknown": TRANSFER_SYNTAX_NOT_SUPPORTED,
    "uid_mismatch": DATA_SET_DOES_NOT_MATCH,
    "pixel_budget": OUT_OF_RESOURCES,
    "file_too_large": OUT_OF_RESOURCES,
    "parser_timeout": OUT_OF_RESOURCES,
}


def failure_reason(*, result: str, reason_code: str) -> int:
    """The Failure Reason of a file that ended as `result` for `reason_code`.

    What is kept apart for a person (a contradiction, a suspicion) is a processing failure; what is
    refused otherwise could not be understood.

    References
    ----------
    PS3.18 I.2.2, table I.2-2; PS3.4 table B.2-1 has the same values for C-STORE.
    """
    if reason_code in _BY_REASON_CODE:
        return _BY_REASON_CODE[reason_code]
    if result == IngestedFile.Result.REJECTED:
        return CANNOT_UNDERSTAND
    return PROCESSING_FAILURE
