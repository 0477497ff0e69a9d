"""Who was given a test dose for dystonia, and what became of them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from .background_facts import BackgroundFacts
from .complication_facts import ComplicationFacts
from .dose_course import DAYS_PER_MONTH
from .facts import PatientFacts
from .instruments import Instrument
from .satisfaction_facts import SatisfactionFacts
from .score_course import DatedScore, Measure, before_and_after
from .screening_facts import ScreeningFacts

DYSTONIA: Final = frozenset({"dystonia_primary", "dystonia_secondary"})
IN_HOSPITAL: Final = frozenset({"ward", "hdu", "icu"})

FUNCTION: Final = Measure(
    "copm", "COPM, mean performance", Instrument.COPM, "performance",
    better_is_less=False, change=2,
)  # fmt: skip

RESPONSE_RULE: Final = (
    "response-1: test doses up to the implantation count. A patient responded if any of them says "
    "so, and did not if one says no and none yes [proposal]."
)
IMPLANT_RULE: Final = (
    "implant-1: implanted means that the first pump was implanted on or after the day of the first "
    "test dose. A pump whose day is not known does not count [proposal]."
)
FOLLOWED_RULE: Final = (
    "satisfied-1: efficacy continues if the last answer after the implantation says that patient "
    "or caregiver was satisfied. Who was not asked was not followed [proposal]."
)
FUNCTION_RULE: Final = (
    "function-1: function improved if the last COPM performance after the implantation is at "
    "least 2 points above the last before it [own]; only patients with both count."
)
HOSPITAL_RULE: Final = (
    "hospital-1: a complication on or after the day of the implantation that needed a ward, a high "
    "dependency or an intensive care unit. None recorded counts as none [proposal]."
)


@dataclass(frozen=True, slots=True)
class Screened:
    """One patient with dystonia who was given a test dose."""

    patient: PatientFacts
    response: str
    implanted_on: date | None
    answer: SatisfactionFacts | None
    function: tuple[DatedScore, DatedScore] | None
    hospitalised: bool

    @property
    def responded(self) -> bool:
        return self.response == "yes"

    @property
    def implanted(self) -> bool:
        return self.implanted_on is not None

    @property
    def efficacy(self) -> bool:
        return self.answer is not None and self.answer.satisfied == "yes"

    @property
    def gained(self) -> bool:
        if self.function is None or FUNCTION.change is None:
            return False
        before, after = self.function
        return after.value - before.value >= FUNCTION.change

    @property
    def months(self) -> float | None:
        """From implantation to the last answer."""
        if self.implanted_on is None or self.answer is None:
            return None
        return (self.answer.asked_on - self.implanted_on).days / DAYS_PER_MONTH


def screened(patient: PatientFacts, as_of: date) -> Screened | None:
    """None for whom the paper would not have counted."""
    tests = patient.of(ScreeningFacts)
    if not tests or not any(one.diagnosis in DYSTONIA for one in patient.of(BackgroundFacts)):
        return None
    implanted_on = patient.therapy_from
    if implanted_on is not None and not tests[0].performed_on <= implanted_on <= as_of:
        implanted_on = None
    answers = {
        one.responded for one in tests if implanted_on is None or one.performed_on <= implanted_on
    }
    response = next((one for one in ("yes", "no") if one in answers), "unknown")
    if implanted_on is None:
        return Screened(patient, response, None, None, None, False)
    later = [one for one in patient.of(SatisfactionFacts) if one.asked_on > implanted_on]
    return Screened(
        patient=patient,
        response=response,
        implanted_on=implanted_on,
        answer=later[-1] if later else None,
        function=before_and_after(patient, FUNCTION, implanted_on),
        hospitalised=any(
            one.hospitalisation in IN_HOSPITAL and one.occurred_on >= implanted_on
            for one in patient.of(ComplicationFacts)
        ),
    )
