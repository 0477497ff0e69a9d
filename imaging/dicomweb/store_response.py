"""The Store Instances Response: what became of each instance, in the sender's own UIDs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from imaging.dicom.claimed_uids import ClaimedUids
from imaging.ingest.refusal_statuses import refusal_status
from imaging.models import IngestedFile

STORED = frozenset({IngestedFile.Result.INDEXED, IngestedFile.Result.DUPLICATE})

KEYWORDS = {
    "00081150": "ReferencedSOPClassUID",
    "00081155": "ReferencedSOPInstanceUID",
    "00081190": "RetrieveURL",
    "00081197": "FailureReason",
    "00081198": "FailedSOPSequence",
    "00081199": "ReferencedSOPSequence",
    "0008119A": "OtherFailuresSequence",
}

Attribute = dict[str, Any]
Item = dict[str, Attribute]

NO_RETRIEVE_URL: Attribute = {"vr": "UR"}
"""Type 2, and empty: nothing can be retrieved from here under the sender's UIDs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one instance; a duplicate is stored."""

    result: str
    reason_code: str
    claimed: ClaimedUids | None

    @property
    def is_stored(self) -> bool:
        return self.result in STORED

    @property
    def is_unreadable(self) -> bool:
        """Rejected, and not even which instance it is could be read."""
        named = self.claimed is not None and self.claimed.sop_instance_uid is not None
        return self.result == IngestedFile.Result.REJECTED and not named


def status(outcomes: Sequence[Outcome]) -> HTTPStatus:
    """200 all stored, 202 some, 409 none (PS3.18 table 10.5.3-1)."""
    stored = sum(outcome.is_stored for outcome in outcomes)
    if stored == len(outcomes):
        return HTTPStatus.OK
    return HTTPStatus.ACCEPTED if stored else HTTPStatus.CONFLICT


def data_set(outcomes: Sequence[Outcome]) -> Item:
    """The response in the DICOM JSON Model.

    References
    ----------
    PS3.18 I.2, table I.2-1. An instance whose UIDs cannot be read is among the other failures.
    """
    stored, failed, other = [], [], []
    for outcome in outcomes:
        item = _referenced(outcome.claimed)
        if outcome.is_stored:
            stored.append(item | {"00081190": NO_RETRIEVE_URL})
            continue
        reason = refusal_status(result=outcome.result, reason_code=outcome.reason_code).stow
        why = {"00081197": {"vr": "US", "Value": [reason]}}
        if outcome.claimed is not None and outcome.claimed.sop_instance_uid is not None:
            failed.append(item | why)
        else:
            other.append(why)
    sequences = {"00081198": failed, "00081199": stored, "0008119A": other}
    return {
        "00081190": NO_RETRIEVE_URL,
        **{tag: {"vr": "SQ", "Value": items} for tag, items in sequences.items() if items},
    }


def as_json(response: Item) -> str:
    """PS3.18 annex F."""
    return json.dumps(response)


def as_xml(response: Item) -> str:
    """The Native DICOM Model of PS3.19 A.1."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">'
        f"{_attributes(response)}</NativeDicomModel>"
    )


def _referenced(claimed: ClaimedUids | None) -> Item:
    uids = {
        "00081150": claimed.sop_class_uid if claimed else None,
        "00081155": claimed.sop_instance_uid if claimed else None,
    }
    return {tag: {"vr": "UI", "Value": [uid]} if uid else {"vr": "UI"} for tag, uid in uids.items()}


def _attributes(item: Item) -> str:
    return "".join(
        f"<DicomAttribute tag={quoteattr(tag)} vr={quoteattr(attribute['vr'])} "
        f"keyword={quoteattr(KEYWORDS[tag])}>{_values(attribute)}</DicomAttribute>"
        for tag, attribute in sorted(item.items())
    )


def _values(attribute: Attribute) -> str:
    numbered = enumerate(attribute.get("Value", ()), 1)
    if attribute["vr"] == "SQ":
        return "".join(f'<Item number="{n}">{_attributes(item)}</Item>' for n, item in numbered)
    return "".join(f'<Value number="{n}">{escape(str(value))}</Value>' for n, value in numbered)
