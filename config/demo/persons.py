"""Made-up children with an intrathecal baclofen pump.

Proportions lean on published series of such children (domain §2.1: 84 to 89 % cerebral palsy,
mostly spastic quadriplegia); the abstract the cohort follows states none of them.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from config.demo.chance import one_of
from registry.vocabulary import (
    ConsentStatus,
    Diagnosis,
    GmfcsLevel,
    Origin,
    Sex,
    SpinalLevel,
    TonePattern,
    YesNoUnknown,
)

DIAGNOSES: Final = {
    Diagnosis.CP_SPASTIC: 0.78,
    Diagnosis.CP_MIXED: 0.09,
    Diagnosis.CP_DYSKINETIC: 0.03,
    Diagnosis.TBI: 0.03,
    Diagnosis.HYPOXIC_BI: 0.03,
    Diagnosis.DYSTONIA_SECONDARY: 0.02,
    Diagnosis.SCI_TRAUMATIC: 0.01,
    Diagnosis.HSP: 0.01,
}
CEREBRAL_PALSY: Final = (Diagnosis.CP_SPASTIC, Diagnosis.CP_MIXED, Diagnosis.CP_DYSKINETIC)
TONE: Final = {
    Diagnosis.CP_MIXED: TonePattern.MIXED,
    Diagnosis.CP_DYSKINETIC: TonePattern.DYSTONIA,
    Diagnosis.DYSTONIA_SECONDARY: TonePattern.DYSTONIA,
}
SPINAL: Final = (Diagnosis.SCI_TRAUMATIC, Diagnosis.HSP)
GMFCS: Final = {
    GmfcsLevel.LEVEL_III: 0.08,
    GmfcsLevel.LEVEL_IV: 0.34,
    GmfcsLevel.LEVEL_V: 0.58,
}
TIP_LEVELS: Final = {
    SpinalLevel.T1: 0.10,
    SpinalLevel.T2: 0.20,
    SpinalLevel.T4: 0.20,
    SpinalLevel.T6: 0.20,
    SpinalLevel.T8: 0.15,
    SpinalLevel.T10: 0.15,
}
ENTRY_LEVELS: Final = {SpinalLevel.L2: 0.25, SpinalLevel.L3: 0.55, SpinalLevel.L4: 0.20}
YOUNGEST_AT_IMPLANT_YEARS: Final = 4
OLDEST_AT_IMPLANT_YEARS: Final = 15


def person(chance: Random, *, first_implant_on: date) -> tuple[date, dict[str, Any]]:
    """Birth date, and the facts of the patient's record."""
    age_days = chance.randint(YOUNGEST_AT_IMPLANT_YEARS * 366, OLDEST_AT_IMPLANT_YEARS * 365)
    born_on = first_implant_on - timedelta(days=age_days)
    diagnosis = one_of(chance, DIAGNOSES)
    level = one_of(chance, GMFCS) if diagnosis in CEREBRAL_PALSY else GmfcsLevel.NOT_APPLICABLE
    severe = level is GmfcsLevel.LEVEL_V
    weight_kg = 9 + 1.9 * age_days / 365 * chance.uniform(0.8, 1.25)
    return born_on, {
        "sex": one_of(chance, {Sex.FEMALE: 0.44, Sex.MALE: 0.56}).value,
        "birth_year": born_on.year,
        "diagnosis": diagnosis.value,
        "origin": (Origin.SPINAL if diagnosis in SPINAL else Origin.CEREBRAL).value,
        "tone_pattern": TONE.get(diagnosis, TonePattern.SPASTICITY).value,
        "gmfcs": level.value,
        "ambulatory": _answer(chance, yes=0.9 if level is GmfcsLevel.LEVEL_III else 0.0),
        "gastrostomy": _answer(chance, yes=0.6 if severe else 0.2),
        "epilepsy": _answer(chance, yes=0.6 if severe else 0.35, unknown=0.04),
        "spinal_fusion": _answer(chance, yes=0.3 if severe else 0.12),
        "weight_kg": Decimal(str(round(weight_kg, 1))),
        "consent": ConsentStatus.WAIVED.value,
    }


def levels(chance: Random) -> tuple[str, str]:
    """Where the tip of the catheter lies and where it enters the canal."""
    return one_of(chance, TIP_LEVELS).value, one_of(chance, ENTRY_LEVELS).value


def _answer(chance: Random, *, yes: float, unknown: float = 0.0) -> str:
    shares = {
        YesNoUnknown.YES: yes,
        YesNoUnknown.NO: 1 - yes - unknown,
        YesNoUnknown.UNKNOWN: unknown,
    }
    return one_of(chance, shares).value
