"""Exclude a stored study that does not belong here, and take it back."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from imaging.actions import history
from imaging.models import Study, StudyExclusion


class StudyInUseError(Exception):
    """The study is linked; excluding it would pull the images from under a read."""


class ExclusionReasonMissingError(Exception):
    """Excluding and taking back need a reason."""


def exclude(*, study: Study, by: AbstractBaseUser, at: datetime, reason: str) -> StudyExclusion:
    """Offer the study to nobody any more; its images stay. Doing it again changes nothing.

    Raises
    ------
    StudyInUseError, ExclusionReasonMissingError
    """
    _require(reason)
    with transaction.atomic():
        # Whoever links the study takes the same lock.
        study = Study.objects.select_for_update().get(pk=study.pk)
        if import_string(settings.STUDY_IN_USE)(study):
            raise StudyInUseError(
                gettext("These images are linked to a contrast study. Withdraw the link first.")
            )
        exclusion, is_new = StudyExclusion.objects.get_or_create(
            study=study,
            defaults={"reason": reason.strip(), "excluded_by_id": by.pk, "excluded_at": at},
        )
        if is_new:
            _tell(study, by=by, at=at, action="exclude_study", reason=exclusion.reason)
    return exclusion


def readmit(*, study: Study, by: AbstractBaseUser, at: datetime, reason: str) -> None:
    """Take an exclusion back; what it said stays in the history.

    Raises
    ------
    ExclusionReasonMissingError
    """
    _require(reason)
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study.pk)
        excluded = StudyExclusion.objects.filter(study=study)
        if excluded.exists():
            excluded.delete()
            _tell(study, by=by, at=at, action="readmit_study", reason=reason.strip())


def _require(reason: str) -> None:
    if not reason.strip():
        raise ExclusionReasonMissingError(gettext("Say why, in words."))


def _tell(study: Study, *, by: AbstractBaseUser, at: datetime, action: str, reason: str) -> None:
    history.record(
        centre_code=study.centre_code,
        at=at,
        by=by,
        action=action,
        object_type=study._meta.label_lower,
        object_id=study.public_id,
        facts={},
        reason=reason,
    )
