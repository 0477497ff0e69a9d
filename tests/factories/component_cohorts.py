"""Cohorts whose components end in every way; every date and id is invented."""

from datetime import date, timedelta

from hypothesis import strategies as st

from registry.audit.background_facts import BackgroundFacts
from registry.audit.component_facts import ComponentFacts
from registry.audit.departure_facts import DepartureFacts
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.procedure_facts import ProcedureFacts
from tests.factories.cohorts import CENTRES

AS_OF = date(2024, 12, 31)
FIRST_DAY = date(2010, 1, 4)
REASONS = ("motor_stall", "battery_eri", "infection_deep_pocket", "growth", "")
MODELS = ("medtronic_8637_20", "medtronic_8637_40", "")


def component(component_id: str = "c", kind: str = "pump", **said: object) -> ComponentFacts:
    """A pump in place since the first day, unless something else is said."""
    known = {"implanted_on": FIRST_DAY, "model": MODELS[0]} | said
    return ComponentFacts(component_id, kind, **known)  # type: ignore[arg-type]


def patient(patient_id: str, *later: object, **said: object) -> PatientFacts:
    known = {"centre": CENTRES[0]} | said
    return PatientFacts(patient_id=patient_id, later=later, **known)  # type: ignore[arg-type]


def many_components(patients: int = 120) -> Cohort:
    """A pump and a spinal segment each; every third pump is revised, and all in a known way."""
    return Cohort(tuple(_one(number) for number in range(patients)))


def _one(number: int) -> PatientFacts:
    placed = FIRST_DAY + timedelta(days=31 * (number % 60))
    revised = placed + timedelta(days=200 + 17 * number % 1900) if number % 3 == 0 else None
    facts = [
        BackgroundFacts(1990 + number % 20, "female" if number % 2 else "male", "cp_spastic"),
        component(
            f"pump-{number:03}",
            implanted_on=placed,
            model=MODELS[number % 2],
            removed_on=revised,
            removal_reason=REASONS[number // 3 % 5] if revised else "",
        ),
        component(
            f"spinal-{number:03}",
            "spinal_segment",
            implanted_on=placed,
            model="medtronic_8780" if number % 4 else "medtronic_8731sc",
            removed_on=placed + timedelta(days=900) if number % 10 == 0 else None,
            removal_reason="catheter_kink" if number % 10 == 0 else "",
        ),
    ]
    if number % 11 == 0:
        facts.append(DepartureFacts(f"case-{number}", placed + timedelta(days=2500)))
    died_on = placed + timedelta(days=3000) if number % 13 == 0 else None
    return patient(f"p-{number:03}", *facts, centre=CENTRES[number % 2], died_on=died_on)


days = st.integers(0, 1500).map(lambda offset: FIRST_DAY + timedelta(days=offset))


@st.composite
def patients_with_components(draw: st.DrawFn, patient_id: str) -> PatientFacts:
    """Zero to three components that may have been removed, moved, lost or never dated."""
    facts: list[object] = []
    for number in range(draw(st.integers(0, 3))):
        placed, removed = draw(st.none() | days), draw(st.none() | days)
        if placed is not None and removed is not None:
            placed, removed = min(placed, removed), max(placed, removed)
        facts.append(
            component(
                f"{patient_id}-{number}",
                draw(st.sampled_from(["pump", "spinal_segment", "connector"])),
                implanted_on=placed,
                model=draw(st.sampled_from(MODELS)),
                removed_on=removed,
                removal_reason=draw(st.sampled_from(REASONS)) if removed else "",
            )
        )
    for number in range(draw(st.integers(0, 2))):
        done = draw(st.sampled_from([("pump_reposition",), ("tip_reposition",), ()]))
        facts.append(ProcedureFacts(f"{patient_id}-s{number}", draw(days), "growth", done))
    if draw(st.booleans()):
        facts.append(DepartureFacts(f"{patient_id}-case", draw(days)))
    facts.append(
        BackgroundFacts(
            draw(st.none() | st.integers(1980, 2010)),
            draw(st.sampled_from(["female", "male", "unknown"])),
            draw(st.sampled_from(["cp_spastic", "ms"])),
        )
    )
    return patient(
        patient_id,
        *facts,
        centre=draw(st.sampled_from(CENTRES)),
        died_on=draw(st.none() | days),
    )


@st.composite
def component_cohorts(draw: st.DrawFn, max_patients: int = 6) -> Cohort:
    size = draw(st.integers(0, max_patients))
    return Cohort(tuple(draw(patients_with_components(f"p{number}")) for number in range(size)))


def signalling_cohort(centre: str = CENTRES[0], *, failed: int = 8) -> Cohort:
    """Six models of pump, five of them with two of twenty revised; of the sixth `failed` of twelve.

    No model holds more than a quarter of the pumps, so each is compared with all.
    """
    sound = ("medtronic_8637_40", "medtronic_8667_20", "medtronic_8667_40", "flowonix_11827",
             "flowonix_13827")  # fmt: skip
    pumps = [(MODELS[0], number, number < failed, 300) for number in range(12)]
    pumps += [(model, number, number < 2, 2000) for model in sound for number in range(20)]
    return Cohort(
        tuple(
            patient(
                f"{model}-{number:02}",
                component(
                    f"pump-{model}-{number:02}",
                    model=model,
                    removed_on=FIRST_DAY + timedelta(days=days_to + number) if revised else None,
                    removal_reason="motor_stall" if revised else "",
                ),
                centre=centre,
            )
            for model, number, revised, days_to in pumps
        )
    )
