"""The examinations of a work-up in words, in the order in which they were done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from registry.models import WorkupStep
from registry.presenters.labels import in_sentence


@dataclass(frozen=True)
class WorkupWords:
    """`details` is what the examination found in its own terms."""

    kind: str
    when: str
    result: str
    details: Sequence[str]
    note: str


def present(step: WorkupStep) -> WorkupWords:
    at = f" {step.performed_at:%H:%M}" if step.performed_at else ""
    return WorkupWords(
        kind=step.get_kind_display(),
        when=f"{step.performed_on}{at}",
        result=step.get_result_display(),
        details=list(_details(step)),
        note=step.note,
    )


def _details(step: WorkupStep) -> Iterable[str]:
    for alarm in step.alarms.all():
        label = in_sentence(alarm.get_code_display())
        yield _("no alarm") if alarm.code == "none" else _("alarm: %s") % label
    for finding in step.radiograph_findings.all():
        yield in_sentence(finding.get_code_display())
    if step.rotor_result:
        yield _("rotor %s") % in_sentence(step.get_rotor_result_display())
    expected, aspirated = step.expected_residual_ml, step.aspirated_residual_ml
    if expected is not None:
        yield _("%s ml expected") % _amount(expected)
    if aspirated is not None:
        yield _("%s ml aspirated") % _amount(aspirated)
    if expected is not None and aspirated is not None:
        yield _("difference %s ml") % f"{aspirated - expected:+.1f}"


def _amount(value: Decimal) -> str:
    return format(value.normalize(), "f")
