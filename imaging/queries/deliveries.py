"""How a delivery goes on, and which deliveries a study came in."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Value, When

from imaging.models import IngestedFile, IngestRun, Study
from imaging.queries.runs import run_files, runs
from imaging.queries.viewer import Viewer

Result = IngestedFile.Result
NEEDS_SOMEBODY = (Result.CONFLICT, Result.QUARANTINED, Result.REJECTED)


@dataclass(frozen=True)
class Progress:
    """How far a delivery came.

    Attributes
    ----------
    positions
        Places of the delivery whose file was recorded or passed over; a zip archive has one.
    last_at
        When the last file was recorded, None before the first.
    """

    files: int
    positions: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def files_per_second(self) -> float | None:
        """None until there are two moments to tell it from."""
        if self.first_at is None or self.last_at is None or self.last_at <= self.first_at:
            return None
        return self.files / (self.last_at - self.first_at).total_seconds()


@dataclass(frozen=True)
class Delivery:
    """What one run brought of a study."""

    run: IngestRun
    images: int
    duplicates: int


def progress(*, viewer: Viewer, run: IngestRun) -> Progress:
    found = IngestedFile.objects.filter(run__in=runs(viewer=viewer), run=run).aggregate(
        files=Count("id"),
        positions=Count("position", distinct=True),
        first_at=Min("recorded_at"),
        last_at=Max("recorded_at"),
    )
    return Progress(**found | {"positions": found["positions"] + _passed_over(run)})


def _passed_over(run: IngestRun) -> int:
    """Places at which there was nothing but companions of images."""
    recorded = IngestedFile.objects.filter(run=run).values("position")
    return run.ignored_positions.exclude(position__in=recorded).count()


def files_by_need(*, viewer: Viewer, run: IngestRun, with_names: bool) -> QuerySet[IngestedFile]:
    """The files of a delivery, those that need somebody first, then by their place."""
    order = Case(
        *(When(result=result, then=Value(place)) for place, result in enumerate(NEEDS_SOMEBODY)),
        When(result=Result.INDEXED, then=Value(len(NEEDS_SOMEBODY))),
        default=Value(len(NEEDS_SOMEBODY) + 1),
        output_field=IntegerField(),
    )
    return (
        run_files(viewer=viewer, run=run, with_names=with_names)
        .select_related(None)
        .select_related("quarantine_decision")
        .order_by(order, "reason_code", "position", "entry")
    )


def deliveries_of(*, viewer: Viewer, study: Study) -> list[Delivery]:
    """The runs that brought images of the study, oldest first."""
    rows = (
        IngestedFile.objects.filter(
            instance__series__study=study, result__in=[Result.INDEXED, Result.DUPLICATE]
        )
        .order_by()
        .values("run")
        .annotate(
            images=Count("id", filter=Q(result=Result.INDEXED)),
            duplicates=Count("id", filter=Q(result=Result.DUPLICATE)),
        )
    )
    counts = {row["run"]: row for row in rows}
    return [
        Delivery(run=run, images=counts[run.pk]["images"], duplicates=counts[run.pk]["duplicates"])
        for run in runs(viewer=viewer).filter(pk__in=counts).order_by("started_at", "id")
    ]
