"""Cases of the 268 patients without a CT contrast study. All of them are made up.

The abstract says nothing of these patients but that they are there. Some get a case, so that the
lists of the demonstration show what a registry holds besides contrast studies; none is a contrast
study, so the published numbers stay as they are.
"""

from datetime import date, timedelta
from enum import Enum
from random import Random
from typing import Final

from config.demo import devices, operations
from config.demo.chance import weekday_after, weekday_between
from config.demo.operations import confirmed, not_explored
from config.demo.plan import EpisodePlan, SurgeryPlan
from registry.actions.cases import WorkupEntry
from registry.vocabulary import (
    CaseOutcome,
    CaseTrigger,
    ComponentKind,
    ImagingKnown,
    IntraoperativeFindingCode,
    Planning,
    PresentingSign,
    Procedure,
    ProofMethod,
    RevisionIndication,
    Urgency,
    WithdrawalSeverity,
    WorkupResult,
    WorkupStep,
)


class Unstudied(Enum):
    """What happened to a patient without a contrast study."""

    NO_CASE = "no case"
    BATTERY_REPLACED = "pump replaced for its battery, as planned"
    SUSPICION_OPEN = "malfunction suspected, case open"
    SUSPICION_CLEARED = "malfunction suspected, explained without a contrast study"
    POCKET_INFECTED = "infection of the pocket"


CASES: Final = {
    Unstudied.BATTERY_REPLACED: 38,
    Unstudied.SUSPICION_OPEN: 6,
    Unstudied.SUSPICION_CLEARED: 7,
    Unstudied.POCKET_INFECTED: 3,
}
"""How many; the others have no case."""

LAST_DAY: Final = date(2014, 12, 19)


def implanted_on(chance: Random, story: Unstudied) -> date:
    """When the present system was implanted; no battery of the cohort outlives its years."""
    if story is Unstudied.BATTERY_REPLACED:
        return weekday_between(chance, date(2003, 6, 2), date(2008, 2, 29))
    return weekday_between(chance, date(2008, 3, 3), date(2013, 9, 30))


def episode(chance: Random, story: Unstudied, *, implanted_on: date) -> EpisodePlan | None:
    """The patient's case, if any."""
    match story:
        case Unstudied.NO_CASE:
            return None
        case Unstudied.BATTERY_REPLACED:
            return _battery_replaced(chance, implanted_on)
        case Unstudied.SUSPICION_OPEN:
            return _suspicion(weekday_between(chance, date(2014, 11, 3), LAST_DAY))
        case Unstudied.SUSPICION_CLEARED:
            return _suspicion_cleared(chance, implanted_on)
        case Unstudied.POCKET_INFECTED:
            return _pocket_infected(chance, implanted_on)


def _battery_replaced(chance: Random, implanted_on: date) -> EpisodePlan:
    opened_on = weekday_after(chance, implanted_on, least_days=2050, most_days=2330)
    operated_on = weekday_after(chance, opened_on, least_days=14, most_days=80)
    battery = operations.BATTERY
    return EpisodePlan(
        fields={
            "opened_on": opened_on,
            "trigger": CaseTrigger.PLANNED_REPLACEMENT.value,
            "withdrawal_severity": WithdrawalSeverity.NONE.value,
        },
        presenting_signs=(PresentingSign.ALARM_NONCRITICAL.value,),
        workup=(_step(WorkupStep.INTERROGATION, opened_on, WorkupResult.ABNORMAL),),
        surgery=SurgeryPlan(
            fields={
                "performed_on": operated_on,
                "indication": battery.indication.value,
                "planned": battery.planned.value,
                "urgency": battery.urgency.value,
                "imaging_known": ImagingKnown.NO_IMAGING.value,
            },
            procedures=tuple(procedure.value for procedure in battery.procedures),
            findings=battery.findings,
            replacements=(devices.pump(chance, implanted_on=operated_on),),
        ),
        closed_on=weekday_after(chance, operated_on, least_days=35, most_days=50),
        outcome=CaseOutcome.REPLACED_AS_PLANNED.value,
    )


def _suspicion(opened_on: date) -> EpisodePlan:
    return EpisodePlan(
        fields={
            "opened_on": opened_on,
            "trigger": CaseTrigger.SUSPECTED_MALFUNCTION.value,
            "withdrawal_severity": WithdrawalSeverity.NONE.value,
        },
        presenting_signs=(PresentingSign.TONE_INCREASE.value,),
        workup=(_step(WorkupStep.INTERROGATION, opened_on, WorkupResult.NORMAL),),
    )


def _suspicion_cleared(chance: Random, implanted_on: date) -> EpisodePlan:
    opened_on = weekday_after(chance, implanted_on, least_days=150, most_days=430)
    explained_on = weekday_after(chance, opened_on, least_days=1, most_days=9)
    return EpisodePlan(
        fields={
            "opened_on": opened_on,
            "trigger": CaseTrigger.SUSPECTED_MALFUNCTION.value,
            "withdrawal_severity": WithdrawalSeverity.NONE.value,
        },
        presenting_signs=(
            PresentingSign.SPASM_INCREASE.value,
            PresentingSign.NOXIOUS_STIMULUS.value,
        ),
        workup=(
            _step(WorkupStep.INTERROGATION, opened_on, WorkupResult.NORMAL),
            _step(WorkupStep.PLAIN_RADIOGRAPH, explained_on, WorkupResult.NORMAL),
        ),
        closed_on=weekday_after(chance, explained_on, least_days=14, most_days=40),
        outcome=CaseOutcome.RESOLVED_WITHOUT_SURGERY.value,
    )


def _pocket_infected(chance: Random, implanted_on: date) -> EpisodePlan:
    opened_on = weekday_after(chance, implanted_on, least_days=18, most_days=80)
    operated_on = opened_on + timedelta(days=1)
    return EpisodePlan(
        fields={
            "opened_on": opened_on,
            "trigger": CaseTrigger.INFECTION.value,
            "withdrawal_severity": WithdrawalSeverity.NONE.value,
        },
        presenting_signs=(PresentingSign.FEVER.value, PresentingSign.WOUND_ERYTHEMA.value),
        workup=(_step(WorkupStep.LABORATORY, opened_on, WorkupResult.ABNORMAL),),
        surgery=SurgeryPlan(
            fields={
                "performed_on": operated_on,
                "indication": RevisionIndication.INFECTION_DEEP_POCKET.value,
                "planned": Planning.UNPLANNED.value,
                "urgency": Urgency.URGENT.value,
                "imaging_known": ImagingKnown.NO_IMAGING.value,
            },
            procedures=(Procedure.WASHOUT_DEBRIDEMENT_RETENTION.value,),
            findings=(
                confirmed(
                    ComponentKind.PUMP,
                    IntraoperativeFindingCode.INFECTION_POCKET,
                    None,
                    ProofMethod.INSPECTION,
                ),
                not_explored(ComponentKind.SPINAL_SEGMENT),
            ),
        ),
        closed_on=weekday_after(chance, operated_on, least_days=60, most_days=100),
        outcome=CaseOutcome.RESOLVED_BY_SURGERY.value,
    )


def _step(step: WorkupStep, day: date, result: WorkupResult) -> WorkupEntry:
    return WorkupEntry(kind=step.value, performed_on=day, result=result.value)
