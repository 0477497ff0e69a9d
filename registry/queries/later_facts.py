"""Fetch the facts that only some protocols ask for."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from registry.audit.fact_group import FactGroup, LaterFact
from registry.audit.review_facts import ReviewFacts
from registry.models import OutcomeReview

OfPatients = Callable[[Any], Iterable[tuple[int, LaterFact]]]
"""From a query for the ids of patients to facts, each with the id of its patient."""


def of_patients(patients: Any, needs: Collection[FactGroup]) -> Mapping[int, list[LaterFact]]:
    """The facts of these groups, by the id of the patient."""
    facts: dict[int, list[LaterFact]] = defaultdict(list)
    for group in sorted(FETCH.keys() & needs):
        for patient_pk, fact in FETCH[group](patients):
            facts[patient_pk].append(fact)
    return facts


def _reviews(patients: Any) -> Iterator[tuple[int, ReviewFacts]]:
    rows = OutcomeReview.objects.filter(case__patient__in=patients).values_list(
        "case__patient_id", "case__public_id", "reviewed_on", "symptoms", "surgery__public_id"
    )
    for patient_pk, case_id, reviewed_on, symptoms, surgery_id in rows:
        yield (
            patient_pk,
            ReviewFacts(
                case_id=str(case_id),
                reviewed_on=reviewed_on,
                symptoms=symptoms,
                surgery_id="" if surgery_id is None else str(surgery_id),
            ),
        )


FETCH: Final[Mapping[FactGroup, OfPatients]] = {FactGroup.REVIEWS: _reviews}
