"""What is asked of a reader: studies that wait, and masked second looks among them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from registry.audit.keyed_choice import shuffled
from registry.models import ContrastStudy, ListEntry, MaskedReread, Read, User
from registry.queries import reading_board
from registry.queries.contrast_studies import readable
from registry.queries.reading_rules import again_by
from registry.vocabulary import ReadSource


@dataclass(frozen=True)
class ReadingTask:
    """One look at one study by one reader.

    `public_id` is the address of its room. `masked_reread` is not for the eyes of the reader.
    """

    public_id: UUID
    study_pk: int
    since: datetime
    assigned: bool
    masked_reread: MaskedReread | None = None


@dataclass(frozen=True)
class Room:
    """What a reader opens: the study and, if it is a second look, what queued it."""

    public_id: UUID
    study: ContrastStudy
    masked_reread: MaskedReread | None = None


def waiting(*, viewer: User, at: datetime) -> list[ReadingTask]:
    """What waits for the viewer's read, assigned ones first, shuffled for this reader and day.

    Of each centre these are the studies that wait longest, `reading_board.MOST_OFFERED` of them.
    """
    codes = viewer.centre_codes("registry.read_study")
    board = reading_board.of_reader(reader_pk=viewer.pk, centre_codes=codes).places
    tasks = [
        ReadingTask(one.public_id, one.study_pk, one.since, viewer.pk in one.assigned)
        for one in board
        if one.waits_for(viewer.pk)
    ]
    seconds = _due(viewer, at)
    looked_at = {second.first_read.contrast_study_id for second in seconds}
    here = {
        one.study_pk: one
        for one in reading_board.of_studies(study_pks=looked_at, centre_codes=codes)
    }
    tasks += [
        # A second look is assigned if the first was, and so never stands out.
        ReadingTask(
            second.public_id, study_pk, second.due_at, viewer.pk in here[study_pk].assigned, second
        )
        for second in seconds
        for study_pk in [second.first_read.contrast_study_id]
        if study_pk in here
    ]
    return sorted(
        shuffled(
            tasks,
            key=settings.CRESCENT_HISTORY_KEY,
            occasion=f"{viewer.public_id} {at.date()}",
            name=lambda task: str(task.public_id),
        ),
        key=lambda task: not task.assigned,
    )


def done(*, viewer: User) -> QuerySet[Read]:
    """The viewer's own signed reads of images that no later one supersedes, newest first."""
    corrected = Read.objects.filter(supersedes=OuterRef("pk"))
    read_here = ContrastStudy.objects.filter(
        pk=OuterRef("contrast_study"),
        case__patient__centre__code__in=viewer.centre_codes("registry.read_study"),
    )
    # Nothing is joined that limits: the viewer's reads are gone through until a page is full.
    return (
        Read.objects.filter(
            ~Exists(corrected),
            Exists(read_here),
            reader=viewer,
            source=ReadSource.IMAGES_HERE.value,
            signed_at__isnull=False,
        )
        .select_related("contrast_study", "masked_reread")
        .prefetch_related("findings__sites")
        .order_by("-signed_at", "-id")
    )


def room(*, viewer: User, public_id: UUID, at: datetime) -> Room | None:
    """The room of this address, of a study or of a second look; None where it does not open."""
    study = readable(viewer=viewer).filter(public_id=public_id).first()
    if study is not None:
        places = reading_board.of_study(study=study)
        return Room(public_id, study) if places and places.opens_to(viewer.pk) else None
    second = _second_looks(viewer, at).filter(public_id=public_id).first()
    if second is None:
        return None
    study = readable(viewer=viewer).filter(pk=second.first_read.contrast_study_id).first()
    return Room(public_id, study, second) if study is not None else None


def studies_of(*, viewer: User, tasks: list[ReadingTask]) -> dict[int, ContrastStudy]:
    """The studies of some tasks, with what a list shows of their images."""
    return (
        readable(viewer=viewer)
        .prefetch_related("study_links__study__series")
        .in_bulk([task.study_pk for task in tasks])
    )


def _due(viewer: User, at: datetime) -> list[MaskedReread]:
    """Second looks that wait, those that fell due first."""
    lines = ListEntry.objects.filter(
        centre__in=[centre.pk for centre in viewer.centres("registry.read_study")],
        term=again_by(viewer.pk),
        on__lte=at.date(),
    ).order_by("on", "pk")
    about = list(lines.values_list("about", flat=True)[: reading_board.MOST_OFFERED])
    return list(_second_looks(viewer, at).filter(public_id__in=about, reads__isnull=True))


def _second_looks(viewer: User, at: datetime) -> QuerySet[MaskedReread]:
    return MaskedReread.objects.filter(first_read__reader=viewer, due_at__lte=at).select_related(
        "first_read__contrast_study"
    )
