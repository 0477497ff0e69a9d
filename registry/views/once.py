"""A form that creates a record creates it once, however often it is sent.

The page carries the public id that the new record will have, signed for the person it was drawn
for. The column is unique, so of two sendings, also at the same moment, only one is stored; the
other is answered with the record of the first.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

import uuid_utils.compat
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from registry.models import User
from registry.views.request import SignedInRequest

FIELD = "once"

View = Callable[..., HttpResponse]


def give_new_id(request: SignedInRequest) -> bool:
    """Set `new_id`, and `once` for the form; whether the id came with a form of this person."""
    sent = _sent_id(request)
    request.new_id = sent or uuid_utils.compat.uuid7()
    request.once = _signer(request.user).sign(str(request.new_id))
    return sent is not None


def creates_once(
    *, visible: Callable[..., Any], page_of: Callable[[Any], str]
) -> Callable[[View], View]:
    """For a view that stores a record under `request.new_id`.

    Parameters
    ----------
    visible
        The query that finds the record for its author, by `viewer`.
    page_of
        The address where the record is seen.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer_once(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            def answer_of_the_first() -> HttpResponse | None:
                first = visible(viewer=request.user).filter(public_id=request.new_id).first()
                return _point_to(request, page_of(first)) if first else None

            if not give_new_id(request):
                return view(request, *args, **kwargs)
            if seen := answer_of_the_first():
                return seen
            response = view(request, *args, **kwargs)
            if response.has_header("Location"):
                return response
            # Refused: perhaps because the other sending was stored meanwhile.
            return answer_of_the_first() or response

        return answer_once

    return decorate


def _point_to(request: SignedInRequest, page: str) -> HttpResponse:
    messages.warning(
        request,
        gettext(
            "This form was sent more than once. It is saved once, as you see it here. For another "
            "record, open the form again."
        ),
    )
    return redirect(page)


def _sent_id(request: SignedInRequest) -> uuid.UUID | None:
    """What a form of this person brought back; nothing where it was drawn for somebody else."""
    try:
        return uuid.UUID(_signer(request.user).unsign(request.POST.get(FIELD, "")))
    except BadSignature:
        return None


def _signer(user: User) -> Signer:
    return Signer(salt=f"once:{user.pk}")
