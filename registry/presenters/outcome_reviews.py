"""A review of the outcome in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from registry.models import OutcomeReview
from registry.presenters.case_rights import Button
from registry.presenters.labels import in_sentence
from registry.vocabulary import YesNoUnknown


@dataclass(frozen=True)
class ReviewStory:
    """One review; `after` is what it looks back on, with the days between."""

    review: OutcomeReview
    after: str
    facts: Sequence[str]
    buttons: Sequence[Button]


def present(review: OutcomeReview, *, buttons: Sequence[Button] = ()) -> ReviewStory:
    begun = review.surgery.performed_on if review.surgery else review.case.opened_on
    words = (
        _("%(days)s d after the operation of %(day)s")
        if review.surgery
        else _("%(days)s d after the case was opened")
    )
    return ReviewStory(
        review=review,
        after=words % {"days": (review.reviewed_on - begun).days, "day": begun},
        facts=list(_facts(review)),
        buttons=buttons,
    )


def _facts(review: OutcomeReview) -> Iterable[str]:
    yield _("therapy: %s") % in_sentence(review.get_therapy_display())
    before, after = review.dose_before_ug_per_day, review.dose_after_ug_per_day
    if before is not None and after is not None:
        yield _("dose %(before)s → %(after)s µg/day") % {
            "before": _amount(before),
            "after": _amount(after),
        }
    elif after is not None:
        yield _("dose now %s µg/day") % _amount(after)
    elif before is not None:
        yield _("dose before %s µg/day") % _amount(before)
    if review.repeat_study == YesNoUnknown.YES.value:
        yield _("contrast study repeated")
    if review.revised_again == YesNoUnknown.YES.value:
        yield _("revised again %s") % (review.revised_again_on or _("on an unknown day"))
        if review.revised_same_site:
            yield _("same site: %s") % in_sentence(review.get_revised_same_site_display())
    elif review.revised_again == YesNoUnknown.NO.value:
        yield _("not revised again")
    for answer, label in (
        (review.caregiver_satisfied, _("satisfied: %s")),
        (review.would_repeat, _("would decide so again: %s")),
    ):
        if answer:
            yield label % in_sentence(YesNoUnknown.get(answer).label)
    if review.confirmed_doubts:
        yield _("unusual values confirmed on entry")


def _amount(value: Decimal) -> str:
    """Without the zeros that the column adds."""
    return format(value.normalize(), "f")
