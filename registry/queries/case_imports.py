"""Imports of retrospective cases, where the viewer may log cases."""

from django.db.models import QuerySet

from registry.models import CaseImport, Centre, User


def visible(*, viewer: User) -> QuerySet[CaseImport]:
    """The imports of the centres where the viewer logs cases, the latest first."""
    return CaseImport.objects.filter(
        centre__code__in=viewer.centre_codes("registry.log_case")
    ).select_related("centre", "sent_by", "imported_by", "undone_by")


def without_content(*, viewer: User) -> QuerySet[CaseImport]:
    """The same for a list: the files stay where they are."""
    return visible(viewer=viewer).defer("content", "mapping")


def latest_mapping(*, viewer: User, centre: Centre) -> str:
    """The mapping that was used last in the centre; "" where there is none."""
    mappings = visible(viewer=viewer).filter(centre=centre).order_by("-sent_at", "-pk")
    return str(mappings.values_list("mapping", flat=True).first() or "")
