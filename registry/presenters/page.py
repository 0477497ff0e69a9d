"""What every page shows around its content: where one is, and where one may go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imaging.queries.quarantine import waiting
from registry.models import User
from registry.presenters import island_words
from registry.queries.keyset import BoundedCount, bounded_count


@dataclass(frozen=True)
class NavItem:
    label: str | Promise
    url: str
    current: bool
    shortcut: str = ""
    count: BoundedCount | None = None

    @property
    def keys(self) -> list[str]:
        """The keys that lead there, one after the other."""
        return self.shortcut.split()


MOST_IN_THE_BAR = 9
"""On a ward PC more do not fit beside the search; the rest stand in a menu."""

QUARANTINE = "imaging:quarantine-list"
UPLOAD = "imaging:upload"
RUNS = "imaging:run-list"

_NAVIGATION = (
    # label, url name, permission that opens it, shortcut
    (_("Reading"), "registry:reading-list", "registry.read_study", "g w"),
    (_("Working lists"), "registry:work-lists", "registry.view_patient", "g l"),
    (_("Patients"), "registry:patient-list", "registry.view_patient", "g p"),
    (_("Images"), "registry:image-list", "registry.link_images", ""),
    (_("Import"), UPLOAD, "imaging.add_study", ""),
    (_("Imports"), RUNS, "imaging.view_delivery", ""),
    (_("Quarantine"), QUARANTINE, "imaging.decide_quarantine", ""),
    (_("Audit"), "registry:audit-list", "registry.run_audit", "g a"),
    (_("Reports"), "registry:report-list", "registry.run_audit", ""),
    (_("Readers"), "registry:reading-assignments", "registry.assign_reads", ""),
    (_("Data"), "registry:data", "registry.view_patient", ""),
    (_("Centres"), "registry:centre-list", "registry.describe_centre", ""),
    (_("People"), "registry:person-list", "registry.manage_people", ""),
    (_("Sources"), "imaging:source-list", "imaging.manage_sources", ""),
    (_("Test images"), "imaging:exclusion-rules", "imaging.manage_sources", ""),
    (_("History"), "registry:history", "registry.view_history", ""),
    (_("Vocabulary"), "registry:vocabulary", "", ""),
)


_ALSO_BELOW = {
    UPLOAD: (RUNS, "imaging:pull-new"),
    "registry:work-lists": ("registry:transfer-list", "registry:advisory-list"),
    "registry:patient-list": (
        "registry:measurement-list",
        "registry:search",
    ),
}
"""Pages without an entry of their own, by the entry they belong to."""


def _waiting(viewer: User) -> BoundedCount | None:
    """How many files wait for a decision; nothing is shown where none does."""
    return bounded_count([waiting(viewer=viewer)]) or None


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation by role, version, demonstration banner."""
    around = {"code_version": settings.CODE_VERSION, "demo": settings.CRESCENT_DEMO}
    viewer = getattr(request, "user", None)
    if not isinstance(viewer, User):
        return around
    around["island_words"] = island_words.translated()
    items = navigation(viewer=viewer, path=request.path)
    in_bar = len(items) if len(items) <= MOST_IN_THE_BAR + 1 else MOST_IN_THE_BAR
    return around | {
        "nav": items[:in_bar],
        "nav_more": items[in_bar:],
        "nav_more_current": any(item.current for item in items[in_bar:]),
        "search_url": reverse("registry:patient-list")
        if viewer.has_perm("registry.view_patient")
        else None,
    }


def navigation(*, viewer: User, path: str) -> list[NavItem]:
    """The pages this person may open; the one whose address begins the path is current."""
    items = [NavItem(_("Home"), reverse("registry:home"), path == reverse("registry:home"), "g h")]
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
