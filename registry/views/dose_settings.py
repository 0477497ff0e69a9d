"""Doses: logging and correcting."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import actions, queries
from registry.forms.dose_setting import DoseSettingForm, DoseSettingUpdateForm
from registry.models import DoseSetting
from registry.presenters import drug_course
from registry.views.form_page import answers, form_page, is_saved
from registry.views.once import creates_once
from registry.views.request import SignedInRequest


@creates_once(
    visible=queries.dose_settings.visible,
    page_of=lambda setting: drug_course.url(setting.patient),
)
def dose_setting_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    now = timezone.now()
    form = DoseSettingForm(
        answers(request),
        initial=drug_course.last_concentration(viewer=request.user, patient=patient),
        today=patient.centre.day_at(now),
        pumps=drug_course.pumps(viewer=request.user, patient=patient),
    )
    if is_saved(
        form,
        lambda: actions.dose_settings.log(
            patient=patient,
            by=request.user,
            at=now,
            fields=form.facts() | {"public_id": request.new_id},
            confirmed=form.confirmed,
        ),
    ):
        messages.success(request, _("The dose is logged."))
        return redirect(drug_course.url(patient))
    return form_page(
        request,
        form,
        title=_("Dose"),
        facts=[patient.registry_number],
        submit_label=_("Log the dose"),
        cancel_url=drug_course.url(patient),
    )


def dose_setting_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    setting = _to_log(request, public_id)
    now = timezone.now()
    form = DoseSettingUpdateForm(
        answers(request),
        initial=DoseSettingUpdateForm.initial_of(setting),
        today=setting.patient.centre.day_at(now),
        pumps=drug_course.pumps(viewer=request.user, patient=setting.patient),
    )
    if is_saved(
        form,
        lambda: actions.dose_settings.edit(
            setting=setting,
            edition=form.cleaned_data["edition"],
            by=request.user,
            at=now,
            changes=form.facts(),
            confirmed=form.confirmed,
        ),
        saved_by_others=lambda: form.initial_of(_to_log(request, public_id)),
    ):
        messages.success(request, _("Saved."))
        return redirect(drug_course.url(setting.patient))
    return form_page(
        request,
        form,
        title=_("Dose"),
        facts=[setting.patient.registry_number],
        cancel_url=drug_course.url(setting.patient),
    )


def _to_log(request: SignedInRequest, public_id: uuid.UUID) -> DoseSetting:
    setting = get_object_or_404(
        queries.dose_settings.visible(viewer=request.user), public_id=public_id
    )
    if not request.user.has_perm("registry.log_case", setting):
        raise PermissionDenied
    return setting
