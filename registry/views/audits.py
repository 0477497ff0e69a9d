"""Audits: the page, its exports, and the cases behind each number."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from registry import queries
from registry.audit.errors import UnknownNumberError
from registry.audit.printed_signals import has_signals
from registry.audit.protocol import Protocol
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.forms.audit_filters import AuditFiltersForm
from registry.forms.report_title import ReportTitleForm
from registry.models import User
from registry.presenters import (
    audit_cases,
    audit_csv,
    audit_links,
    audit_page,
    audit_pdf,
    signal_dispositions,
)
from registry.presenters.audit_cases import PatientLine, TheatreRow
from registry.presenters.audit_words import Result
from registry.presenters.signal_dispositions import SignalPanel, Stated
from registry.queries.audits import Behind
from registry.queries.kept_answers import Question
from registry.views import audit_answers
from registry.views.document_language import in_source_language
from registry.views.once import give_new_id
from registry.views.request import SignedInRequest, asked_for

CASES_PER_PAGE = 100
BAD_REQUEST = 400


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a protocol, and filters that may still be wrong."""

    protocol: Protocol
    form: AuditFiltersForm
    now: datetime

    @property
    def is_valid(self) -> bool:
        return self.form.is_valid()

    def question(self, request: SignedInRequest) -> Question:
        return audit_answers.question(request, self.protocol, self.form)


@dataclass(frozen=True)
class CasesBehind:
    """A number of an audit: its key and words, what it counts, and how its patients are shown.

    A number of theatre lines counts no patients but what the hospital's lists say.
    """

    number: str
    words: str
    unit: str
    total: int
    people: list[str]
    lines_of: Callable[[list[str]], list[PatientLine]]
    theatre_lines: list[str]
    theatre_lines_of: Callable[[list[str]], list[TheatreRow]]


def asked(request: SignedInRequest, key: str, *, data: QueryDict | None = None) -> Asked:
    """Read the address.

    Parameters
    ----------
    data
        Where the filters stand if not among what was sent.

    Raises
    ------
    PermissionDenied
        The viewer may audit no centre.
    Http404
        No protocol has this key.
    """
    centres = list(
        queries.centres.with_permission(viewer=request.user, permission="registry.run_audit")
    )
    if not centres:
        raise PermissionDenied
    if key not in PROTOCOLS:
        raise Http404
    now = timezone.now()
    if data is None:
        data = request.POST if request.method == "POST" else request.GET
    today = max(centre.day_at(now) for centre in centres)
    form = AuditFiltersForm(
        data,
        centres=centres,
        today=today,
    )
    return Asked(PROTOCOLS[key], form, now)


def audited(viewer: User, this: Asked, *, as_of: date | None = None) -> queries.audits.Audit:
    """Run what was asked for, at another cut-off if one is given."""
    return queries.audits.for_viewer(
        viewer=viewer,
        protocol_key=this.protocol.key,
        filters=this.form.filters(),
        as_of=as_of or this.form.as_of(),
        code_version=settings.CODE_VERSION,
    )


def decided_of(viewer: User, result: Result) -> list[Stated] | None:
    """What people made of the device signals of the audit; None if it raises none by its nature."""
    if not has_signals(result):
        return None
    return list(
        queries.signal_dispositions.of_audit(
            viewer=viewer, protocol_key=result["protocol"]["key"], filters=result["filters"]
        )
    )


def signals_of(viewer: User, result: Result) -> SignalPanel | None:
    """The signals with their dispositions; who may decide in all of the centres gets the links."""
    decided = decided_of(viewer, result)
    if decided is None:
        return None
    filters = Filters.from_json(result["filters"])
    may_decide = set(filters.centres or ()) <= viewer.centre_codes("registry.decide_signal")
    query = audit_links.query(filters, date.fromisoformat(result["as_of"]))

    def href(signal: str) -> str:
        address = reverse("registry:signal-decide", args=[result["protocol"]["key"], signal])
        return f"{address}?{query}"

    return signal_dispositions.panel(result, decided, href=href if may_decide else None)


def attachment(content: str | bytes, *, content_type: str, name: str) -> HttpResponse:
    """A download whose name says what it is, and nothing of whom."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def audit_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.run_audit"):
        raise PermissionDenied
    return render(
        request,
        "registry/audit_list.html",
        {
            "protocols": list(PROTOCOLS.values()),
            "reports": queries.reports.listing(viewer=request.user)[:5],
        },
    )


@require_GET
def audit_protocol(request: SignedInRequest, key: str) -> HttpResponse:
    this = asked(request, key)
    if not this.is_valid:
        return with_errors(request, this)
    return protocol_page(request, this)


def protocol_page(
    request: SignedInRequest,
    this: Asked,
    *,
    title_form: ReportTitleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The audit with its filters; `title_form` carries what was wrong with freezing it."""
    question = this.question(request)
    answer = audit_answers.answer(request, question, now=this.now, waited_for=True)
    if answer is None:
        return audit_answers.waiting_page(request, this.protocol, this.form, question, now=this.now)
    give_new_id(request)
    result, filters = answer.result, question.filters
    href = audit_links.to_cases(this.protocol.key, filters, question.as_of)
    freezable = request.user.centre_codes("registry.freeze_report")
    return render(
        request,
        "registry/audit_protocol.html",
        {
            "protocol": this.protocol,
            "form": this.form,
            "page": audit_page.page(result, this.protocol, href=href),
            "signals": signals_of(request.user, result),
            "signals_url": reverse("registry:signal-list"),
            "query": audit_links.query(filters, question.as_of),
            "changed_since": None if answer.is_current else answer.read_at,
            "may_freeze": set(filters.centres or ()) <= freezable,
            "title_form": title_form
            or ReportTitleForm(
                initial={
                    "title": f"{this.protocol.title}, {question.as_of.isoformat()}",
                    "facts_sha256": result["facts_sha256"],
                }
            ),
        },
        status=status,
    )


