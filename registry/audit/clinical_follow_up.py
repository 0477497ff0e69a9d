"""The second reference: what became of those whom no operation verified."""

from datetime import date
from typing import Final

from .facts import PatientFacts, StudyFacts
from .reference import Reference, reference_of
from .review_facts import ReviewFacts

FOLLOW_UP_DAYS: Final = 365
LEAST_REVIEW_DAYS: Final = 90

FOLLOW_UP_RULE: Final = (
    "follow-up-1: a study that no operation verifies has a defect if an operation within "
    f"{FOLLOW_UP_DAYS} days after it confirmed one of the catheter system, and none if nobody "
    f"operated within that time and a review of its case {LEAST_REVIEW_DAYS} to {FOLLOW_UP_DAYS} "
    "days after it says that the symptoms resolved. Follow-up is a weaker reference than an "
    "operation and stands apart from it [proposal]."
)


def followed_up(patient: PatientFacts, study: StudyFacts) -> Reference | None:
    """What follow-up says of a study that no operation verifies; None if nothing."""
    later = [
        surgery
        for surgery in patient.surgeries
        if 0 <= (surgery.performed_on - study.performed_on).days <= FOLLOW_UP_DAYS
    ]
    if any(reference_of(surgery) is Reference.DEFECT for surgery in later):
        return Reference.DEFECT
    resolved = any(
        review.case_id == study.case_id
        and review.symptoms == "resolved"
        and _in_time(study.performed_on, review.reviewed_on)
        for review in patient.of(ReviewFacts)
    )
    return Reference.NO_DEFECT if resolved and not later else None


def _in_time(studied_on: date, reviewed_on: date) -> bool:
    return LEAST_REVIEW_DAYS <= (reviewed_on - studied_on).days <= FOLLOW_UP_DAYS
