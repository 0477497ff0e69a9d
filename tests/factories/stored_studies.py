"""Stored DICOM studies for tests, brought in through the one door."""

import tempfile
import uuid
from collections.abc import Sequence
from io import StringIO
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from django.core.management import call_command
from django.utils import timezone
from numpy.typing import NDArray

from imaging import actions
from imaging.models import ExclusionRule, IngestedFile, IngestRun, Study
from tests.factories.dicom_files import ROOT, ct_instance

_studies = count(1)


def study(*, centre_code: str, slices: int = 3, **overrides: Any) -> Study:
    """A small axial series of its own; `overrides` are DICOM keywords."""
    root = f"{ROOT}.88.{next(_studies)}"
    known = set(Study.objects.values_list("pk", flat=True))
    with tempfile.TemporaryDirectory() as folder:
        for index in range(slices):
            ct_instance(
                Path(folder) / f"{index}.dcm",
                index=index,
                **{
                    "StudyInstanceUID": f"{root}.1",
                    "SeriesInstanceUID": f"{root}.2",
                    "SOPInstanceUID": f"{root}.3.{index}",
                    # As the patients of `registry_records`.
                    "PatientSex": "F",
                    "PatientBirthDate": "20090717",
                }
                | overrides,
            )
        call_command("ingest", folder, centre=centre_code, workers=1, stdout=StringIO())
    return Study.objects.exclude(pk__in=known).get()


def measured(
    values_hu: Sequence[NDArray[np.int16]],
    *,
    centre_code: str,
    positions_mm: Sequence[tuple[float, float, float]],
    orientation: tuple[float, ...] = (1, 0, 0, 0, 1, 0),
    pixel_spacing_mm: tuple[float, float] = (0.5, 0.5),
    **overrides: Any,
) -> Study:
    """A series whose HU and geometry are given slice by slice, as truth to measure against."""
    root = f"{ROOT}.89.{next(_studies)}"
    known = set(Study.objects.values_list("pk", flat=True))
    with tempfile.TemporaryDirectory() as folder:
        slices = zip(values_hu, positions_mm, strict=True)
        for index, (hu, position_mm) in enumerate(slices):
            rows, columns = hu.shape
            ct_instance(
                Path(folder) / f"{index}.dcm",
                index=index,
                rows=rows,
                columns=columns,
                **{
                    "StudyInstanceUID": f"{root}.1",
                    "SeriesInstanceUID": f"{root}.2",
                    "SOPInstanceUID": f"{root}.3.{index}",
                    "FrameOfReferenceUID": f"{root}.4",
                    "PatientSex": "F",
                    "PatientBirthDate": "20090717",
                    "ImagePositionPatient": [round(value, 5) for value in position_mm],
                    "ImageOrientationPatient": [round(value, 7) for value in orientation],
                    "PixelSpacing": list(pixel_spacing_mm),
                    "PixelData": (hu.astype(np.int32) + 1024).astype("<i2").tobytes(),
                }
                | overrides,
            )
        call_command("ingest", folder, centre=centre_code, workers=1, stdout=StringIO())
    return Study.objects.exclude(pk__in=known).get()


def run_of(study: Study) -> IngestRun:
    """The delivery that brought the study in."""
    file = IngestedFile.objects.filter(instance__series__study=study).select_related("run").first()
    assert file is not None
    return file.run


def quarantined(study: Study, *, name: str = "") -> IngestedFile:
    """One more file of the delivery of a study, which waits for a decision; without its bytes."""
    run = run_of(study)
    return IngestedFile.objects.create(
        run=run,
        position=run.files.count() + 1,
        name=name,
        result=IngestedFile.Result.QUARANTINED,
        reason_code="burned_in_annotation",
        quarantine_key=uuid.uuid4(),
        recorded_at=run.started_at,
    )


def intake_objects(study: Study, *, by: Any, text: str) -> dict[str, Any]:
    """Of each kind of object of the intake one, at the centre of a study, by the kind's name."""
    return {
        "quarantined": SimpleNamespace(public_id=quarantined(study, name=text).quarantine_key),
        "rule": ExclusionRule.objects.create(
            centre_code=study.centre_code,
            keyword="StationName",
            match="word",
            text=text,
            added_at=timezone.now(),
        ),
        "upload": unfinished_upload(by=by, centre_code=study.centre_code),
    }


def unfinished_upload(*, by: Any, centre_code: str) -> IngestRun:
    """A browser upload of somebody, with one file at place 0 that is half-way."""
    at = timezone.now()
    run = actions.start_run(centre_code=centre_code, source=IngestRun.Source.UPLOAD, by=by, at=at)
    actions.begin_partial_upload(
        run=run, position=0, name="CANARY.zip", size_bytes=10**6, by=by, at=at
    )
    return run
