"""What happened to some patients after their battery was replaced. All of it is made up.

Revisions that follow each other, so that lanes, repeated revisions and hazards of the demonstration
show what they are for. None is after a contrast study, so the published numbers stay as they are.
Each patient has a source of chance of their own, so that the rest of the cohort stays as it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from config.demo import devices
from config.demo.chance import SEED, weekday_after
from config.demo.operations import confirmed, excluded, not_explored
from config.demo.plan import ComplicationPlan, EpisodePlan, Fields, PatientPlan, SurgeryPlan
from config.demo.unstudied import LAST_DAY
from registry.actions.cases import WorkupEntry
from registry.actions.surgeries import IntraoperativeEntry
from registry.vocabulary import (
    CaseOutcome,
    CaseTrigger,
    ClavienDindoSink,
    ComplicationCode,
    ComponentKind,
    Hospitalisation,
    ImagingKnown,
    IntraoperativeFindingCode,
    IntraoperativeSite,
    Planning,
    PresentingSign,
    Procedure,
    ProofMethod,
    Relatedness,
    RevisionIndication,
    Urgency,
    WithdrawalSeverity,
    WorkupResult,
    WorkupStep,
    YesNoUnknown,
)

PUMP = ComponentKind.PUMP
PUMP_SEGMENT = ComponentKind.PUMP_SEGMENT
SPINAL_SEGMENT = ComponentKind.SPINAL_SEGMENT
SYSTEM: Final = (PUMP, PUMP_SEGMENT, SPINAL_SEGMENT)

BATTERY_BEFORE: Final = date(2012, 7, 1)
"""Whose battery was replaced later has too little time left for another story."""


@dataclass(frozen=True)
class Revision:
    """A revision without a contrast study; the radiograph or the pump's log showed why."""

    indication: RevisionIndication
    procedures: tuple[Procedure, ...]
    findings: tuple[IntraoperativeEntry, ...]
    replaced: tuple[ComponentKind, ...] = ()
    shown_by: WorkupStep = WorkupStep.PLAIN_RADIOGRAPH


FRACTURE: Final = Revision(
    RevisionIndication.CATHETER_FRACTURE_OR_TEAR,
    (Procedure.SPINAL_SEGMENT_REPLACEMENT,),
    (
        confirmed(
            SPINAL_SEGMENT,
            IntraoperativeFindingCode.FRACTURE,
            IntraoperativeSite.SPINAL_SEGMENT_EXTRASPINAL,
            ProofMethod.INSPECTION,
        ),
        not_explored(PUMP),
    ),
    replaced=(SPINAL_SEGMENT,),
)
KINK: Final = Revision(
    RevisionIndication.CATHETER_KINK,
    (Procedure.CATHETER_REANCHOR,),
    (
        confirmed(
            SPINAL_SEGMENT,
            IntraoperativeFindingCode.KINK,
            IntraoperativeSite.ANCHOR,
            ProofMethod.INSPECTION,
        ),
        not_explored(PUMP),
    ),
)
OUT_OF_CANAL: Final = Revision(
    RevisionIndication.CATHETER_OUT_OF_CANAL,
    (Procedure.SPINAL_SEGMENT_REPLACEMENT,),
    (
        confirmed(
            SPINAL_SEGMENT,
            IntraoperativeFindingCode.MIGRATION_OUT_OF_CANAL,
            None,
            ProofMethod.FLUORO_INTRAOP,
        ),
        not_explored(PUMP),
    ),
    replaced=(SPINAL_SEGMENT,),
)
DISCONNECTED: Final = Revision(
    RevisionIndication.CATHETER_DISCONNECTION_PUMP,
    (Procedure.PUMP_SEGMENT_REPLACEMENT,),
    (
        confirmed(
            PUMP_SEGMENT,
            IntraoperativeFindingCode.DISCONNECTION,
            IntraoperativeSite.PUMP_CONNECTOR,
            ProofMethod.INSPECTION,
        ),
        excluded(PUMP),
        not_explored(SPINAL_SEGMENT),
    ),
    replaced=(PUMP_SEGMENT,),
)
STALLED: Final = Revision(
    RevisionIndication.MOTOR_STALL,
    (Procedure.PUMP_REPLACEMENT_SAME_POCKET,),
    (
        confirmed(PUMP, IntraoperativeFindingCode.ROTOR_STALL, None, ProofMethod.FLUORO_INTRAOP),
        not_explored(SPINAL_SEGMENT),
    ),
    replaced=(PUMP,),
    shown_by=WorkupStep.INTERROGATION,
)

