"""Advisories, and the components they are about."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from registry.audit.advisory_match import Criteria, Device, Match, match
from registry.models import Advisory, Component, User
from registry.queries import components
from registry.vocabulary import DatePrecision


@dataclass(frozen=True)
class Affected:
    """A component that an advisory is about, or may be about."""

    component: Component
    match: Match


def visible(*, viewer: User) -> QuerySet[Advisory]:
    """Those of the viewer's centres and those that hold in all, newest first."""
    codes = viewer.centre_codes("registry.view_patient")
    if not codes:
        return Advisory.objects.none()
    return (
        Advisory.objects.filter(Q(centre__isnull=True) | Q(centre__code__in=codes))
        .select_related("centre")
        .prefetch_related("models")
    )


def affected(
    *, viewer: User, advisory: Advisory, after: int = 0, most: int = 50
) -> tuple[list[Affected], int | None]:
    """Components in place that are affected or may be, and where the list goes on.

    Parameters
    ----------
    after
        Key of the component that the list goes on after; 0 for the first page.
    most
        How many at most.
    """
    criteria = criteria_of(advisory)
    candidates = _candidates(viewer=viewer, advisory=advisory)
    found: list[Affected] = []
    while True:
        batch = list(candidates.filter(pk__gt=after).order_by("pk")[: 2 * most])
        for component in batch:
            if (answer := match(criteria, device_of(component))) is not Match.NOT_AFFECTED:
                if len(found) == most:
                    return found, found[-1].component.pk
                found.append(Affected(component, answer))
        if len(batch) < 2 * most:
            return found, None
        after = batch[-1].pk


def of_components(
    *, viewer: User, parts: Sequence[Component]
) -> dict[int, list[tuple[Advisory, Match]]]:
    """By key of the component: the advisories in force it is, or may be, affected by."""
    wanted = {part.model for part in parts if part.model and part.removed_on is None}
    if not wanted:
        return {}
    advisories = [
        (advisory, criteria_of(advisory), {one.code for one in advisory.models.all()})
        for advisory in visible(viewer=viewer).filter(
            retired_at__isnull=True,
            pk__in=Advisory.objects.filter(models__code__in=wanted).values("pk"),
        )
    ]
    found: dict[int, list[tuple[Advisory, Match]]] = {}
    for part in parts:
        for advisory, criteria, codes in advisories:
            if part.removed_on is not None or part.model not in codes:
                continue
            answer = match(criteria, device_of(part))
            if answer is not Match.NOT_AFFECTED and _is_of_centre(advisory, part):
                found.setdefault(part.pk, []).append((advisory, answer))
    return found


def criteria_of(advisory: Advisory) -> Criteria:
    return Criteria(
        serial_from=advisory.serial_from,
        serial_to=advisory.serial_to,
        lots=tuple(line.strip() for line in advisory.lots.splitlines() if line.strip()),
        lots_unknown=advisory.lots_unknown,
        manufactured_from=advisory.manufactured_from,
        manufactured_until=advisory.manufactured_until,
        implanted_from=advisory.implanted_from,
        implanted_until=advisory.implanted_until,
    )


def device_of(component: Component) -> Device:
    earliest, latest = _span(component.implanted_on, component.implanted_on_precision)
    return Device(
        serial_number=component.serial_number,
        lot_number=component.lot_number,
        manufactured_on=component.manufactured_on,
        implanted_earliest=earliest,
        implanted_latest=latest,
    )


def _candidates(*, viewer: User, advisory: Advisory) -> QuerySet[Component]:
    """Cut down by what the database can say: the model, and whole days that clear a component."""
    codes = [one.code for one in advisory.models.all()]
    found = components.visible(viewer=viewer).filter(model__in=codes, removed_on__isnull=True)
    if advisory.centre_id is not None:
        found = found.filter(patient__centre_id=advisory.centre_id)
    if advisory.manufactured_from:
        found = found.exclude(manufactured_on__lt=advisory.manufactured_from)
    if advisory.manufactured_until:
        found = found.exclude(manufactured_on__gt=advisory.manufactured_until)
    return found


def _is_of_centre(advisory: Advisory, component: Component) -> bool:
    return advisory.centre_id in (None, component.patient.centre_id)


def _span(day: date | None, precision: str) -> tuple[date | None, date | None]:
    """First and last day that a date known to the month or year may stand for."""
    if day is None or precision == DatePrecision.UNKNOWN.value:
        return None, None
    if precision == DatePrecision.MONTH.value:
        last = calendar.monthrange(day.year, day.month)[1]
        return day.replace(day=1), day.replace(day=last)
    if precision == DatePrecision.YEAR.value:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day, day
