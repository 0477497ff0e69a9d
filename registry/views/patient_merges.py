"""Two numbers side by side: merge them, say that they are two people, take a merge back."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import actions, queries
from registry.actions.errors import InvalidRecordError, MergeRefusedError, OtherCentreError
from registry.forms.patient_merge import ReasonForm
from registry.models import Patient
from registry.presenters import patient as patient_page
from registry.presenters import patient_comparison
from registry.views.request import SignedInRequest, asked_for


def patient_merge(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Without `with` the other number is asked for."""
    kept = _patient_to_log(request, public_id)
    wanted = asked_for(request, "with").strip()
    other = _other(request, kept, wanted) if wanted else None
    form = ReasonForm(request.POST or None)
    if other is not None and request.method == "POST" and form.is_valid():
        try:
            if "distinct" in request.POST:
                actions.patient_merges.tell_apart(
                    one=kept, other=other, by=request.user, at=timezone.now(), **form.cleaned_data
                )
                messages.success(request, _("They are kept as two people."))
                return redirect("registry:work-list", "duplicates")
            merge = actions.patient_merges.merge(
                kept=kept, merged=other, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except (InvalidRecordError, MergeRefusedError, OtherCentreError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The two numbers are one."))
            return redirect("registry:patient-merge-detail", merge.public_id)
    return render(
        request,
        "registry/patient_merge.html",
        {
            "kept": kept,
            "other": other,
            "wanted": wanted,
            "form": form,
            "rows": patient_comparison.rows(kept, other, viewer=request.user) if other else [],
        },
    )


def patient_merge_detail(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    merge = get_object_or_404(
        queries.patient_merges.visible(viewer=request.user), public_id=public_id
    )
    may_undo = request.user.has_perm("registry.log_case", merge) and merge.undone_at is None
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not request.user.has_perm("registry.log_case", merge):
            raise PermissionDenied
        if form.is_valid():
            try:
                actions.patient_merges.undo(
                    merge=merge, by=request.user, at=timezone.now(), **form.cleaned_data
                )
            except (InvalidRecordError, MergeRefusedError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The numbers are two again."))
                return redirect(patient_page.url(merge.merged))
    return render(
        request,
        "registry/patient_merge_detail.html",
        {
            "merge": merge,
            "moved": patient_comparison.moved(merge),
            "form": form,
            "may_undo": may_undo,
        },
    )


def _patient_to_log(request: SignedInRequest, public_id: uuid.UUID) -> Patient:
    patient = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    return patient


def _other(request: SignedInRequest, kept: Patient, wanted: str) -> Patient | None:
    """The patient of a public id or a number; none where there is not exactly one."""
    try:
        which = {"public_id": uuid.UUID(wanted)}
    except ValueError:
        found = queries.patients.by_number(
            viewer=request.user, permission="registry.log_case", number=wanted
        )
        others = [one for one in found if one != kept and one.centre_id == kept.centre_id]
        return others[0] if len(others) == 1 else None
    return (
        queries.patients.visible(viewer=request.user)
        .filter(**which, centre=kept.centre_id)
        .exclude(pk=kept.pk)
        .first()
    )
