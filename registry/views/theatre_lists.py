"""Lists of the operating theatre: send one, look at what was sent, withdraw one."""

import hashlib
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry import actions, queries
from registry.actions.errors import TheatreListRefusedError
from registry.actions.theatre_lists import SentLine
from registry.audit.protocols import PROTOCOLS
from registry.forms.patient_merge import ReasonForm
from registry.forms.theatre_list import TheatreListForm
from registry.views.request import SignedInRequest

MOST_LISTS_SHOWN = 100
BAD_REQUEST = 400


@require_http_methods(["GET", "POST"])
def theatre_lists(request: SignedInRequest) -> HttpResponse:
    """Past lists, and the form to send another."""
    centres = queries.centres.with_permission(viewer=request.user, permission="registry.run_audit")
    if not request.user.has_perm("registry.run_audit"):
        raise PermissionDenied
    now = timezone.now()
    form = TheatreListForm(
        request.POST or None,
        request.FILES or None,
        centres=centres,
        today=max(centre.day_at(now) for centre in centres),
    )
    if request.method == "POST" and form.is_valid():
        assert form.table is not None
        try:
            sent = actions.theatre_lists.send(
                centre=form.cleaned_data["centre"],
                by=request.user,
                at=now,
                file_sha256=hashlib.sha256(form.content).hexdigest(),
                covers_from=form.cleaned_data["covers_from"],
                covers_to=form.cleaned_data["covers_to"],
                lines=[
                    SentLine(one.row, one.performed_on, one.number, one.is_elsewhere)
                    for one in form.table.lines
                ],
                kept_words=", ".join(form.kept_words()),
                left_out=form.table.left_out,
            )
        except TheatreListRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("The list is here. Days and hashes were kept, the file was not.")
            )
            return redirect("registry:theatre-list", sent.public_id)
    lists = queries.theatre_lists.visible(viewer=request.user)[:MOST_LISTS_SHOWN]
    return render(
        request,
        "registry/theatre_lists.html",
        {"form": form, "lists": list(lists), "protocol": PROTOCOLS["data-quality"]},
        status=BAD_REQUEST if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def theatre_list(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One list: who sent it, what was kept, and withdrawing it."""
    one = get_object_or_404(queries.theatre_lists.visible(viewer=request.user), public_id=public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.theatre_lists.withdraw(
                theatre_list=one, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except TheatreListRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The list is withdrawn and counted no more."))
            return redirect("registry:theatre-list", one.public_id)
    unreadable = queries.theatre_lists.unreadable_rows(viewer=request.user, theatre_list=one)
    return render(
        request,
        "registry/theatre_list.html",
        {"one": one, "form": form, "unreadable": unreadable},
    )
