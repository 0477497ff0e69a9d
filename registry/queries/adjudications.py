"""Studies whose two reads differ, for a third person who has read neither."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.audit.keyed_choice import shuffled
from registry.audit.read_comparison import Agreement, ReadField, compare, disputed_fields
from registry.models import Adjudication, Centre, ContrastStudy, Read, User
from registry.queries import reading_board
from registry.queries.reading_rules import Waits, answers_of, first_two
from registry.vocabulary import ReadSource


@dataclass(frozen=True)
class ReadPair:
    """The two reads of a study that were signed first, in their latest form.

    Which is A follows from a key: not from who was faster, nor from the account.
    """

    study: ContrastStudy
    read_a: Read
    read_b: Read

    @property
    def agreements(self) -> dict[ReadField, Agreement]:
        return compare(answers_of(self.read_a), answers_of(self.read_b))

    @property
    def disputed(self) -> tuple[ReadField, ...]:
        """Fields that need an adjudication, by `ADJUDICATION_RULE`."""
        return disputed_fields(answers_of(self.read_a), answers_of(self.read_b))


def waiting(*, viewer: User) -> list[ReadPair]:
    """Differing reads the viewer may decide between: somebody who reads, and neither read these.

    Whoever also opens cases or the history knows more than the images and is not asked.
    """
    codes = _blind_codes(viewer)
    pairs = _disputed(codes, unread_by=viewer.pk)
    may = {
        one.study_pk
        for one in reading_board.of_studies(
            study_pks=[pair.study.pk for pair in pairs], centre_codes=codes
        )
        if _is_third(one, viewer)
    }
    pairs = [pair for pair in pairs if pair.study.pk in may]
    return shuffled(
        pairs,
        key=settings.CRESCENT_HISTORY_KEY,
        occasion=f"adjudications {viewer.public_id}",
        name=lambda pair: str(pair.study.public_id),
    )


def undecided(*, viewer: User) -> list[ReadPair]:
    """Differences that wait longest in the centres whose reading the viewer coordinates."""
    return _disputed(coordinated_codes(viewer=viewer))


def pair_for(*, viewer: User, public_id: UUID) -> ReadPair | None:
    """What the viewer may adjudicate, or has; None where that is not theirs."""
    own = own_latest(viewer=viewer, public_id=public_id)
    if own is not None:
        reads = _with_answers(Read.objects.filter(pk__in=(own.read_a_id, own.read_b_id))).in_bulk()
        return ReadPair(own.contrast_study, reads[own.read_a_id], reads[own.read_b_id])
    study = _studies(_blind_codes(viewer)).filter(public_id=public_id).first()
    places = reading_board.of_study(study=study) if study is not None else None
    if study is None or places is None or not _is_third(places, viewer):
        return None
    pair = pair_of(study=study)
    return pair if pair is not None and pair.disputed else None


def own_latest(*, viewer: User, public_id: UUID) -> Adjudication | None:
    """The viewer's own adjudication of the study that no later one supersedes."""
    return (
        _with_findings(
            Adjudication.objects.filter(
                adjudicator=viewer,
                contrast_study__public_id=public_id,
                contrast_study__case__patient__centre__code__in=_blind_codes(viewer),
                signed_at__isnull=False,
                superseded_by__isnull=True,
            )
        )
        .select_related("contrast_study__case__patient__centre")
        .first()
    )


def visible(*, viewer: User) -> QuerySet[Adjudication]:
    """Signed adjudications, by the rule of `reads.visible`: who may still read sees none."""
    view_codes = viewer.centre_codes("registry.view_patient")
    read_codes = viewer.centre_codes("registry.read_study")
    centre = "contrast_study__case__patient__centre__code__in"
    own = Read.objects.filter(reader=viewer, signed_at__isnull=False)
    return (
        _with_findings(Adjudication.objects.filter(signed_at__isnull=False))
        .filter(
            Q(adjudicator=viewer)
            | Q(**{centre: view_codes - read_codes})
            | Q(
                **{
                    centre: view_codes & read_codes,
                    "contrast_study__in": own.values("contrast_study"),
                }
            )
        )
        .select_related("adjudicator", "supersedes", "superseded_by")
    )


