"""Archives from which images may be pulled."""

from uuid import UUID

from django.db.models import QuerySet

from imaging.models import RemoteArchive
from imaging.queries.viewer import ADD_STUDY, Viewer


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


def by_name(name: str) -> RemoteArchive:
    """The archive, for commands.

    Raises
    ------
    RemoteArchive.DoesNotExist
        There is none, or it is retired.
    """
    return RemoteArchive.objects.get(name=name, retired_at=None)
