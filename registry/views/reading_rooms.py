"""A page where images are read: shown, kept as a draft on every change, signed with the password.

Reading for the first time, taking a second look and correcting happen in the same room; they differ
in what is signed at its end.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

from registry import actions, queries
from registry.actions.errors import AlreadyReadError, InvalidRecordError, ReadNotCompletedError
from registry.actions.read_drafts import DraftConflictError
from registry.forms.read import ImagesReadForm
from registry.forms.read_draft import DraftNotUnderstoodError, SentDraft
from registry.models import Centre, ContrastStudy, MaskedReread, Read
from registry.presenters import reading_data, reads
from registry.views.form_page import answers
from registry.views.opened import forget_opening, opened_at
from registry.views.password_again import PasswordRefusedError, require_own_password
from registry.views.request import SignedInRequest
from registry.vocabulary import ReadSource

NOT_UNDERSTOOD = _("The draft could not be understood and was not saved. Open the page again.")


@dataclass(frozen=True)
class Room:
    """`public_id` is the id in the address; `corrects` the signed read that is corrected here.

    `masked_reread` makes it a second look, which nothing on the page tells.
    """

    public_id: UUID
    study: ContrastStudy
    draft_url: str
    form: type[ImagesReadForm] = ImagesReadForm
    corrects: Read | None = None
    masked_reread: MaskedReread | None = None


def form_of(request: SignedInRequest, room: Room) -> ImagesReadForm:
    """The form with what was sent, else with the draft, else with the read that is corrected."""
    draft = queries.read_drafts.own(viewer=request.user, room=room.public_id)
    if draft is not None:
        return room.form(answers(request), initial=draft.answers | _in_form(draft.marks))
    if room.corrects is None:
        return room.form(answers(request))
    places = queries.read_marks.places(viewer=request.user, read=room.corrects)
    marks = reading_data.marks_of(room.corrects, places=places)
    return room.form(
        answers(request), initial=room.form.initial_of(room.corrects) | _in_form(marks)
    )


def sign(
    request: SignedInRequest, room: Room, form: ImagesReadForm, *, at: datetime
) -> Read | None:
    """Sign what the valid form says; None when it was refused, with the reason in the form."""
    viewer, study = request.user, room.study
    marks = form.cleaned_data["marks"]
    try:
        require_own_password(request, form.cleaned_data["password"])
        read = actions.reads.sign(
            contrast_study=study,
            by=viewer,
            at=at,
            opened_at=_opened_at(request, room, at=at),
            source=ReadSource.IMAGES_HERE.value,
            information_shown=queries.reads.information_open_to(
                viewer=viewer, study=study, shown_series=marks.shown
            ),
            findings=form.findings(),
            supersedes=room.corrects,
            masked_reread=room.masked_reread,
            correction_reason=form.cleaned_data.get("correction_reason", ""),
            **form.answers(),
        )
    except PasswordRefusedError as error:
        form.add_error("password", str(error))
    except (AlreadyReadError, ReadNotCompletedError) as error:
        form.add_error(None, str(error))
    except InvalidRecordError as error:
        form.add_action_errors(error)
    else:
        forget_opening(request, room.public_id)
        return read
    return None


def context(
    request: SignedInRequest, room: Room, form: ImagesReadForm, *, at: datetime
) -> dict[str, Any]:
    """What the page shows: images, the form, and for the viewer's script what is kept."""
    _opened_at(request, room, at=at)
    draft = queries.read_drafts.own(viewer=request.user, room=room.public_id)
    earlier = queries.contrast_studies.earlier_series(viewer=request.user, study=room.study)
    return reads.room(room.study, room.masked_reread) | {
        "form": form,
        "reading": reading_data.reading_data(
            draft_url=room.draft_url,
            draft=reading_data.draft_of(draft, centre=_centre(room)) if draft else None,
            earlier=earlier,
        ),
    }


def keep_draft(request: SignedInRequest, room: Room, *, at: datetime) -> JsonResponse:
    """Answer the page that sends its answers after a change."""
    centre = _centre(room)
    try:
        sent = SentDraft.of(request.POST, form=room.form)
        draft = actions.read_drafts.keep(
            room=room.public_id,
            contrast_study=room.study,
            corrects=room.corrects,
            masked_reread=room.masked_reread,
            by=request.user,
            at=at,
            opened_at=_opened_at(request, room, at=at),
            answers=sent.answers,
            marks=sent.marks,
            edition=sent.edition,
        )
    except DraftNotUnderstoodError:
        return JsonResponse({"error": NOT_UNDERSTOOD}, status=HTTPStatus.BAD_REQUEST)
    except AlreadyReadError as error:
        return JsonResponse({"error": str(error)}, status=HTTPStatus.FORBIDDEN)
    except DraftConflictError as error:
        return JsonResponse(
            {"error": str(error)} | reading_data.draft_of(error.saved, centre=centre),
            status=HTTPStatus.CONFLICT,
        )
    return JsonResponse(
        {"saved": reading_data.clock(draft.saved_at, centre=centre), "edition": draft.edition}
    )


def _opened_at(request: SignedInRequest, room: Room, *, at: datetime) -> datetime:
    """When the images were first shown for this read, also at another place."""
    here = opened_at(request, room.public_id, now=at)
    draft = queries.read_drafts.own(viewer=request.user, room=room.public_id)
    return min(here, draft.opened_at) if draft else here


def _in_form(marks: Mapping[str, Any]) -> dict[str, str]:
    return {"marks": json.dumps(marks)}


def _centre(room: Room) -> Centre:
    return room.study.case.patient.centre
