"""Facts that audits began to ask for after the first reports were frozen.

Each stands in the canonical form only where there is one, so facts that were stored without them
keep their bytes and their hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class FactGroup(StrEnum):
    """What a protocol asks for beyond studies, first reads and operations."""

    REVIEWS = "reviews"
    SECOND_LOOKS = "second_looks"


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """How a case stood at one review; `surgery_id` is empty where nobody operated."""

    case_id: str
    reviewed_on: date
    symptoms: str
    surgery_id: str = ""


def review_json(review: ReviewFacts) -> dict[str, Any]:
    return {
        "case_id": review.case_id,
        "reviewed_on": review.reviewed_on.isoformat(),
        "symptoms": review.symptoms,
        "surgery_id": review.surgery_id,
    }


def to_review(stored: Mapping[str, Any]) -> ReviewFacts:
    return ReviewFacts(**dict(stored) | {"reviewed_on": date.fromisoformat(stored["reviewed_on"])})
