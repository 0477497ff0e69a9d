"""Operations that could have followed the findings of the 27 studies.

What the real operations found and did is not in the abstract. These are made up so that finding
and operation fit as a surgeon would expect (domain §1.5 on the leak sites), with one contrast study
of inadequate pooling after which nothing was found: the least specific finding (domain §1.8).
"""

from dataclasses import dataclass
from typing import Final

from registry.actions.surgeries import IntraoperativeEntry
from registry.vocabulary import (
    CaseOutcome,
    ComponentKind,
    IntraoperativeFindingCode,
    IntraoperativeSite,
    IntraoperativeStatus,
    NextStep,
    Planning,
    Procedure,
    ProofMethod,
    RevisionIndication,
    Urgency,
)

PUMP = ComponentKind.PUMP
PUMP_SEGMENT = ComponentKind.PUMP_SEGMENT
CONNECTOR = ComponentKind.CONNECTOR
SPINAL_SEGMENT = ComponentKind.SPINAL_SEGMENT
Code = IntraoperativeFindingCode
Site = IntraoperativeSite
Proof = ProofMethod


@dataclass(frozen=True)
class Operation:
    """What was operated for, found and done; the kinds in `replaced` got a new component."""

    next_step: NextStep
    indication: RevisionIndication
    procedures: tuple[Procedure, ...]
    findings: tuple[IntraoperativeEntry, ...]
    replaced: tuple[ComponentKind, ...] = ()
    planned: Planning = Planning.UNPLANNED
    urgency: Urgency = Urgency.URGENT
    outcome: CaseOutcome = CaseOutcome.RESOLVED_BY_SURGERY


def confirmed(
    component: ComponentKind, code: Code, site: Site | None, proof: Proof
) -> IntraoperativeEntry:
    return IntraoperativeEntry(
        component=component.value,
        status=IntraoperativeStatus.CONFIRMED.value,
        code=code.value,
        site=site.value if site else "",
        how_proven=proof.value,
    )


def excluded(component: ComponentKind, proof: Proof = Proof.INSPECTION) -> IntraoperativeEntry:
    return IntraoperativeEntry(
        component=component.value,
        status=IntraoperativeStatus.EXCLUDED.value,
        how_proven=proof.value,
    )


def not_explored(component: ComponentKind) -> IntraoperativeEntry:
    return IntraoperativeEntry(
        component=component.value, status=IntraoperativeStatus.NOT_EXPLORED.value
    )


BATTERY: Final = Operation(
    next_step=NextStep.ELECTIVE_PUMP_REPLACEMENT,
    indication=RevisionIndication.BATTERY_ERI,
    procedures=(Procedure.PUMP_REPLACEMENT_SAME_POCKET,),
    findings=(
        excluded(PUMP),
        excluded(CONNECTOR),
        excluded(PUMP_SEGMENT),
        not_explored(SPINAL_SEGMENT),
    ),
    replaced=(PUMP,),
    planned=Planning.PLANNED,
    urgency=Urgency.ELECTIVE,
    outcome=CaseOutcome.REPLACED_AS_PLANNED,
)

POOLING_TIP_FIBROSIS: Final = Operation(
    next_step=NextStep.SPINAL_SEGMENT_REPLACEMENT,
    indication=RevisionIndication.UNEXPLAINED_LOSS_OF_EFFECT_EXPLORATION,
    procedures=(Procedure.SPINAL_SEGMENT_REPLACEMENT,),
    findings=(
        confirmed(SPINAL_SEGMENT, Code.OCCLUSION_TIP_FIBROSIS, Site.TIP, Proof.CSF_BACKFLOW_ABSENT),
        excluded(CONNECTOR),
        not_explored(PUMP),
    ),
    replaced=(SPINAL_SEGMENT,),
)

POOLING_SUBDURAL: Final = Operation(
    next_step=NextStep.SURGICAL_EXPLORATION,
    indication=RevisionIndication.UNEXPLAINED_LOSS_OF_EFFECT_EXPLORATION,
    procedures=(Procedure.SPINAL_SEGMENT_REPLACEMENT, Procedure.INTRAOP_CONTRAST_STUDY),
    findings=(
        confirmed(SPINAL_SEGMENT, Code.SUBDURAL, Site.AT_LEVEL, Proof.FLUORO_INTRAOP),
        excluded(CONNECTOR),
        not_explored(PUMP),
    ),
    replaced=(SPINAL_SEGMENT,),
)

POOLING_KINK: Final = Operation(
    next_step=NextStep.SURGICAL_EXPLORATION,
    indication=RevisionIndication.UNEXPLAINED_LOSS_OF_EFFECT_EXPLORATION,
    procedures=(Procedure.CATHETER_REANCHOR,),
    findings=(
        confirmed(SPINAL_SEGMENT, Code.KINK, Site.ANCHOR, Proof.INSPECTION),
        excluded(CONNECTOR),
        not_explored(PUMP),
    ),
)

POOLING_ADHESIONS: Final = Operation(
    next_step=NextStep.CATHETER_REPOSITION,
    indication=RevisionIndication.UNEXPLAINED_LOSS_OF_EFFECT_EXPLORATION,
    procedures=(Procedure.LAMINOTOMY_ACCESS, Procedure.TIP_REPOSITION),
    findings=(
        confirmed(SPINAL_SEGMENT, Code.ARACHNOID_ADHESIONS, None, Proof.INSPECTION),
        excluded(CONNECTOR),
        not_explored(PUMP),
    ),
)

