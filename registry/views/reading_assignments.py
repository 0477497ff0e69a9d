"""The coordinator's page: how much is asked of each reader, and asking for more."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from registry import actions, queries
from registry.actions.errors import AssignmentGoneError, CannotBeAssignedError
from registry.forms.reading_assignment import AssignmentForm
from registry.presenters import reading_workload
from registry.presenters.reads import neutral_code
from registry.views.form_page import answers
from registry.views.request import SignedInRequest, asked_for


def assignment_list(request: SignedInRequest) -> HttpResponse:
    _require_coordinator(request)
    lines = queries.reading_workload.open_studies(viewer=request.user)
    form = AssignmentForm(
        answers(request),
        lines=lines,
        readers=queries.reading_workload.readers(viewer=request.user),
    )
    if request.method == "POST" and form.is_valid():
        _assign(request, form)
        return redirect("registry:reading-assignments")
    page = reading_workload.present(
        viewer=request.user,
        now=timezone.now(),
        lines=lines,
        ticked=set(form["studies"].value() or ()),
        number=asked_for(request, "page"),
    )
    return render(request, "registry/reading_assignments.html", {"page": page, "form": form})


@require_POST
def assignment_withdraw(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    _require_coordinator(request)
    assignment = get_object_or_404(
        queries.reading_workload.assignments(viewer=request.user), public_id=public_id
    )
    name = assignment.reader.get_username()
    try:
        actions.reading_assignments.withdraw(
            assignment=assignment, by=request.user, at=timezone.now()
        )
    except AssignmentGoneError as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, gettext("%(name)s is no longer asked for this study.") % {"name": name}
        )
    return redirect("registry:reading-assignments")


def _assign(request: SignedInRequest, form: AssignmentForm) -> None:
    """Each study for itself: what cannot be given to this reader keeps none of the others."""
    reader, now = form.chosen_reader, timezone.now()
    given = 0
    for study in form.chosen_studies:
        try:
            actions.reading_assignments.assign(
                contrast_study=study, reader=reader, by=request.user, at=now
            )
        except CannotBeAssignedError as error:
            messages.warning(
                request,
                gettext("%(study)s was not assigned. %(error)s")
                % {"study": neutral_code(study), "error": error},
            )
        else:
            given += 1
    if given:
        studies = ngettext("%(n)s study", "%(n)s studies", given) % {"n": given}
        messages.success(
            request,
            gettext("%(reader)s is asked for %(studies)s.")
            % {"reader": reader.get_username(), "studies": studies},
        )


def _require_coordinator(request: SignedInRequest) -> None:
    if not request.user.has_perm("registry.assign_reads"):
        raise PermissionDenied
