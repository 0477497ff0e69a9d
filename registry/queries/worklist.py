"""What waits for a person: counts and the first few of each."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from registry.models import ContrastStudy, Read, RevisionCase, User
from registry.vocabulary import StudyOutcomeCode

OPEN_CASE_REVIEW_DAYS = 42
"""Six weeks: the first review of domain list `review_time`."""


@dataclass(frozen=True)
class Worklist:
    """Query sets, so that a page counts or lists only what it shows."""

    studies_without_read: QuerySet[ContrastStudy]
    reads_without_images: QuerySet[ContrastStudy]
    cases_without_outcome: QuerySet[RevisionCase]


def worklist(*, viewer: User, today: date) -> Worklist:
    """The chaser lists of the centres whose cases the viewer may see.

    What waits for a read, or has one, is not listed for who reads in the centre: both would tell
    what others have signed.
    """
    codes = viewer.centre_codes("registry.view_patient")
    completed = ContrastStudy.objects.filter(
        case__patient__centre__code__in=codes - viewer.centre_codes("registry.read_study"),
        outcome=StudyOutcomeCode.COMPLETED.value,
    ).select_related("case__patient__centre")
    signed = Read.objects.filter(contrast_study=OuterRef("pk"), signed_at__isnull=False)
    return Worklist(
        studies_without_read=completed.filter(~Exists(signed)).order_by("performed_on"),
        reads_without_images=completed.filter(Exists(signed), study_links__isnull=True).order_by(
            "performed_on"
        ),
        cases_without_outcome=RevisionCase.objects.filter(
            patient__centre__code__in=codes,
            closed_on__isnull=True,
            opened_on__lte=today - timedelta(days=OPEN_CASE_REVIEW_DAYS),
        )
        .select_related("patient__centre")
        .order_by("opened_on"),
    )
