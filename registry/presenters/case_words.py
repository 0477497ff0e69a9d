"""A case in one line, and its work-up in one phrase."""

from collections.abc import Iterable

from django.utils.translation import gettext

from registry.actions.cases import WorkupEntry
from registry.models import RevisionCase
from registry.models import WorkupStep as SavedStep
from registry.presenters.labels import in_sentence
from registry.vocabulary import WorkupResult, WorkupStep


def case_facts(case: RevisionCase) -> list[str]:
    """What tells this case from another above a form; never the name."""
    return [
        case.patient.registry_number,
        in_sentence(case.get_trigger_display()),
        gettext("raised %(opened_on)s") % {"opened_on": case.opened_on},
    ]


def workup_words(steps: Iterable[SavedStep | WorkupEntry]) -> str:
    """Every examination with its day and result; "none" without any."""
    words = []
    for step in steps:
        at = f" {step.performed_at:%H:%M}" if step.performed_at else ""
        kind = in_sentence(WorkupStep.get(step.kind).label)
        result = in_sentence(WorkupResult.get(step.result).label)
        words.append(f"{step.performed_on}{at}: {kind} {result}")
    return "; ".join(sorted(words)) or "none"
