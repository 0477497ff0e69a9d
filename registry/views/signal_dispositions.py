"""Device signals: all of one's centres with what people decided, and deciding about one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from registry import actions, queries
from registry.actions.errors import InvalidRecordError, OtherNumbersError
from registry.audit.printed_signals import has_signals, printed_signals
from registry.forms.signal_disposition import SignalDispositionForm
from registry.models import SignalDisposition
from registry.presenters import audit_links, signal_dispositions
from registry.presenters.audit_words import Result, filter_line
from registry.views import audit_answers
from registry.views.form_page import answers
from registry.views.once import creates_once
from registry.views.request import SignedInRequest

from .audits import asked, audited, signals_of, with_errors

KEY = "device-survival"
"""The protocol that applies the rule."""

DECISIONS_PER_PAGE = 50


@require_GET
def signal_list(request: SignedInRequest) -> HttpResponse:
    this = asked(request, KEY)
    if not this.is_valid:
        return with_errors(request, this)
    question = this.question(request)
    answer = audit_answers.answer(request, question, now=this.now)
    every = Paginator(
        queries.signal_dispositions.visible(viewer=request.user), DECISIONS_PER_PAGE
    ).get_page(request.GET.get("page"))
    return render(
        request,
        "registry/signal_list.html",
        {
            "protocol": this.protocol,
            "signals": None if answer is None else signals_of(request.user, answer.result),
            "filter_line": filter_line(question.to_json()),
            "audit_url": f"{reverse('registry:audit-protocol', args=[KEY])}"
            f"?{audit_links.query(question.filters, question.as_of)}",
            "page": every,
            "decisions": [
                (one, signal_dispositions.scope_words(one), signal_dispositions.of_record(one))
                for one in every
            ],
        },
    )


def _page_of(decided: SignalDisposition) -> str:
    return reverse("registry:signal-list")


@creates_once(visible=queries.signal_dispositions.visible, page_of=_page_of)
def signal_decide(request: SignedInRequest, key: str, signal: str) -> HttpResponse:
    this = asked(request, key, data=request.GET)
    if not this.is_valid:
        return with_errors(request, this)
    question = this.question(request)
    may_decide = request.user.centre_codes("registry.decide_signal")
    if not set(question.centres) <= may_decide:
        raise PermissionDenied
    # What is kept with a decision is counted within its request.
    counted = audited(request.user, this).result if request.method == "POST" else None
    if counted is not None:
        printed: Result = counted.to_json()
    elif answer := audit_answers.answer(request, question, now=this.now):
        printed = answer.result
    else:
        return audit_answers.to_page(request, question, now=this.now)
    found = printed_signals(printed).get(signal) if has_signals(printed) else None
    if found is None or not found.flagged:
        raise Http404
    decided = [
        one
        for one in queries.signal_dispositions.of_audit(
            viewer=request.user, protocol_key=key, filters=printed["filters"]
        )
        if one["signal"] == signal
    ]
    shown = {
        "facts_sha256": printed["facts_sha256"],
        "seen": decided[0]["id"] if decided else "",
    }
    form = SignalDispositionForm(answers(request), initial=shown)
    back = (
        f"{reverse('registry:audit-protocol', args=[key])}"
        f"?{audit_links.query(question.filters, question.as_of)}#signals"
    )
    if counted is not None and form.is_valid():
        try:
            actions.signal_dispositions.decide(
                result=counted,
                signal_key=signal,
                disposition=form.cleaned_data["disposition"],
                reason=form.cleaned_data["reason"],
                seen_facts_sha256=form.cleaned_data["facts_sha256"],
                seen_disposition=form.cleaned_data["seen"],
                by=request.user,
                at=timezone.now(),
                public_id=request.new_id,
            )
        except OtherNumbersError as error:
            form.add_error(None, str(error))
            form.see(**shown)
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("The disposition is kept, with these numbers."))
            return redirect(back)
    return render(
        request,
        "registry/signal_decide.html",
        {
            "form": form,
            "title": found.label,
            "facts": [filter_line(printed)],
            "form_action": request.get_full_path(),
            "cancel_url": back,
            "numbers": signal_dispositions.numbers_in_words(found.inputs),
            "rules": [rule for rule in printed["rules"] if "AOANJRR" in rule],
            "decisions": [signal_dispositions.decision(one, found.inputs) for one in decided],
        },
    )
