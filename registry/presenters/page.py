"""What every page shows around its content: where one is, and where one may go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from imaging.queries.quarantine import waiting
from registry.models import User


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool
    shortcut: str = ""
    count: int | None = None


QUARANTINE = "imaging:quarantine-list"
UPLOAD = "imaging:upload"
RUNS = "imaging:run-list"

_NAVIGATION = (
    # label, url name, permission that opens it, shortcut
    ("Reading", "registry:reading-list", "registry.read_study", "g w"),
    ("Readers", "registry:reading-assignments", "registry.assign_reads", ""),
    ("Patients", "registry:patient-list", "registry.view_patient", "g p"),
    ("Images", "registry:image-list", "registry.link_images", ""),
    ("Import", UPLOAD, "imaging.add_study", ""),
    ("Imports", RUNS, "imaging.view_delivery", ""),
    ("Quarantine", QUARANTINE, "imaging.decide_quarantine", ""),
    ("Data", "registry:data", "registry.view_patient", ""),
    ("Audit", "registry:audit-list", "registry.run_audit", "g a"),
    ("Reports", "registry:report-list", "registry.run_audit", ""),
    ("People", "registry:person-list", "registry.manage_people", ""),
    ("Sources", "imaging:source-list", "imaging.manage_sources", ""),
    ("Test images", "imaging:exclusion-rules", "imaging.manage_sources", ""),
    ("History", "registry:history", "registry.view_history", ""),
    ("Vocabulary", "registry:vocabulary", "", ""),
)


_ALSO_BELOW = {
    UPLOAD: (RUNS, "imaging:pull-new"),
    "registry:patient-list": ("registry:measurement-list",),
}
"""Pages without an entry of their own, by the entry they belong to."""


def _waiting(viewer: User) -> int | None:
    """How many files wait for a decision; nothing is shown where none does."""
    return waiting(viewer=viewer).count() or None


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation by role, version, demonstration banner."""
    around = {"code_version": settings.CODE_VERSION, "demo": settings.CRESCENT_DEMO}
    viewer = getattr(request, "user", None)
    if not isinstance(viewer, User):
        return around
    return around | {
        "nav": navigation(viewer=viewer, path=request.path),
        "search_url": reverse("registry:patient-list")
        if viewer.has_perm("registry.view_patient")
        else None,
    }


def navigation(*, viewer: User, path: str) -> list[NavItem]:
    """The pages this person may open; the one whose address begins the path is current."""
    items = [NavItem("Home", reverse("registry:home"), path == reverse("registry:home"), "g h")]
    for label, name, permission, shortcut in _NAVIGATION:
        if permission and not viewer.has_perm(permission):
            continue
        if name == RUNS and viewer.has_perm("imaging.add_study"):
            # The page to import leads there; two entries would both be current.
            continue
        url = reverse(name)
        below = (url, *map(reverse, _ALSO_BELOW.get(name, ())))
        count = _waiting(viewer) if name == QUARANTINE else None
        items.append(NavItem(label, url, path.startswith(below), shortcut, count))
    return items
