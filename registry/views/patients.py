"""Patients: list, one patient, registering, correcting, and the sealed identity."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from registry import actions, queries
from registry.actions.errors import (
    DuplicatePatientError,
    EditConflictError,
    InvalidRecordError,
)
from registry.forms.patient import FACTS, NewPatientForm, PatientUpdateForm
from registry.models import Patient
from registry.presenters import patient as patient_page
from registry.presenters import work_lists as search_page
from registry.presenters.patient_glance import glance
from registry.views.form_page import answers, form_page
from registry.views.once import creates_once
from registry.views.request import SignedInRequest, asked_for


@require_GET
def patient_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.view_patient"):
        raise PermissionDenied
    search = asked_for(request, "q")
    page = patient_page.listing(
        viewer=request.user, search=search, before=asked_for(request, "before")
    )
    if search and page.only_match:
        return redirect("registry:patient-detail", page.only_match.public_id)
    if search and not page.patients and (found := search_page.address_of(request.user, search)):
        return redirect(found)
    return render(
        request, "registry/patient_list.html", {"page": page, "search_query": search.strip()}
    )


@require_GET
def patient_detail(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = _patient(request, public_id)
    if patient.merged_into is not None:
        messages.info(
            request,
            gettext("%(registry_number)s was merged into %(merged_into)s.")
            % {"registry_number": patient.registry_number, "merged_into": patient.merged_into},
        )
        return redirect(patient_page.url(patient.merged_into))
    page = glance(
        viewer=request.user,
        patient=patient,
        now=timezone.now(),
        years=asked_for(request, "years"),
        until=asked_for(request, "until"),
    )
    merges = queries.patient_merges.visible(viewer=request.user).filter(kept=patient)
    return render(request, "registry/patient_detail.html", {"page": page, "merges": merges})


@creates_once(visible=queries.patients.visible, page_of=patient_page.url)
def patient_create(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.log_case"):
        raise PermissionDenied
    now = timezone.now()
    centres = queries.centres.with_permission(viewer=request.user, permission="registry.log_case")
    form = NewPatientForm(
        request.POST or None,
        centres=centres,
        # The latest day it is at any of the centres; the action checks the exact one.
        today=max((centre.day_at(now) for centre in centres), default=now.date()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            patient = actions.patients.add(
                centre=form.cleaned_data["centre"],
                by=request.user,
                at=now,
                fields=form.facts() | {"public_id": request.new_id},
                **form.identity(),
            )
        except DuplicatePatientError as error:
            form.add_error("local_number", str(error))
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(
                request,
                gettext("%(registry_number)s is registered.")
                % {"registry_number": patient.registry_number},
            )
            return redirect("registry:patient-detail", patient.public_id)
    return render(
        request,
        "registry/form_page.html",
        {
            "form": form,
            "title": gettext("New patient"),
            "submit_label": gettext("Register the patient"),
        },
    )


def patient_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = _patient(request, public_id)
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    form = PatientUpdateForm(
        answers(request), initial=_initial(patient), today=patient.centre.day_at(timezone.now())
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.patients.edit(
                patient=patient,
                edition=form.cleaned_data["edition"],
                by=request.user,
                at=timezone.now(),
                changes=form.facts(),
            )
        except EditConflictError:
            saved = _patient(request, public_id)
            form.show_conflict(saved=_initial(saved), edition=saved.edition)
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("registry:patient-detail", patient.public_id)
    return form_page(
        request,
        form,
        title=gettext("Facts of %(registry_number)s")
        % {"registry_number": patient.registry_number},
        submit_label=gettext("Save the facts"),
        cancel_url=patient_page.url(patient),
    )


@require_POST
def patient_identity(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """A POST, because looking is an event: it is written to the history before it is shown."""
    patient = _patient(request, public_id)
    if not request.user.has_perm("registry.view_identity", patient):
        raise PermissionDenied
    identity = actions.patients.look_at_identity(
        patient=patient, by=request.user, at=timezone.now()
    )
    return render(
        request, "registry/patient_identity.html", {"patient": patient, "identity": identity}
    )


def _patient(request: SignedInRequest, public_id: uuid.UUID) -> Patient:
    return get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)


def _initial(patient: Patient) -> dict[str, object]:
    return {name: getattr(patient, name) for name in (*FACTS, "edition")}
