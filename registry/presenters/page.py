"""What every page shows around its content: where one is, and where one may go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from registry.models import User


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool
    shortcut: str = ""
    count: int | None = None


_NAVIGATION = (
    # label, url name, permission that opens it, shortcut
    ("Reading", "registry:reading-list", "registry.read_study", "g w"),
    ("Patients", "registry:patient-list", "registry.view_patient", "g p"),
    ("Images", "registry:image-list", "registry.link_images", ""),
    ("Import", "imaging:upload", "imaging.add_study", ""),
    ("Audit", "registry:audit-list", "registry.run_audit", "g a"),
    ("Reports", "registry:report-list", "registry.run_audit", ""),
    ("People", "registry:person-list", "registry.manage_people", ""),
    ("History", "registry:history", "registry.view_history", ""),
    ("Vocabulary", "registry:vocabulary", "", ""),
)


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
        url = reverse(name)
        items.append(NavItem(label, url, path.startswith(url), shortcut))
    return items
