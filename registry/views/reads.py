"""Reads abstracted from a report, and corrections of one's own reads."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from registry import actions, queries
from registry.actions.errors import AlreadyReadError, InvalidRecordError, ReadNotCompletedError
from registry.forms.read import AbstractedReadForm, CorrectedReadForm
from registry.models import Read
from registry.presenters.case_words import case_facts
from registry.presenters.reads import neutral_code, room
from registry.views.form_page import answers, form_page
from registry.views.opened import forget_opening, opened_at
from registry.views.request import SignedInRequest
from registry.vocabulary import ReadSource


def read_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    study = get_object_or_404(
        queries.contrast_studies.visible(viewer=request.user), public_id=public_id
    )
    if not request.user.has_perm("registry.log_case", study):
        raise PermissionDenied
    now = timezone.now()
    begun = opened_at(request, study.public_id, now=now)
    form = AbstractedReadForm(answers(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.reads.sign(
                contrast_study=study,
                by=request.user,
                at=now,
                opened_at=begun,
                source=ReadSource.REPORT_ABSTRACTED.value,
                information_shown=queries.reads.information_of_report(
                    viewer=request.user, study=study
                ),
                findings=form.findings(),
                **form.answers(),
            )
        except (AlreadyReadError, ReadNotCompletedError) as error:
            form.add_error(None, str(error))
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            forget_opening(request, study.public_id)
            messages.success(request, "The finding is signed.")
            return redirect("registry:case-detail", study.case.public_id)
    return form_page(
        request,
        form,
        title="Finding from the report",
        facts=[*case_facts(study.case), f"study of {study.performed_on}"],
        intro="Take the answers from the written report of the contrast study. Once signed they "
        "cannot be changed, only corrected by a new read.",
        submit_label="Sign the finding",
        cancel_url=reverse("registry:case-detail", args=[study.case.public_id]),
    )


def read_correct(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whoever signed a read corrects it, also without the right to see the case."""
    read = get_object_or_404(queries.reads.visible(viewer=request.user), public_id=public_id)
    if read.reader_id != request.user.pk:
        raise PermissionDenied
    if not _may_read(request, read):
        raise Http404
    study = read.contrast_study
    sees_case = request.user.has_perm("registry.view_patient", study)
    back = (
        reverse("registry:case-detail", args=[study.case.public_id])
        if sees_case
        else reverse("registry:reading-list")
    )
    now = timezone.now()
    begun = opened_at(request, study.public_id, now=now)
    form = CorrectedReadForm(answers(request), initial=CorrectedReadForm.initial_of(read))
    if request.method == "POST" and form.is_valid():
        try:
            actions.reads.sign(
                contrast_study=study,
                by=request.user,
                at=now,
                opened_at=begun,
                source=read.source,
                information_shown=_information(request, read),
                findings=form.findings(),
                supersedes=read,
                correction_reason=form.cleaned_data["correction_reason"],
                **form.answers(),
            )
        except (AlreadyReadError, ReadNotCompletedError) as error:
            form.add_error(None, str(error))
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            forget_opening(request, study.public_id)
            messages.success(request, "The correction is signed and stands beside the first read.")
            return redirect(back)
    if read.source == ReadSource.IMAGES_HERE.value:
        # Images are looked at again where they were read.
        context = room(study) | {"form": form, "own": None, "submit_label": "Sign the correction"}
        return render(request, "registry/reading_room.html", context)
    return form_page(
        request,
        form,
        title="Correct the read",
        facts=case_facts(study.case) if sees_case else [neutral_code(study)],
        submit_label="Sign the correction",
        cancel_url=back,
    )


def _may_read(request: SignedInRequest, read: Read) -> bool:
    """A role may have ended since the read was signed."""
    return any(
        request.user.has_perm(permission, read)
        for permission in ("registry.read_study", "registry.log_case")
    )


def _information(request: SignedInRequest, read: Read) -> list[str]:
    study = read.contrast_study
    if read.source == ReadSource.REPORT_ABSTRACTED.value:
        return queries.reads.information_of_report(viewer=request.user, study=study)
    return queries.reads.information_open_to(viewer=request.user, study=study)
