"""Assessments: the list of a patient, logging and correcting."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from registry import actions, queries
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.audit.instruments import Instrument
from registry.forms.assessment import AssessmentForm, AssessmentUpdateForm, InstrumentForm
from registry.models import Assessment, Patient
from registry.presenters import assessments as words
from registry.presenters import patient as patient_page
from registry.views.form_page import answers, form_page
from registry.views.once import creates_once
from registry.views.request import SignedInRequest, asked_for

FORM = "registry/assessment_form.html"


@require_GET
def assessment_list(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = _patient(request, public_id)
    assessments = queries.assessments.visible(viewer=request.user).filter(patient=patient)
    return render(
        request,
        "registry/assessment_list.html",
        {
            "patient": patient,
            "facts": patient_page.facts(patient),
            "lines": words.lines(assessments.order_by("-performed_on", "-id")),
            "may_log": request.user.has_perm("registry.log_case", patient),
        },
    )


@creates_once(
    visible=queries.assessments.visible,
    page_of=lambda assessment: patient_page.url(assessment.patient),
)
def assessment_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The instrument is asked first: it decides about the rest of the form."""
    patient = _patient(request, public_id)
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    chosen = request.POST.get("instrument") or asked_for(request, "instrument")
    if chosen not in set(Instrument):
        return _choose(request, patient)
    now = timezone.now()
    form = AssessmentForm(
        answers(request), instrument=Instrument(chosen), today=patient.centre.day_at(now)
    )
    if request.method == "POST" and form.is_valid():
        try:
            assessment = actions.assessments.log(
                patient=patient,
                by=request.user,
                at=now,
                fields=form.facts() | {"instrument": chosen, "public_id": request.new_id},
                grades=form.grades(),
            )
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            return _saved(request, assessment)
    return form_page(
        request,
        form,
        title=form.term.label,
        facts=[patient.registry_number, *patient_page.facts(patient)],
        submit_label=_("Log the assessment"),
        cancel_url=patient_page.url(patient),
        template=FORM,
    )


def assessment_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    assessment = _assessment_to_log(request, public_id)
    patient = assessment.patient
    now = timezone.now()
    form = AssessmentUpdateForm(
        answers(request),
        initial=AssessmentForm.initial_of(assessment),
        instrument=Instrument(assessment.instrument),
        today=patient.centre.day_at(now),
    )
    if request.method == "POST" and form.is_valid():
        try:
            assessment = actions.assessments.edit(
                assessment=assessment,
                edition=form.cleaned_data["edition"],
                by=request.user,
                at=now,
                changes=form.facts(),
                grades=form.grades(),
            )
        except EditConflictError:
            saved = _assessment_to_log(request, public_id)
            form.show_conflict(saved=AssessmentForm.initial_of(saved), edition=saved.edition)
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            return _saved(request, assessment)
    return form_page(
        request,
        form,
        title=form.term.label,
        facts=[patient.registry_number, *patient_page.facts(patient)],
        cancel_url=reverse("registry:assessment-list", args=[patient.public_id]),
        template=FORM,
    )


def _choose(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = InstrumentForm(answers(request))
    if request.method == "POST":
        form.is_valid()
    return form_page(
        request,
        form,
        title=_("New assessment"),
        facts=[patient.registry_number, *patient_page.facts(patient)],
        submit_label=_("Grade with it"),
        cancel_url=patient_page.url(patient),
        template="registry/assessment_choose.html",
    )


def _saved(request: SignedInRequest, assessment: Assessment) -> HttpResponse:
    messages.success(
        request,
        _("Saved. %(instrument)s: %(scores)s.")
        % {
            "instrument": assessment.get_instrument_display(),
            "scores": words.words_of(assessment),
        },
    )
    return redirect("registry:patient-detail", assessment.patient.public_id)


def _patient(request: SignedInRequest, public_id: uuid.UUID) -> Patient:
    return get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)


def _assessment_to_log(request: SignedInRequest, public_id: uuid.UUID) -> Assessment:
    assessment = get_object_or_404(
        queries.assessments.visible(viewer=request.user), public_id=public_id
    )
    if not request.user.has_perm("registry.log_case", assessment):
        raise PermissionDenied
    return assessment
