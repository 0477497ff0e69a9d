"""Whose images a delivery brought: a delivery of several patients is a question to a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from imaging.models import IngestedFile, IngestRun, Study
from imaging.queries.runs import runs
from imaging.queries.viewer import Viewer

INDEXED = IngestedFile.Result.INDEXED
DUPLICATE = IngestedFile.Result.DUPLICATE


@dataclass(frozen=True)
class StudyOfRun:
    """What one delivery brought of one study.

    Attributes
    ----------
    images, duplicates
        Files that were new, and files that were here already.
    joined
        The study was here before this delivery began.
    """

    study: Study
    series: int
    images: int
    duplicates: int
    joined: bool

    @property
    def excluded(self) -> bool:
        return hasattr(self.study, "exclusion")


@dataclass
class PatientOfRun:
    """The studies of one patient number; `subject_key` is None where the images name none."""

    subject_key: str | None
    studies: list[StudyOfRun] = field(default_factory=list)


def patients_of_run(*, viewer: Viewer, run: IngestRun) -> list[PatientOfRun]:
    """The studies of a delivery by patient, those without a number last."""
    brought = {
        row["instance__series__study"]: row
        for row in IngestedFile.objects.filter(run__in=runs(viewer=viewer), run=run)
        .filter(result__in=[INDEXED, DUPLICATE])
        .order_by()
        .values("instance__series__study")
        .annotate(
            images=Count("id", filter=Q(result=INDEXED)),
            duplicates=Count("id", filter=Q(result=DUPLICATE)),
            series=Count("instance__series", distinct=True),
        )
    }
    patients: dict[str | None, PatientOfRun] = {}
    for study in (
        Study.objects.filter(pk__in=brought)
        .select_related("exclusion__excluded_by")
        .order_by("study_date", "id")
    ):
        counts = brought[study.pk]
        patient = patients.setdefault(study.subject_key, PatientOfRun(study.subject_key))
        patient.studies.append(
            StudyOfRun(
                study=study,
                series=counts["series"],
                images=counts["images"],
                duplicates=counts["duplicates"],
                joined=study.received_at < run.started_at,
            )
        )
    return sorted(patients.values(), key=lambda patient: patient.subject_key is None)


def asks_about_patients(run: IngestRun, patients: Iterable[PatientOfRun]) -> int:
    """Of how many patients the new images are, where that needs an answer; otherwise 0."""
    if run.patients_confirmed_at is not None:
        return 0
    named = {
        patient.subject_key
        for patient in patients
        if patient.subject_key is not None
        and any(study.images and not study.excluded for study in patient.studies)
    }
    return len(named) if len(named) > 1 else 0


def awaiting_answer(study_ids: Iterable[int]) -> dict[int, IngestRun]:
    """Studies whose images came with those of other patients, by id, with that delivery.

    Until somebody says that it is meant so, nothing may be built on whose images they are.
    """
    stored = IngestedFile.objects.filter(result=INDEXED, run__patients_confirmed_at=None).order_by()
    pairs = set(
        stored.filter(instance__series__study__in=list(study_ids)).values_list(
            "run_id", "instance__series__study_id"
        )
    )
    patients = (
        stored.filter(run__in={run_id for run_id, _ in pairs})
        .filter(instance__series__study__exclusion=None)
        .values("run_id")
        .annotate(patients=Count("instance__series__study__subject_key", distinct=True))
    )
    several = {row["run_id"] for row in patients if row["patients"] > 1}
    found = IngestRun.objects.in_bulk(several)
    return {study_id: found[run_id] for run_id, study_id in sorted(pairs) if run_id in several}
