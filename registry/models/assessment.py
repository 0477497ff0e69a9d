"""An assessment of a patient with one instrument, and the grade of each of its items."""

from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from itertools import groupby
from operator import or_
from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.audit.instruments import NOT_ASSESSED, PLAIN_RANGE, Instrument, items_of
from registry.vocabulary import (
    AssessorRole,
    GmfcsAgeBand,
    InstrumentCode,
    ScoreDirection,
)

from .constraints import one_of, one_of_or_empty
from .patient import Patient
from .record import Record

CPCHILD = Instrument.CPCHILD.value


class Assessment(Record):
    """Grades are kept, totals are computed; no item text of an instrument is stored."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assessments")
    performed_on = models.DateField()
    instrument = models.CharField(max_length=24, choices=InstrumentCode.choices)
    version = models.CharField(
        max_length=40, blank=True, help_text="Version or edition of the instrument."
    )
    language = models.CharField(max_length=40, blank=True)
    direction = models.CharField(
        max_length=16,
        choices=ScoreDirection.choices,
        blank=True,
        help_text="Of CPCHILD, whose versions differ.",
    )
    age_band = models.CharField(
        max_length=16, choices=GmfcsAgeBand.choices, blank=True, verbose_name="GMFCS age band"
    )
    assessor_role = models.CharField(max_length=32, choices=AssessorRole.choices, blank=True)
    assessor = models.CharField(
        max_length=40, blank=True, help_text="Initials or a local code, so that graders compare."
    )
    remarks = models.TextField(blank=True)

    HAPPENED_ON: ClassVar = ("performed_on",)
    IDENTIFYING: ClassVar = ("performed_on", "assessor", "remarks")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "patient", "instrument", "version", "language", "direction", "age_band", "assessor_role",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("instrument", InstrumentCode, name="assessment_instrument_known"),
            one_of_or_empty("direction", ScoreDirection, name="assessment_direction_known"),
            one_of_or_empty("age_band", GmfcsAgeBand, name="assessment_age_band_known"),
            one_of_or_empty("assessor_role", AssessorRole, name="assessment_assessor_role_known"),
            models.CheckConstraint(
                condition=Q(instrument=CPCHILD) & ~Q(direction="")
                | ~Q(instrument=CPCHILD) & Q(direction=""),
                name="assessment_direction_iff_cpchild",
            ),
            models.CheckConstraint(
                condition=~Q(instrument=CPCHILD) | ~Q(version=""),
                name="assessment_cpchild_has_version",
            ),
            models.CheckConstraint(
                condition=Q(instrument=Instrument.GMFCS.value) | Q(age_band=""),
                name="assessment_age_band_of_gmfcs",
            ),
        ]
        ordering = ["performed_on", "id"]
        indexes = [
            models.Index(fields=["patient", "performed_on"], name="assessment_by_patient_day")
        ]

    @property
    def centre_code(self) -> str:
        return self.patient.centre_code


def _grades_of_instruments() -> Iterator[Q]:
    """For each instrument the items that share their grades, and these grades."""
    for instrument in Instrument:
        items = sorted(items_of(instrument), key=lambda item: item.grades)
        for grades, alike in groupby(items, key=lambda item: item.grades):
            of_items = Q(instrument=instrument.value, item__in=[item.code for item in alike])
            if grades:
                yield of_items & Q(grade__in=[*grades, NOT_ASSESSED], points__isnull=True)
            else:
                yield of_items & Q(grade=NOT_ASSESSED, points__isnull=True)
                yield of_items & Q(grade="", points__gte=PLAIN_RANGE[0], points__lte=PLAIN_RANGE[1])


def grade_text(grade: str, points: Decimal | None) -> str:
    """The grade as the scales take it: `1+`, `not_assessed`, `59.3`."""
    return grade or f"{points:f}"


class AssessmentGrade(models.Model):
    """One item and its grade; `instrument` repeats that of the assessment for the constraint."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="grades")
    instrument = models.CharField(max_length=24)
    item = models.CharField(max_length=32)
    grade = models.CharField(
        max_length=16, blank=True, help_text="As text: 1+ is a grade and no number."
    )
    points = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True, help_text="Of CPCHILD: 0 to 100."
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "assessment", "instrument", "item", "grade", "points")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "item"], name="assessment_grade_once_an_item"
            ),
            models.CheckConstraint(
                condition=reduce(or_, _grades_of_instruments()),
                name="assessment_grade_of_its_instrument",
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.instrument} {self.item}"

    @property
    def as_text(self) -> str:
        return grade_text(self.grade, self.points)
