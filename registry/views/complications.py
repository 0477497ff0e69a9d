"""Complications: logging in a case or of a patient, and correcting."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import actions, queries
from registry.forms.complication import ComplicationForm, ComplicationUpdateForm
from registry.models import (
    Complication,
    ContrastStudy,
    Patient,
    RevisionCase,
    RevisionSurgery,
    User,
)
from registry.presenters import patient as patient_words
from registry.presenters.case_words import case_facts
from registry.views.form_page import answers, form_page, is_saved
from registry.views.once import creates_once
from registry.views.request import SignedInRequest


def _page_of(complication: Complication) -> str:
    """The case it belongs to, or the patient."""
    if complication.case:
        return reverse("registry:case-detail", args=[complication.case.public_id])
    return patient_words.url(complication.patient)


@creates_once(visible=queries.complications.complete, page_of=_page_of)
def complication_of_case(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = get_object_or_404(queries.cases.visible(viewer=request.user), public_id=public_id)
    return _create(request, case.patient, case)


@creates_once(visible=queries.complications.complete, page_of=_page_of)
def complication_of_patient(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    return _create(request, patient, None)


def _create(request: SignedInRequest, patient: Patient, case: RevisionCase | None) -> HttpResponse:
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    now = timezone.now()
    form = ComplicationForm(
        answers(request),
        today=patient.centre.day_at(now),
        events=_events(request.user, patient, case),
    )
    if is_saved(
        form,
        lambda: actions.complications.log(
            patient=patient,
            by=request.user,
            at=now,
            fields=form.facts() | {"case": case, "public_id": request.new_id},
            relations=form.cleaned_data["relations"],
        ),
    ):
        messages.success(request, _("The complication is logged."))
        return redirect(_back(patient, case))
    return form_page(
        request,
        form,
        title=_("Complication"),
        facts=case_facts(case)
        if case
        else [patient.registry_number, *patient_words.facts(patient)],
        submit_label=_("Log the complication"),
        cancel_url=_back(patient, case),
    )


def complication_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    complication = _complication_to_log(request, public_id)
    patient, case = complication.patient, complication.case
    now = timezone.now()
    form = ComplicationUpdateForm(
        answers(request),
        initial=ComplicationForm.initial_of(complication),
        today=patient.centre.day_at(now),
        events=_events(request.user, patient, case),
    )
    if is_saved(
        form,
        lambda: actions.complications.edit(
            complication=complication,
            edition=form.cleaned_data["edition"],
            by=request.user,
            at=now,
            changes=form.facts(),
            relations=form.cleaned_data["relations"],
        ),
        saved_by_others=lambda: ComplicationForm.initial_of(
            _complication_to_log(request, public_id)
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(_page_of(complication))
    return form_page(
        request,
        form,
        title=_("Complication"),
        facts=case_facts(case)
        if case
        else [patient.registry_number, *patient_words.facts(patient)],
        cancel_url=_page_of(complication),
    )


def _back(patient: Patient, case: RevisionCase | None) -> str:
    if case is None:
        return patient_words.url(patient)
    return reverse("registry:case-detail", args=[case.public_id])


def _events(
    viewer: User, patient: Patient, case: RevisionCase | None
) -> list[RevisionSurgery | ContrastStudy]:
    """What a complication of the case, or of the patient, may have followed."""
    within = {"case": case} if case else {"case__patient": patient}
    events: list[RevisionSurgery | ContrastStudy] = [
        *queries.surgeries.visible(viewer=viewer).filter(**within),
        *queries.contrast_studies.visible(viewer=viewer).filter(**within),
    ]
    return sorted(events, key=lambda event: event.performed_on)


def _complication_to_log(request: SignedInRequest, public_id: uuid.UUID) -> Complication:
    complication = get_object_or_404(
        queries.complications.complete(viewer=request.user), public_id=public_id
    )
    if not request.user.has_perm("registry.log_case", complication):
        raise PermissionDenied
    return complication
