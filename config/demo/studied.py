"""The 27 patients with a CT contrast study: 3 stopped, 8 normal, 16 operated on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from config.demo import devices, operations
from config.demo.chance import one_of, weekday, weekday_after, weekday_between, years_before
from config.demo.operations import Operation
from config.demo.people import DEMO, OTHER
from config.demo.plan import EpisodePlan, ImagePlan, ReadPlan, StudyPlan, SurgeryPlan
from config.demo.provenance import (
    NOTHING,
    STATED_OF_BATTERY_SURGERY,
    STATED_OF_COMPLETED_STUDY,
    STATED_OF_OCCLUSION_READ,
    STATED_OF_READ,
    STATED_OF_STOPPED_STUDY,
)
from imaging.dicom.phantom import PhantomFinding
from registry.actions.cases import WorkupEntry
from registry.vocabulary import (
    AccessGuidance,
    AccessNeedle,
    AspirationResult,
    CaseOutcome,
    CaseTrigger,
    ComponentKind,
    ContrastProduct,
    ImagingFindingCode,
    ImagingKnown,
    ImagingSite,
    Modality,
    NextStep,
    PresentingSign,
    RevisionIndication,
    SpinalLevel,
    StopReason,
    StudyAdverseEvent,
    StudyOutcomeCode,
    WithdrawalSeverity,
    WorkupResult,
    WorkupStep,
    YesNoUnknown,
)

FIRST_STUDY_ON: Final = date(2009, 6, 1)
LAST_STUDY_ON: Final = date(2014, 6, 30)

Finding = ImagingFindingCode
Sign = PresentingSign


@dataclass(frozen=True)
class Studied:
    """One of the 27; no finding means the study was stopped, no operation that none followed."""

    centre_code: str
    finding: ImagingFindingCode | None
    site: ImagingSite | None = None
    operation: Operation | None = None
    image: ImagePlan | None = None


def _stopped(centre_code: str) -> Studied:
    return Studied(centre_code, None)


def _normal(
    centre_code: str, operation: Operation | None = None, image: ImagePlan | None = None
) -> Studied:
    site = ImagingSite.INTRATHECAL_AT_TIP
    return Studied(centre_code, Finding.NORMAL_CRESCENT, site, operation, image)


def _pooling(
    centre_code: str, site: ImagingSite, operation: Operation, image: ImagePlan | None = None
) -> Studied:
    return Studied(centre_code, Finding.INADEQUATE_POOLING, site, operation, image)


def _leak(
    centre_code: str, site: ImagingSite, operation: Operation, image: ImagePlan | None = None
) -> Studied:
    return Studied(centre_code, Finding.LEAK, site, operation, image)


def _occlusion(operation: Operation, image: ImagePlan | None = None) -> Studied:
    return Studied(DEMO, Finding.OCCLUSION, ImagingSite.TIP_LEVEL, operation, image)


def _second(
    finding: ImagingFindingCode, site: ImagingSite, *, certainty: int, tip_level: str = "t10"
) -> ReadPlan:
    return ReadPlan(finding.value, (site.value,), certainty, tip_level, stated=NOTHING)


STUDIED: Final = (
    _stopped(DEMO),
    _stopped(DEMO),
    _stopped(OTHER),
    _normal(
        DEMO,
        image=ImagePlan(
            PhantomFinding.NORMAL_CRESCENT,
            seed=11,
            read_here=True,
            second=_second(Finding.NORMAL_CRESCENT, ImagingSite.INTRATHECAL_AT_TIP, certainty=2),
        ),
    ),
    *[_normal(DEMO)] * 6,
    _normal(OTHER),
    _normal(
        DEMO,
        operations.BATTERY,
        ImagePlan(PhantomFinding.NORMAL_CRESCENT, seed=12, linked=False),
    ),
    _normal(DEMO, operations.BATTERY),
    _normal(DEMO, operations.BATTERY),
    _normal(OTHER, operations.BATTERY),
    _pooling(
        DEMO,
        ImagingSite.INTRATHECAL_FOCAL_UNILATERAL,
        operations.POOLING_KINK,
        ImagePlan(PhantomFinding.INADEQUATE_POOLING, seed=13),
    ),
    _pooling(DEMO, ImagingSite.SUSPECTED_SUBDURAL, operations.POOLING_SUBDURAL),
    _pooling(DEMO, ImagingSite.TIP_LEVEL, operations.POOLING_TIP_FIBROSIS),
    _pooling(DEMO, ImagingSite.TIP_LEVEL, operations.POOLING_NOTHING_FOUND),
    _pooling(OTHER, ImagingSite.INTRATHECAL_FOCAL_UNILATERAL, operations.POOLING_ADHESIONS),
    _leak(
        DEMO,
        ImagingSite.PUMP_POCKET_AROUND_PUMP,
        operations.LEAK_AT_PUMP_DISCONNECTED,
        ImagePlan(
            PhantomFinding.LEAK_PUMP_POCKET_AROUND_PUMP,
            seed=14,
            read_here=True,
            second=_second(
                Finding.LEAK, ImagingSite.PUMP_CATHETER_CONNECTOR, certainty=4, tip_level="t11"
            ),
        ),
    ),
    _leak(DEMO, ImagingSite.PUMP_POCKET_AROUND_PUMP, operations.LEAK_AT_PUMP_SLEEVE_TORN),
    _leak(
        DEMO,
        ImagingSite.LUMBAR_CANAL_BELOW_ENTRY,
        operations.LEAK_BELOW_ENTRY_HOLE,
        ImagePlan(PhantomFinding.LEAK_LUMBAR_CANAL_BELOW_ENTRY, seed=15, read_here=True),
    ),
    _leak(
        DEMO,
        ImagingSite.LUMBAR_OUTSIDE_CANAL,
        operations.LEAK_OUTSIDE_CANAL_FRACTURE,
        ImagePlan(PhantomFinding.LEAK_LUMBAR_OUTSIDE_CANAL, seed=16),
    ),
    _leak(OTHER, ImagingSite.LUMBAR_OUTSIDE_CANAL, operations.LEAK_OUTSIDE_CANAL_SPLICE),
    _occlusion(
        operations.OCCLUSION_TIP_FIBROSIS,
        ImagePlan(
            PhantomFinding.OCCLUSION,
            seed=17,
            read_here=True,
            second=_second(Finding.INADEQUATE_POOLING, ImagingSite.TIP_LEVEL, certainty=3),
            decided=True,
        ),
    ),
    _occlusion(operations.OCCLUSION_DEBRIS),
)
"""Counts of the abstract; the leak sites, the centres and the operations are made up."""

PHANTOM_TIP: Final = SpinalLevel.T10.value
PHANTOM_ENTRY: Final = SpinalLevel.L3.value
"""Where the catheter of every synthetic CT enters the canal and ends (imaging.dicom.phantom)."""

SIGNS: Final[Mapping[ImagingFindingCode | None, tuple[tuple[PresentingSign, ...], ...]]] = {
    None: (
        (Sign.TONE_INCREASE, Sign.DOSE_ESCALATION_NO_EFFECT),
        (Sign.TONE_INCREASE, Sign.SPASM_INCREASE, Sign.PRURITUS_NO_RASH),
    ),
    Finding.NORMAL_CRESCENT: (
        (Sign.TONE_INCREASE,),
        (Sign.TONE_INCREASE, Sign.PAIN_INCREASE),
        (Sign.SPASM_INCREASE, Sign.SLEEP_DISTURBANCE),
        (Sign.DOSE_ESCALATION_NO_EFFECT, Sign.TOLERANCE),
    ),
    Finding.INADEQUATE_POOLING: (
        (Sign.TONE_INCREASE, Sign.DOSE_ESCALATION_NO_EFFECT),
        (Sign.SPASM_INCREASE, Sign.FUNCTION_LOSS),
    ),
    Finding.LEAK: (
        (Sign.TONE_INCREASE, Sign.PRURITUS_NO_RASH, Sign.POCKET_FLUID),
        (Sign.TONE_INCREASE, Sign.SPASM_INCREASE, Sign.AGITATION),
        (Sign.TONE_INCREASE, Sign.DOSE_ESCALATION_NO_EFFECT),
    ),
    Finding.OCCLUSION: (
        (Sign.TONE_INCREASE, Sign.TACHYCARDIA, Sign.PRURITUS_NO_RASH),
        (Sign.RIGIDITY, Sign.SWEATING),
    ),
}
WITHDRAWAL_SIGNS: Final = frozenset(
    {Sign.PRURITUS_NO_RASH, Sign.TACHYCARDIA, Sign.AGITATION, Sign.SWEATING, Sign.RIGIDITY}
)
CERTAINTY: Final = {
    Finding.NORMAL_CRESCENT: {1: 0.7, 2: 0.3},
    Finding.INADEQUATE_POOLING: {3: 0.3, 4: 0.7},
    Finding.LEAK: {4: 0.3, 5: 0.7},
    Finding.OCCLUSION: {4: 0.5, 5: 0.5},
}
BATTERY_YEARS: Final = (5.8, 6.7)
"""A pump of the kind is replaced for its battery after 5 to 7 years (domain §3.1)."""


def implanted_before(chance: Random, studied: Studied, *, study_on: date) -> date:
    """When the system was implanted; pumps due for their battery are old enough."""
    if studied.operation is operations.BATTERY:
        return weekday(years_before(study_on, chance.uniform(*BATTERY_YEARS)))
    return weekday(years_before(study_on, chance.uniform(0.6, 4.6)))


def study_day(chance: Random) -> date:
    return weekday_between(chance, FIRST_STUDY_ON, LAST_STUDY_ON)


def episode(
    chance: Random, studied: Studied, *, study_on: date, tip_level: str, entry_level: str
) -> EpisodePlan:
    """From suspicion to the end of the case; a stopped study has no known end."""
    opened_on = study_on - timedelta(days=chance.randint(3, 38))
    signs = chance.choice(SIGNS[studied.finding])
    if studied.operation is operations.BATTERY:
        signs = (*signs, Sign.ALARM_NONCRITICAL)
    surgery, closed_on, outcome = None, None, ""
    if studied.operation is not None:
        surgery = _surgery(
            chance, studied.operation, study_on=study_on, levels=(tip_level, entry_level)
        )
        operated_on = surgery.fields["performed_on"]
        closed_on = weekday_after(chance, operated_on, least_days=35, most_days=60)
        outcome = studied.operation.outcome.value
    elif studied.finding is not None:
        closed_on = weekday_after(chance, study_on, least_days=21, most_days=90)
        outcome = CaseOutcome.RESOLVED_WITHOUT_SURGERY.value
    withdrawal = WITHDRAWAL_SIGNS.intersection(signs)
    return EpisodePlan(
        fields={
            "opened_on": opened_on,
            "trigger": CaseTrigger.SUSPECTED_MALFUNCTION.value,
            "withdrawal_severity": (
                WithdrawalSeverity.MILD if withdrawal else WithdrawalSeverity.NONE
            ).value,
        },
        presenting_signs=tuple(sign.value for sign in signs),
        workup=_workup(chance, studied, opened_on=opened_on, study_on=study_on),
        study=_study(chance, studied, study_on=study_on, tip_level=tip_level),
        surgery=surgery,
        closed_on=closed_on,
        outcome=outcome,
    )


def _workup(
    chance: Random, studied: Studied, *, opened_on: date, study_on: date
) -> tuple[WorkupEntry, ...]:
    day = min(opened_on + timedelta(days=chance.randint(0, 6)), study_on)
    battery = studied.operation is operations.BATTERY
    results = {
        WorkupStep.INTERROGATION: WorkupResult.ABNORMAL if battery else WorkupResult.NORMAL,
        WorkupStep.RESERVOIR_CHECK: WorkupResult.NORMAL,
        WorkupStep.PLAIN_RADIOGRAPH: _radiograph(chance, studied),
    }
    if chance.random() < 0.4:
        results[WorkupStep.ROTOR_STUDY] = WorkupResult.NORMAL
    return tuple(
        WorkupEntry(kind=step.value, performed_on=day, result=result.value)
        for step, result in results.items()
    )


def _radiograph(chance: Random, studied: Studied) -> WorkupResult:
    if studied.finding is Finding.LEAK:
        shares = {WorkupResult.ABNORMAL: 0.4, WorkupResult.NORMAL: 0.6}
    else:
        shares = {WorkupResult.NORMAL: 0.9, WorkupResult.INDETERMINATE: 0.1}
    return one_of(chance, shares)


def _study(chance: Random, studied: Studied, *, study_on: date, tip_level: str) -> StudyPlan:
    fields: dict[str, Any] = {
        "performed_on": study_on,
        "modality": Modality.CAP_CT_MYELOGRAPHY.value,
        "guidance": one_of(
            chance, {AccessGuidance.PALPATION_TEMPLATE: 0.6, AccessGuidance.FLUOROSCOPY: 0.4}
        ).value,
        "needle": AccessNeedle.GAUGE_24_NON_CORING.value,
        "adverse_event": StudyAdverseEvent.NONE.value,
    }
    if studied.finding is None:
        stopped = {
            "aspiration": AspirationResult.NONE.value,
            "aspirated_ml": Decimal(0),
            "outcome": StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value,
            "stop_reason": StopReason.NOT_ASPIRABLE.value,
            "contrast_injected": YesNoUnknown.NO.value,
        }
        return StudyPlan(fields=fields | stopped, stated=STATED_OF_STOPPED_STUDY)
    return StudyPlan(
        fields=fields | _completed(chance, studied),
        stated=STATED_OF_COMPLETED_STUDY,
        read=_read(chance, studied, studied.finding, tip_level=tip_level),
        image=studied.image,
    )


def _completed(chance: Random, studied: Studied) -> dict[str, Any]:
    product = one_of(chance, {ContrastProduct.IOHEXOL_180: 0.75, ContrastProduct.IOHEXOL_240: 0.25})
    next_step = (
        studied.operation.next_step
        if studied.operation
        else one_of(
            chance,
            {
                NextStep.NO_ACTION: 0.4,
                NextStep.DOSE_TITRATION: 0.4,
                NextStep.SEARCH_OTHER_CAUSE: 0.2,
            },
        )
    )
    return {
        "aspiration": one_of(
            chance, {AspirationResult.FREE: 0.85, AspirationResult.SLOW: 0.15}
        ).value,
        "aspirated_ml": Decimal(chance.randrange(10, 26)) / 10,
        "outcome": StudyOutcomeCode.COMPLETED.value,
        "contrast_injected": YesNoUnknown.YES.value,
        "contrast_product": product.value,
        "mg_iodine_per_ml": product.mgi_per_ml,
        "contrast_ml": Decimal(chance.randrange(10, 21)) / 10,
        "delay_min": chance.randrange(10, 50, 5),
        "prime_bolus_given": YesNoUnknown.YES.value,
        "next_step": next_step.value,
    }


def _read(
    chance: Random, studied: Studied, finding: ImagingFindingCode, *, tip_level: str
) -> ReadPlan:
    return ReadPlan(
        finding=finding.value,
        sites=(studied.site.value,) if studied.site else (),
        certainty=one_of(chance, CERTAINTY[finding]),
        tip_level=tip_level,
        stated=(STATED_OF_OCCLUSION_READ if finding is Finding.OCCLUSION else STATED_OF_READ),
    )


def _surgery(
    chance: Random, operation: Operation, *, study_on: date, levels: tuple[str, str]
) -> SurgeryPlan:
    elective = operation is operations.BATTERY
    least, most = (21, 100) if elective else (2, 30)
    operated_on = weekday_after(chance, study_on, least_days=least, most_days=most)
    return SurgeryPlan(
        fields={
            "performed_on": operated_on,
            "indication": operation.indication.value,
            "planned": operation.planned.value,
            "urgency": operation.urgency.value,
            "imaging_known": ImagingKnown.KNOWN.value,
        },
        procedures=tuple(procedure.value for procedure in operation.procedures),
        findings=operation.findings,
        replacements=_replacements(chance, operation, operated_on=operated_on, levels=levels),
        stated=(
            STATED_OF_BATTERY_SURGERY
            if operation.indication is RevisionIndication.BATTERY_ERI
            else NOTHING
        ),
    )


def _replacements(
    chance: Random, operation: Operation, *, operated_on: date, levels: tuple[str, str]
) -> tuple[dict[str, Any], ...]:
    parts: tuple[dict[str, Any], ...] = ()
    if ComponentKind.PUMP in operation.replaced:
        parts = (devices.pump(chance, implanted_on=operated_on),)
    tip_level, entry_level = levels
    return parts + devices.catheter(
        chance,
        implanted_on=operated_on,
        tip_level=tip_level,
        entry_level=entry_level,
        kinds=operation.replaced,
    )
