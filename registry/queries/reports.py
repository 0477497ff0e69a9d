"""Frozen reports a viewer may see."""

from django.db.models import QuerySet

from registry.models import AuditReport, Centre, User


def visible(*, viewer: User) -> QuerySet[AuditReport]:
    """Reports all of whose centres the viewer may audit."""
    foreign = Centre.objects.exclude(code__in=viewer.centre_codes("registry.run_audit"))
    return (
        AuditReport.objects.exclude(centres__in=foreign)
        .select_related("frozen_by")
        .prefetch_related("centres")
    )
