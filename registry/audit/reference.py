"""What an operation says of the catheter system: the reference of a contrast study.

Defects of the pump alone are not positive for a test of the catheter, and an operation that never
looked at a catheter segment says nothing of it.
"""

from enum import StrEnum
from typing import Final

from .codes import Finding, LeakSite, OperativeStatus
from .facts import OperativeFacts, SurgeryFacts


class Reference(StrEnum):
    """What is known of the catheter system after an operation."""

    DEFECT = "defect"
    NO_DEFECT = "no_defect"
    NOT_TESTED = "not_tested"


class DefectKind(StrEnum):
    """How the catheter system was found to be defective."""

    OPEN = "open"
    CLOSED = "closed"
    MISPLACED = "misplaced"
    TETHERED = "tethered"


DEFECT_LABELS: Final = {
    DefectKind.OPEN: "Wall or joint open",
    DefectKind.CLOSED: "Closed or kinked",
    DefectKind.MISPLACED: "Out of place",
    DefectKind.TETHERED: "Adhesions",
}

DEFECTS: Final[dict[str, DefectKind]] = {
    "disconnection": DefectKind.OPEN,
    "connector_leak": DefectKind.OPEN,
    "sleeve_tear": DefectKind.OPEN,
    "fracture": DefectKind.OPEN,
    "pinhole_tear": DefectKind.OPEN,
    "shear": DefectKind.OPEN,
    "csf_leak_dural_entry": DefectKind.OPEN,
    "kink": DefectKind.CLOSED,
    "knot_or_loop": DefectKind.CLOSED,
    "occlusion_tip_fibrosis": DefectKind.CLOSED,
    "occlusion_debris": DefectKind.CLOSED,
    "granuloma_inflammatory_mass": DefectKind.CLOSED,
    "tissue_ingrowth_connector": DefectKind.CLOSED,
    "migration_out_of_canal": DefectKind.MISPLACED,
    "migration_within_canal": DefectKind.MISPLACED,
    "subdural": DefectKind.MISPLACED,
    "epidural": DefectKind.MISPLACED,
    "intraparenchymal": DefectKind.MISPLACED,
    "arachnoid_adhesions": DefectKind.TETHERED,
}
"""Operative findings that are a defect of the catheter system ``[proposal]``, domain §6.6."""

UNDECIDED: Final = "other"
"""Said in words only; nobody can tell from the code whether the catheter was concerned."""

SEGMENTS: Final = frozenset({"pump_segment", "spinal_segment"})

CONFIRMS: Final[dict[Finding, frozenset[DefectKind]]] = {
    Finding.INADEQUATE_POOLING: frozenset(
        {DefectKind.CLOSED, DefectKind.MISPLACED, DefectKind.TETHERED}
    ),
    Finding.LEAK: frozenset({DefectKind.OPEN}),
    Finding.OCCLUSION: frozenset({DefectKind.CLOSED}),
    Finding.MALPOSITION: frozenset({DefectKind.MISPLACED}),
}
"""Which kinds of defect confirm an imaging finding ``[proposal]``, domain §6.6."""

SITES: Final[dict[LeakSite, frozenset[str]]] = {
    LeakSite.PUMP_POCKET_AROUND_PUMP: frozenset(
        {"pump_connector", "pump_segment", "pump_pocket", "pump"}
    ),
    LeakSite.LUMBAR_CANAL_BELOW_ENTRY: frozenset(
        {"spinal_segment_intraspinal", "lumbar", "at_level"}
    ),
    LeakSite.LUMBAR_OUTSIDE_CANAL: frozenset({"spinal_segment_extraspinal", "splice", "anchor"}),
    LeakSite.PUMP_CATHETER_CONNECTOR: frozenset({"pump_connector"}),
    LeakSite.SEGMENT_SPLICE_CONNECTOR: frozenset({"splice"}),
    LeakSite.ALONG_SUBCUTANEOUS_TUNNEL: frozenset(
        {"tunnel", "pump_segment", "spinal_segment_extraspinal"}
    ),
    LeakSite.ANCHOR_SITE: frozenset({"anchor"}),
    LeakSite.DORSAL_DURAL: frozenset({"lumbar"}),
    LeakSite.EPIDURAL: frozenset({"lumbar", "at_level"}),
    LeakSite.OTHER: frozenset(),
}
"""Where the surgeon finds what leaked there on the image ``[proposal]``, domain §6.6."""

REFERENCE_RULE: Final = (
    "reference-1: an operation shows a defect if it confirmed one of the catheter system, none if "
    "it confirmed none and explored a catheter segment. Defects of the pump alone are none of the "
    "catheter. An operation that explored no segment, or found something said in words only, is no "
    "reference [proposal]."
)


def reference_of(surgery: SurgeryFacts) -> Reference:
    """What the operation says of the catheter system, by `REFERENCE_RULE`."""
    if defects(surgery):
        return Reference.DEFECT
    unclear = any(
        one.finding == UNDECIDED and one.component != "pump" for one in _confirmed(surgery)
    )
    if unclear or not any(one.component in SEGMENTS for one in explored(surgery)):
        return Reference.NOT_TESTED
    return Reference.NO_DEFECT


def defects(surgery: SurgeryFacts) -> frozenset[DefectKind]:
    """Every kind of defect of the catheter system that was confirmed."""
    return frozenset(DEFECTS[one.finding] for one in _confirmed(surgery) if one.finding in DEFECTS)


def defect_sites(surgery: SurgeryFacts, kind: DefectKind) -> frozenset[str]:
    """Where defects of this kind were; empty where no site was recorded."""
    return frozenset(
        one.site for one in _confirmed(surgery) if one.site and DEFECTS.get(one.finding) is kind
    )


def explored(surgery: SurgeryFacts) -> list[OperativeFacts]:
    return [one for one in surgery.findings if one.status != OperativeStatus.NOT_EXPLORED]


def partly_explored(surgery: SurgeryFacts) -> bool:
    """Whether a part of the catheter system was left unexplored."""
    return any(
        one.status == OperativeStatus.NOT_EXPLORED and one.component != "pump"
        for one in surgery.findings
    )


def _confirmed(surgery: SurgeryFacts) -> list[OperativeFacts]:
    return [one for one in surgery.findings if one.status == OperativeStatus.CONFIRMED]
