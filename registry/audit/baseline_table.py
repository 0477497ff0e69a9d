"""Who was counted: age, sex, diagnosis and centre of those in the first box of the flow.

The same for every protocol, whatever it counts. No public edition has it: what must be masked is
worked out from possible people, and age, sex, diagnosis and centre beside all other tables make
more kinds of them than can be drawn. Tried on synthetic patients, small numbers came out.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from .age_table import KEY as AGES
from .background_facts import BackgroundFacts
from .fact_group import FactGroup
from .facts import Cohort, PatientFacts
from .patient_limits import age_of
from .protocol import Column, Earlier, Form, TableDescription
from .result import Cell, Table
from .selection import Period

KEY: Final = "baseline"

BASELINE_RULE: Final = (
    "baseline-1: who was counted is told by age, sex, diagnosis and centre of everybody in the "
    "first box of the flow. Age is counted in calendar years, as where it is limited: at the first "
    "contrast study of the period, or at its end where there is none. Its bands are ours "
    "[proposal]. Unknown is what somebody said cannot be known; not recorded is what nobody said "
    "anything of, as a year of birth that is empty."
)

AGE_BANDS: Final = ((0, 5), (6, 11), (12, 17), (18, 39), (40, 64), (65, None))

SEX_LABELS: Final = {
    "female": "Female",
    "male": "Male",
    "indeterminate": "Indeterminate",
    "unknown": "Unknown",
}

DIAGNOSIS_LABELS: Final = {
    "cp_spastic": "Cerebral palsy, spastic",
    "cp_dyskinetic": "Cerebral palsy, dyskinetic",
    "cp_mixed": "Cerebral palsy, mixed",
    "cp_ataxic": "Cerebral palsy, ataxic",
    "dystonia_primary": "Dystonia, primary",
    "dystonia_secondary": "Dystonia, secondary",
    "sci_traumatic": "Spinal cord injury, traumatic",
    "sci_nontraumatic": "Spinal cord injury, non-traumatic",
    "ms": "Multiple sclerosis",
    "stroke": "Stroke",
    "tbi": "Traumatic brain injury",
    "hypoxic_bi": "Hypoxic or other acquired brain injury",
    "hsp": "Hereditary spastic paraparesis",
    "crps": "Complex regional pain syndrome",
    "nbia_metabolic": "NBIA or metabolic disease",
    "leukodystrophy": "Leukodystrophy",
    "als_pls": "ALS or PLS",
    "stiff_person": "Stiff-person syndrome",
    "tumour_spine": "Spinal tumour",
    "myelitis": "Myelitis",
    "syrinx": "Syrinx",
    "other": "Other",
    "unknown": "Unknown",
}
"""A test compares both with the registry's vocabulary."""

NOT_RECORDED: Final = "not_recorded"
BORN_LATER: Final = "born_later"
NOTHING_SAID: Final = BackgroundFacts(None, "", "")


def _age_labels() -> dict[str, str]:
    labels = {}
    for first, last in AGE_BANDS:
        older = f"{first} years and older"
        labels[f"{first}"] = older if last is None else f"{first} to {last} years"
    return labels | {BORN_LATER: "year of birth after that day"}


LABELS: Final = {
    "age": ("Age", _age_labels() | {NOT_RECORDED: "year of birth not recorded"}),
    "sex": ("Sex", SEX_LABELS | {NOT_RECORDED: "Not recorded"}),
    "diagnosis": ("Diagnosis", DIAGNOSIS_LABELS | {NOT_RECORDED: "Not recorded"}),
    "centre": ("Centre", {}),
}
"""By characteristic its name and its values, in the order in which they are printed."""

ALWAYS: Final = frozenset(
    {("age", f"{first}") for first, _ in AGE_BANDS}
    | {("sex", "female"), ("sex", "male"), ("sex", "unknown"), ("diagnosis", "unknown")}
    | {(name, NOT_RECORDED) for name in ("age", "sex", "diagnosis")}
)
"""Rows that stand where nobody is in them, too; every other one only where somebody is."""


