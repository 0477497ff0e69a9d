"""Drafts: each is seen by its reader alone."""

from uuid import UUID

from registry.models import ReadDraft, User


def own(*, viewer: User, room: UUID) -> ReadDraft | None:
    """The viewer's draft in a room.

    Parameters
    ----------
    room
        The id in the address of the page.
    """
    return ReadDraft.objects.filter(reader=viewer, room=room).first()
