"""Contrast studies a viewer may see, and those the viewer may read."""

from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from imaging.models import Series
from registry.models import ContrastStudy, Read, StudyLink, User
from registry.vocabulary import StudyOutcomeCode

LINKED_HERE: Final = StudyLink.objects.filter(
    contrast_study=OuterRef("pk"), study__centre_code=OuterRef("case__patient__centre__code")
)
IMAGES_HERE: Final = Exists(LINKED_HERE)
"""Linked images lie with the centre that has the patient. Those of a patient who was transferred
stay with the centre that received them, and nobody else opens them (ADR 21)."""


def visible(*, viewer: User) -> QuerySet[ContrastStudy]:
    return ContrastStudy.objects.filter(
        case__patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("case__patient__centre")


def readable(*, viewer: User) -> QuerySet[ContrastStudy]:
    """Completed studies with images, both in a centre where the viewer is a reader.

    Nothing of the case is loaded: a reader sees neither signs nor operation nor other reads.
    """
    return (
        ContrastStudy.objects.filter(
            IMAGES_HERE,
            case__patient__centre__code__in=viewer.centre_codes("registry.read_study"),
            outcome=StudyOutcomeCode.COMPLETED.value,
        )
        .annotate(
            read_by_viewer=Exists(Read.objects.filter(contrast_study=OuterRef("pk"), reader=viewer))
        )
        .select_related("case__patient__centre")
    )


def open_for_linking(*, viewer: User) -> QuerySet[ContrastStudy]:
    """Studies that images may be linked to; a study without contrast has none to link."""
    return (
        visible(viewer=viewer)
        .filter(case__patient__centre__code__in=viewer.centre_codes("registry.link_images"))
        .exclude(outcome=StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value)
    )


def earlier_series(*, viewer: User, study: ContrastStudy) -> list[list[Series]]:
    """Series of earlier contrast studies of the same patient, the latest study first.

    What a reader sees of them is images; neither when they were made nor what was found.
    """
    earlier = (
        ContrastStudy.objects.filter(
            IMAGES_HERE,
            case__patient=study.case.patient_id,
            case__patient__centre__code__in=viewer.centre_codes("registry.read_study")
            | viewer.centre_codes("registry.view_patient"),
            performed_on__lt=study.performed_on,
        )
        .order_by("-performed_on", "-pk")
        .prefetch_related("study_links__study__series")
    )
    return [
        [
            series
            for link in one.study_links.all()
            if link.study.centre_code == study.centre_code
            for series in link.study.series.all()
        ]
        for one in earlier
    ]
