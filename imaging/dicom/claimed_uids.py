"""Which object a file says it is, in the UIDs of its source.

They leave the reading process only to be compared with what a sender said beside the file, and
to name the file in the answer to that sender. They are never stored and never logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydicom.dataset import Dataset

from .acceptance import check_uid
from .element_values import texts
from .elements import describe
from .errors import DicomError, UidMismatchError

_TAGS = {
    "sop_class_uid": 0x00080016,
    "sop_instance_uid": 0x00080018,
    "study_instance_uid": 0x0020000D,
}


@dataclass(frozen=True, slots=True)
class ClaimedUids:
    """The UIDs of a source that follow the rules for UIDs; None where missing or malformed."""

    sop_class_uid: str | None = None
    sop_instance_uid: str | None = None
    study_instance_uid: str | None = None

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        return cls(**{name: _sound(dataset, tag) for name, tag in _TAGS.items()})

    def check(self, expected: "ClaimedUids | None") -> None:
        """Refuse a file that is not the object its sender announced.

        Raises
        ------
        UidMismatchError
        """
        for name, tag in _TAGS.items():
            announced = getattr(expected, name, None)
            if announced is not None and announced != getattr(self, name):
                raise UidMismatchError(describe(tag))

    def to_json(self) -> dict[str, str | None]:
        return {name: getattr(self, name) for name in _TAGS}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        return cls(**plain)


def _sound(dataset: Dataset, tag: int) -> str | None:
    values = texts(dataset, tag)
    try:
        check_uid(values, tag=tag, required=True)
    except DicomError:
        return None
    return values[0]
