"""Cases: the story on one page, opening, correcting, closing and taking the end back."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from registry import actions, queries
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.forms.base import ConflictRow
from registry.forms.case import (
    CaseForm,
    CaseUpdateForm,
    CloseForm,
    ReopenForm,
    workup_entries,
    workup_formset,
)
from registry.models import RevisionCase
from registry.presenters import case_story, patient
from registry.presenters.case_words import case_facts, workup_words
from registry.queries.list_rules import Term
from registry.views.form_page import all_valid, answers, form_page
from registry.views.once import creates_once
from registry.views.request import SignedInRequest

MOST_EVENTS = 60
ALREADY_OPEN = _(
    "Somebody else reopened this case before you. Nothing was saved; your reason was not recorded."
)
CASE_FORM = "registry/case_form.html"


@require_GET
def case_detail(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = get_object_or_404(queries.cases.complete(viewer=request.user), public_id=public_id)
    studies = list(case.contrast_studies.all())
    reads = queries.reads.of_studies(viewer=request.user, studies=studies, marks=True)
    story = case_story.present(
        case,
        viewer=request.user,
        today=case.patient.centre.day_at(timezone.now()),
        reads_by_study=reads,
        decisions_by_study=queries.adjudications.of_studies(viewer=request.user, studies=studies),
        contradictory=queries.lists.of_patient(
            viewer=request.user, patient=case.patient, term=Term.CONTRADICTION.value
        ),
    )
    events = None
    if request.user.has_perm("registry.view_history", case):
        shown = [
            case,
            *studies,
            *case.surgeries.all(),
            *case.complications.all(),
            *case.reviews.all(),
            *(r for found in reads.values() for r in found),
        ]
        shown += [link for study in studies for link in study.study_links.all()]
        events = queries.history.of_objects(
            viewer=request.user, object_ids=[record.public_id for record in shown]
        )[:MOST_EVENTS]
    return render(
        request,
        "registry/case_detail.html",
        {"story": story, "facts": patient.facts(case.patient), "events": events},
    )


@creates_once(visible=queries.cases.visible, page_of=lambda case: _url(case))
def case_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", found):
        raise PermissionDenied
    now = timezone.now()
    today = found.centre.day_at(now)
    form = CaseForm(answers(request), today=today)
    rows = workup_formset(answers(request), today=today)
    if request.method == "POST" and all_valid(form, rows, name=gettext("Work-up")):
        try:
            case = actions.cases.open_case(
                patient=found,
                by=request.user,
                at=now,
                fields=form.facts() | {"public_id": request.new_id},
                presenting_signs=form.cleaned_data["presenting_signs"],
                workup=workup_entries(rows),
            )
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("The case is open."))
            return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=gettext("New case"),
        facts=[found.registry_number, *patient.facts(found)],
        submit_label=gettext("Open the case"),
        cancel_url=patient.url(found),
        template=CASE_FORM,
        rows=rows,
    )


def case_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = _case_to_log(request, public_id)
    now = timezone.now()
    today = case.patient.centre.day_at(now)
    form = CaseUpdateForm(answers(request), initial=CaseForm.initial_of(case), today=today)
    rows = workup_formset(answers(request), today=today, case=case)
    if request.method == "POST" and all_valid(form, rows, name=gettext("Work-up")):
        entries = workup_entries(rows)
        try:
            actions.cases.edit(
                case=case,
                edition=form.cleaned_data["edition"],
                by=request.user,
                at=now,
                changes=form.facts(),
                presenting_signs=form.cleaned_data["presenting_signs"],
                workup=entries,
            )
        except EditConflictError:
            saved = _case_to_log(request, public_id)
            form.show_conflict(
                saved=CaseForm.initial_of(saved),
                edition=saved.edition,
                rows=[
                    ConflictRow(
                        gettext("Work-up"),
                        workup_words(saved.workup_steps.all()),
                        workup_words(entries),
                    )
                ],
            )
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Suspicion and work-up"),
        facts=case_facts(case),
        cancel_url=_url(case),
        template=CASE_FORM,
        rows=rows,
    )


def case_close(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = _case_to_log(request, public_id)
    if case.closed_on and request.method != "POST":
        return redirect("registry:case-detail", case.public_id)
    now = timezone.now()
    form = CloseForm(
        answers(request),
        initial={"edition": case.edition},
        today=case.patient.centre.day_at(now),
        opened_on=case.opened_on,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.cases.close(case=case, by=request.user, at=now, **form.cleaned_data)
        except EditConflictError:
            saved = _case_to_log(request, public_id)
            form.show_conflict(
                saved={"closed_on": saved.closed_on, "outcome": saved.outcome},
                edition=saved.edition,
            )
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("The case is closed."))
            return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Close the case"),
        facts=case_facts(case),
        submit_label=gettext("Close the case"),
        cancel_url=_url(case),
    )


def case_reopen(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = _case_to_log(request, public_id)
    if not case.closed_on:
        if request.method == "POST":
            messages.warning(request, ALREADY_OPEN)
        return redirect("registry:case-detail", case.public_id)
    form = ReopenForm(answers(request), initial={"edition": case.edition})
    if request.method == "POST" and form.is_valid():
        try:
            actions.cases.reopen(case=case, by=request.user, at=timezone.now(), **form.cleaned_data)
        except EditConflictError:
            form.show_conflict(saved={}, edition=_case_to_log(request, public_id).edition)
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("The case is open again."))
            return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Reopen the case"),
        facts=case_facts(case),
        intro=gettext("It ended on %(closed_on)s: %(outcome)s.")
        % {"closed_on": case.closed_on, "outcome": case.get_outcome_display()},
        submit_label=gettext("Reopen the case"),
        cancel_url=_url(case),
    )


def _case_to_log(request: SignedInRequest, public_id: uuid.UUID) -> RevisionCase:
    case = get_object_or_404(queries.cases.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", case):
        raise PermissionDenied
    return case


def _url(case: RevisionCase) -> str:
    return reverse("registry:case-detail", args=[case.public_id])
