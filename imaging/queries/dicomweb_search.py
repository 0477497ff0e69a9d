"""Search for studies, series and instances by their attributes (QIDO-RS).

References
----------
DICOM PS3.18 10.6; PS3.4 C.2.2.2 (how a key matches).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left, Upper

from imaging.dicom.deidentification import PSEUDONYM_DIGITS
from imaging.models import Instance, Series, Study
from imaging.queries.viewer import VIEW_STUDY, Viewer


@dataclass(frozen=True)
class OneOf:
    """One of several values, exactly."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """One of several texts; `*` and `?` stand for any characters and for one."""

    patterns: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Days:
    """A range of days, both ends included; None: open."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Times:
    """A range of times of the day in ISO 8601, both ends included; None: open."""

    first: str | None
    last: str | None


Wanted = OneOf | Texts | Number | Days | Times
Matches = Mapping[str, Wanted]
"""What is wanted by keyword; only of those that the level knows."""

STUDY_KINDS: dict[str, type] = {
    "StudyInstanceUID": OneOf,
    "StudyDate": Days,
    "StudyTime": Times,
    "PatientID": Texts,
    "PatientName": Texts,
    "ModalitiesInStudy": Texts,
}
SERIES_KINDS: dict[str, type] = STUDY_KINDS | {
    "SeriesInstanceUID": OneOf,
    "Modality": Texts,
    "SeriesNumber": Number,
}
INSTANCE_KINDS: dict[str, type] = SERIES_KINDS | {
    "SOPInstanceUID": OneOf,
    "SOPClassUID": OneOf,
    "InstanceNumber": Number,
}
"""What can be searched for at each level, and how."""

_COLUMN = {
    "StudyInstanceUID": "study_instance_uid",
    "StudyDate": "study_date",
    "StudyTime": "study_time",
    "PatientID": "pseudonym",
    "PatientName": "pseudonym",
    "SeriesInstanceUID": "series_instance_uid",
    "Modality": "modality",
    "SeriesNumber": "series_number",
    "SOPInstanceUID": "sop_instance_uid",
    "SOPClassUID": "sop_class_uid",
    "InstanceNumber": "instance_number",
}


def studies(*, viewer: Viewer, matches: Matches) -> QuerySet[Any]:
    """The studies that match, newest first, with `study_time`, `pseudonym`, `series_count` and
    `instance_count`.
    """
    found = _matching(_visible(Study, viewer, study=""), matches, study="", series=None)
    counted: QuerySet[Any] = found.annotate(
        series_count=_count(Series.objects.filter(study=OuterRef("pk")), by="study"),
        instance_count=_count(
            Instance.objects.filter(series__study=OuterRef("pk")), by="series__study"
        ),
    )
    return counted.order_by("-received_at", "-id")


def series(*, viewer: Viewer, matches: Matches) -> QuerySet[Any]:
    """The series that match, with `instance_count` and what the study has."""
    found = _matching(
        _visible(Series, viewer, study="study__"), matches, study="study__", series=""
    )
    counted: QuerySet[Any] = found.annotate(
        instance_count=_count(Instance.objects.filter(series=OuterRef("pk")), by="series")
    )
    return (
        counted.select_related("study")
        .defer("geometry", "geometry_codes")
        .order_by("-study__received_at", "-study_id", "series_number", "id")
    )


def instances(*, viewer: Viewer, matches: Matches) -> QuerySet[Any]:
    """The instances that match, with what series and study have."""
    found = _matching(
        _visible(Instance, viewer, study="series__study__"),
        matches,
        study="series__study__",
        series="series__",
    )
    return (
        found.select_related("series__study")
        .defer("series__geometry", "series__geometry_codes")
        .order_by(
            "-series__study__received_at",
            "-series__study_id",
            "series__series_number",
            "series_id",
            "instance_number",
            "id",
        )
    )


def modalities(*, viewer: Viewer, studies: list[int]) -> dict[int, list[str]]:
    """The modalities of some studies, by primary key."""
    rows = (
        Series.objects.filter(
            study__in=studies, study__centre_code__in=viewer.centre_codes(VIEW_STUDY)
        )
        .order_by("modality")
        .values_list("study_id", "modality")
        .distinct()
    )
    by_study: dict[int, list[str]] = {pk: [] for pk in studies}
    for pk, modality in rows:
        by_study[pk].append(modality)
    return by_study


def _visible(model: type[Model], viewer: Viewer, *, study: str) -> QuerySet[Any]:
    visible = {
        f"{study}centre_code__in": viewer.centre_codes(VIEW_STUDY),
        f"{study}exclusion__isnull": True,
    }
    first = Instance.objects.filter(series__study=OuterRef(f"{study}pk")).order_by("pk")
    study_time = first.annotate(study_time=KT("attributes__study_time")).values("study_time")
    pseudonym = Upper(Left(f"{study}subject_key", PSEUDONYM_DIGITS))
    rows: QuerySet[Any] = model._default_manager.filter(**visible)
    told: QuerySet[Any] = rows.annotate(
        study_time=Subquery(study_time[:1], output_field=CharField()),
        pseudonym=Coalesce(pseudonym, Value("")),
    )
    return told


def _matching(
    rows: QuerySet[Any], matches: Matches, *, study: str, series: str | None
) -> QuerySet[Any]:
    for keyword, wanted in matches.items():
        if keyword == "ModalitiesInStudy":
            of_study = Series.objects.filter(study=OuterRef(f"{study}pk"))
            rows = rows.filter(Exists(of_study.filter(_condition("modality", wanted))))
            continue
        prefix = ""
        if keyword in ("StudyInstanceUID", "StudyDate"):
            prefix = study
        elif keyword in ("SeriesInstanceUID", "Modality", "SeriesNumber"):
            prefix = series or ""
        rows = rows.filter(_condition(prefix + _COLUMN[keyword], wanted))
    return rows


def _condition(column: str, wanted: Wanted) -> Q:
    by_kind: dict[type, Callable[[Any], Q]] = {
        OneOf: lambda one: Q(**{f"{column}__in": one.values}),
        Number: lambda one: Q(**{column: one.value}),
        Texts: lambda one: _texts(column, one),
        Days: lambda one: _range(column, one.first, one.last),
        Times: lambda one: _range(column, one.first, one.last),
    }
    return by_kind[type(wanted)](wanted)


def _range(column: str, first: object, last: object) -> Q:
    ends = {f"{column}__gte": first, f"{column}__lte": last}
    return Q(**{name: end for name, end in ends.items() if end is not None})


def _texts(column: str, wanted: Texts) -> Q:
    any_of = Q(pk__in=[])
    for pattern in wanted.patterns:
        if "*" in pattern or "?" in pattern:
            parts = re.split(r"([*?])", pattern)
            words = [{"*": ".*", "?": "."}.get(part, re.escape(part)) for part in parts]
            any_of |= Q(**{f"{column}__regex": f"^{''.join(words)}$"})
        else:
            any_of |= Q(**{column: pattern})
    return any_of


def _count(rows: QuerySet[Any], *, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