INFECTION_AND_NEW_SYSTEM: Final = "infection, system out, later a new one"
INFECTION_AND_NONE: Final = "infection, system out, therapy ended"

Step = Revision | str

COURSES: Final[tuple[tuple[Step, ...], ...]] = (
    (FRACTURE,),
    (INFECTION_AND_NEW_SYSTEM, KINK),
    (KINK, OUT_OF_CANAL),
    (DISCONNECTED,),
    (INFECTION_AND_NONE,),
    (OUT_OF_CANAL, FRACTURE),
    (STALLED,),
    (KINK,),
    (FRACTURE, INFECTION_AND_NEW_SYSTEM),
    (DISCONNECTED, KINK),
)
"""One patient each, in the order of the cohort; a step that the years left do not hold is none."""


def with_further_episodes(plans: Iterable[PatientPlan]) -> Iterator[PatientPlan]:
    """The same patients, some with what happened later."""
    courses = iter(COURSES)
    for plan in plans:
        steps = next(courses, ()) if _is_long_ago(plan) else ()
        yield replace(plan, further=tuple(_Course(plan).episodes(steps))) if steps else plan


def _is_long_ago(plan: PatientPlan) -> bool:
    first = plan.episode
    return (
        first is not None
        and first.study is None
        and first.fields["trigger"] == CaseTrigger.PLANNED_REPLACEMENT.value
        and first.closed_on is not None
        and first.closed_on < BATTERY_BEFORE
    )


