"""Refills: logging and correcting."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import actions, queries
from registry.forms.refill import RefillForm, RefillUpdateForm
from registry.models import Refill
from registry.presenters import drug_course
from registry.views.form_page import answers, form_page, is_saved
from registry.views.once import creates_once
from registry.views.request import SignedInRequest


@creates_once(
    visible=queries.refills.visible,
    page_of=lambda refill: drug_course.url(refill.patient),
)
def refill_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    now = timezone.now()
    form = RefillForm(
        answers(request),
        initial=drug_course.last_concentration(viewer=request.user, patient=patient),
        today=patient.centre.day_at(now),
        pumps=drug_course.pumps(viewer=request.user, patient=patient),
    )
    if is_saved(
        form,
        lambda: actions.refills.log(
            patient=patient,
            by=request.user,
            at=now,
            fields=form.facts() | {"public_id": request.new_id},
            confirmed=form.confirmed,
        ),
    ):
        messages.success(request, _("The refill is logged."))
        return redirect(drug_course.url(patient))
    return form_page(
        request,
        form,
        title=_("Refill"),
        facts=[patient.registry_number],
        submit_label=_("Log the refill"),
        cancel_url=drug_course.url(patient),
    )


def refill_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    refill = _to_log(request, public_id)
    now = timezone.now()
    form = RefillUpdateForm(
        answers(request),
        initial=RefillUpdateForm.initial_of(refill),
        today=refill.patient.centre.day_at(now),
        pumps=drug_course.pumps(viewer=request.user, patient=refill.patient),
    )
    if is_saved(
        form,
        lambda: actions.refills.edit(
            refill=refill,
            edition=form.cleaned_data["edition"],
            by=request.user,
            at=now,
            changes=form.facts(),
            confirmed=form.confirmed,
        ),
        saved_by_others=lambda: form.initial_of(_to_log(request, public_id)),
    ):
        messages.success(request, _("Saved."))
        return redirect(drug_course.url(refill.patient))
    return form_page(
        request,
        form,
        title=_("Refill"),
        facts=[refill.patient.registry_number],
        cancel_url=drug_course.url(refill.patient),
    )


def _to_log(request: SignedInRequest, public_id: uuid.UUID) -> Refill:
    refill = get_object_or_404(queries.refills.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", refill):
        raise PermissionDenied
    return refill
