"""Every address of the project, with ids that exist there: the resolver is walked, not a list."""

import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from imaging.models import ExclusionRule, IngestedFile, IngestRun, Series, Study
from registry.models import (
    Advisory,
    Assessment,
    AuditReport,
    CaseImport,
    Centre,
    Complication,
    Component,
    ContrastStudy,
    DoseSetting,
    MaskedReread,
    OutcomeReview,
    Patient,
    PatientMerge,
    PatientTransfer,
    Read,
    ReadingAssignment,
    Refill,
    ReportSchedule,
    RevisionCase,
    RevisionSurgery,
    SavedFilter,
    ScreeningTest,
    StudyLink,
    TheatreList,
    User,
)

NOBODY = uuid.UUID("01900000-0000-7000-8000-000000000000")

BELOW: dict[str, Sequence[type[Model]]] = {
    "adjudication": (ContrastStudy,),
    "advisories": (Advisory,),
    "assessments": (Assessment,),
    "cases": (RevisionCase,),
    "centres": (Centre,),
    "complications": (Complication,),
    "components": (Component,),
    "data/imports": (CaseImport,),
    "contrast-studies": (ContrastStudy,),
    "filters": (SavedFilter,),
    "images": (Study,),
    "doses": (DoseSetting,),
    "imaging/quarantine": (IngestedFile,),
    "imaging/runs": (IngestRun,),
    "imaging/series": (Series,),
    "imaging/studies": (Study,),
    "imaging/test-images": (ExclusionRule,),
    "imaging/uploads": (IngestRun,),
    "merges": (PatientMerge,),
    "outcome-reviews": (OutcomeReview,),
    "patients": (Patient,),
    "people": (User,),
    "reading": (ContrastStudy, MaskedReread),
    "reading/assignments": (ReadingAssignment,),
    "reading/protocols": (Centre,),
    "reads": (Read,),
    "refills": (Refill,),
    "reports": (AuditReport,),
    "schedules": (ReportSchedule,),
    "screening-tests": (ScreeningTest,),
    "study-links": (StudyLink,),
    "surgeries": (RevisionSurgery,),
    "theatre-lists": (TheatreList,),
    "transfers": (PatientTransfer,),
}
"""What an id in an address stands for, by what comes before it."""

PLAIN = {
    "key": "abousamra-2016",
    "name": "cases-without-outcome",
    "position": 1,
    "index": 0,
    "form_id": NOBODY,
    "signal": "pump-model-unknown-revision",
    "form": "csv",
}


def patterns(
    of: Sequence[Any] | None = None, namespace: str = "", route: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Name, route and pattern of every address."""
    for one in get_resolver().url_patterns if of is None else of:
        here = f"{route}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, f"{one.namespace}:", here)
        else:
            yield f"{namespace}{one.name}", here, one


def every() -> Iterator[tuple[str, str]]:
    """Name and path, once with each id that exists; ids of nobody come first.

    Raises
    ------
    KeyError
        An address has a parameter that this file does not know. Say what exists there.
    """
    for name, route, pattern in patterns():
        for given in _arguments(route, pattern):
            yield name, reverse(name, kwargs=given)


def _arguments(route: str, pattern: URLPattern) -> Iterator[dict[str, Any]]:
    taken = set(pattern.pattern.converters)
    if "study_instance_uid" in taken:
        for uids in _uids():
            yield {key: uids[key] for key in taken}
        return
    plain = {key: PLAIN[key] for key in taken - {"public_id"}}
    if "public_id" not in taken:
        yield plain
        return
    for public_id in _ids(re.split("/?<", route)[0]):
        yield plain | {"public_id": public_id}


def _ids(below: str) -> Iterator[uuid.UUID]:
    yield NOBODY
    for model in BELOW[below]:
        key = "quarantine_key" if model is IngestedFile else "public_id"
        rows = model._default_manager.exclude(**{key: None}).order_by("pk")
        yield from rows.values_list(key, flat=True)


def _uids() -> Iterator[dict[str, str]]:
    """Of the first instance of every study."""
    keys = ("study_instance_uid", "series_instance_uid", "sop_instance_uid")
    nobody = dict(zip(keys, ("2.25.1", "2.25.2", "2.25.3"), strict=True))
    yield nobody | {"frame_list": "1"}
    for series in Series.objects.select_related("study").order_by("pk"):
        instance = series.instances.order_by("pk")[0]
        uids = (series.study.study_instance_uid, series.series_instance_uid)
        known = dict(zip(keys, (*uids, instance.sop_instance_uid), strict=True))
        yield known | {"frame_list": "1"}
