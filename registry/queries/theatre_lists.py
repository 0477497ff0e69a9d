"""Theatre lists, where the viewer may audit."""

from django.db.models import QuerySet

from registry.models import TheatreList, User


def visible(*, viewer: User) -> QuerySet[TheatreList]:
    """The lists of the centres the viewer may audit, also withdrawn ones, the latest first."""
    return TheatreList.objects.filter(
        centre__code__in=viewer.centre_codes("registry.run_audit")
    ).select_related("centre", "sent_by", "withdrawn_by")


def unreadable_rows(*, viewer: User, theatre_list: TheatreList) -> list[int]:
    """Rows of the file without a day or without a number."""
    lines = visible(viewer=viewer).get(pk=theatre_list.pk).lines
    return [
        row
        for row, on, key in lines.values_list("row", "performed_on", "subject_key")
        if on is None or key is None
    ]
