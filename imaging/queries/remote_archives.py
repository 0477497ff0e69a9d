"""Archives of others: to pull from, and to send to."""

from uuid import UUID

from django.db.models import QuerySet

from imaging.models import RemoteArchive
from imaging.queries.viewer import ADD_STUDY, VIEW_DELIVERY, Viewer


def remote_archives(*, viewer: Viewer) -> QuerySet[RemoteArchive]:
    """Those of the centres the viewer may add images to; the credential is not opened."""
    return (
        RemoteArchive.objects.filter(
            retired_at=None, centre_code__in=viewer.centre_codes(ADD_STUDY)
        )
        .defer("credential")
        .order_by("name")
    )


def remote_archive(*, viewer: Viewer, public_id: UUID) -> RemoteArchive:
    """One of them.

    Raises
    ------
    RemoteArchive.DoesNotExist
        There is none, it is retired, or the viewer may not add images to its centre.
    """
    return remote_archives(viewer=viewer).get(public_id=public_id)


def receiving_archives(*, viewer: Viewer, centre_code: str) -> QuerySet[RemoteArchive]:
    """Those of a centre where something may be stored, for whoever sees deliveries there."""
    return (
        RemoteArchive.objects.filter(
            retired_at=None,
            centre_code=centre_code,
            centre_code__in=viewer.centre_codes(VIEW_DELIVERY),
        )
        .exclude(receives=RemoteArchive.Receives.NOTHING)
        .order_by("name")
    )


def by_name(name: str) -> RemoteArchive:
    """The archive, for commands.

    Raises
    ------
    RemoteArchive.DoesNotExist
        There is none, or it is retired.
    """
    return RemoteArchive.objects.get(name=name, retired_at=None)