def baseline_description(unit: str) -> TableDescription:
    """The table of a protocol that counts `unit`; where these are no patients, both are counted."""
    of_patients = (
        Column("patients", "Patients", counts=True, unit="patients"),
        Column("of_patients", "Of patients", counts=True, unit="patients"),
    )
    counted = unit.capitalize()
    return TableDescription(
        key=KEY,
        label="Who was counted",
        columns=(
            Column("key", "Key"),
            Column("label", "Characteristic"),
            Column("n", counted, counts=True),
            Column("of", f"Of {unit}", counts=True),
            Column("value", "Share", form=Form.PERCENT),
            *(() if unit == "patients" else of_patients),
        ),
        note=(
            "Everybody in the first box of the flow; the rows of each characteristic add up to it. "
            "Age in calendar years at the first contrast study of the period, or at its end where "
            "there is none, in bands of ours [proposal]. Unknown: somebody said that it cannot be "
            "known. Not recorded: nobody said anything. Diagnoses and centres that nobody has are "
            "left out. In no public edition."
        ),
        public=False,
    )


BASELINE: Final = baseline_description("patients")


def before_baseline(version: str, index_rule: str) -> Earlier:
    """The version of a protocol that did not tell who was counted."""
    return Earlier(FactGroup.BACKGROUND, version, index_rule, without=frozenset({KEY, AGES}))


def baseline_table(
    description: TableDescription, known: Cohort, members: Collection[str], period: Period
) -> Table:
    """Those counted, by each characteristic.

    Parameters
    ----------
    members
        Ids of what the protocol counts: of patients, or of anything that is of one patient.
    """
    columns = {column.key for column in description.columns}
    by_patient = _by_patient(known, members, each_is_one="patients" not in columns)
    units: dict[tuple[str, str], list[str]] = {place: [] for place in ALWAYS}
    people: dict[tuple[str, str], list[str]] = {place: [] for place in ALWAYS}
    # Many are alike, so that each person is looked at once and not for each characteristic.
    alike: dict[tuple[str, ...], list[str]] = {}
    for patient in known.patients:
        if patient.patient_id in by_patient:
            alike.setdefault(_values(patient, period), []).append(patient.patient_id)
    for values, ids in alike.items():
        counted = [one for patient_id in ids for one in by_patient[patient_id]]
        for place in zip(LABELS, values, strict=True):
            units.setdefault(place, []).extend(counted)
            people.setdefault(place, []).extend(ids)
    everything, everybody = tuple(sorted(members)), tuple(sorted(by_patient))
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for place in sorted(units, key=_order):
        found = {
            "n": tuple(sorted(units[place])),
            "of": everything,
            "patients": tuple(sorted(people[place])),
            "of_patients": everybody,
        }
        found = {column: ids for column, ids in found.items() if column in columns}
        key = "_".join(place)
        cells |= {(key, column): ids for column, ids in found.items()}
        share = len(found["n"]) / len(everything) if everything else None
        numbers: dict[str, Cell] = {column: len(ids) for column, ids in found.items()}
        numbers |= {"key": key, "label": _label(place), "value": share}
        rows.append(tuple(numbers[column.key] for column in description.columns))
    return description.filled(rows, cells)


def _by_patient(
    known: Cohort, members: Collection[str], *, each_is_one: bool
) -> dict[str, list[str]]:
    """What is counted of each patient of whom anything is."""
    if each_is_one:
        return {one: [one] for one in members}
    patient_of = known.patient_of()
    found: dict[str, list[str]] = {}
    for one in members:
        found.setdefault(patient_of[one], []).append(one)
    return found


def _values(patient: PatientFacts, period: Period) -> tuple[str, ...]:
    """Of each characteristic the value of the patient, in their order."""
    facts = patient.of(BackgroundFacts)
    background = facts[0] if facts else NOTHING_SAID
    years = age_of(patient, background, first=period.first, last=period.last)
    return (
        _band(years),
        background.sex or NOT_RECORDED,
        background.diagnosis or NOT_RECORDED,
        patient.centre,
    )


@lru_cache(maxsize=256)
def _band(years: int | None) -> str:
    if years is None:
        return NOT_RECORDED
    if years < 0:
        return BORN_LATER
    return f"{max(first for first, _ in AGE_BANDS if first <= years)}"


def _order(place: tuple[str, str]) -> tuple[int, int, str]:
    """As the labels stand; a code of a newer vocabulary and a centre stand by their names."""
    name, value = place
    values = list(LABELS[name][1])
    if value not in values:
        return list(LABELS).index(name), len(values) - 2, value
    return list(LABELS).index(name), values.index(value), ""


def _label(place: tuple[str, str]) -> str:
    name, value = place
    title, labels = LABELS[name]
    return f"{title}: {labels.get(value, value)}"
