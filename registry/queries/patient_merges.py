"""Merged numbers a viewer may see."""

from django.db.models import QuerySet

from registry.models import PatientMerge, User


def visible(*, viewer: User) -> QuerySet[PatientMerge]:
    return PatientMerge.objects.filter(
        kept__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("kept__centre", "merged__centre", "created_by", "undone_by")
