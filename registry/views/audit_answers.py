"""Audits that take longer than a request may: the answer, or the page that waits for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from registry import queries
from registry.audit.protocol import Protocol
from registry.forms.audit_filters import AuditFiltersForm
from registry.presenters import audit_links, audit_wait
from registry.queries import audit_work
from registry.queries.kept_answers import Answer, Question
from registry.views.request import SignedInRequest, asked_for

WAITS_AT_MOST = timedelta(minutes=30)
"""So old an answer may be that somebody waited for; else it is counted from today's facts."""

ACCEPTED = 202


def question(request: SignedInRequest, protocol: Protocol, form: AuditFiltersForm) -> Question:
    return queries.audits.question(
        viewer=request.user,
        protocol_key=protocol.key,
        filters=form.filters(),
        as_of=form.as_of(),
        code_version=settings.CODE_VERSION,
    )


def answer(
    request: SignedInRequest, asked: Question, *, now: datetime, waited_for: bool = False
) -> Answer | None:
    """The numbers; None where they have to be counted first.

    Parameters
    ----------
    waited_for
        Whether numbers will do that were counted while the viewer waited, though something has
        changed since. Only for a page that says so.
    """
    since = _since(request, now=now) if waited_for else None
    return queries.audits.answer(viewer=request.user, asked=asked, at=now, since=since)


def waiting_page(
    request: SignedInRequest,
    protocol: Protocol,
    form: AuditFiltersForm,
    asked: Question,
    *,
    now: datetime,
) -> HttpResponse:
    """The page that says how far the count is, and is drawn anew when it has ended."""
    progress = audit_work.progress(asked)
    if progress is None or (asked_for(request, "again") and not progress.goes_on):
        audit_work.forget(asked)
        audit_work.begin(asked, at=now)
        progress = audit_work.progress(asked)
    context = {"protocol": protocol, "form": form, "page": None}
    context |= _words(request, asked, now=now)
    return render(request, "registry/audit_protocol.html", context, status=ACCEPTED)


def live(
    request: SignedInRequest, protocol: Protocol, asked: Question, *, now: datetime
) -> HttpResponse:
    """How far it is; the page asks for it again and again."""
    progress = audit_work.progress(asked)
    if progress is None and answer(request, asked, now=now, waited_for=True) is None:
        # Too many were waiting, or something changed that nobody waited for.
        audit_work.begin(asked, at=now)
        progress = audit_work.progress(asked)
    if progress is not None and progress.goes_on:
        words = _words(request, asked, now=now) | {"protocol": protocol}
        return render(request, "registry/audit_live.html", words)
    if not asked_for(request, "arrived"):
        # Asked for every second, the page would be begun anew before it is there.
        words = _words(request, asked, now=now) | {"protocol": protocol}
        words |= {"wait": audit_wait.ended(), "arrived": True}
        return render(request, "registry/audit_live.html", words)
    response = HttpResponse()
    response["HX-Redirect"] = _page(request, asked, now=now)
    return response


def to_page(request: SignedInRequest, asked: Question, *, now: datetime) -> HttpResponse:
    """A file was asked for that is not counted yet: its page says how far it is."""
    return redirect(_page(request, asked, now=now))


def _words(request: SignedInRequest, asked: Question, *, now: datetime) -> dict[str, Any]:
    since = _since(request, now=now) or now
    query = f"{audit_links.query(asked.filters, asked.as_of)}&since={since.timestamp():.6f}"
    return {
        "wait": audit_wait.words(audit_work.progress(asked), now=now),
        "live_query": query,
        "again_query": f"{query}&again=1",
    }


def _page(request: SignedInRequest, asked: Question, *, now: datetime) -> str:
    since = _since(request, now=now) or now
    query = audit_links.query(asked.filters, asked.as_of)
    page = reverse("registry:audit-protocol", args=[asked.protocol_key])
    return f"{page}?{query}&since={since.timestamp():.6f}"


def _since(request: SignedInRequest, *, now: datetime) -> datetime | None:
    """When the viewer began to wait; None where nobody says so, or too long ago."""
    try:
        since = datetime.fromtimestamp(float(asked_for(request, "since")), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return since if now - WAITS_AT_MOST <= since <= now else None
