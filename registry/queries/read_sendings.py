"""Which signed reads were sent where, for those who may send them."""

from django.db.models import QuerySet

from registry.models import Read, ReadSending, User

SENDERS = ("registry.log_case", "registry.run_audit")
"""Who logs the case or audits the centre; somebody who only reads sends nothing."""


def may_send(*, viewer: User, read: Read) -> bool:
    return any(viewer.has_perm(permission, read) for permission in SENDERS)


def visible(*, viewer: User) -> QuerySet[ReadSending]:
    """Sendings of the centres where the viewer may send, newest first."""
    codes = frozenset().union(*(viewer.centre_codes(permission) for permission in SENDERS))
    return (
        ReadSending.objects.filter(read__contrast_study__case__patient__centre__code__in=codes)
        .select_related("archive", "begun_by")
        .order_by("-begun_at", "-id")
    )


def for_command(*, public_id: str) -> Read:
    """A signed read by its public id, for `manage.py send_read`.

    Raises
    ------
    Read.DoesNotExist
    """
    return Read.objects.select_related("contrast_study__case__patient__centre").get(
        public_id=public_id, signed_at__isnull=False
    )
