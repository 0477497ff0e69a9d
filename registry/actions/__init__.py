"""Every write: one atomic change, with `by=` and `at=`, and its history event beside it."""

from . import (
    case_logs,
    cases,
    centres,
    checkpoints,
    components,
    contrast_studies,
    history,
    patients,
    people,
    reads,
    reports,
    study_links,
    surgeries,
)

__all__ = [
    "case_logs",
    "cases",
    "centres",
    "checkpoints",
    "components",
    "contrast_studies",
    "history",
    "patients",
    "people",
    "reads",
    "reports",
    "study_links",
    "surgeries",
]
