"""What became of the patient, looked at six weeks, three and twelve months later."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from registry.vocabulary import ReviewTime, SymptomOutcome, TherapyStatus, YesNoUnknown

from .constraints import between, in_order, one_of, one_of_or_empty, only_when
from .record import Record
from .revision_case import RevisionCase
from .revision_surgery import RevisionSurgery

GOES_ON = (TherapyStatus.CONTINUED.value, TherapyStatus.DOSE_CHANGED.value)


class OutcomeReview(Record):
    """One review of a case: after its operation, or of an episode that needed none.

    Doses are µg a day; outside 5 to 5,000 milligrams and micrograms were mistaken (a proposal of
    the project, domain §4.1).
    """

    case = models.ForeignKey(RevisionCase, on_delete=models.PROTECT, related_name="reviews")
    surgery = models.ForeignKey(
        RevisionSurgery,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
        help_text="The operation after which it is; none where nobody operated.",
    )
    time = models.CharField(max_length=16, choices=ReviewTime.choices)
    reviewed_on = models.DateField()
    symptoms = models.CharField(max_length=16, choices=SymptomOutcome.choices)
    therapy = models.CharField(max_length=16, choices=TherapyStatus.choices)
    dose_before_ug_per_day = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True
    )
    dose_after_ug_per_day = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True
    )
    repeat_study = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    revised_again = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    revised_again_on = models.DateField(null=True, blank=True)
    revised_same_site = models.CharField(
        max_length=16, choices=YesNoUnknown.choices, null=True, blank=True
    )
    caregiver_satisfied = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    would_repeat = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    confirmed_doubts = models.JSONField(default=list, blank=True)
    remarks = models.TextField(blank=True)

    HAPPENED_ON: ClassVar = ("reviewed_on", "revised_again_on")
    IDENTIFYING: ClassVar = ("reviewed_on", "revised_again_on", "remarks")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "case", "surgery", "time", "symptoms", "therapy", "dose_before_ug_per_day",
        "dose_after_ug_per_day", "repeat_study", "revised_again", "revised_same_site",
        "caregiver_satisfied", "would_repeat", "confirmed_doubts",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("time", ReviewTime, name="review_time_known"),
            one_of("symptoms", SymptomOutcome, name="review_symptoms_known"),
            one_of("therapy", TherapyStatus, name="review_therapy_known"),
            one_of_or_empty("repeat_study", YesNoUnknown, name="review_repeat_study_known"),
            one_of_or_empty("revised_again", YesNoUnknown, name="review_revised_again_known"),
            one_of("revised_same_site", YesNoUnknown, name="review_revised_same_site_known"),
            one_of_or_empty(
                "caregiver_satisfied", YesNoUnknown, name="review_caregiver_satisfied_known"
            ),
            one_of_or_empty("would_repeat", YesNoUnknown, name="review_would_repeat_known"),
            models.UniqueConstraint(
                fields=["surgery", "time"],
                condition=Q(surgery__isnull=False),
                name="review_once_after_surgery",
            ),
            models.UniqueConstraint(
                fields=["case", "time"],
                condition=Q(surgery__isnull=True),
                name="review_once_without_surgery",
            ),
            only_when(
                Q(revised_again=YesNoUnknown.YES.value),
                "revised_again_on",
                "revised_same_site",
                name="review_revision_only_when_revised",
            ),
            in_order("revised_again_on", "reviewed_on", name="review_after_it_was_revised_again"),
            only_when(
                Q(therapy__in=(*GOES_ON, TherapyStatus.UNKNOWN.value)),
                "dose_after_ug_per_day",
                name="review_dose_while_therapy_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(dose_before_ug_per_day__isnull=True)
                | Q(dose_after_ug_per_day__isnull=True)
                | ~Q(therapy=TherapyStatus.CONTINUED.value)
                | Q(dose_before_ug_per_day=F("dose_after_ug_per_day")),
                name="review_continued_at_the_same_dose",
                violation_error_message="“Continued” means at the same dose.",
            ),
            models.CheckConstraint(
                condition=Q(dose_before_ug_per_day__isnull=True)
                | Q(dose_after_ug_per_day__isnull=True)
                | ~Q(therapy=TherapyStatus.DOSE_CHANGED.value)
                | ~Q(dose_before_ug_per_day=F("dose_after_ug_per_day")),
                name="review_changed_to_another_dose",
                violation_error_message="“Dose changed” means to another dose.",
            ),
            between("dose_before_ug_per_day", 5, 5000, name="review_dose_before_plausible"),
            between("dose_after_ug_per_day", 5, 5000, name="review_dose_after_plausible"),
        ]
        ordering = ["reviewed_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.case.centre_code
