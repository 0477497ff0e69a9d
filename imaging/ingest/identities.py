"""Is this image new, the same as a stored one, or does it contradict what is stored?"""

from collections.abc import Sequence
from typing import Self

from imaging.dicom.preparation import PreparedInstance
from imaging.models import IngestedFile
from imaging.queries import intake
from imaging.queries.intake import StoredHashes

Result = IngestedFile.Result


class Identities:
    """What is stored under the identities that a batch of images claims.

    Identities are never changed or deleted, so "the same" and "contradicts" stay true; only "new"
    can become untrue, and the unique constraints of the database notice that.
    """

    def __init__(
        self,
        *,
        instances: dict[str, StoredHashes],
        study_of_series: dict[str, str],
        subject_of_study: dict[str, str | None],
    ) -> None:
        self._instances = instances
        self._study_of_series = study_of_series
        self._subject_of_study = subject_of_study

    @classmethod
    def claimed_by(cls, prepared: Sequence[PreparedInstance]) -> Self:
        return cls(
            instances=intake.stored_hashes({one.sop_instance_uid for one in prepared}),
            study_of_series=intake.study_of_series({one.series_instance_uid for one in prepared}),
            subject_of_study=intake.subject_of_study({one.study_instance_uid for one in prepared}),
        )

    def stored_sha256(self, sop_instance_uid: str) -> str:
        return self._instances[sop_instance_uid].stored_sha256

    def judge(self, prepared: PreparedInstance) -> tuple[Result, str]:
        """Result and reason code; an image judged new counts as stored for the next one."""
        stored = self._instances.get(prepared.sop_instance_uid)
        if stored is not None:
            if stored.pixel_sha256 == prepared.pixel_sha256:
                return Result.DUPLICATE, ""
            return Result.CONFLICT, "pixel_conflict"
        study_uid = prepared.study_instance_uid
        if self._study_of_series.setdefault(prepared.series_instance_uid, study_uid) != study_uid:
            return Result.QUARANTINED, "series_conflict"
        subject = self._subject_of_study.get(study_uid)
        if subject is not None and prepared.subject_key not in (None, subject):
            return Result.QUARANTINED, "subject_conflict"
        self._subject_of_study[study_uid] = subject or prepared.subject_key
        self._instances[prepared.sop_instance_uid] = StoredHashes(
            pixel_sha256=prepared.pixel_sha256, stored_sha256=prepared.stored_sha256
        )
        return Result.INDEXED, ""
