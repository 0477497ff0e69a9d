"""What is logged of a therapy beside its episode: test, doses, refills, grades, how it went on.

The abstract says nothing of it; all of it is made up within the ranges of domain §4.1. Each patient
has a source of chance of their own, so that the rest of the cohort stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any, Final

from config.demo.chance import SEED, weekday
from config.demo.plan import Fields, PatientPlan
from config.demo.unstudied import LAST_DAY
from registry.audit.drug_delivery import (
    Infusion,
    days_to_low_reservoir,
    expected_residual_ml,
    flow_ml_per_day,
)
from registry.audit.instruments import Instrument, items_of
from registry.vocabulary import (
    CaseTrigger,
    ClavienDindoSink,
    ComplicationCode,
    ComponentKind,
    DeliveryMode,
    Hospitalisation,
    Relatedness,
    ReviewTime,
    SymptomOutcome,
    TherapyStatus,
    YesNoUnknown,
)

REVIEW_DAYS: Final = {ReviewTime.WEEK_6: 42, ReviewTime.MONTH_3: 91, ReviewTime.MONTH_12: 365}
LONGEST_DAYS_TO_REFILL: Final = 150
SPARE_DAYS: Final = 10
"""A refill is due before the alarm of the reservoir."""

TITRATION_DAYS: Final = 28
TITRATION: Final = Decimal("1.15")
"""5 to 15 % a step (domain §4.1)."""

LEGS: Final = ("hip_adductors", "knee_flexors", "plantar_flexors")


@dataclass(frozen=True)
class TherapyPlan:
    """Plain values, in the order of the days they happened on.

    `pumps` are the days from which each pump of the patient was in place.
    """

    pumps: tuple[date, ...]
    tests: tuple[Fields, ...]
    doses: tuple[Fields, ...]
    refills: tuple[Fields, ...]
    assessments: tuple[tuple[Fields, dict[str, str]], ...]
    reviews: tuple[Fields, ...]
    complications: tuple[tuple[Fields, tuple[str, ...]], ...]


def therapy_of(plan: PatientPlan) -> TherapyPlan | None:
    """The therapy of a patient with a contrast study or an infection; None of the others."""
    episode = plan.episode
    if episode is None:
        return None
    infected = episode.fields["trigger"] == CaseTrigger.INFECTION.value
    return _Course(plan).planned() if episode.study or infected else None


class _Course:
    """One patient's years with the pump."""

    def __init__(self, plan: PatientPlan) -> None:
        assert plan.episode is not None
        self._chance = Random(f"{SEED} {plan.local_number}")  # noqa: S311 - made-up patients
        self._episode = plan.episode
        pump = next(one for one in plan.components if one["kind"] == ComponentKind.PUMP.value)
        self._begun_on: date = pump["implanted_on"]
        self._reservoir_ml = Decimal(pump["reservoir_ml"])
        self._opened_on: date = self._episode.fields["opened_on"]
        surgery = self._episode.surgery
        self._operated_on: date | None = surgery.fields["performed_on"] if surgery else None
        self._new_pump = surgery is not None and any(
            one["kind"] == ComponentKind.PUMP.value for one in surgery.replacements
        )
        self._suspected = self._episode.fields["trigger"] == CaseTrigger.SUSPECTED_MALFUNCTION.value
        self._bolus_ug = self._chance.choice((50, 50, 75, 100))
        self._target_ug = Decimal(self._chance.randrange(180, 460, 10))
        self._concentration = Decimal(1000 if self._target_ug <= 300 else 2000)

    def planned(self) -> TherapyPlan:
        doses = tuple(self._doses())
        pumps = [self._begun_on]
        if self._new_pump and self._operated_on is not None:
            pumps.append(self._operated_on)
        return TherapyPlan(
            pumps=tuple(pumps),
            tests=tuple(self._tests()),
            doses=doses,
            refills=tuple(self._refills(doses)),
            assessments=tuple(self._assessments()),
            reviews=tuple(self._reviews()),
            complications=tuple(self._complications()),
        )

    def _tests(self) -> Iterator[Fields]:
        day = weekday(self._begun_on - timedelta(days=self._chance.randint(25, 60)))
        for number, bolus_ug in enumerate(range(50, self._bolus_ug + 1, 25)):
            worked = bolus_ug == self._bolus_ug
            yield {
                "performed_on": day + timedelta(days=number),
                "bolus_ug": Decimal(bolus_ug),
                "responded": (YesNoUnknown.YES if worked else YesNoUnknown.NO).value,
                "effect_hours": Decimal(self._chance.randint(5, 8)) if worked else None,
            }

    def _doses(self) -> Iterator[Fields]:
        """Twice the bolus first, then small steps; more in vain before a suspicion."""
        day, dose_ug = self._begun_on, Decimal(2 * self._bolus_ug)
        end = min(self._opened_on, LAST_DAY)
        while day < end:
            yield self._dose(day, dose_ug)
            if dose_ug < self._target_ug:
                dose_ug = min(_tens(dose_ug * TITRATION), self._target_ug)
                day += timedelta(days=TITRATION_DAYS + self._chance.randint(-6, 9))
            else:
                dose_ug = _tens(dose_ug * Decimal(self._chance.choice(("0.95", "1.05", "1.1"))))
                day += timedelta(days=self._chance.randint(170, 320))
        if self._suspected:
            yield self._dose(self._opened_on, _tens(dose_ug * TITRATION))
        if self._operated_on is not None:
            yield self._dose(self._operated_on, self._target_ug)

    def _dose(self, day: date, dose_ug: Decimal) -> Fields:
        return {
            "set_on": day,
            "mode": DeliveryMode.SIMPLE_CONTINUOUS.value,
            "dose_ug_per_day": dose_ug,
            "concentration_ug_per_ml": self._concentration,
        }

    def _refills(self, doses: tuple[Fields, ...]) -> Iterator[Fields]:
        day, expected_ml = self._begun_on, None
        while True:
            aspirated_ml = None
            if expected_ml is not None:
                off_ml = Decimal(self._chance.randint(-4, 4)) / 10
                aspirated_ml = max(Decimal(0), expected_ml + off_ml)
            yield {
                "performed_on": day,
                "expected_ml": expected_ml,
                "aspirated_ml": aspirated_ml,
                "filled_ml": self._reservoir_ml,
                "concentration_ug_per_ml": self._concentration,
                "drug_on_label": YesNoUnknown.YES.value,
            }
            horizon = day + timedelta(days=LONGEST_DAYS_TO_REFILL)
            before = [one for one in doses if one["set_on"] <= day][-1:]
            ahead = [one for one in doses if day < one["set_on"] <= horizon]
            lasts = days_to_low_reservoir(
                volume_ml=self._reservoir_ml, ml_per_day=max(map(_flow, before + ahead))
            )
            assert lasts is not None
            days = min(int(lasts) - SPARE_DAYS, LONGEST_DAYS_TO_REFILL)
            due = weekday(day + timedelta(days=max(days, 1)))
            if self._new_pump and self._operated_on and day < self._operated_on <= due:
                # The new pump comes with a filled reservoir of its own.
                day, expected_ml = self._operated_on, None
                continue
            if due > LAST_DAY:
                return
            expected_ml = _tenths(
                expected_residual_ml(
                    filled_ml=self._reservoir_ml, infusions=_infusions(doses, day, due)
                )
            )
            day = due

    def _assessments(self) -> Iterator[tuple[Fields, dict[str, str]]]:
        """Legs before and after, and how often spasms come."""
        worse = [self._begun_on - timedelta(days=21)]
        better = [self._begun_on + timedelta(days=days) for days in (180, 365, 730, 1095, 1460)]
        if self._suspected:
            worse.append(self._opened_on)
        if self._operated_on is not None:
            better.append(self._operated_on + timedelta(days=91))
        better = [day for day in better if not self._is_in_episode(day)]
        days = [(day, (2, 4)) for day in worse] + [(day, (0, 2)) for day in better]
        for day, (least, most) in sorted(days):
            if day > LAST_DAY:
                continue
            on = weekday(day)
            legs = {
                item.code: str(self._chance.randint(least, most))
                for item in items_of(Instrument.ASHWORTH_0_4)
                if item.code.rpartition("_")[0] in LEGS
            }
            yield {"performed_on": on, "instrument": Instrument.ASHWORTH_0_4.value}, legs
            often = self._chance.randint(least, most)
            spasms = {"frequency": str(often)}
            if often:
                spasms["severity"] = str(self._chance.randint(1, 3))
            yield {"performed_on": on, "instrument": Instrument.PENN_SPASM.value}, spasms

    def _is_in_episode(self, day: date) -> bool:
        ended_on = self._operated_on or self._episode.closed_on or LAST_DAY
        return self._opened_on - timedelta(days=60) <= day <= ended_on

    def _reviews(self) -> Iterator[Fields]:
        if self._operated_on is None:
            yield from self._review_without_surgery()
            return
        planned = not self._suspected
        for time, days in REVIEW_DAYS.items():
            reviewed_on = weekday(self._operated_on + timedelta(days=days))
            if reviewed_on > LAST_DAY:
                return
            better = time is ReviewTime.MONTH_12 or self._chance.random() < 0.6
            symptoms = SymptomOutcome.RESOLVED if better else SymptomOutcome.IMPROVED
            yield {
                "time": time.value,
                "reviewed_on": reviewed_on,
                "symptoms": (SymptomOutcome.UNCHANGED if planned else symptoms).value,
                "therapy": TherapyStatus.CONTINUED.value,
                "dose_before_ug_per_day": self._target_ug,
                "dose_after_ug_per_day": self._target_ug,
                "repeat_study": YesNoUnknown.NO.value,
                "revised_again": YesNoUnknown.NO.value,
            }

    def _review_without_surgery(self) -> Iterator[Fields]:
        closed_on = self._episode.closed_on
        if closed_on is None:
            return
        better = self._chance.random() < 0.7
        yield {
            "time": ReviewTime.MONTH_3.value,
            "reviewed_on": min(weekday(closed_on + timedelta(days=91)), LAST_DAY),
            "symptoms": (SymptomOutcome.RESOLVED if better else SymptomOutcome.IMPROVED).value,
            "therapy": TherapyStatus.CONTINUED.value,
            "dose_before_ug_per_day": self._target_ug,
            "dose_after_ug_per_day": self._target_ug,
        }

    def _complications(self) -> Iterator[tuple[Fields, tuple[str, ...]]]:
        if self._episode.fields["trigger"] != CaseTrigger.INFECTION.value:
            return
        nights = self._chance.randint(6, 14)
        yield (
            {
                "occurred_on": self._opened_on,
                "code": ComplicationCode.INFECTION_POCKET.value,
                "grade": ClavienDindoSink.GRADE_III.value,
                "hospitalisation": Hospitalisation.WARD.value,
                "hospital_nights": nights,
                "needed_surgery": YesNoUnknown.YES.value,
                "serious": YesNoUnknown.YES.value,
                "resolved_on": self._opened_on + timedelta(days=nights + 21),
            },
            (Relatedness.PROCEDURE.value,),
        )


def _flow(dose: Fields) -> Decimal:
    return flow_ml_per_day(
        dose_ug_per_day=dose["dose_ug_per_day"],
        concentration_ug_per_ml=dose["concentration_ug_per_ml"],
    )


def _infusions(doses: tuple[Fields, ...], begin: date, end: date) -> Iterator[Infusion]:
    """What flowed between two refills, dose by dose."""
    changes: list[Any] = [*(one["set_on"] for one in doses), end]
    for dose, following in zip(doses, changes[1:], strict=True):
        since, until = max(dose["set_on"], begin), min(following, end)
        if until > since:
            yield Infusion(ml_per_day=_flow(dose), days=Decimal((until - since).days))


def _tens(dose_ug: Decimal) -> Decimal:
    return (dose_ug / 10).quantize(Decimal(1), rounding=ROUND_HALF_UP) * 10


def _tenths(volume_ml: Decimal) -> Decimal:
    return volume_ml.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
