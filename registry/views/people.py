"""Accounts of a centre, looked after by its administrators."""

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from registry import actions, queries
from registry.actions.errors import InvalidRecordError, OtherCentreError
from registry.forms.person import NewPersonForm, RolesForm
from registry.models import User
from registry.views.request import SignedInRequest

ONE_TIME_PASSWORD_BYTES = 15


@require_GET
def person_list(request: SignedInRequest) -> HttpResponse:
    _require_administrator(request)
    return render(
        request,
        "registry/person_list.html",
        {"people": queries.people.visible(viewer=request.user)},
    )


def person_create(request: SignedInRequest) -> HttpResponse:
    _require_administrator(request)
    centres = queries.centres.with_permission(
        viewer=request.user, permission="registry.manage_people"
    )
    form = NewPersonForm(request.POST or None, centres=centres)
    if request.method == "POST" and form.is_valid():
        try:
            person = _opened(request.user, form.cleaned_data)
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(
                request, gettext("%(username)s may sign in.") % {"username": person.username}
            )
            return redirect("registry:person-list")
    return render(
        request,
        "registry/form_page.html",
        {"form": form, "title": gettext("New person"), "submit_label": gettext("Open the account")},
    )


def person_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Roles by centre; whoever loses a role loses the access with the next request."""
    _require_administrator(request)
    person = get_object_or_404(queries.people.visible(viewer=request.user), public_id=public_id)
    centres = queries.centres.with_permission(
        viewer=request.user, permission="registry.manage_people"
    )
    forms_by_centre = [
        (
            centre,
            RolesForm(
                request.POST if request.POST.get("centre") == centre.code else None,
                prefix=centre.code,
                initial={
                    "roles": [
                        membership.role
                        for membership in queries.people.roles_of(person)
                        if membership.centre_id == centre.pk
                    ]
                },
            ),
        )
        for centre in centres
    ]
    if request.method == "POST":
        now = timezone.now()
        for centre, form in forms_by_centre:
            if form.is_bound and form.is_valid():
                try:
                    actions.people.set_roles(
                        user=person,
                        centre=centre,
                        roles=form.cleaned_data["roles"],
                        by=request.user,
                        at=now,
                    )
                except InvalidRecordError as error:
                    form.add_action_errors(error)
                    break
                messages.success(
                    request,
                    gettext("%(username)s: roles in %(name)s saved.")
                    % {"username": person.username, "name": centre.name},
                )
                # Who gave up looking after people may open their list no more.
                is_own = person == request.user
                return redirect("registry:home" if is_own else "registry:person-list")
    return render(
        request,
        "registry/person_update.html",
        {"person": person, "forms_by_centre": forms_by_centre},
    )


@require_POST
def person_one_time_password(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Shown once, on this answer; nobody can look it up again."""
    _require_administrator(request)
    person = get_object_or_404(queries.people.visible(viewer=request.user), public_id=public_id)
    if person == request.user:
        return redirect("registry:password-change")
    password = secrets.token_urlsafe(ONE_TIME_PASSWORD_BYTES)
    try:
        actions.people.set_one_time_password(
            user=person, password=password, by=request.user, at=timezone.now()
        )
    except OtherCentreError as error:
        messages.error(request, str(error))
        return redirect("registry:person-update", person.public_id)
    return render(
        request, "registry/one_time_password.html", {"person": person, "password": password}
    )


def _opened(by: User, answers: dict[str, Any]) -> User:
    """A new account with its first roles; or these roles for the account there is."""
    here = {key: answers[key] for key in ("username", "centre", "roles")}
    if answers["known"]:
        return actions.people.give_first_roles(**here, by=by, at=timezone.now())
    names = {key: answers[key] for key in ("first_name", "last_name", "password")}
    return actions.people.add(**here, **names, one_time=True, by=by, at=timezone.now())


def _require_administrator(request: SignedInRequest) -> None:
    if not request.user.has_perm("registry.manage_people"):
        raise PermissionDenied
