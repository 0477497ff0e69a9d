"""Sending a signed read to an archive of others, and what became of it."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from imaging.outbound import ImageUnavailableError
from imaging.queries.remote_archives import receiving_archives
from registry import queries
from registry.actions.errors import InvalidRecordError
from registry.actions.read_sendings import NotReceivingError
from registry.exchange import sending
from registry.exchange.signed_read import NoImagesError
from registry.forms.read_sending import ReadSendingForm
from registry.models import Read
from registry.presenters import read_sendings
from registry.presenters.reads import neutral_code
from registry.views.form_page import answers
from registry.views.once import creates_once
from registry.views.read_exports import signed_read
from registry.views.request import SignedInRequest


@creates_once(
    visible=queries.read_sendings.visible,
    page_of=lambda sent: reverse("registry:read-send", args=[sent.read.public_id]),
)
def read_send(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose an archive and send; below it, what was sent before."""
    read = signed_read(request, public_id)
    if not queries.read_sendings.may_send(viewer=request.user, read=read):
        raise PermissionDenied
    archives = receiving_archives(viewer=request.user, centre_code=read.centre_code)
    form = ReadSendingForm(answers(request), archives=list(archives))
    if request.method == "POST" and form.is_valid() and _send(request, read, form):
        return redirect("registry:read-send", read.public_id)
    sent = queries.read_sendings.visible(viewer=request.user).filter(read=read)
    return render(
        request,
        "registry/read_send.html",
        {
            "read": read,
            "code": neutral_code(read.masked_reread or read.contrast_study),
            "form": form,
            "sendings": [read_sendings.present(one) for one in sent],
        },
    )


def _send(request: SignedInRequest, read: Read, form: ReadSendingForm) -> bool:
    """Whether something was sent; why nothing was stands in the form."""
    archive, with_images = form.chosen()
    try:
        sent = sending.send(
            read,
            archive,
            with_images=with_images,
            by=request.user,
            clock=timezone.now,
            public_id=request.new_id,
        )
    except NoImagesError:
        form.add_error(None, read_sendings.NO_IMAGES)
        return False
    except (ImageUnavailableError, NotReceivingError, InvalidRecordError) as error:
        form.add_error(None, str(error))
        return False
    words = read_sendings.present(sent)
    tell = messages.success if words.is_sent else messages.error
    tell(request, f"{archive.name}: {words.summary}")
    return True