class _Course:
    """One patient's years after the battery."""

    def __init__(self, plan: PatientPlan) -> None:
        assert plan.episode is not None
        assert plan.episode.closed_on is not None
        self._chance = Random(f"{SEED} further {plan.local_number}")  # noqa: S311 - made-up
        spinal = next(one for one in plan.components if one["kind"] == SPINAL_SEGMENT.value)
        self._levels = {name: spinal[name] for name in ("tip_level", "entry_level")}
        self._last_on = plan.episode.closed_on

    def episodes(self, steps: tuple[Step, ...]) -> Iterator[EpisodePlan]:
        for step in steps:
            early = isinstance(step, str)
            opened_on = self._after(self._last_on, 5, 40) if early else self._after_years()
            one = (
                self._infection(opened_on, again=step == INFECTION_AND_NEW_SYSTEM)
                if isinstance(step, str)
                else self._revision(opened_on, step)
            )
            assert one.closed_on is not None
            if one.closed_on > LAST_DAY:
                return
            yield one
            self._last_on = one.closed_on

    def _after(self, day: date, least_days: int, most_days: int) -> date:
        return weekday_after(self._chance, day, least_days=least_days, most_days=most_days)

    def _after_years(self) -> date:
        return self._after(self._last_on, 110, 420)

    def _revision(self, opened_on: date, what: Revision) -> EpisodePlan:
        operated_on = self._after(opened_on, 2, 25)
        return EpisodePlan(
            fields=_case(CaseTrigger.SUSPECTED_MALFUNCTION, opened_on),
            presenting_signs=(
                PresentingSign.TONE_INCREASE.value,
                PresentingSign.SPASM_INCREASE.value,
            ),
            workup=tuple(
                WorkupEntry(
                    kind=step.value,
                    performed_on=opened_on,
                    result=(
                        WorkupResult.ABNORMAL if step is what.shown_by else WorkupResult.NORMAL
                    ).value,
                )
                for step in (WorkupStep.INTERROGATION, WorkupStep.PLAIN_RADIOGRAPH)
            ),
            surgery=SurgeryPlan(
                fields=_operation(operated_on, what.indication, Urgency.URGENT),
                procedures=tuple(one.value for one in what.procedures),
                findings=what.findings,
                replacements=self._new(what.replaced, operated_on),
            ),
            closed_on=self._after(operated_on, 35, 60),
            outcome=CaseOutcome.RESOLVED_BY_SURGERY.value,
        )

    def _infection(self, opened_on: date, *, again: bool) -> EpisodePlan:
        out_on = opened_on + timedelta(days=1)
        ended_on = self._after(out_on, 60, 90)
        back_on = self._after(out_on, 100, 180)
        new_system = SurgeryPlan(
            fields=_operation(back_on, RevisionIndication.INFECTION_DEEP_POCKET, Urgency.ELECTIVE),
            procedures=(
                Procedure.PUMP_REPLACEMENT_NEW_POCKET.value,
                Procedure.CATHETER_FULL_REPLACEMENT.value,
            ),
            findings=(),
            replacements=self._new(SYSTEM, back_on),
        )
        return EpisodePlan(
            fields=_case(CaseTrigger.INFECTION, opened_on),
            presenting_signs=(PresentingSign.FEVER.value, PresentingSign.DISCHARGE.value),
            workup=(
                WorkupEntry(
                    kind=WorkupStep.LABORATORY.value,
                    performed_on=opened_on,
                    result=WorkupResult.ABNORMAL.value,
                ),
            ),
            surgery=SurgeryPlan(
                fields=_operation(
                    out_on, RevisionIndication.INFECTION_DEEP_POCKET, Urgency.EMERGENCY
                ),
                procedures=(
                    Procedure.PUMP_EXPLANT_NO_REPLACEMENT.value,
                    Procedure.CATHETER_EXPLANT.value,
                ),
                findings=(
                    confirmed(
                        PUMP,
                        IntraoperativeFindingCode.INFECTION_POCKET,
                        None,
                        ProofMethod.INSPECTION,
                    ),
                ),
                explanted=tuple(kind.value for kind in SYSTEM),
            ),
            later_surgeries=(new_system,) if again else (),
            complications=(self._pocket_infection(opened_on),),
            closed_on=self._after(back_on, 35, 60) if again else ended_on,
            outcome=(CaseOutcome.RESOLVED_BY_SURGERY if again else CaseOutcome.THERAPY_ENDED).value,
        )

    def _pocket_infection(self, occurred_on: date) -> ComplicationPlan:
        nights = self._chance.randint(7, 16)
        return ComplicationPlan(
            fields={
                "occurred_on": occurred_on,
                "code": ComplicationCode.INFECTION_POCKET.value,
                "grade": ClavienDindoSink.GRADE_III.value,
                "hospitalisation": Hospitalisation.WARD.value,
                "hospital_nights": nights,
                "needed_surgery": YesNoUnknown.YES.value,
                "serious": YesNoUnknown.YES.value,
                "resolved_on": occurred_on + timedelta(days=nights + 21),
            },
            relations=(Relatedness.PROCEDURE.value,),
        )

    def _new(self, kinds: tuple[ComponentKind, ...], day: date) -> tuple[Fields, ...]:
        parts = devices.catheter(self._chance, implanted_on=day, kinds=kinds, **self._levels)
        return (devices.pump(self._chance, implanted_on=day), *parts) if PUMP in kinds else parts


def _case(trigger: CaseTrigger, opened_on: date) -> Fields:
    return {
        "opened_on": opened_on,
        "trigger": trigger.value,
        "withdrawal_severity": WithdrawalSeverity.NONE.value,
    }


def _operation(day: date, indication: RevisionIndication, urgency: Urgency) -> Fields:
    planned = Planning.PLANNED if urgency is Urgency.ELECTIVE else Planning.UNPLANNED
    return {
        "performed_on": day,
        "indication": indication.value,
        "planned": planned.value,
        "urgency": urgency.value,
        "imaging_known": ImagingKnown.NO_IMAGING.value,
    }
