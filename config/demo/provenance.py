"""What the abstract states of each record; every other field of it is synthetic.

Source: Abousamra O, Rogers KJ, McManus M, Miller F, Sees JP. Dev Med Child Neurol 2016;58:409-415,
doi 10.1111/dmcn.12893, abstract.
"""

from typing import Final

from registry.models import (
    Adjudication,
    Assessment,
    Complication,
    Component,
    ContrastStudy,
    DoseSetting,
    OutcomeReview,
    Patient,
    Read,
    Refill,
    RevisionCase,
    RevisionSurgery,
    ScreeningTest,
    StudyLink,
)
from registry.models.record import Record

NOTHING: Final = frozenset[str]()

STATED_OF_COMPLETED_STUDY: Final = frozenset({"outcome", "contrast_injected"})
"""24 of 27 studies show where contrast or fluid went."""

STATED_OF_STOPPED_STUDY: Final = frozenset({"outcome", "aspiration", "stop_reason"})
"""In 3 baclofen could not be aspirated and the procedure was stopped."""

STATED_OF_READ: Final = frozenset({"primary_finding"})

STATED_OF_OCCLUSION_READ: Final = frozenset({"primary_finding", "finding_sites"})
"""The abstract places the loculation around the catheter tip."""

STATED_OF_BATTERY_SURGERY: Final = frozenset({"indication"})
"""The four operated normal patients: the battery was close to expiration."""

BOOKKEEPING: Final = frozenset({*Record.NOT_IDENTIFYING_OF_RECORD, "registry_number"})
"""Written by the software itself, so neither stated nor made up."""

PARENTS: Final[dict[type[Record], frozenset[str]]] = {
    Patient: NOTHING,
    Component: frozenset({"patient"}),
    RevisionCase: frozenset({"patient"}),
    ContrastStudy: frozenset({"case"}),
    StudyLink: NOTHING,
    Read: frozenset({"contrast_study", "vocabulary_version", "masked_reread"}),
    Adjudication: frozenset({"contrast_study", "vocabulary_version", "read_a", "read_b"}),
    RevisionSurgery: frozenset({"case"}),
    ScreeningTest: frozenset({"patient", "confirmed_doubts"}),
    DoseSetting: frozenset({"patient", "pump", "confirmed_doubts"}),
    Refill: frozenset({"patient", "pump", "confirmed_doubts"}),
    Assessment: frozenset({"patient"}),
    OutcomeReview: frozenset({"case", "surgery", "confirmed_doubts"}),
    Complication: frozenset({"patient", "case", "surgery", "contrast_study"}),
}
"""Fields that only place a record among the others, or name the list its codes are from."""

KEPT_ELSEWHERE: Final[dict[type[Record], frozenset[str]]] = {
    Patient: frozenset({"name", "local_number", "birth_date"}),
    RevisionCase: frozenset({"presenting_signs", "workup_steps"}),
    Read: frozenset({"primary_finding", "finding_sites", "measurements", "key_images"}),
    Adjudication: frozenset({"primary_finding", "finding_sites"}),
    Assessment: frozenset({"grades"}),
    Complication: frozenset({"relations"}),
    RevisionSurgery: frozenset({"procedures", "findings"}),
}
"""What belongs to a record but is stored in rows of its own."""


def synthetic_fields(kind: type[Record], *, stated: frozenset[str] = NOTHING) -> list[str]:
    """Names of all that is made up in a record of this kind, sorted."""
    columns = {field.name for field in kind._meta.concrete_fields}
    own = columns - BOOKKEEPING - PARENTS[kind]
    return sorted((own | KEPT_ELSEWHERE.get(kind, NOTHING)) - stated)
