"""Drafts of forms: kept on every change, offered when the form is opened again, gone once sent."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from registry import actions, queries
from registry.actions.form_drafts import FormDraftConflictError, TooManyDraftsError
from registry.forms.form_draft import FormDraftNotUnderstoodError, SentFormDraft
from registry.presenters import form_drafts as words
from registry.views.request import SignedInRequest

FIELD = "draft"
"""The field of a form that names its draft."""
SENT_AS = "application/x-www-form-urlencoded"
NOT_UNDERSTOOD = _("This form cannot be kept as a draft. Copy what you want to keep.")


@require_POST
def form_draft(request: SignedInRequest, form_id: uuid.UUID) -> HttpResponse:
    """Answer the page that sends its answers after a change."""
    try:
        sent = SentFormDraft.of(request.POST)
        draft = actions.form_drafts.keep(
            form_id=form_id,
            page=sent.page,
            answers=sent.answers,
            edition=sent.edition,
            by=request.user,
            at=timezone.now(),
        )
    except FormDraftNotUnderstoodError:
        return JsonResponse({"error": NOT_UNDERSTOOD}, status=HTTPStatus.BAD_REQUEST)
    except TooManyDraftsError as error:
        return JsonResponse({"error": str(error)}, status=HTTPStatus.FORBIDDEN)
    except FormDraftConflictError as error:
        return JsonResponse(
            {"error": str(error)} | words.as_data(error.saved), status=HTTPStatus.CONFLICT
        )
    return JsonResponse({"saved": words.clock(draft.saved_at), "edition": draft.edition})


@require_POST
def form_draft_discard(request: SignedInRequest, form_id: uuid.UUID) -> HttpResponse:
    actions.form_drafts.discard(form_id=form_id, by=request.user, at=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def drafts_of_page(request: SignedInRequest) -> words.PageDrafts:
    """What is kept of the form that the request draws; the id stays when it is drawn again.

    A form that opens in answer to a button names no draft yet, and is offered what was left, too.
    """
    sent_id = _sent_id(request)
    form_id = sent_id or uuid.uuid4()
    viewer, page = request.user, request.get_full_path()
    return words.page_drafts(
        form_id=form_id,
        page=page,
        kept=queries.form_drafts.of_form(viewer=viewer, form_id=form_id),
        left=queries.form_drafts.of_page(viewer=viewer, page=page)[: words.MOST_SHOWN + 1]
        if sent_id is None
        else (),
    )


def context(request: SignedInRequest) -> dict[str, Any]:
    """Context processor; the database is asked only where a template draws a form."""
    return {"draft": SimpleLazyObject(lambda: drafts_of_page(request))}


class FormDraftMiddleware:
    """A form that was accepted leads elsewhere; its draft has done its duty."""

    def __init__(self, get_response: Callable[[SignedInRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SignedInRequest) -> HttpResponse:
        response = self.get_response(request)
        accepted = response.status_code == HTTPStatus.FOUND and request.user.is_authenticated
        if accepted and (form_id := _sent_id(request)):
            actions.form_drafts.discard(form_id=form_id, by=request.user, at=timezone.now())
        return response


def _sent_id(request: HttpRequest) -> uuid.UUID | None:
    if request.method != "POST" or request.content_type != SENT_AS:
        return None
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
