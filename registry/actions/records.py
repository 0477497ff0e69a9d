"""The two ways a clinical record is written: logged, or edited from a known edition."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from registry.actions import history
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.actions.refusals import require_constraints
from registry.models import Centre, Patient, User
from registry.models.record import Record

T = TypeVar("T", bound=Record)

Children = Mapping[str, list[dict[str, Any]]]
"""Child rows as the history shows them: name of the list → rows of plain values."""


def log(
    record: T,
    *,
    by: User,
    at: datetime,
    action: str,
    reason: str = "",
    synthetic_fields: Sequence[str] = (),
    save_children: Callable[[T], Children] | None = None,
) -> T:
    """Write a new record, its child rows and its history event, all or nothing.

    Raises
    ------
    InvalidRecordError
        A value contradicts another or the vocabulary.
    """
    record.created_at, record.created_by = at, by
    record.synthetic_fields = sorted(synthetic_fields)
    with transaction.atomic():
        _require_past_dates(record, at=at)
        store(record, force_insert=True)
        _require_unmerged(record)
        children = save_children(record) if save_children else {}
        history.record(
            chain=record.centre_code,
            at=at,
            by=by,
            action=action,
            obj=record,
            after=history.state_of(record) | dict(children),
            reason=reason,
        )
    return record


def edit(
    record: T,
    *,
    edition: int,
    by: User,
    at: datetime,
    action: str,
    changes: Mapping[str, Any],
    reason: str = "",
    children_before: Children | None = None,
    save_children: Callable[[T], Children] | None = None,
) -> T:
    """Apply `changes` to the edition the editor saw.

    Raises
    ------
    EditConflictError
        The record was saved since; nothing is overwritten.
    InvalidRecordError
        A value contradicts another or the vocabulary.
    """
    with transaction.atomic():
        current = type(record)._default_manager.select_for_update().get(pk=record.pk)
        if current.edition != edition:
            raise EditConflictError(
                gettext(
                    "Somebody else saved this record while you were editing. Your text is "
                    "still here: "
                    "compare it with the saved version, then save again."
                )
            )
        before = history.state_of(current) | dict(children_before or {})
        for name, value in changes.items():
            setattr(current, name, value)
        current.edition += 1
        _require_past_dates(current, at=at)
        store(current)
        children = save_children(current) if save_children else (children_before or {})
        history.record(
            chain=current.centre_code,
            at=at,
            by=by,
            action=action,
            obj=current,
            before=before,
            after=history.state_of(current) | dict(children),
            reason=reason,
        )
    return current


def require_past(*, centre_code: str, at: datetime, days: Mapping[str, date | None]) -> None:
    """Refuse days that have not come yet at the centre.

    Raises
    ------
    InvalidRecordError
        Names the fields, which are the keys of `days`.
    """
    today = Centre.objects.get(code=centre_code).day_at(at)
    future = {name: day for name, day in days.items() if day is not None and day > today}
    if future:
        raise InvalidRecordError(
            {
                name: [
                    gettext("This day lies in the future. Today is %(today)s.")
                    % {"today": today.isoformat()}
                ]
                for name in future
            }
        )


def require_not_after(day: date, *, field: str, followed_on: Iterable[date | None]) -> None:
    """Refuse a corrected day that lies after what is logged to have followed it.

    Raises
    ------
    InvalidRecordError
        Names `field`, and the days of what followed.
    """
    earlier = sorted({one for one in followed_on if one is not None and one < day})
    if earlier:
        raise InvalidRecordError(
            {
                field: [
                    gettext(
                        "What followed it is logged on %(days)s, before this day. Correct that "
                        "first, or this day."
                    )
                    % {"days": ", ".join(one.isoformat() for one in earlier)}
                ]
            }
        )


def _require_past_dates(record: Record, *, at: datetime) -> None:
    if record.HAPPENED_ON:
        days = {name: getattr(record, name) for name in record.HAPPENED_ON}
        require_past(centre_code=record.centre_code, at=at, days=days)


def _require_unmerged(record: Record) -> None:
    """Nobody would find a record under a number that was merged while its form was open.

    Asked after the record is stored: from then on a merge that began meanwhile has ended.
    """
    patient_pk: int | None = getattr(record, "patient_id", None)
    if patient_pk is None:
        return
    merged = Patient.objects.filter(pk=patient_pk, merged_into__isnull=False)
    if merged.exists():
        patient = merged.select_related("merged_into").get()
        raise InvalidRecordError(
            {
                "__all__": [
                    gettext("%(number)s was merged into %(kept)s meanwhile. Log it there.")
                    % {"number": patient.registry_number, "kept": patient.merged_into}
                ]
            }
        )


def store(record: Any, **how: Any) -> None:
    """Save the record; whatever the fields or the database refuse comes back in words.

    The database checks its constraints while writing. Only when it refuses are they asked one by
    one, to find the sentence that names what is wrong.

    Raises
    ------
    InvalidRecordError
        A value contradicts another or the vocabulary.
    """
    try:
        record.full_clean(
            exclude=_at_hand(record), validate_unique=False, validate_constraints=False
        )
        try:
            with transaction.atomic():
                record.save(**how)
        except IntegrityError:
            record.full_clean(validate_constraints=False)
            require_constraints(record)
            raise
    except ValidationError as error:
        raise InvalidRecordError(
            {
                "__all__" if field == NON_FIELD_ERRORS else field: [str(text) for text in texts]
                for field, texts in error.message_dict.items()
            }
        ) from error


def _at_hand(record: Any) -> set[str]:
    """Links given as a record that is stored: that it is there need not be asked again."""
    return {
        field.name
        for field in record._meta.concrete_fields
        if field.is_relation and field.is_cached(record)
        if (linked := getattr(record, field.name)) is not None and linked.pk is not None
    }
