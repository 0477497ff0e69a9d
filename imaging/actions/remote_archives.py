"""Register and retire archives of others."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from imaging.actions import history
from imaging.actions.dicomweb_peers import NameTakenError
from imaging.models import RemoteArchive

__all__ = ["NameTakenError", "register", "retire", "search"]


def register(
    *,
    name: str,
    centre_code: str,
    base_url: str,
    authentication: str,
    credential: str | None,
    private_address_allowed: bool,
    receives: str = RemoteArchive.Receives.NOTHING,
    by: AbstractBaseUser | None,
    at: datetime,
) -> RemoteArchive:
    """Register an archive for one centre; nothing else is ever connected to.

    Parameters
    ----------
    base_url
        Checked by `imaging.dicomweb.endpoint.parse`; the history names it.
    credential
        `name:password` or a token, stored sealed; None where none is wanted.
    receives
        Of `RemoteArchive.Receives`: what may be stored there. It is never changed.

    Raises
    ------
    NameTakenError
    """
    with transaction.atomic():
        if RemoteArchive.objects.filter(name=name).exists():
            raise NameTakenError
        archive = RemoteArchive.objects.create(
            name=name,
            centre_code=centre_code,
            base_url=base_url,
            authentication=authentication,
            credential=credential,
            private_address_allowed=private_address_allowed,
            receives=receives,
            registered_at=at,
            registered_by_id=by.pk if by else None,
        )
        _record(archive, action="register_remote_archive", by=by, at=at)
    return archive


def retire(*, archive: RemoteArchive, by: AbstractBaseUser | None, at: datetime) -> None:
    """Never connect to the archive again; its credential is forgotten, what came from it stays."""
    with transaction.atomic():
        archive = RemoteArchive.objects.select_for_update().get(pk=archive.pk)
        if archive.retired_at is not None:
            return
        archive.retired_at = at
        archive.authentication = RemoteArchive.Authentication.NONE
        archive.credential = None
        archive.save(update_fields=["retired_at", "authentication", "credential"])
        _record(archive, action="retire_remote_archive", by=by, at=at)


def search(
    *, archive: RemoteArchive, searched_by: str, by: AbstractBaseUser | None, at: datetime
) -> None:
    """Log that somebody asks the archive for a person's studies, before it is asked.

    Parameters
    ----------
    searched_by
        By which number; the number itself is kept nowhere, not even as a hash: whoever holds the
        key could try all there are.
    """
    with transaction.atomic():
        history.record(
            centre_code=archive.centre_code,
            at=at,
            by=by,
            action="search_remote_archive",
            object_type=archive._meta.label_lower,
            object_id=archive.public_id,
            facts={"name": archive.name, "searched_by": searched_by},
        )


def _record(
    archive: RemoteArchive, *, action: str, by: AbstractBaseUser | None, at: datetime
) -> None:
    history.record(
        centre_code=archive.centre_code,
        at=at,
        by=by,
        action=action,
        object_type=archive._meta.label_lower,
        object_id=archive.public_id,
        facts={
            "name": archive.name,
            "base_url": archive.base_url,
            "authentication": archive.authentication,
            "private_address_allowed": archive.private_address_allowed,
            "receives": archive.receives,
        },
    )
