"""How old those counted are: median and quartiles, in the years of the table of who was counted.

Like that table it is in no public edition: of few people a median is the age of one of them.
"""

from collections.abc import Collection
from typing import Final

from .background_facts import BackgroundFacts
from .case_course import quantile
from .facts import Cohort
from .patient_limits import age_of
from .protocol import Column, Earlier, Form, TableDescription
from .result import Table
from .selection import Period

KEY: Final = "ages"

AGES_RULE: Final = (
    "ages-1: median and quartiles of age are of the patients in the first box of the flow, each "
    "once, whose year of birth is recorded and not after the day; the others stand in the table of "
    "who was counted. Age is that of baseline-1, in calendar years; a quartile is the first year "
    "by which at least that share of them is reached (Hyndman and Fan's type 1)."
)

AGES: Final = TableDescription(
    key=KEY,
    label="Age of those counted",
    columns=(
        Column("key", "Key"),
        Column("label", "Characteristic"),
        Column("patients", "Patients of known age", counts=True, unit="patients"),
        Column("of_patients", "Of patients", counts=True, unit="patients"),
        Column("first_quartile", "First quartile", form=Form.WHOLE),
        Column("median", "Median", form=Form.WHOLE),
        Column("third_quartile", "Third quartile", form=Form.WHOLE),
    ),
    note=(
        "Patients, each once, whatever else is counted; age in calendar years at the first "
        "contrast study of the period, or at its end where there is none. In no public edition."
    ),
    public=False,
)


def before_ages(version: str, index_rule: str) -> Earlier:
    """The version of a protocol that told who was counted, and no median of their age.

    Its facts are those of now: only a report says that it was counted so.
    """
    return Earlier(None, version, index_rule, without=frozenset({KEY}))


def ages_table(known: Cohort, members: Collection[str], period: Period, *, unit: str) -> Table:
    """The ages of those counted.

    Parameters
    ----------
    members
        Ids of what the protocol counts: of patients, or of anything that is of one patient.
    """
    if unit == "patients":
        everybody = set(members)
    else:
        patient_of = known.patient_of()
        everybody = {patient_of[one] for one in members}
    years = {
        patient.patient_id: age
        for patient in known.patients
        if patient.patient_id in everybody
        for background in patient.of(BackgroundFacts)
        if (age := age_of(patient, background, first=period.first, last=period.last)) is not None
        and age >= 0
    }
    ages = list(years.values())
    quartiles = (quantile(ages, share) for share in (0.25, 0.5, 0.75))
    row = ("age", "Age in calendar years", len(years), len(everybody), *quartiles)
    cells = {
        ("age", "patients"): tuple(sorted(years)),
        ("age", "of_patients"): tuple(sorted(everybody)),
    }
    return AGES.filled([row], cells)
