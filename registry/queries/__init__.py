"""Every read: `viewer=` decides what comes back."""

from . import (
    audit_facts,
    cases,
    centres,
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
    "audit_facts",
    "cases",
    "centres",
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
