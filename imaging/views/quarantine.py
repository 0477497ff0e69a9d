"""Files in quarantine: the list, the evidence, and the two decisions."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from imaging import queries
from imaging.actions import StaleBatchError
from imaging.actions import quarantine as decisions
from imaging.archive.configured import configured_archive
from imaging.archive.errors import ArchiveError, BlobMissingError
from imaging.ingest import quarantine as ingest
from imaging.ingest.intake import shared_intake
from imaging.ingest.pool import shared_pool
from imaging.ingest.quarantine import (
    LOOKED_AT_ONE_BY_ONE,
    NotLookedAtError,
    NotReleasableError,
    Released,
)
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile
from imaging.queries.quarantine import alike, decided, quarantined_file, waiting
from imaging.queries.uncounted import page_of
from imaging.views import evidence
from imaging.views.frames_seen import FramesSeen
from imaging.views.request import SignedInRequest

FILES_PER_PAGE = 50
VIEW_IDENTITY = "registry.view_identity"
LONGEST_REASON = 500

FAILED = _(
    "Nothing was decided about this file just now. It waits as before; try again in a minute, and "
    "if that fails, tell the administrator."
)
ALREADY = _("Somebody else has decided about this file meanwhile.")
NOT_LOOKED_AT = _(
    "Not released: first look at the original, at every frame. The pages of frames that you have "
    "seen count for this working day."
)
GONE = _(
    "The original is not where it was kept. Tell the administrator: `manage.py verify_archive` "
    "names what is missing."
)


class DecisionForm(forms.Form):
    """Why, and whether the files that wait for the same reason go the same way."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in words.")},
        help_text=_("Stands beside the file and in the history. No names of patients."),
    )
    all_alike = forms.BooleanField(required=False)

    def __init__(self, *args: Any, others: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Two of these stand beside each other: a summary of errors has to say which one it means.
        self.fields["reason"].label = gettext("Why %(prefix)s?") % {"prefix": self.prefix}
        if not others:
            del self.fields["all_alike"]
            return
        also = ngettext(
            "Also the %(n)s other file of this delivery that waits for the same reason",
            "Also the %(n)s other files of this delivery that wait for the same reason",
            others,
        )
        self.fields["all_alike"].label = also % {"n": others}


class LookedAtForm(DecisionForm):
    """Release of what may show a name in its pixels: the person says what they saw."""

    looked_at = forms.BooleanField(
        label=_(
            "I have looked at every frame shown: no name, number or date is written in the picture"
        ),
        error_messages={"required": _("Look at every frame, and say so.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    field_order = ("looked_at", "reason")


class QuarantineList(View):
    """What waits for a decision, newest first; with `?decided` what was decided."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        if not request.user.has_perm(queries.DECIDE_QUARANTINE):
            raise PermissionDenied
        shows_decided = "decided" in request.GET
        files = (decided if shows_decided else waiting)(viewer=request.user)
        page = page_of(files, asked_for=request.GET.get("page"), size=FILES_PER_PAGE)
        kept = timedelta(days=settings.CRESCENT_QUARANTINE_DAYS)
        rows = [
            {
                "file": file,
                "reason": ALL_REASONS[file.reason_code],
                "kept_until": file.recorded_at + kept,
            }
            for file in page
        ]
        return TemplateResponse(
            request,
            "imaging/quarantine_list.html",
            {
                "rows": rows,
                "page": page,
                "decided": shows_decided,
                "kept_days": settings.CRESCENT_QUARANTINE_DAYS,
            },
        )


class QuarantineDetail(View):
    """One file with its evidence and the forms to release or discard it."""

    def get(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        return _page(request, _file(request, public_id))


class QuarantineLook(View):
    """The same with what the original says and shows; a POST, because the look is an event."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        file = _file(request, public_id)
        if not request.user.has_perm(VIEW_IDENTITY, file.run):
            raise PermissionDenied
        first_frame = _frame_asked_for(request)
        decisions.look(file=file, by=request.user, at=timezone.now(), first_frame=first_frame)
        return _page(request, file, original_from=first_frame)


class QuarantineRelease(View):
    """Take the original in again, past the reason that was overruled."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        file = _file(request, public_id)
        seen = _seen_before(request, file)
        if file.reason_code in LOOKED_AT_ONE_BY_ONE:
            if not seen.is_complete:
                messages.error(request, NOT_LOOKED_AT)
                return redirect("imaging:quarantine-detail", public_id)
            form: DecisionForm = LookedAtForm(request.POST, prefix="release")
        else:
            form = DecisionForm(request.POST, others=_others(request, file), prefix="release")
        if not form.is_valid():
            return _page(request, file, release_form=form)
        together = form.cleaned_data.get("all_alike")
        try:
            released = ingest.release(
                list(alike(viewer=request.user, file=file)) if together else [file],
                by=request.user,
                reason=form.cleaned_data["reason"],
                clock=timezone.now,
                archive=configured_archive(),
                intake=shared_intake(clock=timezone.now),
                frames_looked_at=seen.frames or None,
            )
        except NotReleasableError:
            messages.error(request, evidence.NOT_RELEASABLE)
        except NotLookedAtError:
            messages.error(request, NOT_LOOKED_AT)
        except (ArchiveError, DatabaseError, ReadingProcessUnavailableError, StaleBatchError):
            messages.error(request, FAILED)
        else:
            return _after_release(request, file, released)
        return redirect("imaging:quarantine-detail", public_id)


class QuarantineDiscard(View):
    """Remove the original for good; its row and the decision stay."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        file = _file(request, public_id)
        form = DecisionForm(request.POST, others=_others(request, file), prefix="discard")
        if not form.is_valid():
            return _page(request, file, discard_form=form)
        together = form.cleaned_data.get("all_alike")
        try:
            discarded = ingest.discard(
                list(alike(viewer=request.user, file=file)) if together else [file],
                by=request.user,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
                archive=configured_archive(),
            )
        except (ArchiveError, DatabaseError):
            messages.error(request, FAILED)
            return redirect("imaging:quarantine-detail", public_id)
        if discarded:
            messages.success(
                request, gettext("%(discarded)s discarded.") % {"discarded": _files(discarded)}
            )
        else:
            messages.warning(request, ALREADY)
        return redirect("imaging:quarantine-list")


def _after_release(
    request: SignedInRequest, file: IngestedFile, released: Released
) -> HttpResponse:
    for code in sorted(set(released.refused_again)):
        messages.error(
            request,
            gettext("Taken in again, %(count)s refused for another reason and stayed: %(sentence)s")
            % {
                "count": _files(released.refused_again.count(code)),
                "sentence": gettext(ALL_REASONS[code].sentence),
            },
        )
    if released.decided_meanwhile:
        messages.warning(request, ALREADY)
    if not released.files:
        return redirect("imaging:quarantine-detail", file.quarantine_key)
    messages.success(
        request, gettext("%(files)s taken in again.") % {"files": _files(len(released.files))}
    )
    return redirect("imaging:run-detail", released.run.public_id)


def _page(
    request: SignedInRequest,
    file: IngestedFile,
    *,
    original_from: int | None = None,
    release_form: DecisionForm | None = None,
    discard_form: DecisionForm | None = None,
) -> HttpResponse:
    identity_shown = request.user.has_perm(VIEW_IDENTITY, file.run)
    decided = getattr(file, "quarantine_decision", None)
    others = _others(request, file) if decided is None else 0
    context: dict[str, Any] = {
        "file": file,
        "reason": ALL_REASONS[file.reason_code],
        "decision": decided,
        "releasable": evidence.releasable(file),
        "instead": evidence.NEVER_RELEASED.get(file.reason_code, evidence.NOT_RELEASABLE),
        "is_conflict": evidence.is_conflict(file),
        "kept_until": file.recorded_at + timedelta(days=settings.CRESCENT_QUARANTINE_DAYS),
        "identity_shown": identity_shown,
        "original_shown": original_from is not None,
        "must_look": file.reason_code in LOOKED_AT_ONE_BY_ONE,
        "release_form": release_form or DecisionForm(others=others, prefix="release"),
        "discard_form": discard_form or DecisionForm(others=others, prefix="discard"),
        "form": release_form or discard_form,
    }
    if decided is None:
        context |= _evidence(
            request, file, identity_shown=identity_shown, original_from=original_from
        )
        context |= _looked_at(request, file, context, release_form)
    return TemplateResponse(request, "imaging/quarantine_detail.html", context)


def _looked_at(
    request: SignedInRequest,
    file: IngestedFile,
    context: dict[str, Any],
    release_form: DecisionForm | None,
) -> dict[str, Any]:
    """The frames this person has seen by now, and the form once these are all."""
    seen = _seen_before(request, file)
    shown = context.get("evidence", evidence.Evidence())
    if shown.drawn:
        drawn = [frame.number - 1 for frame in shown.drawn if frame.picture]
        seen = seen.with_more(drawn, frames=shown.frames)
    token = seen.signed(file=file, by=request.user)
    told = {
        "seen": seen,
        "token": token,
        "pages": evidence.frame_pages(shown, seen=seen.seen),
        "not_drawn": evidence.not_drawn(shown),
    }
    if context["must_look"]:
        form = release_form or LookedAtForm(prefix="release", initial={"seen": token})
        told["release_form"] = form if seen.is_complete else None
    return told


def _seen_before(request: SignedInRequest, file: IngestedFile) -> FramesSeen:
    told = request.POST.get("release-seen", "")
    return FramesSeen.told_by(told, file=file, by=request.user)


def _frame_asked_for(request: SignedInRequest) -> int:
    """The first frame of the page, counted from 1."""
    asked = request.POST.get("first_frame", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


def _evidence(
    request: SignedInRequest,
    file: IngestedFile,
    *,
    identity_shown: bool,
    original_from: int | None,
) -> dict[str, Any]:
    try:
        seen = evidence.gather(
            file,
            viewer=request.user,
            archive=configured_archive(),
            pool=shared_pool(),
            identity_shown=identity_shown,
            original_from=original_from,
        )
    except BlobMissingError:
        return {"failed": GONE}
    except ArchiveError as error:
        return {"failed": str(error)}
    except ReadingProcessUnavailableError:
        return {
            "failed": gettext(
                "The file cannot be shown just now: the reading process does not start."
            )
        }
    return {"evidence": seen}


def _others(request: SignedInRequest, file: IngestedFile) -> int:
    return alike(viewer=request.user, file=file).exclude(pk=file.pk).count()


def _file(request: SignedInRequest, public_id: UUID) -> IngestedFile:
    try:
        return quarantined_file(viewer=request.user, key=public_id)
    except IngestedFile.DoesNotExist as error:
        raise Http404 from error


def _files(number: int) -> str:
    return ngettext("%(n)s file was", "%(n)s files were", number) % {"n": number}
