"""Every read: `viewer=` decides what comes back."""

from . import (
    audit_facts,
    audits,
    cases,
    centres,
    components,
    contrast_studies,
    health,
    history,
    patients,
    people,
    reads,
    reports,
    study_links,
    surgeries,
    worklist,
)

__all__ = [
    "audit_facts",
    "audits",
    "cases",
    "centres",
    "components",
    "contrast_studies",
    "health",
    "history",
    "patients",
    "people",
    "reads",
    "reports",
    "study_links",
    "surgeries",
    "worklist",
]
