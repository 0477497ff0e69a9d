"""Signing a read, and correcting a signed one by a new one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from registry.actions import history, masked_rereads
from registry.actions.errors import (
    AlreadyReadError,
    InvalidRecordError,
    ReadNotCompletedError,
)
from registry.actions.finding_entries import FindingEntry, store_findings
from registry.actions.read_marks import KeyImageEntry, MeasuredMarks, MeasurementEntry
from registry.actions.records import store
from registry.models import (
    ContrastStudy,
    ImagingFinding,
    ImagingFindingSite,
    MaskedReread,
    Read,
    ReadDraft,
    User,
)
from registry.vocabulary import (
    VOCABULARY_VERSION,
    InformationShown,
    SpinalLevel,
    StudyOutcomeCode,
)

__all__ = ["FindingEntry", "sign"]


def sign(
    *,
    contrast_study: ContrastStudy,
    by: User,
    at: datetime,
    opened_at: datetime,
    source: str,
    information_shown: Sequence[str],
    adequacy: str,
    findings: Sequence[FindingEntry],
    certainty: int | None = None,
    tip_level: str = "",
    extent_mm: int | None = None,
    extent_from_level: str = "",
    extent_to_level: str = "",
    remarks: str = "",
    supersedes: Read | None = None,
    correction_reason: str = "",
    masked_reread: MaskedReread | None = None,
    measurements: Sequence[MeasurementEntry] = (),
    key_images: Sequence[KeyImageEntry] = (),
    images_shown: Mapping[UUID, tuple[int, int]] | None = None,
    synthetic_fields: Sequence[str] = (),
) -> Read:
    """Sign a read; from then on the database refuses to change it. Its draft is gone.

    Parameters
    ----------
    opened_at
        When the images were first shown to this reader for this read.
    findings
        The primary finding first.
    supersedes
        The reader's own earlier read that this one corrects.
    masked_reread
        What asked for this second look; a correction takes it from the read it corrects.
    measurements, key_images
        On series that are linked to the study; lengths and HU are worked out here.
    images_shown
        Public id of each series to how many of its slices were on the screen, of how many.

    Raises
    ------
    ReadNotCompletedError
        The contrast study was stopped.
    AlreadyReadError
        The reader signed a read of this study and does not correct it, or corrects a read that is
        somebody else's or was corrected already.
    InvalidRecordError
        A value contradicts another or the vocabulary.
    """
    if contrast_study.outcome != StudyOutcomeCode.COMPLETED.value:
        raise ReadNotCompletedError(
            gettext(
                "This contrast study was stopped: nothing can be read. Its outcome counts as it is."
            )
        )
    if not findings:
        raise InvalidRecordError({"primary_finding": [gettext("Say what the study shows.")]})
    _require_extent(extent_from_level, extent_to_level)
    # Reading pixels may take a while: before anything is locked.
    marks = MeasuredMarks.of(
        study=contrast_study,
        by=by,
        measurements=measurements,
        key_images=key_images,
        shown=images_shown or {},
    )
    read = Read(
        contrast_study=contrast_study,
        reader=by,
        source=source,
        vocabulary_version=VOCABULARY_VERSION,
        information_shown=sorted(InformationShown.get(code).value for code in information_shown),
        adequacy=adequacy,
        certainty=certainty,
        tip_level=tip_level,
        extent_mm=extent_mm,
        extent_from_level=extent_from_level,
        extent_to_level=extent_to_level,
        remarks=remarks,
        images_shown=marks.images_shown,
        opened_at=opened_at,
        masked_reread=supersedes.masked_reread if supersedes else masked_reread,
        supersedes=supersedes,
        correction_reason=correction_reason,
        created_at=at,
        created_by=by,
        synthetic_fields=sorted(synthetic_fields),
    )
    with transaction.atomic():
        # A draft that is saved at the same moment waits, and then finds the read signed.
        ContrastStudy.objects.select_for_update(no_key=True).get(pk=contrast_study.pk)
        _require_own_latest(read, at=at)
        store(read, force_insert=True)
        children = dict(
            store_findings(
                findings, finding=partial(ImagingFinding, read=read), site=ImagingFindingSite
            )
        ) | dict(marks.save(read))
        # Signing comes last: from here on the triggers refuse every change.
        read.signed_at = at
        store(read, update_fields=["signed_at"])
        history.record(
            chain=read.centre_code,
            at=at,
            by=by,
            action="read.supersede" if supersedes else "read.sign",
            obj=read,
            after=history.state_of(read) | children,
            reason=correction_reason,
        )
        look = masked_reread or contrast_study
        room = supersedes.public_id if supersedes else look.public_id
        ReadDraft.objects.filter(reader=by, room=room).delete()
        masked_rereads.queue(read=read, by=by, at=at)
    return read


def _require_extent(from_level: str, to_level: str) -> None:
    """Both levels or none, the upper one first; unknown lies nowhere."""
    if bool(from_level) != bool(to_level):
        missing = "extent_to_level" if from_level else "extent_from_level"
        raise InvalidRecordError({missing: [gettext("Give both ends of the contrast, or none.")]})
    order = [level for level in SpinalLevel.codes() if level != SpinalLevel.UNKNOWN.value]
    if {from_level, to_level} <= set(order) and order.index(from_level) > order.index(to_level):
        raise InvalidRecordError(
            {"extent_to_level": [gettext("This level lies above the upper end of the contrast.")]}
        )


def _require_own_latest(read: Read, *, at: datetime) -> None:
    own = Read.objects.filter(contrast_study=read.contrast_study, reader=read.reader)
    if read.supersedes is None:
        second = read.masked_reread
        if second is not None:
            asked = (second.first_read.reader_id, second.first_read.contrast_study_id)
            if asked != (read.reader_id, read.contrast_study_id) or second.due_at > at:
                raise AlreadyReadError(gettext("This look is asked of another reader, or not yet."))
        own = own.filter(masked_reread=second)
        if own.exists():
            raise AlreadyReadError(
                gettext(
                    "You have signed a read of this study. Correct it instead: the correction "
                    "stands "
                    "beside it with your reason."
                )
            )
    elif read.supersedes not in own.filter(superseded_by__isnull=True):
        raise AlreadyReadError(gettext("Only your own latest read of this study can be corrected."))
