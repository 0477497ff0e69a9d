"""An operation in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.models import Component, IntraoperativeFinding, RevisionSurgery
from registry.presenters.labels import in_sentence
from registry.vocabulary import (
    ClosedList,
    ComponentKind,
    DeviceModel,
    IntegrityTest,
    IntraoperativeFindingCode,
    Procedure,
    ProofMethod,
    TechniqueModifier,
)


@dataclass(frozen=True)
class ComponentWords:
    """What the operation says about one component."""

    component: str
    status: str
    finding: str
    site: str
    how: str
    note: str


@dataclass(frozen=True)
class SurgeryWords:
    facts: Sequence[str]
    procedures: Sequence[str]
    techniques: Sequence[str]
    tested: Sequence[str]
    removed: Sequence[str]
    placed: Sequence[str]
    components: Sequence[ComponentWords]
    remarks: str
    headline: str


@dataclass(frozen=True)
class Exchanged:
    """A component that the operation took out or put in, with its own form."""

    what: str
    component: str
    url: str


def exchanged(surgery: RevisionSurgery) -> list[Exchanged]:
    """What was saved with the operation before: first what came out."""
    return [
        Exchanged(
            what, component_words(one), reverse("registry:component-update", args=[one.public_id])
        )
        for what, components in (
            (_("Taken out"), surgery.removed_components.all()),
            (_("Put in"), surgery.placed_components.all()),
        )
        for one in components
    ]


def present(surgery: RevisionSurgery) -> SurgeryWords:
    """Indication, procedures and the table of components; what nobody recorded says so."""
    secondary = surgery.secondary_indication
    return SurgeryWords(
        facts=[
            fact
            for fact in (
                _("indication: %(indication)s")
                % {"indication": in_sentence(surgery.get_indication_display())},
                _("also %(secondary_indication)s")
                % {"secondary_indication": in_sentence(surgery.get_secondary_indication_display())}
                if secondary
                else "",
                in_sentence(surgery.get_planned_display()),
                in_sentence(surgery.get_urgency_display()) if surgery.urgency else "",
                surgery.approach_text
                or (
                    _("approach: %s") % in_sentence(surgery.get_approach_display())
                    if surgery.approach
                    else ""
                ),
                _("CT result %(imaging_known)s to the surgeon")
                % {"imaging_known": in_sentence(surgery.get_imaging_known_display())},
            )
            if fact
        ],
        procedures=_labels(Procedure, surgery.procedures.all()),
        techniques=_labels(TechniqueModifier, surgery.techniques.all()),
        tested=_labels(IntegrityTest, surgery.integrity_tests.all()),
        removed=[component_words(one) for one in surgery.removed_components.all()],
        placed=[component_words(one) for one in surgery.placed_components.all()],
        components=_components(surgery),
        remarks=surgery.remarks,
        headline=headline(surgery),
    )


def component_words(component: Component) -> str:
    """Kind and model, and the serial number where it is recorded."""
    model = component.model_text or (
        DeviceModel.get(component.model).label if component.model else _("model not recorded")
    )
    serial = _(", serial or lot %s") % component.serial_number if component.serial_number else ""
    return f"{component.get_kind_display()}: {model}{serial}"


def headline(surgery: RevisionSurgery) -> str:
    """What was confirmed, in one phrase."""
    confirmed = [
        _("%(code)s at the %(component)s")
        % {
            "code": in_sentence(finding.get_code_display()),
            "component": in_sentence(finding.get_component_display()),
        }
        for finding in surgery.findings.all()
        if finding.code
    ]
    if confirmed:
        return ", ".join(confirmed)
    if any(finding.status == "excluded" for finding in surgery.findings.all()):
        return _("no defect found where it was looked for")
    return _("no finding recorded")


def _labels(closed_list: type[ClosedList], rows: Iterable[Any]) -> list[str]:
    """Labels of the codes in the order of the list."""
    codes = {row.code for row in rows}
    return [term.label for term in closed_list if term.code in codes]


def _components(surgery: RevisionSurgery) -> list[ComponentWords]:
    findings = list(surgery.findings.all())
    rows = []
    for kind in ComponentKind:
        of_kind = [finding for finding in findings if finding.component == kind.value]
        rows += [_words(finding, kind) for finding in of_kind]
        if not of_kind:
            rows.append(ComponentWords(kind.label, _("not recorded"), "", "", "", ""))
    return rows


def _words(finding: IntraoperativeFinding, kind: ComponentKind) -> ComponentWords:
    return ComponentWords(
        component=kind.label,
        status=in_sentence(finding.get_status_display()),
        finding=IntraoperativeFindingCode.get(finding.code).label if finding.code else "",
        site=finding.get_site_display() if finding.site else "",
        how=ProofMethod.get(finding.how_proven).label if finding.how_proven else "",
        note=finding.note,
    )


def further_words(findings: Iterable[tuple[str, str]]) -> str:
    """Pairs of component and finding in one phrase; "none" without any."""
    words = [
        f"{in_sentence(ComponentKind.get(component).label)}: "
        f"{in_sentence(IntraoperativeFindingCode.get(code).label)}"
        for component, code in findings
    ]
    return "; ".join(words) or "none"
