"""What waits for the person who signed in, and the one thing their role does most."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from imaging import queries as imaging_queries
from registry import queries
from registry.models import User

SHOWN = 6


@dataclass(frozen=True)
class Row:
    """One thing to do."""

    url: str
    text: str
    when: str


@dataclass(frozen=True)
class WorkPanel:
    """One list of things to do; the total is that of the whole list."""

    title: str
    total: int
    rows: list[Row]
    all_url: str | None
    empty: str


@dataclass(frozen=True)
class HomePage:
    actions: list[tuple[str, str, str]]
    panels: list[WorkPanel]
    nothing: bool


def present(*, viewer: User, now: datetime) -> HomePage:
    """Panels by permission: an auditor sees no reading list, a reader sees nothing of a case."""
    panels: list[WorkPanel] = []
    if viewer.has_perm("registry.read_study"):
        panels.append(
            _panel(
                "Studies that wait for your read",
                queries.contrast_studies.waiting_for_read(viewer=viewer),
                lambda study: Row(
                    reverse("registry:reading-room", args=[study.public_id]),
                    f"Study {study.public_id.hex[-6:].upper()}",
                    "",
                ),
                reverse("registry:reading-list"),
                "No contrast study is waiting for your read. Studies appear here when images are "
                "linked.",
            )
        )
    if viewer.has_perm("registry.view_patient"):
        panels += _case_panels(viewer, now)
    if viewer.has_perm("registry.link_images"):
        panels.append(
            _panel(
                "Images that belong to no case yet",
                queries.study_links.unlinked(viewer=viewer),
                lambda study: Row(
                    reverse("registry:image-list"),
                    f"Study received {study.received_at:%Y-%m-%d %H:%M}",
                    f"taken {study.study_date}" if study.study_date else "no study date",
                ),
                reverse("registry:image-list"),
                "All images are linked. New ones appear here after an import.",
            )
        )
    if viewer.has_perm("imaging.add_study"):
        panels.append(
            _panel(
                "Latest imports",
                imaging_queries.runs(viewer=viewer),
                lambda run: Row(
                    reverse("imaging:run-detail", args=[run.public_id]),
                    f"{run.get_source_display()} · {run.centre_code}".capitalize(),
                    f"{run.started_at:%Y-%m-%d %H:%M}",
                ),
                reverse("imaging:run-list"),
                "Nothing has been imported yet.",
            )
        )
    panels.sort(key=lambda panel: panel.total == 0)  # stable: what is empty goes last
    return HomePage(actions=_actions(viewer), panels=panels, nothing=not panels)


def _case_panels(viewer: User, now: datetime) -> list[WorkPanel]:
    work = queries.worklist.worklist(viewer=viewer, today=now.date())

    def study_row(study: Any) -> Row:
        return Row(
            reverse("registry:case-detail", args=[study.case.public_id]),
            f"{study.case.patient.registry_number} · contrast study",
            f"{study.performed_on}",
        )

    def case_row(case: Any) -> Row:
        return Row(
            reverse("registry:case-detail", args=[case.public_id]),
            f"{case.patient.registry_number} · {case.get_trigger_display().lower()}",
            f"since {case.opened_on}",
        )

    return [
        _panel(
            "Contrast studies without a read",
            work.studies_without_read,
            study_row,
            None,
            "Every completed contrast study has a signed read.",
        ),
        _panel(
            "Reads without images",
            work.reads_without_images,
            study_row,
            None,
            "Every study that was read has its images linked.",
        ),
        _panel(
            "Cases without outcome after six weeks",
            work.cases_without_outcome,
            case_row,
            None,
            "No open case is older than six weeks.",
        ),
    ]


def _panel(
    title: str,
    things: QuerySet[Any],
    row: Callable[[Any], Row],
    all_url: str | None,
    empty: str,
) -> WorkPanel:
    return WorkPanel(
        title=title,
        total=things.count(),
        rows=[row(thing) for thing in things[:SHOWN]],
        all_url=all_url,
        empty=empty,
    )


def _actions(viewer: User) -> list[tuple[str, str, str]]:
    """(label, url, shortcut) of what this role does most; the first is the primary button."""
    offered = [
        ("registry.log_case", "Log a case", "registry:case-log", "n"),
        ("registry.read_study", "Start reading", "registry:reading-list", ""),
        ("imaging.add_study", "Import images", "imaging:upload", ""),
        ("registry.run_audit", "Open the audit", "registry:audit-list", ""),
        ("registry.manage_people", "Look after people", "registry:person-list", ""),
    ]
    return [
        (label, reverse(name), shortcut)
        for permission, label, name, shortcut in offered
        if viewer.has_perm(permission)
    ]
