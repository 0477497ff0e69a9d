"""The blind reader's pages: studies that wait, and the reading room.

Nothing of the case reaches these responses: no registry number, signs, dates, operation or other
reads. What the reader could have known is worked out by the server and stored with the read.
"""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from registry import actions, queries
from registry.actions.errors import AlreadyReadError, InvalidRecordError, ReadNotCompletedError
from registry.forms.read import ImagesReadForm
from registry.presenters import reads
from registry.views.form_page import answers
from registry.views.opened import forget_opening, opened_at
from registry.views.request import SignedInRequest
from registry.vocabulary import ReadSource


@require_GET
def reading_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.read_study"):
        raise PermissionDenied
    now = timezone.now()
    waiting = queries.contrast_studies.waiting_for_read(viewer=request.user)
    studies = [
        reads.waiting(study, now=now)
        for study in waiting.prefetch_related("study_links__study__series")
    ]
    return render(request, "registry/reading_list.html", {"studies": studies})


def reading_room(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    study = get_object_or_404(
        queries.contrast_studies.readable(viewer=request.user), public_id=public_id
    )
    now = timezone.now()
    form = ImagesReadForm(answers(request))
    begun = opened_at(request, study.public_id, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reads.sign(
                contrast_study=study,
                by=request.user,
                at=now,
                opened_at=begun,
                source=ReadSource.IMAGES_HERE.value,
                information_shown=queries.reads.information_open_to(
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
            messages.success(request, f"Thank you. {reads.neutral_code(study)} is signed.")
            return redirect("registry:reading-list")
    own = queries.reads.own_latest(viewer=request.user, study=study)
    return render(
        request,
        "registry/reading_room.html",
        reads.room(study)
        | {"form": form, "own": reads.present(own, viewer=request.user) if own else None},
    )
