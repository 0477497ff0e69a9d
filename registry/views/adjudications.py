"""The room in which a third person decides between two nameless reads."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry import actions, queries
from registry.actions.errors import (
    AlreadyAdjudicatedError,
    InvalidRecordError,
    NothingToAdjudicateError,
    NotIndependentError,
    ReadsChangedError,
)
from registry.forms.adjudication import AdjudicationForm, CorrectedAdjudicationForm
from registry.models import Adjudication
from registry.presenters import adjudications, reading_data, reads
from registry.queries.adjudications import ReadPair
from registry.views.form_page import answers
from registry.views.opened import forget_opening, opened_at
from registry.views.password_again import PasswordRefusedError, require_own_password
from registry.views.request import SignedInRequest

CHANGED = _("One of the reads was corrected since you opened them. Look at them again, then sign.")


def adjudication(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """`public_id` is that of the contrast study."""
    pair = _pair(request, public_id)
    own = queries.adjudications.own_latest(viewer=request.user, public_id=public_id)
    if own is not None:
        return _page(request, pair, own=own)
    now = timezone.now()
    begun = opened_at(request, _clock(public_id), now=now)
    form = AdjudicationForm(answers(request), initial={"seen": adjudications.seen(pair)})
    if request.method == "POST" and form.is_valid() and _sign(request, pair, form, now, begun):
        code = reads.neutral_code(pair.study)
        messages.success(request, gettext("Thank you. %(code)s is decided.") % {"code": code})
        return redirect("registry:reading-list")
    return _page(request, pair, form=form)


def adjudication_correct(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whoever decided corrects it, about the same two reads."""
    pair = _pair(request, public_id)
    own = queries.adjudications.own_latest(viewer=request.user, public_id=public_id)
    if own is None:
        raise Http404
    now = timezone.now()
    begun = opened_at(request, _clock(own.public_id), now=now)
    form = CorrectedAdjudicationForm(
        answers(request),
        initial={
            "seen": adjudications.seen(pair),
            **CorrectedAdjudicationForm.initial_of_decision(own),
        },
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _sign(request, pair, form, now, begun, supersedes=own)
    ):
        messages.success(
            request, gettext("The correction is signed and stands beside the first decision.")
        )
        return redirect("registry:adjudication", public_id)
    return _page(request, pair, form=form, submit_label=gettext("Sign the correction"))


def _pair(request: SignedInRequest, public_id: uuid.UUID) -> ReadPair:
    pair = queries.adjudications.pair_for(viewer=request.user, public_id=public_id)
    if pair is None:
        raise Http404
    return pair


def _sign(
    request: SignedInRequest,
    pair: ReadPair,
    form: AdjudicationForm,
    at: datetime,
    begun: datetime,
    supersedes: Adjudication | None = None,
) -> bool:
    """Sign what the valid form says; False when it was refused, with the reason in the form."""
    if form.cleaned_data["seen"] != adjudications.seen(pair):
        form.show_again(seen=adjudications.seen(pair), words=str(CHANGED))
        return False
    try:
        require_own_password(request, form.cleaned_data["password"])
        actions.adjudications.sign(
            contrast_study=pair.study,
            read_a=pair.read_a,
            read_b=pair.read_b,
            by=request.user,
            at=at,
            opened_at=begun,
            supersedes=supersedes,
            **form.decision(),
        )
    except PasswordRefusedError as error:
        form.add_error("password", str(error))
    except (
        AlreadyAdjudicatedError,
        NothingToAdjudicateError,
        NotIndependentError,
        ReadsChangedError,
    ) as error:
        form.add_error(None, str(error))
    except InvalidRecordError as error:
        form.add_action_errors(error)
    else:
        forget_opening(
            request, _clock(supersedes.public_id if supersedes else pair.study.public_id)
        )
        return True
    return False


def _page(request: SignedInRequest, pair: ReadPair, **shown: Any) -> HttpResponse:
    own = shown.pop("own", None)
    marks = []
    for read in (pair.read_a, pair.read_b):
        places = queries.read_marks.places(viewer=request.user, read=read)
        marks.append(reading_data.marks_of(read, places=places))
    two = adjudications.room(pair, marks=marks)
    context = (
        reads.room(pair.study)
        | two
        | {
            # Frozen: what the readers drew is looked at, not added to.
            "reading": reading_data.reading_data(marks=two["marks_of"]["both"]),
            "own": adjudications.present(own, viewer=request.user) if own else None,
        }
        | shown
    )
    return render(request, "registry/adjudication.html", context)


def _clock(public_id: uuid.UUID) -> str:
    """The session's own name for it: the same study may be read under its id."""
    return gettext("adjudication %(public_id)s") % {"public_id": public_id}
