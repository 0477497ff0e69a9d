"""Linking images to a contrast study, and taking a wrong link back."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from imaging.models import Study
from imaging.queries.patients import awaiting_answer
from registry import actions, queries
from registry.actions.errors import (
    AlreadyLinkedError,
    CaseMismatchError,
    InvalidRecordError,
    LinkGoneError,
    OtherCentreError,
    StudyNotOfferedError,
)
from registry.forms.study_link import LinkForm, WithdrawForm
from registry.models import ContrastStudy
from registry.presenters import study_links
from registry.presenters.case_words import case_facts
from registry.views.form_page import answers, form_page
from registry.views.request import SignedInRequest, asked_for


def study_link(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    study = get_object_or_404(
        queries.study_links.not_linked(viewer=request.user).prefetch_related("series"),
        public_id=public_id,
    )
    form = LinkForm(answers(request))
    asked_about = None
    if request.method == "POST" and form.is_valid():
        contrast_study = get_object_or_404(
            queries.contrast_studies.open_for_linking(viewer=request.user),
            public_id=form.cleaned_data["contrast_study"],
        )
        try:
            link = actions.study_links.confirm(
                contrast_study=contrast_study,
                study=study,
                by=request.user,
                at=timezone.now(),
                override_reason=form.cleaned_data["override_reason"],
            )
        except CaseMismatchError as error:
            asked_about = contrast_study
            form.add_error("override_reason", str(error))
        except (AlreadyLinkedError, OtherCentreError, StudyNotOfferedError) as error:
            form.add_error(None, str(error))
        except InvalidRecordError as error:
            form.add_action_errors(error)
        else:
            if link.subject_agrees == "unknown":
                messages.warning(
                    request,
                    gettext(
                        "Linked. The patient numbers could not be compared: one side carries none."
                    ),
                )
            else:
                messages.success(request, gettext("The images are linked."))
            return redirect("registry:case-detail", contrast_study.case.public_id)
    return _page(request, study, form=form, asked_about=asked_about)


def study_link_withdraw(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    link = get_object_or_404(queries.study_links.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.link_images", link):
        raise PermissionDenied
    case = link.contrast_study.case
    form = WithdrawForm(answers(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.study_links.withdraw(
                link=link, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
            )
        except LinkGoneError as error:
            messages.warning(request, str(error))
        else:
            messages.success(
                request, gettext("The link is withdrawn. The images wait to be linked again.")
            )
        return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Withdraw the link"),
        facts=[*case_facts(case), study_links.title(link.study)],
        submit_label=gettext("Withdraw the link"),
        cancel_url=reverse("registry:case-detail", args=[case.public_id]),
    )


def _page(
    request: SignedInRequest,
    study: Study,
    *,
    form: LinkForm,
    asked_about: ContrastStudy | None = None,
) -> HttpResponse:
    number = asked_for(request, "number")
    viewer = request.user
    if asked_about is not None:
        candidates = [queries.study_links.candidate(asked_about, study)]
    elif number:
        candidates = queries.study_links.search(viewer=viewer, study=study, number=number)
    else:
        candidates = queries.study_links.candidates(viewer=viewer, study=study)
    return render(
        request,
        "registry/image_link.html",
        {
            "study": study_links.present(
                study,
                candidates=candidates,
                waits_for=awaiting_answer([study.pk]).get(study.pk),
            ),
            "form": form,
            "asks_reason": asked_about is not None,
            "number": number,
        },
    )