def with_errors(request: SignedInRequest, this: Asked) -> HttpResponse:
    """The page of the audit with what is wrong about its filters."""
    context = {"protocol": this.protocol, "form": this.form, "page": None}
    return render(request, "registry/audit_protocol.html", context, status=BAD_REQUEST)


@require_GET
def audit_live(request: SignedInRequest, key: str) -> HttpResponse:
    """How far the count is that a page waits for."""
    this = asked(request, key)
    if not this.is_valid:
        return with_errors(request, this)
    return audit_answers.live(request, this.protocol, this.question(request), now=this.now)


@require_GET
@in_source_language
def audit_json(request: SignedInRequest, key: str) -> HttpResponse:
    return _file(request, key, "json")


@require_GET
@in_source_language
def audit_csv_file(request: SignedInRequest, key: str) -> HttpResponse:
    return _file(request, key, "csv")


@require_GET
@in_source_language
def audit_pdf_file(request: SignedInRequest, key: str) -> HttpResponse:
    return _file(request, key, "pdf")


def _file(request: SignedInRequest, key: str, ending: str) -> HttpResponse:
    this = asked(request, key)
    if not this.is_valid:
        return with_errors(request, this)
    question = this.question(request)
    answer = audit_answers.answer(request, question, now=this.now)
    if answer is None:
        return audit_answers.to_page(request, question, now=this.now)
    content_type, write = FILES[ending]
    return attachment(
        write(answer.result, this.protocol, this.now, decided_of(request.user, answer.result)),
        content_type=content_type,
        name=f"{key}_{question.as_of.isoformat()}.{ending}",
    )


Decided = list[Stated] | None


def _json(result: Result, protocol: Protocol, made_at: datetime, decided: Decided) -> str:
    said = signal_dispositions.in_json(result, decided)
    return json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False)


def _csv(result: Result, protocol: Protocol, made_at: datetime, decided: Decided) -> str:
    return audit_csv.write(result, protocol, decided=decided)


def _pdf(result: Result, protocol: Protocol, made_at: datetime, decided: Decided) -> bytes:
    return audit_pdf.typeset(
        audit_pdf.document(result, protocol, title=protocol.title, made_at=made_at, decided=decided)
    )


FILES: Mapping[str, tuple[str, Callable[[Result, Protocol, datetime, Decided], str | bytes]]] = {
    "json": ("application/json", _json),
    "csv": ("text/csv; charset=utf-8", _csv),
    "pdf": ("application/pdf", _pdf),
}


@require_GET
def audit_cases_list(request: SignedInRequest, key: str) -> HttpResponse:
    this = asked(request, key)
    if not this.is_valid:
        return with_errors(request, this)
    question = this.question(request)
    try:
        behind = queries.audits.behind(
            viewer=request.user, asked=question, number=asked_for(request, "number")
        )
    except UnknownNumberError as error:
        raise Http404 from error
    if behind is None:
        return audit_answers.to_page(request, question, now=this.now)
    query = audit_links.query(question.filters, question.as_of)
    context = {"query": query, "protocol": this.protocol}
    return cases_page(request, behind=behind, protocol=this.protocol, context=context)


def cases_page(
    request: SignedInRequest, *, behind: Behind, protocol: Protocol, context: dict[str, object]
) -> HttpResponse:
    """The cases behind a number."""
    cases = cases_behind(request.user, behind, protocol)
    counted = cases.theatre_lines or cases.people
    page = Paginator(counted, CASES_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    return render(
        request,
        "registry/audit_cases.html",
        {
            "number": cases.number,
            "words": cases.words,
            "total": cases.total,
            "unit": cases.unit,
            "pairs": protocol.pairing is not None,
            "lines": [] if cases.theatre_lines else cases.lines_of(shown),
            "theatre_rows": cases.theatre_lines_of(shown) if cases.theatre_lines else [],
            "page": page,
            **context,
        },
    )


def cases_behind(viewer: User, behind: Behind, protocol: Protocol) -> CasesBehind:
    """What the page of a number and its file show."""
    result, number = behind.result, behind.number
    members, patient_of = behind.counted.members, behind.counted.patient_of
    people = set(patient_of.values())
    unread = queries.audits.unread_by(viewer=viewer, patient_ids=people)
    lines = [member for member in members if member not in patient_of]
    line_of = behind.facts_of(()).line_of() if lines else {}

    def lines_of(some: list[str]) -> list[PatientLine]:
        patients = queries.audits.patients_behind(viewer=viewer, patient_ids=some)
        return audit_cases.lines(
            people=some,
            members=frozenset(members),
            patients={str(patient.public_id): patient for patient in patients},
            unread=unread,
            cohort=behind.facts_of(some),
            result=result,
            protocol=protocol,
        )

    def theatre_lines_of(some: list[str]) -> list[TheatreRow]:
        named = {line_of[one][1].patient_id for one in some} - {""}
        patients = queries.audits.patients_behind(viewer=viewer, patient_ids=named)
        return audit_cases.theatre_rows(
            some, line_of=line_of, patients={str(one.public_id): one for one in patients}
        )

    return CasesBehind(
        number=number,
        words=audit_cases.number_words(result, protocol, number),
        unit=audit_cases.unit_of(result, protocol, number),
        total=len(members),
        people=queries.audits.in_order(viewer=viewer, patient_ids=people),
        lines_of=lines_of,
        theatre_lines=audit_cases.in_order_of_file(lines, line_of),
        theatre_lines_of=theatre_lines_of,
    )
