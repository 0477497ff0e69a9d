"""Advisories in words: what they are about, and whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from registry import queries
from registry.audit.advisory_match import Match
from registry.models import Advisory, Component, User

PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An advisory that a component of a patient is, or may be, affected by."""

    component: Component
    advisory: Advisory
    certain: bool


@dataclass(frozen=True)
class AffectedLine:
    component: Component
    certain: bool


@dataclass(frozen=True)
class DetailPage:
    """`next_after` is where the list goes on, or None."""

    advisory: Advisory
    models: list[str]
    criteria: list[str]
    affected: list[AffectedLine]
    next_after: int | None
    may_retire: bool


def url(advisory: Advisory) -> str:
    return reverse("registry:advisory-detail", args=[advisory.public_id])


def lines_of(*, viewer: User, components: Sequence[Component]) -> list[Line]:
    """What the page of a patient warns of."""
    told = queries.advisories.of_components(viewer=viewer, parts=components)
    return [
        Line(component, advisory, answer is Match.AFFECTED)
        for component in components
        for advisory, answer in told.get(component.pk, [])
    ]


def detail(*, viewer: User, advisory: Advisory, after: int) -> DetailPage:
    found, next_after = queries.advisories.affected(
        viewer=viewer, advisory=advisory, after=after, most=PER_PAGE
    )
    return DetailPage(
        advisory=advisory,
        models=[one.get_code_display() for one in advisory.models.all()],
        criteria=criteria(advisory),
        affected=[AffectedLine(one.component, one.match is Match.AFFECTED) for one in found],
        next_after=next_after,
        may_retire=advisory.retired_at is None
        and advisory.centre is not None
        and viewer.has_perm("registry.manage_advisories", advisory),
    )


def criteria(advisory: Advisory) -> list[str]:
    """Besides the model; none where every component of it is meant."""
    found = []
    if advisory.serial_from:
        serials = {"first": advisory.serial_from, "last": advisory.serial_to}
        found.append(_("serial number %(first)s to %(last)s") % serials)
    if advisory.lots:
        found.append(_("lot %(lots)s") % {"lots": ", ".join(advisory.lots.split())})
    if advisory.lots_unknown:
        found.append(_("some lots, which are not held here: nobody can be cleared"))
    for name, label in (("manufactured", _("made")), ("implanted", _("implanted"))):
        start, end = getattr(advisory, f"{name}_from"), getattr(advisory, f"{name}_until")
        if start and end:
            found.append(
                _("%(what)s from %(start)s to %(end)s")
                % {"what": label, "start": start, "end": end}
            )
        elif start:
            found.append(_("%(what)s from %(start)s on") % {"what": label, "start": start})
        elif end:
            found.append(_("%(what)s until %(end)s") % {"what": label, "end": end})
    return found
