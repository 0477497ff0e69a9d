"""All kinds of facts that audits began to ask for after the first reports were frozen."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .answer_facts import AnswerFacts
from .assessment_facts import AssessmentFacts
from .background_facts import BackgroundFacts
from .case_facts import CaseFacts
from .centre_log_facts import CentreLogFacts
from .complication_facts import ComplicationFacts
from .component_facts import ComponentFacts
from .departure_facts import DepartureFacts
from .dose_facts import DoseFacts
from .fact_group import FactGroup, LaterFact
from .procedure_facts import ProcedureFacts
from .query_facts import QueryFacts
from .review_facts import ReviewFacts
from .satisfaction_facts import SatisfactionFacts
from .screening_facts import ScreeningFacts

KINDS: Final[Mapping[FactGroup, type[LaterFact]]] = {
    kind.group: kind
    for kind in (
        ReviewFacts,
        ComponentFacts,
        BackgroundFacts,
        ProcedureFacts,
        DepartureFacts,
        ComplicationFacts,
        ScreeningFacts,
        SatisfactionFacts,
        AssessmentFacts,
        DoseFacts,
        CaseFacts,
        CentreLogFacts,
        AnswerFacts,
        QueryFacts,
    )
}


def in_order(facts: Iterable[LaterFact]) -> tuple[LaterFact, ...]:
    return tuple(sorted(facts, key=lambda fact: (fact.group, fact.order)))


def later_json(facts: Iterable[LaterFact]) -> dict[str, Any]:
    """Lists by group, of the groups in which there is something."""
    stored: dict[str, Any] = {}
    for fact in facts:
        stored.setdefault(fact.group.value, []).append(fact.to_json())
    return stored


def later_from(stored: Mapping[str, Any]) -> tuple[LaterFact, ...]:
    """What `later_json` put among the keys of a patient."""
    return tuple(
        kind.from_json(one) for group, kind in KINDS.items() for one in stored.get(group.value, ())
    )
