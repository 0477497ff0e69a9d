"""Components of the pump system."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from registry import actions, queries
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.forms.component import ComponentForm, ComponentUpdateForm
from registry.models import Component
from registry.presenters import device_label
from registry.presenters import patient as patient_page
from registry.presenters.device_label import Filled
from registry.views.form_page import answers, form_page
from registry.views.once import creates_once
from registry.views.request import SignedInRequest

SCAN = "scan"
"""The box of the label; it is sent by a form of its own."""


@creates_once(
    visible=queries.components.visible,
    page_of=lambda component: patient_page.url(component.patient),
)
def component_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", patient):
        raise PermissionDenied
    now = timezone.now()
    label = _label(request, ComponentForm)
    form = ComponentForm(
        None if label else answers(request),
        initial=label.values if label else None,
        today=patient.centre.day_at(now),
    )
    if not label and request.method == "POST" and form.is_valid():
        try:
            actions.components.add(
                patient=patient,
                by=request.user,
                at=now,
                fields=form.facts() | {"public_id": request.new_id},
            )
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("The component is logged."))
            return redirect("registry:patient-detail", patient.public_id)
    return form_page(
        request,
        form,
        template="registry/component_form.html",
        label=label,
        title=gettext("New component of %(registry_number)s")
        % {"registry_number": patient.registry_number},
        submit_label=gettext("Log the component"),
        cancel_url=patient_page.url(patient),
    )


def component_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    component = _component(request, public_id)
    now = timezone.now()
    label = _label(request, ComponentUpdateForm)
    form = ComponentUpdateForm(
        None if label else answers(request),
        initial=_initial(component) | (label.values if label else {}),
        today=component.patient.centre.day_at(now),
    )
    if not label and request.method == "POST" and form.is_valid():
        try:
            actions.components.edit(
                component=component,
                edition=form.cleaned_data["edition"],
                by=request.user,
                at=now,
                changes=form.facts(),
            )
        except EditConflictError:
            saved = _component(request, public_id)
            form.show_conflict(saved=_initial(saved), edition=saved.edition)
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("registry:patient-detail", component.patient.public_id)
    return form_page(
        request,
        form,
        template="registry/component_form.html",
        label=label,
        title=gettext("%(kind)s of %(registry_number)s")
        % {
            "kind": component.get_kind_display(),
            "registry_number": component.patient.registry_number,
        },
        submit_label=gettext("Save the component"),
        cancel_url=patient_page.url(component.patient),
    )


def _label(request: SignedInRequest, form: type[ComponentForm]) -> Filled | None:
    """What was read from a label, where the page was sent for that; nothing is stored then."""
    if request.method != "POST" or SCAN not in request.POST:
        return None
    return device_label.fill(
        viewer=request.user,
        sent=request.POST[SCAN],
        typed={name: request.POST.get(name, "") for name in form.base_fields},
    )


def _component(request: SignedInRequest, public_id: uuid.UUID) -> Component:
    component = get_object_or_404(
        queries.components.visible(viewer=request.user), public_id=public_id
    )
    if not request.user.has_perm("registry.log_case", component):
        raise PermissionDenied
    return component


def _initial(component: Component) -> dict[str, object]:
    return {name: getattr(component, name) for name in ComponentUpdateForm.base_fields}
