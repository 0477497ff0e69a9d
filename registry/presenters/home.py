"""What waits for the person who signed in, and the one thing their role does most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from imaging.queries.runs import arrival_of_run, runs_by_centre
from imaging.queries.uncounted import merged
from registry import queries
from registry.models import PatientTransfer, User
from registry.presenters import work_lists
from registry.presenters.findings import Badge
from registry.presenters.reads import neutral_code
from registry.presenters.work_lists import Line
from registry.queries.adjudications import ReadPair
from registry.queries.keyset import BoundedCount, bounded_count
from registry.queries.lists import Wanted

SHOWN = 6
MOST_OFFERS = 100
FIRST_LISTS = ("studies-without-read", "cases-without-outcome", "replacements-due", "reviews-due")
LAST_LISTS = ("reads-without-images", "duplicates")
"""Working lists that stand here; all of them have a page of their own."""


@dataclass(frozen=True)
class Row:
    """One thing to do."""

    url: str
    text: str
    when: str
    badge: Badge | None = None


@dataclass(frozen=True)
class WorkList:
    """Things of one kind; `waits` where each of them asks for something."""

    title: str
    things: Sequence[Any]
    rows: Callable[[Sequence[Any]], list[Row]]
    empty: str
    url: str
    waits: bool = True
    total: BoundedCount | None = None

    def count(self) -> BoundedCount:
        """How many there are, as far as anybody counts."""
        return BoundedCount(len(self.things)) if self.total is None else self.total


@dataclass(frozen=True)
class WorkPanel:
    """The first of one list; the total is that of the whole list."""

    title: str
    total: BoundedCount
    rows: list[Row]
    url: str
    waits: bool


@dataclass(frozen=True)
class HomePage:
    """`done` has a sentence for each list on which nothing waits."""

    actions: list[tuple[str, str, str]]
    panels: list[WorkPanel]
    done: list[str]


def present(*, viewer: User, now: datetime) -> HomePage:
    """Panels by permission: an auditor sees no reading list, a reader sees nothing of a case."""
    panels, done = [], []
    for one in _lists(viewer, now):
        if total := one.count():
            rows = one.rows(list(one.things[:SHOWN]))
            panels.append(WorkPanel(one.title, total, rows, one.url, one.waits))
        else:
            done.append(one.empty)
    return HomePage(actions=_actions(viewer), panels=panels, done=done)


def _lists(viewer: User, now: datetime) -> list[WorkList]:
    """What waits first, then what changed last."""
    lists: list[WorkList] = []
    work: dict[str, WorkList] = {}
    if viewer.has_perm("registry.read_study"):
        lists.append(
            WorkList(
                gettext("Studies that wait for your read"),
                queries.reading_tasks.waiting(viewer=viewer, at=now),
                lambda tasks: [
                    Row(
                        reverse("registry:reading-room", args=[task.public_id]),
                        neutral_code(task),
                        gettext("asked of you") if task.assigned else "",
                    )
                    for task in tasks
                ],
                gettext(
                    "No contrast study is waiting for your read. Studies appear here when "
                    "images are "
                    "linked."
                ),
                reverse("registry:reading-list"),
            )
        )
        if pairs := queries.adjudications.waiting(viewer=viewer):
            lists.append(_to_adjudicate(pairs))
    if offers := list(queries.patient_transfers.waiting_for(viewer=viewer)[:MOST_OFFERS]):
        lists.append(_to_answer(offers))
    if viewer.has_perm("registry.view_patient"):
        work = _work_lists(viewer, now)
        lists += [work[key] for key in FIRST_LISTS if key in work]
    if viewer.has_perm("registry.link_images"):
        unlinked = queries.study_links.unlinked_by_centre(viewer=viewer)
        lists.append(
            WorkList(
                gettext("Images that belong to no case yet"),
                merged(unlinked, key=queries.study_links.arrival_of, most=SHOWN),
                lambda studies: [
                    Row(
                        reverse("registry:study-link", args=[study.public_id]),
                        gettext("Images received %(localtime)s")
                        % {"localtime": f"{timezone.localtime(study.received_at):%Y-%m-%d %H:%M}"},
                        gettext("taken %(study_date)s") % {"study_date": study.study_date}
                        if study.study_date
                        else gettext("no study date"),
                    )
                    for study in studies
                ],
                gettext("All images are linked. New ones appear here after an import."),
                reverse("registry:image-list"),
                total=bounded_count(unlinked),
            )
        )
    if viewer.has_perm("registry.view_patient"):
        lists += [work[key] for key in LAST_LISTS if key in work]
        lists.append(_latest_cases(viewer))
    if viewer.has_perm("imaging.view_delivery"):
        runs = runs_by_centre(viewer=viewer)
        lists.append(
            WorkList(
                gettext("Latest imports"),
                merged(runs, key=arrival_of_run, most=SHOWN),
                lambda runs: [
                    Row(
                        reverse("imaging:run-detail", args=[run.public_id]),
                        f"{capfirst(run.get_source_display())} · {run.centre_code}",
                        f"{timezone.localtime(run.started_at):%Y-%m-%d %H:%M}",
                    )
                    for run in runs
                ],
                gettext("Nothing has been imported yet."),
                reverse("imaging:run-list"),
                waits=False,
                total=bounded_count(runs),
            )
        )
    return lists


def _to_adjudicate(pairs: Sequence[ReadPair]) -> WorkList:
    """Listed only where something waits: who cannot decide is not told that others can."""
    return WorkList(
        gettext("Two readers differ"),
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


def _to_answer(offers: Sequence[PatientTransfer]) -> WorkList:
    """Listed only where another centre offers a patient: until then nobody asks for it."""
    return WorkList(
        gettext("Patients that other centres offer you"),
        offers,
        lambda some: [
            Row(
                reverse("registry:transfer-detail", args=[offer.public_id]),
                f"{offer.patient.registry_number} · {offer.from_centre.name}",
                offer.transferred_on.isoformat(),
            )
            for offer in some
        ],
        "",
        reverse("registry:transfer-list"),
    )


def _work_lists(viewer: User, now: datetime) -> dict[str, WorkList]:
    """Working lists by key; what their lines show is fetched for all of them at once."""
    asked = {
        words.key: (words, work_lists.wanted(words, today=now.date()))
        for key in (*FIRST_LISTS, *LAST_LISTS)
        for words in [work_lists.list_words(key, viewer=viewer)]
        if words is not None
    }
    pages = {
        key: queries.lists.page(viewer=viewer, wanted=wanted, after="", size=SHOWN)
        for key, (_words, wanted) in asked.items()
    }
    entries = [entry for page in pages.values() for entry in page.rows]
    drawn = iter(work_lists.lines(viewer=viewer, rows=entries))
    rows = {key: [_entry_row(next(drawn)) for _ in page.rows] for key, page in pages.items()}
    return {
        key: WorkList(
            str(words.title),
            rows[key],
            list,
            str(words.nothing),
            work_lists.list_url(words),
            total=queries.lists.count(viewer=viewer, wanted=wanted),
        )
        for key, (words, wanted) in asked.items()
    }


def _entry_row(line: Line) -> Row:
    return Row(line.url, f"{line.number} · {line.words or line.facts}", f"{line.on}", line.badge)


def _latest_cases(viewer: User) -> WorkList:
    asked = Wanted("case", newest_first=True)
    page = queries.lists.page(viewer=viewer, wanted=asked, after="", size=SHOWN)
    return WorkList(
        gettext("Latest cases"),
        [_case_row(line) for line in work_lists.lines(viewer=viewer, rows=page.rows)],
        list,
        gettext("No case yet. Cases appear here as they are logged."),
        f"{reverse('registry:search')}?what=case",
        waits=False,
    )


def _case_row(line: Line) -> Row:
    return Row(line.url, f"{line.number} · {line.facts}", f"{line.on}", line.badge)


def _actions(viewer: User) -> list[tuple[str, str, str]]:
    """(label, url, shortcut) of what this role does most; the first is the primary button."""
    offered = [
        ("registry.log_case", gettext("Log a case"), "registry:case-log", "n"),
        ("registry.read_study", gettext("Start reading"), "registry:reading-list", ""),
        ("imaging.add_study", gettext("Import images"), "imaging:upload", ""),
        ("registry.run_audit", gettext("Open the audit"), "registry:audit-list", ""),
        ("registry.manage_people", gettext("Look after people"), "registry:person-list", ""),
    ]
    return [
        (label, reverse(name), shortcut)
        for permission, label, name, shortcut in offered
        if viewer.has_perm(permission)
    ]
