"""Closed lists the audit needs, with the words it prints for them.

The registry's vocabulary holds definition, source and version of each member; the
audit only has to tell them apart.
"""

from enum import StrEnum
from typing import Final


class StudyOutcome(StrEnum):
    """How a CT contrast study ended.

    Not aspirable is an outcome of its own. It is no occlusion ("often, a functional
    catheter will not aspirate CSF"), no negative and no missing value.
    """

    COMPLETED = "completed"
    STOPPED_NOT_ASPIRABLE = "stopped_not_aspirable"
    STOPPED_OTHER = "stopped_other"


class Finding(StrEnum):
    """Primary imaging finding of a read, after Abousamra 2016 plus two of our own.

    Malposition and indeterminate do not occur in the abstract ``[proposal]``.
    """

    NORMAL_CRESCENT = "normal_crescent"
    INADEQUATE_POOLING = "inadequate_pooling"
    LEAK = "leak"
    OCCLUSION = "occlusion"
    MALPOSITION = "malposition"
    INDETERMINATE = "indeterminate"


class LeakSite(StrEnum):
    """Where contrast left its intended path.

    The first three are Abousamra's; the others are ours ``[proposal]``.
    """

    PUMP_POCKET_AROUND_PUMP = "pump_pocket_around_pump"
    LUMBAR_CANAL_BELOW_ENTRY = "lumbar_canal_below_entry"
    LUMBAR_OUTSIDE_CANAL = "lumbar_outside_canal"
    PUMP_CATHETER_CONNECTOR = "pump_catheter_connector"
    SEGMENT_SPLICE_CONNECTOR = "segment_splice_connector"
    ALONG_SUBCUTANEOUS_TUNNEL = "along_subcutaneous_tunnel"
    ANCHOR_SITE = "anchor_site"
    DORSAL_DURAL = "dorsal_dural"
    EPIDURAL = "epidural"
    OTHER = "other"


class OperativeStatus(StrEnum):
    """What an operation established about one component at one site."""

    CONFIRMED = "confirmed"
    EXCLUDED = "excluded"
    NOT_EXPLORED = "not_explored"


ABNORMAL_FINDINGS: Final = frozenset(
    {Finding.INADEQUATE_POOLING, Finding.LEAK, Finding.OCCLUSION, Finding.MALPOSITION}
)
"""What counts as a positive contrast study. Indeterminate is neither positive nor negative."""

FINDING_LABELS: Final = {
    Finding.NORMAL_CRESCENT: "Normal crescent",
    Finding.INADEQUATE_POOLING: "Inadequate pooling",
    Finding.LEAK: "Leak",
    Finding.OCCLUSION: "Occlusion",
    Finding.MALPOSITION: "Malposition",
    Finding.INDETERMINATE: "Indeterminate",
}

LEAK_SITE_LABELS: Final = {
    LeakSite.PUMP_POCKET_AROUND_PUMP: "Around the pump",
    LeakSite.LUMBAR_CANAL_BELOW_ENTRY: "Lumbar canal below catheter entry",
    LeakSite.LUMBAR_OUTSIDE_CANAL: "Outside the canal, lumbar region",
    LeakSite.PUMP_CATHETER_CONNECTOR: "Pump-catheter connector",
    LeakSite.SEGMENT_SPLICE_CONNECTOR: "Splice connector between the segments",
    LeakSite.ALONG_SUBCUTANEOUS_TUNNEL: "Along the subcutaneous tunnel",
    LeakSite.ANCHOR_SITE: "Anchor site",
    LeakSite.DORSAL_DURAL: "Dorsal dural leak",
    LeakSite.EPIDURAL: "Epidural",
    LeakSite.OTHER: "Other site",
}
