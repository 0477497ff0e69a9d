"""Which contrast study a stored DICOM study may belong to, with the reasons."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from imaging import queries as imaging_queries
from imaging.models import Study, StudyExclusion
from registry.models import Centre, ContrastStudy, ListEntry, Patient, StudyLink, User
from registry.queries.case_match import (
    SEX_OF_IMAGES,
    WINDOW_DAYS,
    Agreement,
    Compared,
    Fact,
    agreement_of,
    compare,
)
from registry.vocabulary import Sex, StudyOutcomeCode

MOST_PROPOSED = 5
MOST_NEAR = 10
"""Of contrast studies that agree in date only, so many before and after the images are compared:
where a centre has more within the window, the date alone says little [own]."""

DAYS_AT_ONCE = 100
"""SQLite combines 500 questions in one at most, and each day is four."""

BEST_FIRST = (Agreement.AGREES, Agreement.UNKNOWN, Agreement.DIFFERS)


@dataclass(frozen=True)
class Candidate:
    """A contrast study the images may belong to; `days_apart` is None without a study date."""

    contrast_study: ContrastStudy
    compared: tuple[Compared, ...]
    days_apart: int | None
    has_images: bool

    @property
    def stops(self) -> bool:
        """Whether the link needs a reason."""
        return any(one.stops for one in self.compared)

    @property
    def rank(self) -> tuple[int, int, int, int]:
        subject = BEST_FIRST.index(agreement_of(self.compared, Fact.SUBJECT_KEY))
        differing = sum(one.stops for one in self.compared)
        days = WINDOW_DAYS + 1 if self.days_apart is None else abs(self.days_apart)
        return subject, differing, int(self.has_images), days


def visible(*, viewer: User) -> QuerySet[StudyLink]:
    return StudyLink.objects.filter(
        contrast_study__case__patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("contrast_study__case__patient__centre", "study")


def in_use(study: Study) -> bool:
    """Whether somebody has linked the study; imaging asks before it is excluded."""
    return StudyLink.objects.filter(study=study).exists()


def unlinked(*, viewer: User) -> QuerySet[Study]:
    """Stored studies that wait to be linked, newest first, where the viewer may link."""
    excluded = StudyExclusion.objects.filter(study=OuterRef("pk"))
    return not_linked(viewer=viewer).filter(~Exists(excluded))


def not_linked(*, viewer: User) -> QuerySet[Study]:
    """The same with those that were excluded and wait for nothing."""
    return (
        imaging_queries.studies(viewer=viewer)
        .filter(
            ~Exists(StudyLink.objects.filter(study=OuterRef("pk"))),
            centre_code__in=viewer.centre_codes("registry.link_images"),
        )
        .select_related("exclusion")
        .order_by("-received_at")
    )


def unlinked_by_centre(*, viewer: User) -> list[QuerySet[Study]]:
    """The same as `unlinked`, for each centre a query of its own; in order by `arrival_of`."""
    every = unlinked(viewer=viewer).order_by("-received_at", "-id")
    codes = viewer.centre_codes("registry.link_images")
    return [every.filter(centre_code=code) for code in codes]


def arrival_of(study: Study) -> tuple[datetime, int]:
    """What stored studies are in order by."""
    return study.received_at, study.pk


def candidates(*, viewer: User, study: Study) -> list[Candidate]:
    """Contrast studies of the same centre that agree in patient number or in date, best first."""
    return candidates_of(viewer=viewer, studies=[study])[study.pk]


def candidates_of(*, viewer: User, studies: Iterable[Study]) -> dict[int, list[Candidate]]:
    """`candidates` of several studies by primary key."""
    here = list(studies)
    codes = {study.centre_code for study in here}
    centres = dict(Centre.objects.filter(code__in=codes).values_list("code", "pk"))
    keys = {study.subject_key for study in here if study.subject_key}
    known = Patient.objects.filter(centre__in=centres.values(), subject_key__in=keys)
    days = list({_Day.of(one, centres[one.centre_code]) for one in here if one.study_date})
    near = {
        about
        for start in range(0, len(days), DAYS_AT_ONCE)
        for about in _nearest(days[start : start + DAYS_AT_ONCE])
    }
    which = Q(case__patient__in=list(known.values_list("pk", flat=True))) if keys else Q(pk__in=[])
    by_centre = defaultdict(set)
    for some in (which, Q(public_id__in=near)):
        for contrast_study in _linkable(viewer=viewer, which=some):
            by_centre[contrast_study.centre_code].add(contrast_study)
    return {
        study.pk: _best(
            study, [one for one in by_centre[study.centre_code] if _is_plausible(one, study)]
        )
        for study in here
    }


def search(*, viewer: User, study: Study, number: str) -> list[Candidate]:
    """Contrast studies of the patient with this registry number, in the centre of the images."""
    text = number.strip()
    if not text:
        return []
    which = Q(case__patient__registry_number__iendswith=text)
    which &= Q(case__patient__centre__code=study.centre_code)
    return _best(study, _linkable(viewer=viewer, which=which))


def candidate(contrast_study: ContrastStudy, study: Study) -> Candidate:
    """What speaks for and against this contrast study."""
    return Candidate(
        contrast_study=contrast_study,
        compared=compare(contrast_study=contrast_study, study=study),
        days_apart=(study.study_date - contrast_study.performed_on).days
        if study.study_date
        else None,
        has_images=bool(contrast_study.study_links.all()),
    )


@dataclass(frozen=True)
class _Day:
    """When images of a centre were made, and of whom as far as they say."""

    centre_pk: int
    on: date
    sex: Sex | None
    birth_year: int | None

    @classmethod
    def of(cls, study: Study, centre_pk: int) -> "_Day":
        assert study.study_date is not None
        sex = SEX_OF_IMAGES.get(study.patient_sex)
        return cls(centre_pk, study.study_date, sex, study.patient_birth_year)

    def fits(self) -> Q:
        """Lines of studies that have no images yet, and whose patient does not differ."""
        linked = StudyLink.objects.filter(contrast_study__public_id=OuterRef("about"))
        which = ~Q(Exists(linked))
        if self.sex:
            which &= Q(patient__sex__in=(self.sex.code, Sex.UNKNOWN.code))
        if self.birth_year:
            which &= Q(patient__birth_year=self.birth_year) | Q(patient__birth_year=None)
        return which


def _nearest(days: Iterable[_Day]) -> list[UUID]:
    """Contrast studies about these days of centres, by the index of the lists, in one question.

    Of no more than `DAYS_AT_ONCE` days. Those that fit are looked for by themselves, so that
    others do not take their place.
    """
    window, one_day = timedelta(days=WINDOW_DAYS), timedelta(days=1)
    parts = []
    for day in days:
        every = ListEntry.objects.filter(centre=day.centre_pk, term="study")
        since = Q(on__range=(day.on, day.on + window))
        before = Q(on__range=(day.on - window, day.on - one_day))
        # SQLite takes no part with a limit of its own, but a part that asks one.
        parts += [
            ListEntry.objects.filter(pk__in=some.values("pk")[:MOST_NEAR]).values_list(
                "about", flat=True
            )
            for lines in (every, every.filter(day.fits()))
            for some in (
                lines.filter(since).order_by("on", "pk"),
                lines.filter(before).order_by("-on", "-pk"),
            )
        ]
    return list(ListEntry.objects.none().values_list("about", flat=True).union(*parts, all=True))


def _is_plausible(contrast_study: ContrastStudy, study: Study) -> bool:
    if study.subject_key and contrast_study.case.patient.subject_key == study.subject_key:
        return True
    if study.study_date is None:
        return False
    return abs((study.study_date - contrast_study.performed_on).days) <= WINDOW_DAYS


def _linkable(*, viewer: User, which: Q) -> QuerySet[ContrastStudy]:
    return (
        ContrastStudy.objects.filter(which)
        .filter(case__patient__centre__code__in=viewer.centre_codes("registry.link_images"))
        .exclude(outcome=StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value)
        .select_related("case__patient__centre")
        .prefetch_related("study_links")
    )


def _best(study: Study, contrast_studies: Iterable[ContrastStudy]) -> list[Candidate]:
    found = [candidate(contrast_study, study) for contrast_study in contrast_studies]
    return sorted(found, key=lambda one: one.rank)[:MOST_PROPOSED]
