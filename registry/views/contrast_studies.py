"""Contrast studies: logging and correcting."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from registry import actions, queries
from registry.forms.contrast_study import ContrastStudyForm, ContrastStudyUpdateForm
from registry.models import ContrastStudy
from registry.presenters.case_words import case_facts
from registry.views.form_page import answers, form_page, is_saved
from registry.views.once import creates_once
from registry.views.request import SignedInRequest


@creates_once(
    visible=queries.contrast_studies.visible,
    page_of=lambda study: reverse("registry:case-detail", args=[study.case.public_id]),
)
def contrast_study_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = get_object_or_404(queries.cases.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", case):
        raise PermissionDenied
    now = timezone.now()
    form = ContrastStudyForm(
        answers(request),
        today=case.patient.centre.day_at(now),
        birth_year=case.patient.birth_year,
    )
    if is_saved(
        form,
        lambda: actions.contrast_studies.log(
            case=case,
            by=request.user,
            at=now,
            fields=form.facts() | {"public_id": request.new_id},
        ),
    ):
        messages.success(request, gettext("The contrast study is logged."))
        return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Contrast study"),
        facts=case_facts(case),
        submit_label=gettext("Log the contrast study"),
        cancel_url=reverse("registry:case-detail", args=[case.public_id]),
    )


def contrast_study_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    study = _study_to_log(request, public_id)
    now = timezone.now()
    form = ContrastStudyUpdateForm(
        answers(request),
        initial=ContrastStudyForm.initial_of(study),
        today=study.case.patient.centre.day_at(now),
        birth_year=study.case.patient.birth_year,
    )
    if is_saved(
        form,
        lambda: actions.contrast_studies.edit(
            study=study,
            edition=form.cleaned_data["edition"],
            by=request.user,
            at=now,
            changes=form.facts(),
        ),
        saved_by_others=lambda: ContrastStudyForm.initial_of(_study_to_log(request, public_id)),
    ):
        messages.success(request, gettext("Saved."))
        return redirect("registry:case-detail", study.case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Contrast study"),
        facts=case_facts(study.case),
        cancel_url=reverse("registry:case-detail", args=[study.case.public_id]),
    )


def _study_to_log(request: SignedInRequest, public_id: uuid.UUID) -> ContrastStudy:
    study = get_object_or_404(
        queries.contrast_studies.visible(viewer=request.user), public_id=public_id
    )
    if not request.user.has_perm("registry.log_case", study):
        raise PermissionDenied
    return study
