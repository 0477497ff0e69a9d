"""Which study was asked for, when images are pulled from an archive.

Passed to the reading process and compared there; never stored and never logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydicom.dataset import Dataset

from .element_values import first_text
from .elements import describe
from .errors import PulledOtherThanAskedError

STUDY_INSTANCE_UID = 0x0020000D
PATIENT_ID = 0x00100020


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The study, and the patient number it belongs to; empty where the archive did not say."""

    study_instance_uid: str
    patient_id: str = ""

    def check(self, dataset: Dataset) -> None:
        """Refuse a file of another study or another patient.

        Raises
        ------
        PulledOtherThanAskedError
        """
        for tag, asked in (
            (STUDY_INSTANCE_UID, self.study_instance_uid),
            (PATIENT_ID, self.patient_id),
        ):
            if asked and (first_text(dataset, tag) or "").strip(" \0") != asked:
                raise PulledOtherThanAskedError(describe(tag))

    def to_json(self) -> dict[str, str]:
        return {"study_instance_uid": self.study_instance_uid, "patient_id": self.patient_id}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        return cls(**plain)
