"""The reading protocol of a centre, set by its data manager."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry import actions, queries
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.forms.reading_protocol import ReadingProtocolForm
from registry.presenters.reading_workload import initial_of
from registry.views.form_page import answers, form_page
from registry.views.request import SignedInRequest

SAVED = _("The reading protocol of {} is saved. It holds for what is signed from now on.")


def protocol_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    centre = get_object_or_404(
        queries.reading_protocols.editable(viewer=request.user), public_id=public_id
    )
    protocol = queries.reading_protocols.in_force(centre)
    form = ReadingProtocolForm(answers(request), initial=initial_of(protocol))
    back = reverse("registry:reading-assignments")
    if request.method == "POST" and form.is_valid():
        try:
            actions.reading_protocols.edit(
                centre=centre,
                edition=form.cleaned_data["edition"],
                by=request.user,
                at=timezone.now(),
                changes=form.numbers(),
            )
        except EditConflictError:
            saved = queries.reading_protocols.in_force(centre)
            form.show_conflict(saved=initial_of(saved), edition=saved.edition)
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            messages.success(request, SAVED.format(centre.name))
            return redirect(back)
    return form_page(
        request,
        form,
        template="registry/reading_protocol.html",
        title=gettext("Reading protocol"),
        facts=[centre.name, centre.code],
        cancel_url=back,
        events=queries.history.of_objects(viewer=request.user, object_ids=[protocol.public_id]),
    )
