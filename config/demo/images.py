"""The synthetic CTs: drawn, delivered through the one door, linked and read."""

import io
import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction

from config.demo.drawn import Drawn
from config.demo.marks import IMAGES_LOADED, mark
from config.demo.people import DEMO
from config.demo.plan import ImagePlan, PatientPlan, StudyPlan
from config.demo.provenance import synthetic_fields
from config.demo.records import sign_read
from imaging import queries as imaging_queries
from imaging.actions.patients import confirm_patients
from imaging.dicom.phantom import DEFAULT_SHAPE, write_series
from imaging.dicom.phantom_volume import make_volume_hu
from imaging.queries.patients import awaiting_answer
from registry import actions, queries
from registry.models import ContrastStudy, StudyLink
from registry.vocabulary import ReadSource

Shape = tuple[int, int, int]

LINKED_BY = "manager"
READ_BY = "reader"


class DeliveryError(Exception):
    """A synthetic CT was not taken in whole."""


def with_images(plans: Iterable[PatientPlan]) -> list[tuple[PatientPlan, StudyPlan]]:
    """The patients with a synthetic CT, and its contrast study."""
    return [
        (plan, plan.episode.study)
        for plan in plans
        if plan.episode and plan.episode.study and plan.episode.study.image
    ]


def deliver_images(
    plans: Iterable[PatientPlan],
    *,
    shape: Shape = DEFAULT_SHAPE,
    tell: Callable[[str], None],
) -> None:
    """Draw every synthetic CT and deliver all of them to the archive.

    What an interrupted run delivered before is recognised as a duplicate.

    Raises
    ------
    DeliveryError
        A file was refused.
    CommandError
        Archive or reading process failed; see `manage.py ingest`.
    """
    chosen = with_images(plans)
    with tempfile.TemporaryDirectory(prefix="crescent-demo-") as folder:
        files = 0
        for count, (patient, study) in enumerate(chosen, start=1):
            assert study.image is not None
            tell(f"CT {count} of {len(chosen)}: {study.image.finding.value.replace('_', ' ')}")
            series = write_series(
                study.image.finding,
                Path(folder) / f"CT{count:02d}",
                seed=study.image.seed,
                study_date=study.performed_on,
                patient_id=patient.local_number,
                patient_name=patient.name.upper().replace(" ", "^", 1),
                shape=shape,
            )
            files += len(series)
        tell(f"Taking in {files} images")
        _ingest(Path(folder), files=files)


def drawn_on(image: ImagePlan, study: ContrastStudy, *, shape: Shape) -> dict[str, Any]:
    """What a reader draws on the images that are linked to the study, as `sign_read` takes it."""
    series = study.study_links.get().study.series.get()
    volume = make_volume_hu(image.finding, seed=image.seed, shape=shape)
    return Drawn(volume, series.public_id).marks()


def link_and_read(plans: Iterable[PatientPlan], *, at: datetime, shape: Shape) -> None:
    """Confirm the planned links and sign the reads from images, in one transaction."""
    manager = queries.people.by_username(LINKED_BY)
    reader = queries.people.by_username(READ_BY)
    with transaction.atomic():
        for patient, plan in with_images(plans):
            assert plan.image is not None
            subject_key = imaging_queries.subject_key_of(
                patient.local_number, centre_code=patient.centre_code
            )
            study = queries.contrast_studies.visible(viewer=manager).get(
                case__patient__subject_key=subject_key,
                case__patient__centre__code=patient.centre_code,
            )
            if plan.image.linked:
                images = imaging_queries.studies(viewer=manager).get(
                    subject_key=subject_key, study_date=plan.performed_on
                )
                # All synthetic patients come in one delivery, and that is meant so.
                for run in awaiting_answer([images.pk]).values():
                    confirm_patients(run=run, by=manager, at=at)
                actions.study_links.confirm(
                    contrast_study=study,
                    study=images,
                    by=manager,
                    at=at,
                    synthetic_fields=tuple(synthetic_fields(StudyLink)),
                )
            if plan.image.read_here and plan.read is not None:
                sign_read(
                    plan.read,
                    study=study,
                    source=ReadSource.IMAGES_HERE,
                    by=reader,
                    at=at,
                    marks=drawn_on(plan.image, study, shape=shape),
                )
        mark(IMAGES_LOADED, centre=queries.centres.by_code(DEMO), at=at)


def _ingest(folder: Path, *, files: int) -> None:
    answer = io.StringIO()
    try:
        call_command(
            "ingest", str(folder), centre=DEMO, json=True, stdout=answer, stderr=io.StringIO()
        )
    except SystemExit as refused:
        raise DeliveryError(_last_line(answer)) from refused
    summary = json.loads(_last_line(answer))
    if summary["indexed"] + summary["duplicate"] != files:
        raise DeliveryError(_last_line(answer))


def _last_line(answer: io.StringIO) -> str:
    return answer.getvalue().strip().rpartition("\n")[2]
