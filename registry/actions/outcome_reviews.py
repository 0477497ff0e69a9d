"""Reviews of the outcome at six weeks, three and twelve months."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from registry.actions import records
from registry.actions.errors import InvalidRecordError
from registry.models import OutcomeReview, RevisionCase, User


def log(
    *,
    case: RevisionCase,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    synthetic_fields: Sequence[str] = (),
) -> OutcomeReview:
    """Log a review, also of a case that is closed. See `records.log` for the errors."""
    review = OutcomeReview(case=case, **fields)
    _require_afterwards(review)
    return records.log(
        review,
        by=by,
        at=at,
        action="outcome_review.log",
        synthetic_fields=synthetic_fields,
    )


def edit(
    *,
    review: OutcomeReview,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
) -> OutcomeReview:
    """Correct a review. See `records.edit` for the errors."""
    changed = OutcomeReview(
        case=review.case,
        **{
            name: changes.get(name, getattr(review, name))
            for name in ("surgery", "reviewed_on", "revised_again_on")
        },
    )
    _require_afterwards(changed)
    return records.edit(
        review,
        edition=edition,
        by=by,
        at=at,
        action="outcome_review.edit",
        changes=changes,
    )


def _require_afterwards(review: OutcomeReview) -> None:
    """A review looks back on an operation of its case, or on the case.

    Raises
    ------
    InvalidRecordError
        The operation is of another case, or the review lies before what it looks back on.
    """
    if review.surgery and review.surgery.case_id != review.case.pk:
        raise InvalidRecordError({"surgery": [gettext("This operation belongs to another case.")]})
    begun = review.surgery.performed_on if review.surgery else review.case.opened_on
    for name in ("reviewed_on", "revised_again_on"):
        day = getattr(review, name)
        if day is not None and day < begun:
            what = (
                gettext("The operation was") if review.surgery else gettext("The case was opened")
            )
            raise InvalidRecordError(
                {
                    name: [
                        gettext("%(what)s on %(begun)s; this lies before.")
                        % {"what": what, "begun": begun}
                    ]
                }
            )
