"""Pull a study from a registered archive: search, choose, watch it come in."""

import json
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from imaging import queries
from imaging.actions.remote_archives import search
from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.dicomweb import pull
from imaging.dicomweb.archive_connection import ArchiveAnswerError, ArchiveUnreachableError
from imaging.dicomweb.pulls_under_way import shared_pulls
from imaging.dicomweb.remote_archive_client import (
    LONGEST_TERM,
    Found,
    FoundStudy,
    RemoteArchiveClient,
    SearchTermError,
)
from imaging.ingest.intake import shared_intake
from imaging.ingest.recovery import once_in_process
from imaging.models import IngestRun, RemoteArchive
from imaging.queries.remote_archives import remote_archive, remote_archives
from imaging.sealing import UnsealError, seal, unseal
from imaging.views.request import SignedInRequest

VIEW_IDENTITY = "registry.view_identity"
CHOICE_SECONDS = 30 * 60
MOST_CHOSEN = 10


class SearchForm(forms.Form):
    """Which archive, which number. What is typed is kept nowhere, nor in an address."""

    archive = forms.ChoiceField(label=_("Archive"))
    by = forms.ChoiceField(
        label=_("Search by"),
        choices=[("accession_number", _("accession number")), ("patient_id", _("patient number"))],
    )
    number = forms.CharField(
        label=_("Number"),
        max_length=LONGEST_TERM,
        help_text=_("The whole number, as the archive has it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, archives: list[RemoteArchive], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.archives = archives
        choices = [(str(one.public_id), f"{one.name} ({one.centre_code})") for one in archives]
        self.fields["archive"] = forms.ChoiceField(label=gettext("Archive"), choices=choices)
        self.order_fields(["archive", "by", "number"])


class PullNew(View):
    """The search, and what it found."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return _page(request, SearchForm(archives=_archives(request)))

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = SearchForm(request.POST, archives=_archives(request))
        if not form.is_valid():
            return _page(request, form, status=HTTPStatus.BAD_REQUEST)
        archive = _archive(request, UUID(form.cleaned_data["archive"]))
        searched_by = form.cleaned_data["by"]
        search(archive=archive, searched_by=searched_by, by=request.user, at=timezone.now())
        try:
            found = RemoteArchiveClient(archive).search(
                by=searched_by, term=form.cleaned_data["number"]
            )
        except SearchTermError as error:
            form.add_error("number", str(error))
        except (ArchiveUnreachableError, ArchiveAnswerError) as error:
            form.add_error(None, str(error))
        else:
            return _page(request, form, archive=archive, found=found)
        return _page(request, form, status=HTTPStatus.BAD_REQUEST)


class PullCreate(View):
    """Begin to pull what was chosen; each study is a delivery of its own."""

    def post(self, request: SignedInRequest) -> HttpResponse:
        chosen = [_opened(request, sealed) for sealed in request.POST.getlist("study")]
        if None in chosen or not 0 < len(chosen) <= MOST_CHOSEN:
            messages.error(
                request,
                gettext("Choose 1 to %(most_chosen)s studies of a search of the last half hour.")
                % {"most_chosen": MOST_CHOSEN},
            )
            return redirect("imaging:pull-new")
        pulls = shared_pulls()
        if not pulls.has_room_for(len(chosen)):
            messages.error(
                request, gettext("Many pulls are under way. Begin when some of them are over.")
            )
            return redirect("imaging:pull-new")
        runs = [_begin(request, *choice) for choice in chosen if choice is not None]
        if len(runs) == 1:
            return redirect("imaging:run-detail", public_id=runs[0].public_id)
        return redirect("imaging:run-list")


def _begin(request: SignedInRequest, archive: RemoteArchive, study: FoundStudy) -> IngestRun:
    local = configured_archive()
    once_in_process(archive=local, partial_files=configured_partial_files(), clock=timezone.now)
    run = pull.start(archive, study, by=request.user, at=timezone.now())
    shared_pulls().start(
        run,
        study,
        client=RemoteArchiveClient(archive),
        intake=shared_intake(clock=timezone.now),
        archive=local,
        by=request.user,
        clock=timezone.now,
    )
    return run


def _archives(request: SignedInRequest) -> list[RemoteArchive]:
    if not request.user.centre_codes(queries.ADD_STUDY):
        raise Http404
    return list(remote_archives(viewer=request.user))


def _archive(request: SignedInRequest, public_id: UUID) -> RemoteArchive:
    try:
        return remote_archive(viewer=request.user, public_id=public_id)
    except RemoteArchive.DoesNotExist as error:
        raise Http404 from error


def _page(
    request: SignedInRequest,
    form: SearchForm,
    *,
    archive: RemoteArchive | None = None,
    found: Found | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    rows = [
        {"study": study, "sealed": _sealed(request, archive, study)}
        for study in (found.studies if found else [])
        if archive is not None
    ]
    return TemplateResponse(
        request,
        "imaging/pull_new.html",
        {
            "form": form,
            "archives": form.archives,
            "archive": archive,
            "found": found,
            "rows": rows,
            # A description is free text, and people write names into it.
            "descriptions_shown": archive is not None
            and request.user.has_perm(VIEW_IDENTITY, archive),
        },
        status=status,
    )


def _sealed(request: SignedInRequest, archive: RemoteArchive, study: FoundStudy) -> str:
    """The choice as the page carries it: whoever has the page learns no UID and no number."""
    return seal(
        json.dumps(
            [
                request.user.pk,
                str(archive.public_id),
                study.study_instance_uid,
                study.patient_id,
                study.instances,
            ]
        )
    )


def _opened(request: SignedInRequest, sealed: str) -> tuple[RemoteArchive, FoundStudy] | None:
    """The choice, if it is this person's, recent, and of an archive that is still open to them."""
    try:
        person, archive, uid, patient_id, instances = json.loads(
            unseal(sealed, most_seconds=CHOICE_SECONDS)
        )
    except (UnsealError, ValueError):
        return None
    if person != request.user.pk:
        return None
    study = FoundStudy(
        study_instance_uid=uid,
        patient_id=patient_id,
        study_date=None,
        modalities=(),
        description="",
        instances=instances,
    )
    return _archive(request, UUID(archive)), study
