"""Log a case: one page for a whole episode, one transaction."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from registry import actions, queries
from registry.actions.errors import DuplicatePatientError, StepRefusedError
from registry.forms.case_log import LOG_CASE, CaseLog
from registry.presenters.known_patient import KnownPatient, known_patients
from registry.views.form_page import answers
from registry.views.once import creates_once
from registry.views.opened import forget_opening, opened_at
from registry.views.request import SignedInRequest, asked_for

OPENED = "case-log"
LONGEST_NUMBER = 64


@creates_once(
    visible=queries.cases.visible,
    page_of=lambda case: reverse("registry:case-detail", args=[case.public_id]),
)
def case_log(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm(LOG_CASE):
        raise PermissionDenied
    now = timezone.now()
    centres = queries.centres.with_permission(viewer=request.user, permission=LOG_CASE)
    log = CaseLog(
        answers(request),
        viewer=request.user,
        today=max(centre.day_at(now) for centre in centres),
        known_number=asked_for(request, "patient"),
    )
    begun = opened_at(request, OPENED, now=now)
    if request.method == "POST" and log.is_valid():
        try:
            case = actions.case_logs.log(
                by=request.user, at=now, opened_at=begun, **log.entries(public_id=request.new_id)
            )
        except StepRefusedError as error:
            log.add_refusal(error)
        except DuplicatePatientError as error:
            log.who.add_error("local_number", str(error))
        else:
            forget_opening(request, OPENED)
            messages.success(
                request,
                gettext("The case of %(registry_number)s is logged.")
                % {"registry_number": case.patient.registry_number},
            )
            return redirect("registry:case-detail", case.public_id)
    return render(
        request,
        "registry/case_log.html",
        {
            "log": log,
            "cancel_url": reverse("registry:home"),
            "known": _known(request, log.who["known_number"].value() or ""),
        },
    )


@require_POST
def known_patient(request: SignedInRequest) -> HttpResponse:
    """Whom a number means. A POST, so that hospital numbers stay out of addresses and logs."""
    if not request.user.has_perm(LOG_CASE):
        raise PermissionDenied
    typed = request.POST.get("patient-known_number", "").replace("\x00", "")[:LONGEST_NUMBER]
    return render(request, "registry/known_patient.html", {"known": _known(request, typed)})


def _known(request: SignedInRequest, number: str) -> list[KnownPatient] | None:
    """Those with the number; None while none is typed."""
    if not number.strip():
        return None
    return known_patients(
        queries.patients.by_number(viewer=request.user, permission=LOG_CASE, number=number),
        viewer=request.user,
    )
