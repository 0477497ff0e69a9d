"""Measurements of signed reads as lines of a table."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from registry.models import ReadMeasurement
from registry.presenters import read_marks
from registry.presenters.findings import Badge, of_finding
from registry.vocabulary import MeasurementKind


@dataclass(frozen=True)
class Line:
    """One measurement; the first value is the one that is searched."""

    registry_number: str
    case_url: str
    studied_on: str
    finding: Badge
    kind: str
    value: str
    further: str
    words: str
    reader: str
    signed_on: str
    read_url: str


def lines(measurements: Iterable[ReadMeasurement]) -> list[Line]:
    return [_line(one) for one in measurements]


def _line(one: ReadMeasurement) -> Line:
    read, study = one.read, one.read.contrast_study
    first, *further = read_marks.values(one) or [""]
    return Line(
        registry_number=study.case.patient.registry_number,
        case_url=reverse("registry:case-detail", args=[study.case.public_id]),
        studied_on=f"{study.performed_on}",
        finding=next(of_finding(found) for found in read.findings.all() if found.is_primary),
        kind=MeasurementKind.get(one.kind).label,
        value=first,
        further=", ".join(further),
        words=one.text,
        reader=read.reader.get_username(),
        signed_on=f"{timezone.localtime(read.signed_at):%Y-%m-%d}",
        read_url=reverse("registry:read-detail", args=[read.public_id]),
    )
