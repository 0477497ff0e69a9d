"""By which rules test and phantom images are told from those of patients."""

import uuid

from django.db.models import Q, QuerySet

from imaging.models import ExclusionRule
from imaging.queries.viewer import MANAGE_SOURCES, Viewer

EVERY_CENTRE = ""
"""The centre code of a rule that holds in all centres."""

Rule = tuple[str, str, str]
"""Keyword, match, text."""


def active_rules(centre_code: str) -> tuple[Rule, ...]:
    """The rules that hold for what is delivered to a centre, in one order for all."""
    rows = ExclusionRule.objects.filter(
        centre_code__in=[EVERY_CENTRE, centre_code], retired_at=None
    ).order_by("keyword", "match", "text", "centre_code")
    return tuple(rows.values_list("keyword", "match", "text"))


def exclusion_rules(*, viewer: Viewer) -> QuerySet[ExclusionRule]:
    """The rules in force that the viewer may look after, those for every centre first.

    Somebody who looks after no centre sees none.
    """
    centres = viewer.centre_codes(MANAGE_SOURCES)
    visible = Q(centre_code__in=[EVERY_CENTRE, *centres]) if centres else Q(pk__in=[])
    return (
        ExclusionRule.objects.filter(visible, retired_at=None)
        .select_related("added_by")
        .order_by("centre_code", "keyword", "text", "match")
    )


def exclusion_rule(*, viewer: Viewer, public_id: uuid.UUID) -> ExclusionRule:
    """One rule in force.

    Raises
    ------
    ExclusionRule.DoesNotExist
        There is none, it is retired, or the viewer does not look after its centre.
    """
    return exclusion_rules(viewer=viewer).get(public_id=public_id)
