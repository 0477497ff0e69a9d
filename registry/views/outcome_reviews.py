"""Reviews of the outcome: logging and correcting."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import actions, queries
from registry.forms.outcome_review import OutcomeReviewForm, OutcomeReviewUpdateForm
from registry.models import OutcomeReview
from registry.presenters.case_words import case_facts
from registry.views.form_page import answers, form_page, is_saved
from registry.views.once import creates_once
from registry.views.request import SignedInRequest


@creates_once(
    visible=queries.outcome_reviews.visible,
    page_of=lambda review: reverse("registry:case-detail", args=[review.case.public_id]),
)
def outcome_review_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = get_object_or_404(queries.cases.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", case):
        raise PermissionDenied
    now = timezone.now()
    form = OutcomeReviewForm(
        answers(request),
        today=case.patient.centre.day_at(now),
        surgeries=case.surgeries.all(),
        opened_on=case.opened_on,
    )
    if is_saved(
        form,
        lambda: actions.outcome_reviews.log(
            case=case,
            by=request.user,
            at=now,
            fields=form.facts() | {"public_id": request.new_id},
        ),
    ):
        messages.success(request, _("The review is logged."))
        return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=_("Review of the outcome"),
        facts=case_facts(case),
        submit_label=_("Log the review"),
        cancel_url=reverse("registry:case-detail", args=[case.public_id]),
    )


def outcome_review_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    review = _review_to_log(request, public_id)
    case = review.case
    now = timezone.now()
    form = OutcomeReviewUpdateForm(
        answers(request),
        initial=OutcomeReviewForm.initial_of(review),
        today=case.patient.centre.day_at(now),
        surgeries=case.surgeries.all(),
        opened_on=case.opened_on,
    )
    if is_saved(
        form,
        lambda: actions.outcome_reviews.edit(
            review=review,
            edition=form.cleaned_data["edition"],
            by=request.user,
            at=now,
            changes=form.facts(),
        ),
        saved_by_others=lambda: OutcomeReviewForm.initial_of(_review_to_log(request, public_id)),
    ):
        messages.success(request, _("Saved."))
        return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=_("Review of the outcome"),
        facts=case_facts(case),
        cancel_url=reverse("registry:case-detail", args=[case.public_id]),
    )


def _review_to_log(request: SignedInRequest, public_id: uuid.UUID) -> OutcomeReview:
    review = get_object_or_404(
        queries.outcome_reviews.visible(viewer=request.user), public_id=public_id
    )
    if not request.user.has_perm("registry.log_case", review):
        raise PermissionDenied
    return review