def of_studies(*, viewer: User, studies: Iterable[ContrastStudy]) -> dict[int, list[Adjudication]]:
    """Visible adjudications by primary key of their contrast study."""
    by_study: dict[int, list[Adjudication]] = {study.pk: [] for study in studies}
    for one in visible(viewer=viewer).filter(contrast_study__in=by_study):
        by_study[one.contrast_study_id].append(one)
    return by_study


def coordinated_codes(*, viewer: User) -> frozenset[str]:
    """Centres whose reading the viewer coordinates; who reads there learns nothing of others."""
    return viewer.centre_codes("registry.assign_reads") - viewer.centre_codes("registry.read_study")


def pair_of(*, study: ContrastStudy) -> ReadPair | None:
    """The pair of a study, whoever asks: the action of signing compares it once more."""
    return next(iter(_pairs([study])), None)


def _blind_codes(viewer: User) -> frozenset[str]:
    codes = viewer.centre_codes("registry.read_study")
    for unblinding in ("registry.view_patient", "registry.view_history"):
        codes -= viewer.centre_codes(unblinding)
    return codes


def _is_third(places: reading_board.Places, viewer: User) -> bool:
    involved = places.readers | places.abstracters | places.assigned | places.begun
    return viewer.pk not in involved


def _studies(codes: Collection[str]) -> QuerySet[ContrastStudy]:
    """Not adjudicated yet."""
    adjudicated = Adjudication.objects.filter(
        contrast_study=OuterRef("pk"), signed_at__isnull=False
    )
    return ContrastStudy.objects.filter(
        ~Exists(adjudicated), case__patient__centre__code__in=codes
    ).select_related("case__patient__centre")


def _disputed(codes: Collection[str], *, unread_by: int | None = None) -> list[ReadPair]:
    """Of each centre those that wait longest, as many as a board offers."""
    chosen = [
        public_id
        for centre_pk in Centre.objects.filter(code__in=codes).values_list("pk", flat=True)
        for public_id in reading_board.oldest(
            centre_pk=centre_pk,
            term=Waits.DIFFER.value,
            most=reading_board.MOST_OFFERED,
            unread_by=unread_by,
        )[: reading_board.MOST_OFFERED]
    ]
    if not chosen:
        return []
    studies = list(_studies(codes).filter(public_id__in=chosen))
    return [pair for pair in _pairs(studies) if pair.disputed]


def _pairs(studies: list[ContrastStudy]) -> list[ReadPair]:
    """The first two readers of each study, with what each of them says now."""
    looks: dict[int, list[Read]] = defaultdict(list)
    first_looks = Read.objects.filter(
        contrast_study__in=studies,
        source=ReadSource.IMAGES_HERE.value,
        signed_at__isnull=False,
        masked_reread__isnull=True,
    )
    for read in _with_answers(first_looks).order_by("signed_at", "id"):
        looks[read.contrast_study_id].append(read)
    pairs = []
    for study in studies:
        pair = first_two(looks[study.pk])
        if len(pair) == 2:
            read_a, read_b = shuffled(
                pair,
                key=settings.CRESCENT_HISTORY_KEY,
                occasion=f"adjudication {study.public_id}",
                name=lambda read: str(read.reader.public_id),
            )
            pairs.append(ReadPair(study, read_a, read_b))
    return pairs


def _with_answers(reads: QuerySet[Read]) -> QuerySet[Read]:
    return reads.select_related("reader").prefetch_related("findings__sites")


def _with_findings(adjudications: QuerySet[Adjudication]) -> QuerySet[Adjudication]:
    return adjudications.prefetch_related("findings__sites")
