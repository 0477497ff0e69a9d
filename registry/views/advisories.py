"""Advisories: the list, one with whom it affects, adding and ending one of the own centre."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry import actions, queries
from registry.actions.errors import InvalidRecordError
from registry.forms.advisory import AdvisoryForm
from registry.models import Advisory
from registry.presenters import advisories as words
from registry.views.form_page import answers, form_page
from registry.views.once import creates_once
from registry.views.request import SignedInRequest, asked_for

LONGEST_KEY = 12


@require_GET
def advisory_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.view_patient"):
        raise PermissionDenied
    found = queries.advisories.visible(viewer=request.user)
    return render(request, "registry/advisory_list.html", {"advisories": found})


@require_GET
def advisory_detail(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    after = asked_for(request, "after")
    is_key = after.isascii() and after.isdecimal() and len(after) <= LONGEST_KEY
    page = words.detail(
        viewer=request.user,
        advisory=_advisory(request, public_id),
        after=int(after) if is_key else 0,
    )
    return render(request, "registry/advisory_detail.html", {"page": page})


@creates_once(visible=queries.advisories.visible, page_of=words.url)
def advisory_create(request: SignedInRequest) -> HttpResponse:
    permission = "registry.manage_advisories"
    if not request.user.has_perm(permission):
        raise PermissionDenied
    centres = queries.centres.with_permission(viewer=request.user, permission=permission)
    form = AdvisoryForm(answers(request), centres=list(centres))
    if request.method == "POST" and form.is_valid():
        try:
            advisory = actions.advisories.add(
                centre=form.centre,
                by=request.user,
                at=timezone.now(),
                fields=form.facts() | {"public_id": request.new_id},
                models=form.cleaned_data["models"],
            )
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, _("The advisory holds from now on."))
            return redirect(words.url(advisory))
    return form_page(
        request,
        form,
        title=_("New advisory"),
        submit_label=_("Add the advisory"),
        cancel_url=reverse("registry:advisory-list"),
    )


@require_POST
def advisory_retire(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    advisory = _advisory(request, public_id)
    # One that was shipped belongs to no centre, and nobody ends it.
    if not request.user.has_perm("registry.manage_advisories", advisory):
        raise PermissionDenied
    actions.advisories.retire(advisory=advisory, by=request.user, at=timezone.now())
    messages.success(request, _("The advisory holds no more."))
    return redirect(words.url(advisory))


def _advisory(request: SignedInRequest, public_id: uuid.UUID) -> Advisory:
    return get_object_or_404(queries.advisories.visible(viewer=request.user), public_id=public_id)
