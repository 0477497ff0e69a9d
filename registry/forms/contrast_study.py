"""What was done at the access port, from the needle to the next step that was decided."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.actions.doubts import Doubt
from registry.audit.drug_delivery import (
    EXCEPTIONAL_DOSE_UG_PER_DAY,
    UNUSUAL_DOSE_UG_PER_DAY,
    is_catheter_emptied,
)
from registry.forms.base import Section
from registry.forms.contrast_limits import NOT_FOR_INTRATHECAL, iodine_doubts, mgi_per_ml
from registry.forms.doubts import DoubtingForm
from registry.forms.fields import choice, day, edition, number, text, unless, when
from registry.models import ContrastStudy
from registry.models.contrast_study import DELAYED_FIELDS, MOST_IODINE_MG, NOT_IN_PORT
from registry.vocabulary import (
    AccessGuidance,
    AccessNeedle,
    AspirationResult,
    ContrastProduct,
    Modality,
    ModalityGroup,
    NextStep,
    PortAccess,
    StopReason,
    StudyAdverseEvent,
    StudyOutcomeCode,
    YesNoUnknown,
)

__all__ = ["ContrastStudyForm", "ContrastStudyUpdateForm", "dose_doubt"]

COMPLETED = StudyOutcomeCode.COMPLETED.value
NOT_ASPIRABLE = StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value
STOPPED_OTHER = StudyOutcomeCode.STOPPED_OTHER.value

IN_PORT = unless("port_access", *NOT_IN_PORT)
INJECTED = (
    when("outcome", COMPLETED, STOPPED_OTHER)
    & unless("contrast_injected", YesNoUnknown.NO.value)
    & IN_PORT
)
MORE_THAN_USUAL_ML = 3
"""Contrast studies use 1 to 2 ml [S10]; where to ask back is a proposal of the project."""

USUAL_CONCENTRATIONS_UG_PER_ML = (500, 2000)
"""Weakest and strongest baclofen that pumps are labelled for (domain §4.1)."""

PRODUCTS_WITHOUT_CONCENTRATION = tuple(
    product.code for product in ContrastProduct if product.mgi_per_ml is None
)
FIELDS = (
    "performed_on", "modality", "outcome", "port_access", "guidance", "needle", "needle_text",
    "concentration_ug_per_ml", "daily_dose_ug", "catheter_volume_ml", "aspiration",
    "aspirated_ml", "csf_confirmed", "stop_reason", "stop_reason_text", "contrast_injected",
    "contrast_product", "contrast_product_text", "mg_iodine_per_ml", "contrast_ml",
    "contrast_lot", "delay_min", *DELAYED_FIELDS, "prime_bolus_given", "prime_bolus_ml",
    "prime_bolus_ug", "adverse_event", "adverse_event_text", "next_step", "next_step_text",
)  # fmt: skip


def dose_doubt(field: str, dose_ug: Decimal | None) -> Iterable[Doubt]:
    """Asked back about above 2,000 µg a day, and in stronger words above 3,000 [proposal]."""
    if dose_ug is None or dose_ug <= UNUSUAL_DOSE_UG_PER_DAY:
        return
    if dose_ug > EXCEPTIONAL_DOSE_UG_PER_DAY:
        words = _("%s µg a day is more than nearly anybody gets; was a digit or the unit mistaken?")
        yield Doubt(f"{field}_exceptional", field, words % dose_ug)
    else:
        yield Doubt(f"{field}_unusual", field, _("%s µg a day is an unusual dose.") % dose_ug)


class ContrastStudyForm(DoubtingForm):
    """What was done at the access port and what came of it."""

    performed_on = day(_("Date of the study"))
    modality = choice(
        Modality,
        only=[m for m in Modality if m.group is ModalityGroup.CONTRAST_STUDY],
        label=_("Imaged by"),
        initial=Modality.CAP_CT_MYELOGRAPHY.value,
    )
    outcome = choice(
        StudyOutcomeCode,
        label=_("How did the study end?"),
        help_text=_(
            "If nothing can be aspirated the study must stop: the catheter is full of "
            "concentrated baclofen, and contrast would push it in as a bolus."
        ),
    )
    port_access = choice(PortAccess, required=False, applies=when("outcome", STOPPED_OTHER))
    concentration_ug_per_ml = number(
        _("Concentration of the drug"), unit="µg/ml", smallest=10, largest=10000
    )
    daily_dose_ug = number(_("Daily dose"), unit="µg/day", smallest=5, largest=5000, decimals=1)
    catheter_volume_ml = number(
        _("Catheter volume"),
        unit="ml",
        smallest=0.01,
        largest=1,
        decimals=3,
        help_text=_("From port to tip. Left empty, it is calculated from the components."),
    )
    aspiration = choice(
        AspirationResult,
        label=_("Fluid on aspiration"),
        applies=when("outcome", COMPLETED, STOPPED_OTHER) & IN_PORT,
    )
    aspirated_ml = number(
        _("Aspirated"),
        unit="ml",
        smallest=0,
        largest=20,
        decimals=2,
        applies=when("aspiration", AspirationResult.FREE.value, AspirationResult.SLOW.value),
    )
    csf_confirmed = choice(
        YesNoUnknown,
        label=_("Did CSF come?"),
        required=False,
        applies=when("aspiration", AspirationResult.FREE.value, AspirationResult.SLOW.value),
    )
    stop_reason = choice(
        StopReason,
        only=[reason for reason in StopReason if reason is not StopReason.NOT_ASPIRABLE],
        label=_("Why was it stopped?"),
        applies=when("outcome", STOPPED_OTHER),
        empty=None,
    )
    stop_reason_text = text(
        _("Which reason"),
        max_length=200,
        required=True,
        applies=when("stop_reason", StopReason.OTHER.value),
    )
    contrast_injected = choice(
        YesNoUnknown,
        label=_("Was contrast injected?"),
        applies=when("outcome", STOPPED_OTHER) & IN_PORT,
    )
    contrast_product = choice(
        ContrastProduct, required=False, applies=INJECTED, empty=None, unanswered=_("Not recorded")
    )
    contrast_product_text = text(
        _("Which product"),
        max_length=80,
        applies=when("contrast_product", ContrastProduct.OTHER.value) & INJECTED,
    )
    mg_iodine_per_ml = number(
        _("Iodine concentration"),
        unit="mg/ml",
        smallest=140,
        largest=350,
        applies=when("contrast_product", *PRODUCTS_WITHOUT_CONCENTRATION) & INJECTED,
    )
    contrast_ml = number(
        _("Contrast given"), unit="ml", smallest=0.1, largest=20, decimals=2, applies=INJECTED
    )
    contrast_lot = text(_("Lot of the contrast"), max_length=40, applies=INJECTED)
    delay_min = number(
        _("From injection to CT"), unit="min", smallest=0, largest=2880, applies=INJECTED
    )
    delayed_min = number(
        _("From injection to a delayed CT"),
        unit="min",
        smallest=0,
        largest=2880,
        applies=INJECTED,
        help_text=_("Where images were taken again because the first were equivocal."),
    )
    second_delayed_min = number(
        _("To a second delayed CT"), unit="min", smallest=0, largest=2880, applies=INJECTED
    )
    third_delayed_min = number(
        _("To a third delayed CT"), unit="min", smallest=0, largest=2880, applies=INJECTED
    )
    guidance = choice(AccessGuidance, required=False, applies=IN_PORT)
    needle = choice(AccessNeedle, required=False, applies=IN_PORT)
    needle_text = text(
        _("Gauge and type"),
        max_length=80,
        applies=when("needle", AccessNeedle.OTHER.value) & IN_PORT,
    )
    prime_bolus_given = choice(
        YesNoUnknown,
        label=_("Prime bolus given afterwards"),
        required=False,
        help_text=_("After aspiration the catheter holds no drug until it is primed again."),
    )
    prime_bolus_ml = number(
        _("Prime bolus"),
        unit="ml",
        smallest=0.01,
        largest=2,
        decimals=3,
        applies=when("prime_bolus_given", YesNoUnknown.YES.value),
    )
    prime_bolus_ug = number(
        _("Prime bolus, drug"),
        unit="µg",
        smallest=1,
        largest=5000,
        decimals=1,
        applies=when("prime_bolus_given", YesNoUnknown.YES.value),
    )
    adverse_event = choice(
        StudyAdverseEvent,
        required=False,
        help_text=_("The worst. Whatever needed treatment is logged as a complication, too."),
    )
    adverse_event_text = text(
        _("Which event"),
        max_length=200,
        required=True,
        applies=when("adverse_event", StudyAdverseEvent.OTHER.value),
    )
    next_step = choice(NextStep, label=_("Next step that was decided"), required=False)
    next_step_text = text(
        _("Which step"), max_length=200, applies=when("next_step", NextStep.OTHER.value)
    )

    sections = (
        Section(_("Study"), ("performed_on", "modality", "outcome")),
        Section(
            _("Drug in pump and catheter"),
            ("concentration_ug_per_ml", "daily_dose_ug", "catheter_volume_ml"),
            words=_("With them the bolus in the catheter and the time without drug are computed."),
            columns=3,
        ),
        Section(_("Access"), ("port_access", "guidance", "needle", "needle_text")),
        Section(
            _("Aspiration"),
            (
                "aspiration",
                "aspirated_ml",
                "csf_confirmed",
                "stop_reason",
                "stop_reason_text",
                "contrast_injected",
            ),
            applies=when("outcome", COMPLETED, STOPPED_OTHER),
        ),
        Section(
            _("Contrast"),
            (
                "contrast_product",
                "contrast_product_text",
                "mg_iodine_per_ml",
                "contrast_ml",
                "contrast_lot",
                "delay_min",
                *DELAYED_FIELDS,
            ),
            applies=INJECTED,
            columns=2,
        ),
        Section(
            _("Afterwards"),
            (
                "prime_bolus_given",
                "prime_bolus_ml",
                "prime_bolus_ug",
                "adverse_event",
                "adverse_event_text",
                "next_step",
                "next_step_text",
            ),
        ),
    )

    def __init__(self, *args: Any, birth_year: int | None = None, **kwargs: Any) -> None:
        self.birth_year = birth_year
        super().__init__(*args, **kwargs)

    def doubts(self, answers: Mapping[str, Any]) -> Iterable[Doubt]:
        if code := answers.get("contrast_product"):
            product = ContrastProduct.get(code)
            if product.intrathecal in NOT_FOR_INTRATHECAL:
                yield Doubt(
                    f"contrast_{product.intrathecal.value}",
                    "contrast_product",
                    f"{product.label}: {product.definition}",
                )
        contrast_ml = answers.get("contrast_ml")
        if contrast_ml is not None and contrast_ml > MORE_THAN_USUAL_ML:
            yield Doubt(
                "contrast_ml_unusual",
                "contrast_ml",
                _("%s ml of contrast is more than contrast studies use (1 to 2 ml).") % contrast_ml,
            )
        yield from iodine_doubts(answers, birth_year=self.birth_year)
        yield from dose_doubt("daily_dose_ug", answers.get("daily_dose_ug"))
        weakest, strongest = USUAL_CONCENTRATIONS_UG_PER_ML
        concentration = answers.get("concentration_ug_per_ml")
        if concentration is not None and not weakest <= concentration <= strongest:
            yield Doubt(
                "concentration_unusual",
                "concentration_ug_per_ml",
                _("%s µg/ml is outside 500 to 2000 µg/ml, for which pumps are labelled.")
                % concentration,
            )
        aspirated_ml, volume_ml = answers.get("aspirated_ml"), answers.get("catheter_volume_ml")
        if (
            answers.get("outcome") == COMPLETED
            and aspirated_ml is not None
            and volume_ml
            and not is_catheter_emptied(aspirated_ml=aspirated_ml, catheter_volume_ml=volume_ml)
        ):
            yield Doubt(
                "catheter_not_emptied",
                "aspirated_ml",
                _("Less was aspirated than the catheter holds: the rest of the drug was injected."),
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        strength = mgi_per_ml(answers)
        contrast_ml = answers.get("contrast_ml")
        if strength and contrast_ml and strength * contrast_ml > MOST_IODINE_MG:
            self.add_error(
                "contrast_ml",
                _("That is %(given)s mg iodine; the label allows %(most)s mg at most.")
                % {"given": round(strength * contrast_ml), "most": MOST_IODINE_MG},
            )
        before = answers.get("delay_min")
        for place, name in enumerate(DELAYED_FIELDS):
            after = answers.get(name)
            if after is not None and place and before is None:
                self.add_error(name, _("Enter the delayed CTs in their order, without a gap."))
            elif after is not None and before is not None and after < before:
                self.add_error(name, _("The delayed CT comes after the first one."))
            before = after
        return answers

    def facts(self) -> dict[str, Any]:
        """Fields of the study, with what the outcome implies."""
        facts = {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}
        facts["confirmed_doubts"] = self.cleaned_data["confirmed_doubts"]
        match facts["outcome"]:
            case StudyOutcomeCode.STOPPED_NOT_ASPIRABLE:
                facts |= {
                    "port_access": PortAccess.REACHED.value,
                    "aspiration": AspirationResult.NONE.value,
                    "contrast_injected": YesNoUnknown.NO.value,
                    "stop_reason": StopReason.NOT_ASPIRABLE.value,
                }
            case StudyOutcomeCode.COMPLETED:
                facts["port_access"] = PortAccess.REACHED.value
                facts["contrast_injected"] = YesNoUnknown.YES.value
        if facts["port_access"] in NOT_IN_PORT:
            facts |= {
                "aspiration": AspirationResult.NOT_TRIED.value,
                "contrast_injected": YesNoUnknown.NO.value,
            }
        if product := facts.get("contrast_product"):
            facts["mg_iodine_per_ml"] = (
                ContrastProduct.get(product).mgi_per_ml or facts["mg_iodine_per_ml"]
            )
        return facts

    @staticmethod
    def initial_of(study: ContrastStudy) -> dict[str, Any]:
        """The answers of a saved study, without what followed from them."""
        names = (*FIELDS, "confirmed_doubts", "edition")
        initial = {name: getattr(study, name) for name in names}
        if study.outcome != STOPPED_OTHER:
            initial |= {"contrast_injected": "", "stop_reason": None, "port_access": ""}
        if study.outcome == NOT_ASPIRABLE or study.port_access in NOT_IN_PORT:
            initial["aspiration"] = ""
        if study.port_access in NOT_IN_PORT:
            initial["contrast_injected"] = ""
        return initial


class ContrastStudyUpdateForm(ContrastStudyForm):
    edition = edition()
