"""What another archive says it stored of what we sent: the Store Instances Response, read.

References
----------
DICOM PS3.18 10.5.3.2, I.2.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

REFERENCED_SOP_SEQUENCE, FAILED_SOP_SEQUENCE = "00081199", "00081198"
SOP_INSTANCE_UID, FAILURE_REASON = "00081155", "00081197"


class AnswerUnreadableError(ValueError):
    """The answer is no Store Instances Response."""


@dataclass(frozen=True)
class StoredThere:
    """What became of instances, by SOP Instance UID; of one that is in neither, nothing is known.

    `failed` gives the failure reason (0008,1197) where the archive gave one.
    """

    stored: frozenset[str]
    failed: dict[str, int | None]


def stored_there(content: bytes) -> StoredThere:
    """Read the answer in the DICOM JSON Model.

    An instance that is said to be stored and to have failed has failed.

    Raises
    ------
    AnswerUnreadableError
    """
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AnswerUnreadableError from error
    if isinstance(plain, list) and len(plain) == 1:
        [plain] = plain
    if not isinstance(plain, dict):
        raise AnswerUnreadableError
    failed = {
        uid: _value(item, FAILURE_REASON, int) for uid, item in _items(plain, FAILED_SOP_SEQUENCE)
    }
    stored = frozenset(uid for uid, _ in _items(plain, REFERENCED_SOP_SEQUENCE))
    return StoredThere(stored=stored - set(failed), failed=failed)


def _items(plain: dict[str, Any], tag: str) -> Iterator[tuple[str, dict[str, Any]]]:
    sequence = plain.get(tag)
    values = sequence.get("Value") if isinstance(sequence, dict) else None
    for item in values if isinstance(values, list) else ():
        uid = _value(item, SOP_INSTANCE_UID, str) if isinstance(item, dict) else None
        if uid:
            yield uid, item


def _value(item: dict[str, Any], tag: str, kind: type) -> Any:
    attribute = item.get(tag)
    values = attribute.get("Value") if isinstance(attribute, dict) else None
    value = values[0] if isinstance(values, list) and values else None
    return value if isinstance(value, kind) else None