POOLING_NOTHING_FOUND: Final = Operation(
    next_step=NextStep.SURGICAL_EXPLORATION,
    indication=RevisionIndication.UNEXPLAINED_LOSS_OF_EFFECT_EXPLORATION,
    procedures=(Procedure.EXPLORATION_ONLY,),
    findings=(
        confirmed(SPINAL_SEGMENT, Code.NO_ABNORMALITY_FOUND, None, Proof.INSPECTION),
        excluded(CONNECTOR),
        excluded(PUMP_SEGMENT),
        not_explored(PUMP),
    ),
    outcome=CaseOutcome.UNRESOLVED,
)

LEAK_AT_PUMP_DISCONNECTED: Final = Operation(
    next_step=NextStep.CONNECTOR_REPAIR,
    indication=RevisionIndication.CATHETER_DISCONNECTION_PUMP,
    procedures=(Procedure.CONNECTOR_REPAIR_OR_REPLACEMENT,),
    findings=(
        confirmed(CONNECTOR, Code.DISCONNECTION, Site.PUMP_CONNECTOR, Proof.INSPECTION),
        confirmed(PUMP, Code.POCKET_CSF_COLLECTION, Site.PUMP_POCKET, Proof.INSPECTION),
        not_explored(SPINAL_SEGMENT),
    ),
    replaced=(CONNECTOR,),
    urgency=Urgency.EMERGENCY,
)

LEAK_AT_PUMP_SLEEVE_TORN: Final = Operation(
    next_step=NextStep.CONNECTOR_REPAIR,
    indication=RevisionIndication.CATHETER_FRACTURE_OR_TEAR,
    procedures=(Procedure.CONNECTOR_REPAIR_OR_REPLACEMENT, Procedure.PUMP_SEGMENT_REPLACEMENT),
    findings=(
        confirmed(CONNECTOR, Code.SLEEVE_TEAR, Site.PUMP_CONNECTOR, Proof.FLUSH_LEAK_SEEN),
        excluded(PUMP),
        not_explored(SPINAL_SEGMENT),
    ),
    replaced=(CONNECTOR, PUMP_SEGMENT),
)

LEAK_BELOW_ENTRY_HOLE: Final = Operation(
    next_step=NextStep.SPINAL_SEGMENT_REPLACEMENT,
    indication=RevisionIndication.CATHETER_FRACTURE_OR_TEAR,
    procedures=(Procedure.SPINAL_SEGMENT_REPLACEMENT,),
    findings=(
        confirmed(
            SPINAL_SEGMENT,
            Code.PINHOLE_TEAR,
            Site.SPINAL_SEGMENT_INTRASPINAL,
            Proof.FLUSH_LEAK_SEEN,
        ),
        excluded(CONNECTOR),
        not_explored(PUMP),
    ),
    replaced=(SPINAL_SEGMENT,),
)

LEAK_OUTSIDE_CANAL_FRACTURE: Final = Operation(
    next_step=NextStep.SPINAL_SEGMENT_REPLACEMENT,
    indication=RevisionIndication.CATHETER_FRACTURE_OR_TEAR,
    procedures=(Procedure.SPINAL_SEGMENT_REPLACEMENT, Procedure.CATHETER_REANCHOR),
    findings=(
        confirmed(SPINAL_SEGMENT, Code.FRACTURE, Site.SPINAL_SEGMENT_EXTRASPINAL, Proof.INSPECTION),
        excluded(CONNECTOR),
        not_explored(PUMP),
    ),
    replaced=(SPINAL_SEGMENT,),
)

LEAK_OUTSIDE_CANAL_SPLICE: Final = Operation(
    next_step=NextStep.SURGICAL_EXPLORATION,
    indication=RevisionIndication.CATHETER_DISCONNECTION_SPLICE,
    procedures=(Procedure.SPLICE_REPAIR,),
    findings=(
        confirmed(CONNECTOR, Code.DISCONNECTION, Site.SPLICE, Proof.INSPECTION),
        excluded(SPINAL_SEGMENT, Proof.INSPECTION),
        not_explored(PUMP),
    ),
    replaced=(CONNECTOR,),
)

OCCLUSION_TIP_FIBROSIS: Final = Operation(
    next_step=NextStep.SPINAL_SEGMENT_REPLACEMENT,
    indication=RevisionIndication.CATHETER_OCCLUSION,
    procedures=(Procedure.SPINAL_SEGMENT_REPLACEMENT,),
    findings=POOLING_TIP_FIBROSIS.findings,
    replaced=(SPINAL_SEGMENT,),
)

OCCLUSION_DEBRIS: Final = Operation(
    next_step=NextStep.SPINAL_SEGMENT_REPLACEMENT,
    indication=RevisionIndication.CATHETER_OCCLUSION,
    procedures=(Procedure.CATHETER_FULL_REPLACEMENT,),
    findings=(
        confirmed(SPINAL_SEGMENT, Code.OCCLUSION_DEBRIS, Site.LUMEN, Proof.CSF_BACKFLOW_ABSENT),
        not_explored(PUMP),
    ),
    replaced=(PUMP_SEGMENT, CONNECTOR, SPINAL_SEGMENT),
)
