"""The contrast study. What follows from an answer is derived, not asked."""

from typing import Any

from registry.forms.base import RecordForm, Section
from registry.forms.fields import choice, day, edition, number, text, unless, when
from registry.models import ContrastStudy
from registry.vocabulary import (
    AccessGuidance,
    AccessNeedle,
    AspirationResult,
    ContrastProduct,
    Modality,
    ModalityGroup,
    NextStep,
    StopReason,
    StudyAdverseEvent,
    StudyOutcomeCode,
    YesNoUnknown,
)

__all__ = ["ContrastStudyForm", "ContrastStudyUpdateForm"]

COMPLETED = StudyOutcomeCode.COMPLETED.value
NOT_ASPIRABLE = StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value
STOPPED_OTHER = StudyOutcomeCode.STOPPED_OTHER.value

INJECTED = when("outcome", COMPLETED, STOPPED_OTHER) & unless(
    "contrast_injected", YesNoUnknown.NO.value
)
PRODUCTS_WITHOUT_CONCENTRATION = tuple(
    product.code for product in ContrastProduct if product.mgi_per_ml is None
)
FIELDS = (
    "performed_on", "modality", "outcome", "aspiration", "aspirated_ml", "stop_reason",
    "stop_reason_text", "contrast_injected", "contrast_product", "mg_iodine_per_ml",
    "contrast_ml", "delay_min", "guidance", "needle", "prime_bolus_given", "adverse_event",
    "adverse_event_text", "next_step",
)  # fmt: skip


class ContrastStudyForm(RecordForm):
    """What was done at the access port and what came of it."""

    performed_on = day("Date of the study")
    modality = choice(
        Modality,
        only=[m for m in Modality if m.group is ModalityGroup.CONTRAST_STUDY],
        label="Imaged by",
        initial=Modality.CAP_CT_MYELOGRAPHY.value,
    )
    outcome = choice(
        StudyOutcomeCode,
        label="How did the study end?",
        help_text="If nothing can be aspirated the study must stop: the catheter is full of "
        "concentrated baclofen, and contrast would push it in as a bolus.",
    )
    aspiration = choice(
        AspirationResult,
        label="Fluid on aspiration",
        applies=when("outcome", COMPLETED, STOPPED_OTHER),
    )
    aspirated_ml = number(
        "Aspirated",
        unit="ml",
        smallest=0,
        largest=20,
        decimals=2,
        applies=when("aspiration", AspirationResult.FREE.value, AspirationResult.SLOW.value),
    )
    stop_reason = choice(
        StopReason,
        only=[reason for reason in StopReason if reason is not StopReason.NOT_ASPIRABLE],
        label="Why was it stopped?",
        applies=when("outcome", STOPPED_OTHER),
        empty=None,
    )
    stop_reason_text = text(
        "Which reason",
        max_length=200,
        required=True,
        applies=when("stop_reason", StopReason.OTHER.value),
    )
    contrast_injected = choice(
        YesNoUnknown, label="Was contrast injected?", applies=when("outcome", STOPPED_OTHER)
    )
    contrast_product = choice(
        ContrastProduct, required=False, applies=INJECTED, empty=None, unanswered="Not recorded"
    )
    mg_iodine_per_ml = number(
        "Iodine concentration",
        unit="mg/ml",
        smallest=140,
        largest=350,
        applies=when("contrast_product", *PRODUCTS_WITHOUT_CONCENTRATION) & INJECTED,
    )
    contrast_ml = number(
        "Contrast given", unit="ml", smallest=0.1, largest=20, decimals=2, applies=INJECTED
    )
    delay_min = number(
        "From injection to CT", unit="min", smallest=0, largest=2880, applies=INJECTED
    )
    guidance = choice(AccessGuidance, required=False)
    needle = choice(AccessNeedle, required=False)
    prime_bolus_given = choice(
        YesNoUnknown,
        label="Prime bolus given afterwards",
        required=False,
        help_text="After aspiration the catheter holds no drug until it is primed again.",
    )
    adverse_event = choice(StudyAdverseEvent, required=False)
    adverse_event_text = text(
        "Which event",
        max_length=200,
        required=True,
        applies=when("adverse_event", StudyAdverseEvent.OTHER.value),
    )
    next_step = choice(NextStep, label="Next step that was decided", required=False)

    sections = (
        Section("Study", ("performed_on", "modality", "outcome")),
        Section(
            "Aspiration",
            ("aspiration", "aspirated_ml", "stop_reason", "stop_reason_text", "contrast_injected"),
            applies=when("outcome", COMPLETED, STOPPED_OTHER),
        ),
        Section(
            "Contrast",
            ("contrast_product", "mg_iodine_per_ml", "contrast_ml", "delay_min"),
            applies=INJECTED,
            columns=2,
        ),
        Section(
            "Puncture and afterwards",
            (
                "guidance",
                "needle",
                "prime_bolus_given",
                "adverse_event",
                "adverse_event_text",
                "next_step",
            ),
        ),
    )

    def facts(self) -> dict[str, Any]:
        """Fields of the study, with what the outcome implies."""
        facts = {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}
        match facts["outcome"]:
            case StudyOutcomeCode.STOPPED_NOT_ASPIRABLE:
                facts |= {
                    "aspiration": AspirationResult.NONE.value,
                    "contrast_injected": YesNoUnknown.NO.value,
                    "stop_reason": StopReason.NOT_ASPIRABLE.value,
                }
            case StudyOutcomeCode.COMPLETED:
                facts["contrast_injected"] = YesNoUnknown.YES.value
        if product := facts.get("contrast_product"):
            facts["mg_iodine_per_ml"] = (
                ContrastProduct.get(product).mgi_per_ml or facts["mg_iodine_per_ml"]
            )
        return facts

    @staticmethod
    def initial_of(study: ContrastStudy) -> dict[str, Any]:
        """The answers of a saved study, without what followed from them."""
        initial = {name: getattr(study, name) for name in (*FIELDS, "edition")}
        if study.outcome != STOPPED_OTHER:
            initial |= {"contrast_injected": "", "stop_reason": None}
        if study.outcome == NOT_ASPIRABLE:
            initial["aspiration"] = ""
        return initial


class ContrastStudyUpdateForm(ContrastStudyForm):
    edition = edition()
