"""Is this image new, the same as a stored one, or does it contradict what is stored?"""

from collections.abc import Callable

from imaging.dicom.preparation import PreparedInstance
from imaging.models import IngestedFile
from imaging.queries.intake import StoredIdentities, StoredInstance

Result = IngestedFile.Result
Image = StoredInstance | PreparedInstance
"""Stored, or about to be."""


class Identities:
    """What is stored under the identities that a batch of images claims.

    Identities are never changed or deleted, so "the same" and "contradicts" stay true; only "new"
    can become untrue, and the unique constraints of the database notice that.
    """

    def __init__(
        self, stored: StoredIdentities, *, same_pixels: Callable[[Image, Image], bool]
    ) -> None:
        self._same_pixels = same_pixels
        self._claimed: dict[str, Image] = {**stored.instances}
        self._study_of_series = {
            uid: one.study.study_instance_uid for uid, one in stored.series.items()
        }
        self._subject_of_study = {uid: one.subject_key for uid, one in stored.studies.items()}

    def stored_sha256(self, sop_instance_uid: str) -> str:
        return self._claimed[sop_instance_uid].stored_sha256

    def judge(self, prepared: PreparedInstance) -> tuple[Result, str]:
        """Result and reason code; an image judged new counts as stored for the next one."""
        stored = self._claimed.get(prepared.sop_instance_uid)
        if stored is not None:
            same_file = stored.stored_sha256 == prepared.stored_sha256
            if same_file or self._same_pixels(stored, prepared):
                return Result.DUPLICATE, ""
            return Result.CONFLICT, "pixel_conflict"
        study_uid = prepared.study_instance_uid
        if self._study_of_series.get(prepared.series_instance_uid, study_uid) != study_uid:
            return Result.QUARANTINED, "series_conflict"
        subject = self._subject_of_study.get(study_uid)
        if subject is not None and prepared.subject_key not in (None, subject):
            return Result.QUARANTINED, "subject_conflict"
        self._study_of_series[prepared.series_instance_uid] = study_uid
        self._subject_of_study[study_uid] = subject or prepared.subject_key
        self._claimed[prepared.sop_instance_uid] = prepared
        return Result.INDEXED, ""
