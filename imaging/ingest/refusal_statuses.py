"""What the standard has to say about an object that was not stored: one table for both networks.

The standard has few statuses for our many reason codes. The sender of a C-STORE gets the reason
code as error comment beside it; the page of the import has the rest.

References
----------
PS3.4 table B.2-1 and PS3.7 9.1.1.1.9 (C-STORE), PS3.18 table I.2-2 (STOW-RS). C-STORE has neither
0110 (processing failure), which STOW-RS has, nor 0111 (duplicate SOP instance).
"""

from dataclasses import dataclass

from imaging.models import IngestedFile

INVALID_SOP_INSTANCE = 0x0117
SOP_CLASS_NOT_SUPPORTED = 0x0122
OUT_OF_RESOURCES = 0xA700
DATA_SET_DOES_NOT_MATCH = 0xA900
CANNOT_UNDERSTAND = 0xC000
KEPT_IN_QUARANTINE = 0xC100
TRANSFER_SYNTAX_NOT_SUPPORTED = 0xC122
"""A700 is for what may be sent again later; whatever is refused here would be refused again."""


@dataclass(frozen=True)
class RefusalStatus:
    """Status (0000,0900) of C-STORE and Failure Reason (0008,1197) of STOW-RS."""

    c_store: int
    stow: int


def _both(status: int) -> RefusalStatus:
    return RefusalStatus(c_store=status, stow=status)


BY_REASON_CODE = {
    # STOW-RS has no status for a UID that is none.
    "invalid_uid": RefusalStatus(c_store=INVALID_SOP_INSTANCE, stow=CANNOT_UNDERSTAND),
    "missing_uid": _both(DATA_SET_DOES_NOT_MATCH),
    "sop_class_not_ct": _both(SOP_CLASS_NOT_SUPPORTED),
    "transfer_syntax_refused": _both(TRANSFER_SYNTAX_NOT_SUPPORTED),
    "transfer_syntax_unknown": _both(TRANSFER_SYNTAX_NOT_SUPPORTED),
    "uid_mismatch": _both(DATA_SET_DOES_NOT_MATCH),
}
"""Reason codes that the standard has a status of its own for."""


def refusal_status(*, result: str, reason_code: str) -> RefusalStatus:
    """For an object that ended as `result`: a conflict, in quarantine, or rejected."""
    if result in (IngestedFile.Result.CONFLICT, IngestedFile.Result.QUARANTINED):
        return _both(KEPT_IN_QUARANTINE)
    return BY_REASON_CODE.get(reason_code, _both(CANNOT_UNDERSTAND))
