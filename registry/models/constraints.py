"""Constraints that several models share, each built in one place."""

from collections.abc import Iterable
from functools import reduce
from operator import and_

from django.db.models import CheckConstraint, F, Q

from registry.vocabulary import ClosedList


def one_of(field: str, closed_list: type[ClosedList], *, name: str) -> CheckConstraint:
    """The field holds a code of the list, or NULL where the column allows it."""
    return CheckConstraint(condition=Q(**{f"{field}__in": closed_list.codes()}), name=name)


def one_of_or_empty(field: str, closed_list: type[ClosedList], *, name: str) -> CheckConstraint:
    """The field holds a code of the list, or is empty: not recorded."""
    return CheckConstraint(condition=Q(**{f"{field}__in": ("", *closed_list.codes())}), name=name)


def all_or_none(*fields: str, name: str) -> CheckConstraint:
    """Either every field is set or none is."""
    return CheckConstraint(
        condition=_all_null(fields, True) | _all_null(fields, False),
        name=name,
    )


def in_order(earlier: str, later: str, *, name: str) -> CheckConstraint:
    """The later date is not before the earlier one, where both are known."""
    return CheckConstraint(
        condition=Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__isnull": True})
        | Q(**{f"{later}__gte": F(earlier)}),
        name=name,
    )


def between(field: str, smallest: float, largest: float, *, name: str) -> CheckConstraint:
    """A plausible range; outside it the unit was mistaken."""
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True})
        | Q(**{f"{field}__gte": smallest, f"{field}__lte": largest}),
        name=name,
    )


def only_when(condition: Q, *fields: str, name: str) -> CheckConstraint:
    """The fields are empty unless the condition holds."""
    return CheckConstraint(condition=condition | _all_null(fields, True), name=name)


def _all_null(fields: Iterable[str], null: bool) -> Q:
    return reduce(and_, (Q(**{f"{field}__isnull": null}) for field in fields))
