"""Reading protocols; where a centre has set none, the defaults hold."""

from django.db.models import QuerySet

from registry.models import Centre, ReadingProtocol, User
from registry.queries import adjudications, centres


def editable(*, viewer: User) -> QuerySet[Centre]:
    """The centres whose reading protocol the viewer may set."""
    return centres.with_permission(
        viewer=viewer, permission="registry.assign_reads"
    ).select_related("reading_protocol")


def coordinated(*, viewer: User) -> QuerySet[Centre]:
    """The centres whose readers the viewer asks, and does not belong to."""
    return editable(viewer=viewer).filter(code__in=adjudications.coordinated_codes(viewer=viewer))


def in_force(centre: Centre) -> ReadingProtocol:
    """What holds at the centre; unsaved where nobody has set it."""
    stored = ReadingProtocol.objects.filter(centre=centre).first()
    return stored or ReadingProtocol(centre=centre)
