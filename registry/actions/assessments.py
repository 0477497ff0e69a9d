"""Assessments with the grades of their items."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext

from registry.actions import history, records
from registry.actions.errors import InvalidRecordError
from registry.actions.records import Children, store
from registry.audit.instruments import NOT_ASSESSED, Grades, Instrument, items_of
from registry.audit.scales import problems
from registry.models import Assessment, AssessmentGrade, Patient, User


def log(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    grades: Grades,
    synthetic_fields: Sequence[str] = (),
) -> Assessment:
    """Log an assessment.

    Parameters
    ----------
    grades
        Item code → grade as text; an item that was not recorded is left out.

    Raises
    ------
    InvalidRecordError
        A grade is none of its item, or none was given; the key names the item.
    """
    assessment = Assessment(patient=patient, **fields)
    _require_grades(assessment.instrument, grades)
    return records.log(
        assessment,
        by=by,
        at=at,
        action="assessment.log",
        synthetic_fields=synthetic_fields,
        save_children=partial(_save, grades=grades),
    )


def edit(
    *,
    assessment: Assessment,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
    grades: Grades,
) -> Assessment:
    """Correct an assessment; the instrument stays. See `records.edit` for the errors."""
    if changes.get("instrument", assessment.instrument) != assessment.instrument:
        raise InvalidRecordError(
            {
                "instrument": [
                    gettext("The instrument stays as it is; log another assessment instead.")
                ]
            }
        )
    _require_grades(assessment.instrument, grades)
    return records.edit(
        assessment,
        edition=edition,
        by=by,
        at=at,
        action="assessment.edit",
        changes=changes,
        children_before=_children(assessment),
        save_children=partial(_save, grades=grades),
    )


def _require_grades(instrument: str, grades: Grades) -> None:
    if instrument not in set(Instrument):
        raise InvalidRecordError({"instrument": [gettext("Choose one of the instruments.")]})
    wrong = problems(Instrument(instrument), grades)
    if wrong:
        raise InvalidRecordError(
            {item or "__all__": [sentence] for item, sentence in wrong.items()}
        )


def _save(assessment: Assessment, *, grades: Grades) -> Children:
    assessment.grades.all().delete()
    for item in items_of(Instrument(assessment.instrument)):
        if item.code in grades:
            store(_row(assessment, item.code, grades[item.code], graded=bool(item.grades)))
    return _children(assessment)


def _row(assessment: Assessment, item: str, grade: str, *, graded: bool) -> AssessmentGrade:
    as_text = graded or grade == NOT_ASSESSED
    return AssessmentGrade(
        assessment=assessment,
        instrument=assessment.instrument,
        item=item,
        grade=grade if as_text else "",
        points=None if as_text else Decimal(grade),
    )


def _children(assessment: Assessment) -> Children:
    return {"grades": history.rows_of(assessment.grades.all())}
