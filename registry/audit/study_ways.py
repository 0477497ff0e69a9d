"""The way of each study: what the CT showed, what came next, what surgery found, how it ended."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from .codes import FINDING_LABELS
from .counted_studies import CountedStudy, Result
from .protocol import Column, TableDescription
from .reference import DEFECT_LABELS, Reference
from .result import Table
from .review_facts import ReviewFacts

CT: Final = {
    **{str(finding): label for finding, label in FINDING_LABELS.items()},
    str(Result.NOT_ASPIRABLE): "Not aspirable",
    str(Result.STOPPED_OTHER): "Stopped: other reason",
    str(Result.NOT_READ): "Not read",
}
NEXT: Final = {"operated": "Operated", "not_operated": "No operation followed"}
OPERATION: Final = {
    **{str(kind): label for kind, label in DEFECT_LABELS.items()},
    "several": "Several kinds of defect",
    "none": "No catheter defect",
    "not_tested": "Catheter not tested",
}
OUTCOME: Final = {
    "resolved": "Symptoms resolved",
    "improved": "Symptoms improved",
    "unchanged": "Symptoms unchanged",
    "worse": "Symptoms worse",
    "not_assessed": "Symptoms not assessed",
    "unknown": "Symptoms unknown",
    "no_review": "No review",
}
STAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "ct": CT,
    "next": NEXT,
    "surgery": OPERATION,
    "outcome": OUTCOME,
}
"""What may stand at each stage, in the order of the drawing; nodes are called "ct:leak"."""

ARROW: Final = " \N{RIGHTWARDS ARROW} "

WAYS: Final = TableDescription(
    key="ways",
    label="From finding to outcome",
    columns=(
        Column("key", "Key"),
        Column("label", "Step"),
        Column("studies", "Studies", counts=True),
    ),
    note=(
        "Every study once at each stage. What came next is what was done: an operation that "
        "verifies the study, or none. The outcome is the last review of its case on or after the "
        "day of the operation, or of the study where none followed [own]."
    ),
)


def ways_table(studies: Mapping[str, CountedStudy]) -> Table:
    """One row for each step from a stage to the next that somebody took."""
    taken: dict[tuple[str, str], list[str]] = {}
    for study_id, one in sorted(studies.items()):
        nodes = way_of(one)
        for step in pairwise(nodes):
            taken.setdefault(step, []).append(study_id)
    order = [f"{stage}:{key}" for stage, keys in STAGES.items() for key in keys]
    steps = sorted(taken, key=lambda step: (order.index(step[0]), order.index(step[1])))
    return WAYS.filled(
        rows=[
            (f"{start}>{end}", f"{label_of(start)}{ARROW}{label_of(end)}", len(taken[start, end]))
            for start, end in steps
        ],
        cells={(f"{start}>{end}", "studies"): tuple(taken[start, end]) for start, end in steps},
    )


def way_of(one: CountedStudy) -> list[str]:
    """The nodes a study passes; without an operation it passes none of that stage."""
    ct = f"ct:{one.finding or one.result}"
    if one.pair is None:
        return [ct, "next:not_operated", f"outcome:{_outcome(one)}"]
    return [ct, "next:operated", f"surgery:{_found(one)}", f"outcome:{_outcome(one)}"]


def label_of(node: str) -> str:
    stage, _, key = node.partition(":")
    return STAGES[stage][key]


def _found(one: CountedStudy) -> str:
    if one.reference is Reference.DEFECT:
        kinds = one.defects
        return str(next(iter(kinds))) if len(kinds) == 1 else "several"
    return "none" if one.reference is Reference.NO_DEFECT else "not_tested"


def _outcome(one: CountedStudy) -> str:
    since = one.study.performed_on if one.pair is None else one.pair.surgery.performed_on
    reviews = [
        review
        for review in one.patient.of(ReviewFacts)
        if review.case_id == one.study.case_id and review.reviewed_on >= since
    ]
    if not reviews:
        return "no_review"
    last = max(reviews, key=lambda review: review.order)
    return last.symptoms if last.symptoms in OUTCOME else "unknown"
