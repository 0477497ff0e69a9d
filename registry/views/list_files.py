"""Every list as a file: one way for all, with the permission of the page and its filter printed.

The address of a file is that of its page and `list.xlsx` or `list.csv`; what narrows the page
narrows the file.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls.converters import StringConverter
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from imaging import queries as imaging_queries
from registry import actions, queries
from registry.audit.errors import UnknownNumberError
from registry.audit.protocols import PROTOCOLS
from registry.exchange import lists
from registry.exchange.export import Stamp
from registry.exchange.spreadsheets import XLSX, Value
from registry.forms.list_filter import ListFilterForm, SearchForm
from registry.forms.measurement_search import MeasurementSearchForm
from registry.forms.printed_filter import printed
from registry.presenters import (
    audit_words,
    image_tables,
    list_tables,
    list_terms,
    reading_list,
    work_lists,
)
from registry.presenters.list_tables import Table
from registry.queries.lists import Wanted
from registry.queries.read_marks import Wanted as WantedMeasurements
from registry.views import audits
from registry.views import reports as report_views
from registry.views.request import SignedInRequest, asked_for

CASES = "registry.view_patient"
AUDITS = "registry.run_audit"
CSV = "text/csv; charset=utf-8"

Printed = tuple[tuple[str, str], ...]
EVERYTHING: Printed = (("filter", "none: everything"),)


class FormatConverter(StringConverter):
    """The two forms of a file."""

    regex = "xlsx|csv"


@dataclass(frozen=True)
class ListFile:
    """What a file holds; `permission` is that of the page, asked in each centre."""

    name: str
    permission: str
    table: Callable[[], Table]
    filters: Printed = EVERYTHING


Source = Callable[..., ListFile]


def file_of(source: Source) -> Callable[..., FileResponse]:
    """The view of the file that a source describes."""

    @require_GET
    def view(request: SignedInRequest, form: str, **kwargs: object) -> FileResponse:
        made_at = timezone.now()
        with translation.override(settings.LANGUAGE_CODE):
            this = source(request, made_at, **kwargs)
            centres = request.user.centres(this.permission)
            if not centres:
                raise PermissionDenied
            name = f"{this.name}.{form}"
            # In the history before anything leaves.
            actions.data_exports.note(centres=centres, what=name, by=request.user, at=made_at)
            stamp = Stamp(
                made_at=made_at,
                made_by=request.user.get_username(),
                code_version=settings.CODE_VERSION,
                filters=(("centres", ", ".join(one.code for one in centres)), *this.filters),
            )
            table = this.table()
            write = lists.as_xlsx if form == "xlsx" else lists.as_csv
            file = write(this.name, table.header, _said(table), stamp=stamp)
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"{this.name}-{made_at:%Y-%m-%d}.{form}",
            content_type=XLSX if form == "xlsx" else CSV,
        )

    return view


def _said(table: Table) -> Iterator[list[Value]]:
    """The rows with words in the language of files, where a page would say them in its own."""
    for row in table.rows:
        yield [str(value) if isinstance(value, Promise) else value for value in row]


def patients(request: SignedInRequest, at: datetime) -> ListFile:
    search = asked_for(request, "q")
    return ListFile(
        "patients",
        CASES,
        lambda: list_tables.patients(viewer=request.user, search=search),
        (("search", search.strip() or "none: everything"),),
    )


def overview(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile(
        "working-lists",
        CASES,
        lambda: list_tables.overview(viewer=request.user, today=at.date()),
    )


def work_list(request: SignedInRequest, at: datetime, name: str) -> ListFile:
    _require(request, CASES)
    words = work_lists.list_words(name, viewer=request.user)
    if words is None:
        raise Http404
    form = ListFilterForm(request.GET, centres=request.user.centres(CASES))
    asked = work_lists.wanted(words, today=at.date(), **form.narrowed_to())
    return ListFile(
        words.key[:31],
        CASES,
        lambda: list_tables.entries(viewer=request.user, asked=asked),
        (("list", str(words.title)), *printed(form)),
    )


def search(request: SignedInRequest, at: datetime) -> ListFile:
    choices = list_terms.search_choices()
    form = SearchForm(request.GET, centres=request.user.centres(CASES), choices=choices)
    asked = Wanted(form.term(), newest_first=True, **form.narrowed_to())
    return ListFile(
        "search",
        CASES,
        lambda: list_tables.entries(viewer=request.user, asked=asked),
        printed(form),
    )


def measurements(request: SignedInRequest, at: datetime) -> ListFile:
    form = MeasurementSearchForm(request.GET)
    wanted = form.wanted() if form.is_valid() else WantedMeasurements()
    return ListFile(
        "measurements",
        CASES,
        lambda: list_tables.measurements(viewer=request.user, wanted=wanted),
        printed(form),
    )


def reading(request: SignedInRequest, at: datetime) -> ListFile:
    show, age = asked_for(request, "show"), asked_for(request, "age")
    return ListFile(
        "reading-list",
        "registry.read_study",
        lambda: list_tables.reading(viewer=request.user, now=at, show=show, age=age),
        reading_list.asked_words(show, age),
    )


def audit_cases(request: SignedInRequest, at: datetime, key: str) -> ListFile:
    this = audits.asked(request, key)
    if not this.is_valid:
        raise Http404
    question = this.question(request)
    number = asked_for(request, "number")
    try:
        found = queries.audits.behind(viewer=request.user, asked=question, number=number)
        if found is None:
            found = queries.audits.count_behind(viewer=request.user, asked=question, number=number)
    except UnknownNumberError as error:
        raise Http404 from error
    behind = audits.cases_behind(request.user, found, this.protocol)
    return ListFile(
        "audit-cases",
        AUDITS,
        lambda: _behind(behind),
        (
            ("protocol", f"{this.protocol.key} {this.protocol.version}"),
            ("number", f"{behind.number}: {behind.words}"),
            *audit_words.filter_words(found.result),
        ),
    )


def report_cases(request: SignedInRequest, at: datetime, public_id: uuid.UUID) -> ListFile:
    report = get_object_or_404(queries.reports.visible(viewer=request.user), public_id=public_id)
    protocol = PROTOCOLS[report.protocol_key]
    behind = audits.cases_behind(
        request.user, report_views.behind_report(request, report), protocol
    )
    return ListFile(
        "report-cases",
        AUDITS,
        lambda: _behind(behind),
        (
            ("report", report.title),
            ("number", f"{behind.number}: {behind.words}"),
            *audit_words.filter_words(report.results),
        ),
    )


def reports(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile("reports", AUDITS, lambda: list_tables.reports(viewer=request.user))


def advisories(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile("advisories", CASES, lambda: list_tables.advisories(viewer=request.user))


def affected(request: SignedInRequest, at: datetime, public_id: uuid.UUID) -> ListFile:
    visible = queries.advisories.visible(viewer=request.user)
    advisory = get_object_or_404(visible, public_id=public_id)
    return ListFile(
        "affected",
        CASES,
        lambda: list_tables.affected(viewer=request.user, advisory=advisory),
        (("advisory", advisory.title), ("in place", "only")),
    )


def transfers(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile("transfers", CASES, lambda: list_tables.transfers(viewer=request.user))


def images(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile(
        "images-to-link",
        "registry.link_images",
        lambda: image_tables.unlinked_images(viewer=request.user),
    )


def people(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile(
        "people", "registry.manage_people", lambda: list_tables.people(viewer=request.user)
    )


def history(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile(
        "history", "registry.view_history", lambda: list_tables.history(viewer=request.user)
    )


def deliveries(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile(
        "imports", "imaging.view_delivery", lambda: image_tables.deliveries(viewer=request.user)
    )


def quarantine(request: SignedInRequest, at: datetime) -> ListFile:
    decided = "decided" in request.GET
    kept = timedelta(days=settings.CRESCENT_QUARANTINE_DAYS)
    return ListFile(
        "quarantine",
        imaging_queries.DECIDE_QUARANTINE,
        lambda: image_tables.quarantine(viewer=request.user, decided=decided, kept=kept),
        (("files", "decided" if decided else "waiting"),),
    )


def workload(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile(
        "reading-workload",
        "registry.assign_reads",
        lambda: list_tables.workload(viewer=request.user, now=at),
        _coordinated(request),
    )


def open_studies(request: SignedInRequest, at: datetime) -> ListFile:
    return ListFile(
        "studies-without-reads",
        "registry.assign_reads",
        lambda: list_tables.open_studies(viewer=request.user, now=at),
        _coordinated(request),
    )


def _coordinated(request: SignedInRequest) -> Printed:
    """That everything is there, or the centres of which the page shows nothing either."""
    named = request.user.centre_codes("registry.assign_reads")
    left_out = named - queries.adjudications.coordinated_codes(viewer=request.user)
    if not left_out:
        return EVERYTHING
    return (("left out, since you read there", ", ".join(sorted(left_out))),)


def _require(request: SignedInRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _behind(behind: audits.CasesBehind) -> list_tables.Table:
    """What the file of a number holds."""
    if behind.theatre_lines:
        return list_tables.audit_theatre_lines(
            behind.theatre_lines, rows_of=behind.theatre_lines_of
        )
    return list_tables.audit_people(behind.people, lines_of=behind.lines_of)
