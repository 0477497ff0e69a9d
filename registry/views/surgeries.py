"""Operations: logging and correcting."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from registry import actions, queries
from registry.actions.errors import CaseClosedError, EditConflictError, InvalidRecordError
from registry.forms.base import ConflictRow
from registry.forms.surgery import (
    SurgeryForm,
    SurgeryUpdateForm,
    further_entries,
    further_formset,
)
from registry.models import RevisionSurgery
from registry.presenters.case_words import case_facts
from registry.presenters.surgeries import further_words
from registry.views.form_page import all_valid, answers, form_page
from registry.views.once import creates_once
from registry.views.request import SignedInRequest

SURGERY_FORM = "registry/surgery_form.html"


@creates_once(
    visible=queries.surgeries.visible,
    page_of=lambda surgery: reverse("registry:case-detail", args=[surgery.case.public_id]),
)
def surgery_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = get_object_or_404(queries.cases.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", case):
        raise PermissionDenied
    now = timezone.now()
    form = SurgeryForm(answers(request), today=case.patient.centre.day_at(now))
    rows = further_formset(answers(request))
    if request.method == "POST" and all_valid(form, rows, name="Further findings"):
        try:
            actions.surgeries.log(
                case=case,
                by=request.user,
                at=now,
                fields=form.facts() | {"public_id": request.new_id},
                procedures=form.cleaned_data["procedures"],
                findings=[*form.findings(), *further_entries(rows)],
            )
        except CaseClosedError as error:
            form.add_error(None, str(error))
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, "The operation is logged.")
            return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title="Operation",
        facts=case_facts(case),
        submit_label="Log the operation",
        cancel_url=reverse("registry:case-detail", args=[case.public_id]),
        template=SURGERY_FORM,
        rows=rows,
    )


def surgery_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    surgery = _surgery_to_log(request, public_id)
    now = timezone.now()
    form = SurgeryUpdateForm(
        answers(request),
        initial=SurgeryForm.initial_of(surgery),
        today=surgery.case.patient.centre.day_at(now),
    )
    rows = further_formset(answers(request), surgery=surgery)
    if request.method == "POST" and all_valid(form, rows, name="Further findings"):
        further = further_entries(rows)
        try:
            actions.surgeries.edit(
                surgery=surgery,
                edition=form.cleaned_data["edition"],
                by=request.user,
                at=now,
                changes=form.facts(),
                procedures=form.cleaned_data["procedures"],
                findings=[*form.findings(), *further],
            )
        except EditConflictError:
            saved = _surgery_to_log(request, public_id)
            saved_rows = [row.initial for row in further_formset(None, surgery=saved).initial_forms]
            form.show_conflict(
                saved=SurgeryForm.initial_of(saved),
                edition=saved.edition,
                rows=[
                    ConflictRow(
                        "Further findings",
                        further_words((row["component"], row["code"]) for row in saved_rows),
                        further_words((entry.component, entry.code or "") for entry in further),
                    )
                ],
            )
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, "Saved.")
            return redirect("registry:case-detail", surgery.case.public_id)
    return form_page(
        request,
        form,
        title="Operation",
        facts=case_facts(surgery.case),
        cancel_url=reverse("registry:case-detail", args=[surgery.case.public_id]),
        template=SURGERY_FORM,
        rows=rows,
    )


def _surgery_to_log(request: SignedInRequest, public_id: uuid.UUID) -> RevisionSurgery:
    surgery = get_object_or_404(queries.surgeries.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", surgery):
        raise PermissionDenied
    return surgery
