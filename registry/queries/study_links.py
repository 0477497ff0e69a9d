"""Which contrast study a stored DICOM study may belong to, with the reasons."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from imaging import queries as imaging_queries
from imaging.models import Study
from registry.models import ContrastStudy, StudyLink, User
from registry.vocabulary import StudyOutcomeCode

WINDOW_DAYS = 7
"""A study date this far from the contrast study is still proposed: clocks and forms differ."""

MOST_PROPOSED = 5


@dataclass(frozen=True)
class Candidate:
    """A contrast study the images may belong to.

    `subject_agrees` is None where either side has no patient number; `days_apart` is None where
    the images carry no date.
    """

    contrast_study: ContrastStudy
    subject_agrees: bool | None
    days_apart: int | None
    has_images: bool

    @property
    def rank(self) -> tuple[int, int, int]:
        subject = {True: 0, None: 1, False: 2}[self.subject_agrees]
        days = WINDOW_DAYS + 1 if self.days_apart is None else abs(self.days_apart)
        return subject, int(self.has_images), days


def visible(*, viewer: User) -> QuerySet[StudyLink]:
    return StudyLink.objects.filter(
        contrast_study__case__patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("contrast_study__case__patient__centre", "study")


def in_use(study: Study) -> bool:
    """Whether somebody has linked the study; imaging asks before it is excluded."""
    return StudyLink.objects.filter(study=study).exists()


def unlinked(*, viewer: User) -> QuerySet[Study]:
    """Stored studies nobody has linked yet, newest first, where the viewer may link."""
    return (
        imaging_queries.studies(viewer=viewer)
        .filter(
            centre_code__in=viewer.centre_codes("registry.link_images"),
            link__isnull=True,
        )
        .order_by("-received_at")
    )


def candidates(*, viewer: User, study: Study) -> list[Candidate]:
    """Contrast studies of the same centre that agree in patient number or in date, best first."""
    plausible = Q()
    if study.subject_key:
        plausible |= Q(case__patient__subject_key=study.subject_key)
    if study.study_date:
        window = timedelta(days=WINDOW_DAYS)
        plausible |= Q(performed_on__range=(study.study_date - window, study.study_date + window))
    if not plausible:
        return []
    return _candidates(viewer=viewer, study=study, which=plausible)


def search(*, viewer: User, study: Study, number: str) -> list[Candidate]:
    """Contrast studies of the patient with this registry number, in the centre of the images."""
    text = number.strip()
    if not text:
        return []
    which = Q(case__patient__registry_number__iendswith=text)
    return _candidates(viewer=viewer, study=study, which=which)


def _candidates(*, viewer: User, study: Study, which: Q) -> list[Candidate]:
    contrast_studies = (
        ContrastStudy.objects.filter(which, case__patient__centre__code=study.centre_code)
        .filter(case__patient__centre__code__in=viewer.centre_codes("registry.link_images"))
        .exclude(outcome=StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value)
        .select_related("case__patient__centre")
        .prefetch_related("study_links")
    )
    found = [_candidate(contrast_study, study) for contrast_study in contrast_studies]
    return sorted(found, key=lambda candidate: candidate.rank)[:MOST_PROPOSED]


def _candidate(contrast_study: ContrastStudy, study: Study) -> Candidate:
    patient_key = contrast_study.case.patient.subject_key
    known = bool(patient_key and study.subject_key)
    return Candidate(
        contrast_study=contrast_study,
        subject_agrees=(patient_key == study.subject_key) if known else None,
        days_apart=(study.study_date - contrast_study.performed_on).days
        if study.study_date
        else None,
        has_images=bool(contrast_study.study_links.all()),
    )
