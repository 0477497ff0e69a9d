"""The centres one looks after, and from when their log is complete."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from registry import actions, queries
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.forms.centre_log import CentreLogForm
from registry.views.form_page import answers, form_page
from registry.views.request import SignedInRequest

PERMISSION = "registry.describe_centre"


@require_GET
def centre_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    centres = queries.centres.with_permission(viewer=request.user, permission=PERMISSION)
    return render(request, "registry/centre_list.html", {"centres": centres})


def centre_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    centre = get_object_or_404(
        queries.centres.with_permission(viewer=request.user, permission=PERMISSION),
        public_id=public_id,
    )
    now = timezone.now()
    stands = {"complete_log_from": centre.complete_log_from, "seen": centre.complete_log_from}
    form = CentreLogForm(answers(request), initial=stands, today=centre.day_at(now))
    back = reverse("registry:centre-list")
    if request.method == "POST" and form.is_valid():
        try:
            actions.centres.set_complete_log(
                centre=centre,
                complete_from=form.cleaned_data["complete_log_from"],
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=now,
            )
        except EditConflictError as error:
            form.add_error(None, str(error))
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, gettext("Saved. Audits count by it from now on."))
            return redirect(back)
    return form_page(
        request,
        form,
        template="registry/reading_protocol.html",
        title=gettext("Log of the centre"),
        facts=[centre.name, centre.code],
        cancel_url=back,
        events=queries.history.of_objects(viewer=request.user, object_ids=[centre.public_id]),
    )
