"""Who may send images here, and from where they may be pulled."""

from datetime import datetime

from django.db.models import F, Max, OuterRef, QuerySet, Subquery

from imaging.models import IngestRun, Peer, RemoteArchive, StudyRetrieval
from imaging.queries.viewer import MANAGE_SOURCES, Viewer


def dimse_peers() -> list[Peer]:
    """Senders that the network service answers at this moment."""
    return list(Peer.objects.filter(kind=Peer.Kind.DIMSE, retired_at=None).order_by("name"))


def every_peer() -> QuerySet[Peer]:
    """All senders, retired ones too, for commands."""
    return Peer.objects.order_by("name")


def by_name(name: str) -> Peer:
    """A sender of any kind, for commands.

    Raises
    ------
    Peer.DoesNotExist
    """
    return Peer.objects.get(name=name)


def open_network_deliveries(*, quiet_since: datetime) -> list[IngestRun]:
    """Network deliveries that nobody ended, with no file after the given time.

    The process that received them is gone: an association that is silent for so long does not
    exist any more.
    """
    rows = IngestRun.objects.filter(
        source=IngestRun.Source.C_STORE, finished_at=None, started_at__lt=quiet_since
    ).annotate(last_file_at=Max("files__recorded_at"))
    return [run for run in rows if run.last_file_at is None or run.last_file_at < quiet_since]


def peers(*, viewer: Viewer) -> QuerySet[Peer]:
    """The peers of the viewer's centres, those in use first.

    Each with `last_delivery_at` and `last_retrieval_on`.
    """
    return (
        Peer.objects.filter(centre_code__in=viewer.centre_codes(MANAGE_SOURCES))
        .annotate(
            last_delivery_at=Max("runs__started_at"),
            last_retrieval_on=_last_retrieval(),
        )
        .select_related("registered_by")
        .order_by(F("retired_at").asc(nulls_first=True), "centre_code", "name")
    )


def _last_retrieval() -> Subquery:
    """Apart, so that deliveries and retrievals are not multiplied with each other."""
    of_peer = StudyRetrieval.objects.filter(peer=OuterRef("pk")).order_by("-retrieved_on")
    return Subquery(of_peer.values("retrieved_on")[:1])


def remote_archives(*, viewer: Viewer) -> QuerySet[RemoteArchive]:
    """The archives of the viewer's centres with `last_delivery_at`; without their credentials."""
    return (
        RemoteArchive.objects.filter(centre_code__in=viewer.centre_codes(MANAGE_SOURCES))
        .defer("credential")
        .annotate(last_delivery_at=Max("runs__started_at"))
        .select_related("registered_by")
        .order_by(F("retired_at").asc(nulls_first=True), "centre_code", "name")
    )
