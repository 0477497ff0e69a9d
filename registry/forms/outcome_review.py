"""The review of an outcome: symptoms, therapy, dose, and whether it had to be done again."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.actions.doubts import Doubt
from registry.audit.due_dates import months_later
from registry.forms.base import Section
from registry.forms.contrast_study import dose_doubt
from registry.forms.doubts import DoubtingForm
from registry.forms.fields import choice, day, edition, number, text, when
from registry.models import OutcomeReview, RevisionSurgery
from registry.models.outcome_review import GOES_ON
from registry.vocabulary import ReviewTime, SymptomOutcome, TherapyStatus, YesNoUnknown

__all__ = ["OutcomeReviewForm", "OutcomeReviewUpdateForm"]

FACTS = (
    "time", "reviewed_on", "symptoms", "therapy", "dose_before_ug_per_day",
    "dose_after_ug_per_day", "repeat_study", "revised_again", "revised_again_on",
    "revised_same_site", "caregiver_satisfied", "would_repeat", "confirmed_doubts", "remarks",
)  # fmt: skip
AGAIN = when("revised_again", YesNoUnknown.YES.value)


def expected_on(time: str, *, begun: date) -> date:
    """The day on which a review of that time is due."""
    if time == ReviewTime.WEEK_6.value:
        return begun + timedelta(weeks=6)
    return months_later(begun, 3 if time == ReviewTime.MONTH_3.value else 12)


class OutcomeReviewForm(DoubtingForm):
    """What became of the patient.

    Parameters
    ----------
    surgeries
        Operations of the case, in order.
    opened_on
        The day the case was opened; it is looked back on where nobody operated.
    """

    surgery = forms.ChoiceField(label=_("Looks back on"), required=False)
    time = choice(ReviewTime, label=_("Which review?"))
    reviewed_on = day(_("Reviewed on"))
    symptoms = choice(SymptomOutcome)
    therapy = choice(TherapyStatus)
    dose_before_ug_per_day = number(
        _("Daily dose before"), unit="µg/day", smallest=5, largest=5000, decimals=1
    )
    dose_after_ug_per_day = number(
        _("Daily dose now"),
        unit="µg/day",
        smallest=5,
        largest=5000,
        decimals=1,
        applies=when("therapy", *GOES_ON, TherapyStatus.UNKNOWN.value),
    )
    repeat_study = choice(
        YesNoUnknown, label=_("Was another contrast study done since?"), required=False
    )
    revised_again = choice(YesNoUnknown, label=_("Was it revised again since?"), required=False)
    revised_again_on = day(_("Revised again on"), required=False, applies=AGAIN)
    revised_same_site = choice(
        YesNoUnknown, label=_("At the same site?"), required=False, applies=AGAIN, empty=None
    )
    caregiver_satisfied = choice(
        YesNoUnknown, label=_("Is the patient or caregiver satisfied?"), required=False
    )
    would_repeat = choice(YesNoUnknown, label=_("Would they decide so again?"), required=False)
    remarks = text(
        _("Remarks"),
        lines=3,
        help_text=_("No names and no dates of birth: the case is pseudonymous."),
    )

    sections = (
        Section(_("Review"), ("surgery", "time", "reviewed_on")),
        Section(_("Symptoms and therapy"), ("symptoms", "therapy")),
        Section(
            _("Dose"),
            ("dose_before_ug_per_day", "dose_after_ug_per_day"),
            columns=2,
        ),
        Section(
            _("What happened since"),
            ("repeat_study", "revised_again", "revised_again_on", "revised_same_site"),
        ),
        Section(_("Satisfaction"), ("caregiver_satisfied", "would_repeat", "remarks")),
    )

    def __init__(
        self, *args: Any, surgeries: Iterable[RevisionSurgery], opened_on: date, **kwargs: Any
    ) -> None:
        self.opened_on = opened_on
        self.surgeries = {str(one.public_id): one for one in surgeries}
        super().__init__(*args, **kwargs)
        self.fields["surgery"].choices = [
            *(
                (key, _("Operation of %s") % one.performed_on)
                for key, one in self.surgeries.items()
            ),
            ("", _("The case, without operation")),
        ]
        if self.surgeries and "surgery" not in self.initial:
            self.initial["surgery"] = list(self.surgeries)[-1]

    def doubts(self, answers: Mapping[str, Any]) -> Iterable[Doubt]:
        yield from dose_doubt("dose_before_ug_per_day", answers.get("dose_before_ug_per_day"))
        yield from dose_doubt("dose_after_ug_per_day", answers.get("dose_after_ug_per_day"))
        time, reviewed_on = answers.get("time"), answers.get("reviewed_on")
        if not time or not reviewed_on:
            return
        begun = self._begun(answers)
        nearest = min(
            ReviewTime,
            key=lambda one: abs((reviewed_on - expected_on(one.value, begun=begun)).days),
        )
        if nearest.value != time:
            yield Doubt(
                "nearer_to_another_time",
                "time",
                _("%(days)s days afterwards is nearer to the review at %(time)s.")
                % {"days": (reviewed_on - begun).days, "time": nearest.label},
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        begun = self._begun(answers)
        reviewed_on, again_on = answers.get("reviewed_on"), answers.get("revised_again_on")
        for name, day_of in (("reviewed_on", reviewed_on), ("revised_again_on", again_on)):
            if day_of and day_of < begun:
                self.add_error(name, _("This lies before what it looks back on, %s.") % begun)
        if reviewed_on and again_on and again_on > reviewed_on:
            self.add_error("revised_again_on", _("This lies after the review."))
        before = answers.get("dose_before_ug_per_day")
        after = answers.get("dose_after_ug_per_day")
        if before is not None and after is not None:
            same = before == after
            if answers.get("therapy") == TherapyStatus.CONTINUED.value and not same:
                self.add_error("therapy", _("“Continued” means at the same dose."))
            if answers.get("therapy") == TherapyStatus.DOSE_CHANGED.value and same:
                self.add_error("therapy", _("“Dose changed” means to another dose."))
        return answers

    def facts(self) -> dict[str, Any]:
        """Fields of the review."""
        chosen = self.surgeries.get(self.cleaned_data["surgery"])
        return {name: self.cleaned_data[name] for name in FACTS} | {"surgery": chosen}

    @staticmethod
    def initial_of(review: OutcomeReview) -> dict[str, Any]:
        """The answers of a saved review."""
        return {
            **{name: getattr(review, name) for name in (*FACTS, "edition")},
            "surgery": str(review.surgery.public_id) if review.surgery else "",
        }

    def _begun(self, answers: Mapping[str, Any]) -> date:
        chosen = self.surgeries.get(str(answers.get("surgery") or ""))
        return chosen.performed_on if chosen else self.opened_on


class OutcomeReviewUpdateForm(OutcomeReviewForm):
    edition = edition()
