"""Scheduled reports: the list, one with what became of it, setting up, pausing and ending."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry import actions, queries
from registry.actions.errors import InvalidRecordError
from registry.forms.patient_limits import LIMITS
from registry.forms.report_schedule import EmailForm, ReportScheduleForm
from registry.models import ReportSchedule
from registry.presenters import report_schedules as words
from registry.views.form_page import answers, form_page
from registry.views.once import creates_once
from registry.views.request import SignedInRequest

PERMISSION = "registry.freeze_report"


@require_GET
def schedule_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.run_audit"):
        raise PermissionDenied
    found = queries.report_schedules.visible(viewer=request.user)
    return render(
        request,
        "registry/report_schedule_list.html",
        {
            "lines": [words.line(one) for one in found],
            "mail_is_set_up": settings.CRESCENT_ADDRESS is not None,
            "email_form": EmailForm(initial={"email": request.user.email}),
        },
    )


@require_GET
def schedule_detail(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    schedule = _schedule(request, public_id)
    return render(
        request,
        "registry/report_schedule_detail.html",
        {
            "line": words.line(schedule),
            "issues": words.issues(schedule),
            "mail_is_set_up": settings.CRESCENT_ADDRESS is not None,
            "may_change": _may_change(request, schedule),
        },
    )


@creates_once(visible=queries.report_schedules.visible, page_of=words.url)
def schedule_create(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    form = ReportScheduleForm(
        answers(request),
        centres=list(queries.centres.with_permission(viewer=request.user, permission=PERMISSION)),
        people=queries.report_schedules.possible_recipients(viewer=request.user),
        initial=_as_asked(request.GET),
    )
    if request.method == "POST" and form.is_valid():
        try:
            schedule = actions.report_schedules.set_up(
                **form.answers(),
                by=request.user,
                at=timezone.now(),
                public_id=request.new_id,
            )
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, _("The schedule is set up."))
            return redirect(words.url(schedule))
    return form_page(
        request,
        form,
        title=_("New scheduled report"),
        submit_label=_("Set it up"),
        cancel_url=reverse("registry:report-schedules"),
    )


@require_POST
def schedule_state(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Pause, resume or end."""
    schedule = _schedule(request, public_id)
    if not _may_change(request, schedule):
        raise PermissionDenied
    state = request.POST.get("state", "")
    if state not in ReportSchedule.State.values:
        return redirect(words.url(schedule))
    try:
        actions.report_schedules.change_state(
            schedule=schedule,
            state=state,
            reason=request.POST.get("reason", "")[: words.LONGEST_REASON],
            by=request.user,
            at=timezone.now(),
        )
    except InvalidRecordError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect(words.url(schedule))


@require_POST
def own_email(request: SignedInRequest) -> HttpResponse:
    form = EmailForm(request.POST)
    if form.is_valid():
        actions.people.set_email(
            user=request.user,
            email=form.cleaned_data["email"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Your address is saved."))
    else:
        messages.error(request, _("This is no e-mail address; nothing was saved."))
    return redirect("registry:report-schedules")


def _schedule(request: SignedInRequest, public_id: uuid.UUID) -> ReportSchedule:
    return get_object_or_404(
        queries.report_schedules.visible(viewer=request.user), public_id=public_id
    )


def _as_asked(asked: QueryDict) -> dict[str, Any]:
    """Audit, centres and limits of the page somebody comes from."""
    several = {name: asked.getlist(name) for name in ("centre", "diagnosis") if name in asked}
    return {name: asked[name] for name in ("protocol", *LIMITS) if name in asked} | several


def _may_change(request: SignedInRequest, schedule: ReportSchedule) -> bool:
    codes = {centre.code for centre in schedule.centres.all()}
    return codes <= request.user.centre_codes(PERMISSION)
