"""Searches that a viewer kept, or may use because they are shared."""

from django.db.models import Q, QuerySet

from registry.models import SavedFilter, User


def own(*, viewer: User) -> QuerySet[SavedFilter]:
    """Kept by the viewer, who may remove them."""
    return SavedFilter.objects.filter(created_by=viewer)


def usable(*, viewer: User, page: str) -> QuerySet[SavedFilter]:
    """Kept by the viewer, or shared in a centre whose cases the viewer may see; by name."""
    codes = viewer.centre_codes("registry.view_patient")
    shared = Q(is_shared=True, centre__code__in=codes)
    return (
        SavedFilter.objects.filter(page=page)
        .filter(Q(created_by=viewer) | shared)
        .select_related("created_by", "centre")
        .order_by("name", "pk")
    )
