"""Offering a patient to another centre, and answering such an offer."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from imaging.queries.uncounted import page_of
from registry import actions, queries
from registry.actions.errors import (
    DuplicatePatientError,
    InvalidRecordError,
    TransferRefusedError,
)
from registry.forms.patient_merge import AcceptForm, TransferForm
from registry.presenters import patient as patient_page
from registry.views.request import SignedInRequest

PER_PAGE = 50


@require_GET
def transfer_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.view_patient"):
        raise PermissionDenied
    found = queries.patient_transfers.visible(viewer=request.user)
    return render(
        request,
        "registry/transfer_list.html",
        {"page": page_of(found, asked_for=request.GET.get("page"), size=PER_PAGE)},
    )


def patient_transfer(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    if request.method == "GET" and (
        waiting := queries.patient_transfers.waiting_of(viewer=request.user, patient=patient)
    ):
        return redirect("registry:transfer-detail", waiting.public_id)
    now = timezone.now()
    form = TransferForm(
        request.POST or None,
        centres=queries.patient_transfers.receiving_centres(
            viewer=request.user, giving=patient.centre
        ),
        today=patient.centre.day_at(now),
    )
    if request.method == "POST" and form.is_valid():
        try:
            transfer = actions.patient_transfers.offer(
                patient=patient, by=request.user, at=now, **form.cleaned_data
            )
        except TransferRefusedError as error:
            form.add_error(None, str(error))
        except InvalidRecordError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The transfer is offered and waits for an answer."))
            return redirect("registry:transfer-detail", transfer.public_id)
    return render(request, "registry/patient_transfer.html", {"form": form, "patient": patient})


def transfer_detail(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The giving centre may take the offer back, the other accepts or declines."""
    transfer = get_object_or_404(
        queries.patient_transfers.visible(viewer=request.user), public_id=public_id
    )
    log = request.user.centre_codes("registry.log_case")
    may_answer = transfer.answer is None and transfer.to_centre.code in log
    may_withdraw = transfer.answer is None and transfer.from_centre.code in log
    form = AcceptForm(request.POST or None)
    if request.method == "POST":
        allowed = {"accept": may_answer, "decline": may_answer, "withdraw": may_withdraw}
        chosen = next((name for name in allowed if name in request.POST), "")
        if transfer.answer is None and not allowed.get(chosen):
            raise PermissionDenied
        if form.is_valid():
            by: dict[str, Any] = {"transfer": transfer, "by": request.user, "at": timezone.now()}
            try:
                if chosen == "accept":
                    done = actions.patient_transfers.accept(**by, **form.cleaned_data)
                    messages.success(request, _("The patient is yours now."))
                    return redirect(patient_page.url(done.patient))
                if chosen == "decline":
                    actions.patient_transfers.decline(**by)
                else:
                    actions.patient_transfers.withdraw(**by)
            except (DuplicatePatientError, TransferRefusedError, InvalidRecordError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The transfer is answered."))
                return redirect("registry:transfer-detail", transfer.public_id)
    return render(
        request,
        "registry/transfer_detail.html",
        {
            "transfer": transfer,
            "form": form,
            "may_answer": may_answer,
            "may_withdraw": may_withdraw,
            "sees_patient": request.user.has_perm("registry.view_patient", transfer.patient),
        },
    )
