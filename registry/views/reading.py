"""The reading room of one look at a study, the first or a masked second one.

Nothing of the case reaches these responses: no registry number, signs, dates, operation or other
reads. What the reader could have known is worked out by the server and stored with the read.
"""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from registry import queries
from registry.models import Read
from registry.presenters import reads
from registry.views import reading_rooms, signed_reads
from registry.views.reading_rooms import Room
from registry.views.request import SignedInRequest


def reading_room(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    room, now = _room(request, public_id), timezone.now()
    if own := _own(request, room):
        return _signed(request, room, own)
    form = reading_rooms.form_of(request, room)
    if request.method == "POST" and form.is_valid():
        if reading_rooms.sign(request, room, form, at=now):
            messages.success(
                request,
                gettext("Thank you. %(neutral_code)s is signed.")
                % {"neutral_code": reads.neutral_code(room)},
            )
            return redirect("registry:reading-list")
        if own := _own(request, room):
            return _signed(request, room, own)
    context = reading_rooms.context(request, room, form, at=now)
    return render(request, "registry/reading_room.html", context)


@require_POST
def reading_draft(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    return reading_rooms.keep_draft(request, _room(request, public_id), at=timezone.now())


def _room(request: SignedInRequest, public_id: uuid.UUID) -> Room:
    """The room of a study or of a masked second look: the same to its reader."""
    found = queries.reading_tasks.room(viewer=request.user, public_id=public_id, at=timezone.now())
    if found is None:
        raise Http404
    return Room(
        public_id,
        found.study,
        draft_url=reverse("registry:reading-draft", args=[public_id]),
        masked_reread=found.masked_reread,
    )


def _own(request: SignedInRequest, room: Room) -> Read | None:
    return queries.reads.own_latest(
        viewer=request.user, study=room.study, masked_reread=room.masked_reread
    )


def _signed(request: SignedInRequest, room: Room, own: Read) -> HttpResponse:
    """The images with what the reader signed; nothing can be changed."""
    context = reads.room(room.study, room.masked_reread) | signed_reads.context(request, own)
    return render(request, "registry/reading_room.html", context)
