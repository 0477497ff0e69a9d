"""Complications: what went wrong, how badly, and what it is held to be related to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from registry.actions import history, records
from registry.actions.errors import InvalidRecordError
from registry.actions.records import Children, store
from registry.models import Complication, ComplicationRelation, Patient, User
from registry.vocabulary import Relatedness

ALONE = frozenset({Relatedness.NOT_RELATED.value, Relatedness.UNKNOWN.value})
"""Answers that leave no room for another."""


def log(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    relations: Iterable[str] = (),
    synthetic_fields: Sequence[str] = (),
) -> Complication:
    """Log a complication, in an episode or between them. See `records.log` for the errors.

    A closed case takes it, too: many show only after the end.
    """
    complication = Complication(patient=patient, **fields)
    _require_one_story(complication)
    return records.log(
        complication,
        by=by,
        at=at,
        action="complication.log",
        synthetic_fields=synthetic_fields,
        save_children=lambda saved: _save_relations(saved, relations),
    )


def edit(
    *,
    complication: Complication,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
    relations: Iterable[str],
) -> Complication:
    """Correct a complication. See `records.edit` for the errors."""

    def replace_relations(saved: Complication) -> Children:
        _require_one_story(saved)
        saved.relations.all().delete()
        return _save_relations(saved, relations)

    return records.edit(
        complication,
        edition=edition,
        by=by,
        at=at,
        action="complication.edit",
        changes=changes,
        children_before=_relations(complication),
        save_children=replace_relations,
    )


def _require_one_story(complication: Complication) -> None:
    """What it followed belongs to the same patient, and to the same case where one is named.

    Raises
    ------
    InvalidRecordError
        Names the field that points elsewhere.
    """
    if complication.case and complication.case.patient_id != complication.patient_id:
        raise InvalidRecordError({"case": [gettext("This case is another patient's.")]})
    for name in ("surgery", "contrast_study"):
        event = getattr(complication, name)
        if event is None:
            continue
        if event.case.patient_id != complication.patient_id:
            raise InvalidRecordError({name: [gettext("This belongs to another patient.")]})
        if complication.case_id and event.case_id != complication.case_id:
            raise InvalidRecordError(
                {name: [gettext("This belongs to another case of the patient.")]}
            )
        if complication.occurred_on < event.performed_on:
            raise InvalidRecordError(
                {
                    "occurred_on": [
                        gettext("It followed what was done on %(performed_on)s only.")
                        % {"performed_on": event.performed_on}
                    ]
                }
            )


def _save_relations(complication: Complication, relations: Iterable[str]) -> Children:
    codes = sorted(set(relations))
    if len(codes) > 1 and ALONE.intersection(codes):
        raise InvalidRecordError(
            {
                "relations": [
                    gettext("“Not related” and “Unknown” stand alone: take back the others.")
                ]
            }
        )
    for code in codes:
        store(ComplicationRelation(complication=complication, code=code))
    return _relations(complication)


def _relations(complication: Complication) -> Children:
    return {"relations": history.rows_of(complication.relations.order_by("code"))}
