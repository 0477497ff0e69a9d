"""A stored study: its series, where it came from, and how it was de-identified."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from imaging import queries
from imaging.actions import study_exclusions as actions
from imaging.actions.study_exclusions import StudyInUseError
from imaging.archive.configured import configured_archive
from imaging.archive.errors import ArchiveError
from imaging.ingest.evidence import Look, look
from imaging.ingest.pool import shared_pool
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.models import Series, Study
from imaging.queries.deliveries import deliveries_of
from imaging.queries.manifests import Treatment, not_displayable, treatments
from imaging.views.manifest_table import ManifestTable, manifest_table
from imaging.views.request import SignedInRequest

VIEW_IDENTITY = "registry.view_identity"
VIEW_PATIENT = "registry.view_patient"
LONGEST_REASON = 200
FEW_TREATMENTS = 6
"""Each costs a look at a stored file; images of one scanner are treated alike."""


class ExclusionForm(forms.Form):
    """Why a study is excluded or taken back, and the delivery one came from."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Say why, in words.")},
        help_text=_("Stands beside the study and in the history. No names of patients."),
    )
    run = forms.UUIDField(required=False, widget=forms.HiddenInput)


class StudyDetail(View):
    """Series, deliveries and manifest of one study."""

    def get(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        return _page(request, _study(request, public_id))


class StudyExclude(View):
    """Offer a study to nobody any more."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        study = _study(request, public_id)
        _require_add(request, study)
        form = ExclusionForm(request.POST)
        if not form.is_valid():
            return _page(request, study, form=form)
        try:
            actions.exclude(
                study=study, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
            )
        except StudyInUseError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, gettext("The study is excluded. Its images stay and are not offered.")
            )
        return _back(study, form)


class StudyReadmit(View):
    """Take an exclusion back."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        study = _study(request, public_id)
        _require_add(request, study)
        form = ExclusionForm(request.POST)
        if not form.is_valid():
            return _page(request, study, form=form)
        actions.readmit(
            study=study, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
        )
        messages.success(request, gettext("The study is offered for linking again."))
        return _back(study, form)


def _page(
    request: SignedInRequest, study: Study, *, form: ExclusionForm | None = None
) -> HttpResponse:
    series = list(_series(request, study))
    unseen = not_displayable(viewer=request.user, study=study)
    values_shown = request.user.has_perm(VIEW_IDENTITY, study)
    tables, failed = _tables(request, study, values_shown=values_shown)
    return TemplateResponse(
        request,
        "imaging/study_detail.html",
        {
            "study": study,
            "exclusion": getattr(study, "exclusion", None),
            "series": [{"one": one, "not_displayable": unseen.get(one.pk, [])} for one in series],
            "images": sum(one.images for one in series),
            "deliveries": deliveries_of(viewer=request.user, study=study),
            "tables": tables,
            "failed": failed,
            "values_shown": values_shown,
            "facts_shown": request.user.has_perm(VIEW_PATIENT, study),
            "may_exclude": request.user.has_perm(queries.ADD_STUDY, study),
            "form": form or ExclusionForm(),
        },
    )


def _series(request: SignedInRequest, study: Study) -> QuerySet[Series, Any]:
    return (
        queries.all_series(viewer=request.user)
        .filter(study=study)
        .annotate(images=Count("instances"))
    )


def _tables(
    request: SignedInRequest, study: Study, *, values_shown: bool
) -> tuple[list[ManifestTable], str]:
    """One table per way of treatment; a stored header that cannot be read leaves "after" empty."""
    tables = []
    failed = ""
    for treatment in treatments(viewer=request.user, study=study)[:FEW_TREATMENTS]:
        stored = Look()
        try:
            stored = _stored(treatment)
        except ArchiveError as error:
            failed = str(error) or type(error).__name__
        except ReadingProcessUnavailableError:
            failed = gettext("The stored header cannot be read just now.")
        if stored.refused:
            failed = gettext(
                "A stored file is missing or damaged; `manage.py verify_archive` names it."
            )
        tables.append(
            manifest_table(
                treatment.manifest.content if treatment.manifest else {},
                images=treatment.images,
                after=stored.values,
                values_shown=values_shown,
            )
        )
    return tables, failed


def _stored(treatment: Treatment) -> Look:
    archive = configured_archive()
    return look(
        archive.path(treatment.example.stored_sha256),
        archive=archive,
        pool=shared_pool(),
        picture=False,
    )


def _back(study: Study, form: ExclusionForm) -> HttpResponse:
    run: UUID | None = form.cleaned_data["run"]
    if run is None:
        return redirect("imaging:study-detail", study.public_id)
    return redirect("imaging:run-detail", run)


def _require_add(request: SignedInRequest, study: Study) -> None:
    if not request.user.has_perm(queries.ADD_STUDY, study):
        raise PermissionDenied


def _study(request: SignedInRequest, public_id: UUID) -> Study:
    try:
        return queries.study(viewer=request.user, public_id=public_id)
    except Study.DoesNotExist as error:
        raise Http404 from error
