"""Screening tests: logging and correcting."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import actions, queries
from registry.forms.screening_test import ScreeningTestForm, ScreeningTestUpdateForm
from registry.models import ScreeningTest
from registry.presenters import drug_course
from registry.views.form_page import answers, form_page, is_saved
from registry.views.once import creates_once
from registry.views.request import SignedInRequest


@creates_once(
    visible=queries.screening_tests.visible,
    page_of=lambda test: drug_course.url(test.patient),
)
def screening_test_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    now = timezone.now()
    form = ScreeningTestForm(
        answers(request),
        today=patient.centre.day_at(now),
    )
    if is_saved(
        form,
        lambda: actions.screening_tests.log(
            patient=patient,
            by=request.user,
            at=now,
            fields=form.facts() | {"public_id": request.new_id},
            confirmed=form.confirmed,
        ),
    ):
        messages.success(request, _("The screening test is logged."))
        return redirect(drug_course.url(patient))
    return form_page(
        request,
        form,
        title=_("Screening test"),
        facts=[patient.registry_number],
        submit_label=_("Log the screening test"),
        cancel_url=drug_course.url(patient),
    )


def screening_test_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    test = _to_log(request, public_id)
    now = timezone.now()
    form = ScreeningTestUpdateForm(
        answers(request),
        initial=ScreeningTestUpdateForm.initial_of(test),
        today=test.patient.centre.day_at(now),
    )
    if is_saved(
        form,
        lambda: actions.screening_tests.edit(
            test=test,
            edition=form.cleaned_data["edition"],
            by=request.user,
            at=now,
            changes=form.facts(),
            confirmed=form.confirmed,
        ),
        saved_by_others=lambda: form.initial_of(_to_log(request, public_id)),
    ):
        messages.success(request, _("Saved."))
        return redirect(drug_course.url(test.patient))
    return form_page(
        request,
        form,
        title=_("Screening test"),
        facts=[test.patient.registry_number],
        cancel_url=drug_course.url(test.patient),
    )


def _to_log(request: SignedInRequest, public_id: uuid.UUID) -> ScreeningTest:
    test = get_object_or_404(
        queries.screening_tests.visible(viewer=request.user), public_id=public_id
    )
    if not request.user.has_perm("registry.log_case", test):
        raise PermissionDenied
    return test
