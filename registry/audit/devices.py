"""What the audit calls components and their models, and what catheters are made of.

A test compares labels with the registry's vocabulary.
"""

from enum import StrEnum
from typing import Final


class ComponentKind(StrEnum):
    """The parts of a pump system."""

    PUMP = "pump"
    PUMP_SEGMENT = "pump_segment"
    CONNECTOR = "connector"
    SPINAL_SEGMENT = "spinal_segment"


KIND_LABELS: Final = {
    ComponentKind.PUMP: "Pump",
    ComponentKind.PUMP_SEGMENT: "Pump segment",
    ComponentKind.CONNECTOR: "Connector",
    ComponentKind.SPINAL_SEGMENT: "Spinal segment",
}

UNKNOWN_MODEL: Final = "unknown"

MODEL_LABELS: Final = {
    "medtronic_8626_10": "Medtronic SynchroMed EL 8626-10",
    "medtronic_8626_18": "Medtronic SynchroMed EL 8626-18",
    "medtronic_8626l_10": "Medtronic SynchroMed EL 8626L-10",
    "medtronic_8626l_18": "Medtronic SynchroMed EL 8626L-18",
    "medtronic_8627_10": "Medtronic SynchroMed EL 8627-10",
    "medtronic_8627_18": "Medtronic SynchroMed EL 8627-18",
    "medtronic_8627l_10": "Medtronic SynchroMed EL 8627L-10",
    "medtronic_8627l_18": "Medtronic SynchroMed EL 8627L-18",
    "medtronic_8637_20": "Medtronic SynchroMed II 8637-20",
    "medtronic_8637_40": "Medtronic SynchroMed II 8637-40",
    "medtronic_8667_20": "Medtronic SynchroMed III 8667-20",
    "medtronic_8667_40": "Medtronic SynchroMed III 8667-40",
    "medtronic_8472_20": "Medtronic IsoMed 8472-20",
    "medtronic_8472_35": "Medtronic IsoMed 8472-35",
    "flowonix_11827": "Flowonix Prometra 11827",
    "flowonix_13827": "Flowonix Prometra II 13827",
    "flowonix_16827": "Flowonix Prometra II 16827",
    "flowonix_91827": "Flowonix Prometra 91827 (EU)",
    "flowonix_93827": "Flowonix Prometra 93827 (EU)",
    "codman_medstream": "Codman MedStream",
    "codman_3000": "Codman 3000",
    "codman_archimedes": "Codman Archimedes",
    "tricumed_siromedes": "Tricumed Siromedes",
    "tricumed_ip_2000_v": "Tricumed IP 2000 V",
    "tricumed_ip_1000": "Tricumed IP 1000",
    "medtronic_8780": "Medtronic Ascenda 8780",
    "medtronic_8781": "Medtronic Ascenda 8781",
    "medtronic_8782": "Medtronic Ascenda 8782",
    "medtronic_8784": "Medtronic Ascenda 8784",
    "medtronic_8709": "Medtronic InDura 1P 8709",
    "medtronic_8709sc": "Medtronic InDura 1P 8709SC",
    "medtronic_8711": "Medtronic InDura 8711",
    "medtronic_8731": "Medtronic 8731",
    "medtronic_8731sc": "Medtronic 8731SC",
    "medtronic_8578": "Medtronic 8578",
    "medtronic_8596sc": "Medtronic 8596SC",
    "medtronic_8598sc": "Medtronic 8598SC",
    "medtronic_8703w": "Medtronic 8703W",
    "flowonix_11823": "Flowonix 11823",
    "flowonix_11830": "Flowonix 11830",
    "codman_surestream": "Codman SureStream",
    "other": "Other",
    "unknown": "Unknown",
}

MATERIAL_LABELS: Final = {"silicone": "Silicone", "polymer_braided": "Polymer-braided"}

MATERIALS: Final = {
    "medtronic_8780": "polymer_braided",
    "medtronic_8781": "polymer_braided",
    "medtronic_8709": "silicone",
    "medtronic_8709sc": "silicone",
    "medtronic_8731": "silicone",
    "medtronic_8731sc": "silicone",
}
"""Of catheters, where the catalogue of devices says it (domain reference, section 3.2)."""


def model_label(code: str) -> str:
    """A model of a newer catalogue stands with its code."""
    return MODEL_LABELS.get(code, code)
