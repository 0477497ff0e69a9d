"""What waits for the person who signed in, and the one thing their role does most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst

from imaging import queries as imaging_queries
from registry import queries
from registry.models import User
from registry.presenters import findings
from registry.presenters.case_lines import case_lines
from registry.presenters.findings import Badge
from registry.presenters.labels import in_sentence
from registry.presenters.reads import neutral_code
from registry.queries.adjudications import ReadPair

SHOWN = 6
PER_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One thing to do."""

    url: str
    text: str
    when: str
    badge: Badge | None = None


@dataclass(frozen=True)
class WorkList:
    """Things of one kind, not fetched yet; `waits` where each of them asks for something."""

    key: str
    title: str
    things: QuerySet[Any] | Sequence[Any]
    rows: Callable[[Sequence[Any]], list[Row]]
    empty: str
    page_url: str = ""
    waits: bool = True

    @property
    def url(self) -> str:
        """Where all of them are."""
        return self.page_url or f"{reverse('registry:home')}?list={self.key}"


@dataclass(frozen=True)
class WorkPanel:
    """The first of one list; the total is that of the whole list."""

    title: str
    total: int
    rows: list[Row]
    url: str
    waits: bool


@dataclass(frozen=True)
class HomePage:
    """`done` has a sentence for each list on which nothing waits."""

    actions: list[tuple[str, str, str]]
    panels: list[WorkPanel]
    done: list[str]


@dataclass(frozen=True)
class ListPage:
    """One whole list, a page at a time."""

    title: str
    page: Page[Any]
    rows: list[Row]
    url: str


def present(*, viewer: User, now: datetime) -> HomePage:
    """Panels by permission: an auditor sees no reading list, a reader sees nothing of a case."""
    panels, done = [], []
    for one in _lists(viewer, now):
        total = Paginator(one.things, SHOWN).count
        if total:
            rows = one.rows(list(one.things[:SHOWN]))
            panels.append(WorkPanel(one.title, total, rows, one.url, one.waits))
        else:
            done.append(one.empty)
    return HomePage(actions=_actions(viewer), panels=panels, done=done)


def whole_list(*, viewer: User, now: datetime, key: str, number: str) -> ListPage | None:
    """A page of one list; None where this viewer has no such list."""
    for one in _lists(viewer, now):
        if one.key == key and not one.page_url:
            page = Paginator(one.things, PER_PAGE).get_page(number)
            return ListPage(one.title, page, one.rows(list(page)), one.url)
    return None


def _lists(viewer: User, now: datetime) -> list[WorkList]:
    """What waits first, then what changed last."""
    lists: list[WorkList] = []
    if viewer.has_perm("registry.read_study"):
        lists.append(
            WorkList(
                "reading",
                "Studies that wait for your read",
                queries.reading_tasks.waiting(viewer=viewer, at=now),
                lambda tasks: [
                    Row(
                        reverse("registry:reading-room", args=[task.public_id]),
                        neutral_code(task),
                        "asked of you" if task.assigned else "",
                    )
                    for task in tasks
                ],
                "No contrast study is waiting for your read. Studies appear here when images are "
                "linked.",
                reverse("registry:reading-list"),
            )
        )
        if pairs := queries.adjudications.waiting(viewer=viewer):
            lists.append(_to_adjudicate(pairs))
    if viewer.has_perm("registry.view_patient"):
        lists += _case_lists(viewer, now)
    if viewer.has_perm("registry.link_images"):
        lists.append(
            WorkList(
                "images",
                "Images that belong to no case yet",
                queries.study_links.unlinked(viewer=viewer),
                lambda studies: [
                    Row(
                        reverse("registry:study-link", args=[study.public_id]),
                        f"Images received {study.received_at:%Y-%m-%d %H:%M}",
                        f"taken {study.study_date}" if study.study_date else "no study date",
                    )
                    for study in studies
                ],
                "All images are linked. New ones appear here after an import.",
                reverse("registry:image-list"),
            )
        )
    if viewer.has_perm("registry.view_patient"):
        lists += [_reads_without_images(viewer, now), _latest_cases(viewer)]
    if viewer.has_perm("imaging.view_delivery"):
        lists.append(
            WorkList(
                "imports",
                "Latest imports",
                imaging_queries.runs(viewer=viewer),
                lambda runs: [
                    Row(
                        reverse("imaging:run-detail", args=[run.public_id]),
                        f"{capfirst(run.get_source_display())} · {run.centre_code}",
                        f"{run.started_at:%Y-%m-%d %H:%M}",
                    )
                    for run in runs
                ],
                "Nothing has been imported yet.",
                reverse("imaging:run-list"),
                waits=False,
            )
        )
    return lists


def _to_adjudicate(pairs: Sequence[ReadPair]) -> WorkList:
    """Listed only where something waits: who cannot decide is not told that others can."""
    return WorkList(
        "adjudication",
        "Two readers differ",
        pairs,
        lambda some: [
            Row(
                reverse("registry:adjudication", args=[pair.study.public_id]),
                neutral_code(pair.study),
                "",
            )
            for pair in some
        ],
        "",
        f"{reverse('registry:reading-list')}#adjudication",
    )


def _case_lists(viewer: User, now: datetime) -> list[WorkList]:
    work = queries.worklist.worklist(viewer=viewer, today=now.date())
    return [
        WorkList(
            "studies-without-read",
            "Contrast studies without a read",
            work.studies_without_read,
            lambda studies: _study_rows(viewer, studies),
            "Every completed contrast study has a signed read.",
        ),
        WorkList(
            "cases-without-outcome",
            "Cases without outcome after six weeks",
            work.cases_without_outcome.prefetch_related("contrast_studies"),
            lambda cases: _case_rows(viewer, cases, since="since "),
            "No open case is older than six weeks.",
        ),
    ]


def _reads_without_images(viewer: User, now: datetime) -> WorkList:
    return WorkList(
        "reads-without-images",
        "Reads without images",
        queries.worklist.worklist(viewer=viewer, today=now.date()).reads_without_images,
        lambda studies: _study_rows(viewer, studies),
        "Every study that was read has its images linked.",
    )


def _latest_cases(viewer: User) -> WorkList:
    return WorkList(
        "cases",
        "Cases logged last",
        queries.cases.visible(viewer=viewer)
        .order_by("-created_at", "-id")
        .prefetch_related("contrast_studies"),
        lambda cases: _case_rows(viewer, cases),
        "No case yet. Cases appear here as they are logged.",
        waits=False,
    )


def _study_rows(viewer: User, studies: Sequence[Any]) -> list[Row]:
    reads = queries.reads.of_studies(viewer=viewer, studies=studies)
    decisions = queries.adjudications.of_studies(viewer=viewer, studies=studies)
    return [
        Row(
            reverse("registry:case-detail", args=[study.case.public_id]),
            f"{study.case.patient.registry_number} · contrast study",
            f"{study.performed_on}",
            findings.of_study(study, reads[study.pk], decisions[study.pk]),
        )
        for study in studies
    ]


def _case_rows(viewer: User, cases: Sequence[Any], *, since: str = "") -> list[Row]:
    rows = []
    for line in case_lines(viewer=viewer, cases=cases):
        badges = [one.badge for one in line.studies if one.badge]
        trigger = in_sentence(line.case.get_trigger_display())
        rows.append(
            Row(
                reverse("registry:case-detail", args=[line.case.public_id]),
                f"{line.case.patient.registry_number} · {trigger}",
                f"{since}{line.case.opened_on}",
                badges[-1] if badges else None,
            )
        )
    return rows


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
