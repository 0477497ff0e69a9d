"""Signed reads, findings abstracted from a report, and corrections of one's own reads."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from registry import actions, queries
from registry.actions.errors import AlreadyReadError, InvalidRecordError, ReadNotCompletedError
from registry.forms.read import AbstractedReadForm, CorrectedImagesReadForm, CorrectedReadForm
from registry.models import Read
from registry.presenters.case_words import case_facts
from registry.presenters.linked_images import series_words
from registry.presenters.reads import HELP_SHORTCUTS, neutral_code
from registry.views import reading_rooms, signed_reads
from registry.views.form_page import answers, form_page
from registry.views.opened import forget_opening, opened_at
from registry.views.reading_rooms import Room
from registry.views.request import SignedInRequest
from registry.vocabulary import ReadSource

CORRECTED = _("The correction is signed and stands beside the first read.")


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
            messages.success(request, gettext("The finding is signed."))
            return redirect("registry:case-detail", study.case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Finding from the report"),
        facts=[
            *case_facts(study.case),
            gettext("study of %(performed_on)s") % {"performed_on": study.performed_on},
        ],
        intro=gettext(
            "Take the answers from the written report of the contrast study. Once signed they "
            "cannot be changed, only corrected by a new read."
        ),
        submit_label=gettext("Sign the finding"),
        cancel_url=reverse("registry:case-detail", args=[study.case.public_id]),
    )


@require_GET
def read_detail(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """A signed read with its images, for whoever may see it."""
    read = get_object_or_404(queries.reads.with_marks(viewer=request.user), public_id=public_id)
    study = read.contrast_study
    sees_case = request.user.has_perm("registry.view_patient", study)
    if not (sees_case or _may_read(request, read)):
        raise Http404
    series = queries.read_marks.series_of(viewer=request.user, read=read)
    context = signed_reads.context(request, read) | {
        "read": read,
        "code": neutral_code(read.masked_reread or study),
        "facts": [
            *case_facts(study.case),
            gettext("study of %(performed_on)s") % {"performed_on": study.performed_on},
        ]
        if sees_case
        else [],
        "case": study.case if sees_case else None,
        "series": series_words(series),
        "may_send": queries.read_sendings.may_send(viewer=request.user, read=read),
        "help_shortcuts": HELP_SHORTCUTS,
        "help_alone": True,
    }
    return render(request, "registry/read_detail.html", context)


def read_correct(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whoever signed a read corrects it, also without the right to see the case."""
    read = _own_read(request, public_id)
    if read.source == ReadSource.IMAGES_HERE.value:
        return _correct_beside_images(request, read)
    study = read.contrast_study
    sees_case = request.user.has_perm("registry.view_patient", study)
    back = _after_correction(request, read)
    now = timezone.now()
    begun = opened_at(request, read.public_id, now=now)
    form = CorrectedReadForm(answers(request), initial=CorrectedReadForm.initial_of(read))
    if request.method == "POST" and form.is_valid():
        try:
            actions.reads.sign(
                contrast_study=study,
                by=request.user,
                at=now,
                opened_at=begun,
                source=read.source,
                information_shown=queries.reads.information_of_report(
                    viewer=request.user, study=study
                ),
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
            forget_opening(request, read.public_id)
            messages.success(request, CORRECTED)
            return redirect(back)
    return form_page(
        request,
        form,
        title=gettext("Correct the read"),
        facts=case_facts(study.case) if sees_case else [neutral_code(read.masked_reread or study)],
        submit_label=gettext("Sign the correction"),
        cancel_url=back,
    )


@require_POST
def read_correct_draft(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    read = _own_read(request, public_id)
    if read.source != ReadSource.IMAGES_HERE.value:
        raise Http404
    return reading_rooms.keep_draft(request, _room(read), at=timezone.now())


def _correct_beside_images(request: SignedInRequest, read: Read) -> HttpResponse:
    """Images are looked at again where they were read."""
    room, now = _room(read), timezone.now()
    form = reading_rooms.form_of(request, room)
    if (
        request.method == "POST"
        and form.is_valid()
        and reading_rooms.sign(request, room, form, at=now)
    ):
        messages.success(request, CORRECTED)
        return redirect(_after_correction(request, read))
    context = reading_rooms.context(request, room, form, at=now)
    context["submit_label"] = gettext("Sign the correction")
    return render(request, "registry/reading_room.html", context)


def _room(read: Read) -> Room:
    return Room(
        read.public_id,
        read.contrast_study,
        draft_url=reverse("registry:read-correct-draft", args=[read.public_id]),
        form=CorrectedImagesReadForm,
        corrects=read,
        masked_reread=read.masked_reread,
    )


def _own_read(request: SignedInRequest, public_id: uuid.UUID) -> Read:
    """The person's own read, which they may still correct."""
    read = get_object_or_404(queries.reads.with_marks(viewer=request.user), public_id=public_id)
    if read.reader_id != request.user.pk:
        raise PermissionDenied
    if not _may_read(request, read):
        raise Http404
    return read


def _after_correction(request: SignedInRequest, read: Read) -> str:
    if request.user.has_perm("registry.view_patient", read):
        return reverse("registry:case-detail", args=[read.contrast_study.case.public_id])
    return reverse("registry:reading-list")


def _may_read(request: SignedInRequest, read: Read) -> bool:
    """A role may have ended since the read was signed."""
    return any(
        request.user.has_perm(permission, read)
        for permission in ("registry.read_study", "registry.log_case")
    )
