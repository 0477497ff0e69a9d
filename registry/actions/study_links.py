"""The link between a contrast study and its images, made by a person."""

from datetime import datetime

from django.db import transaction

from imaging.models import Study
from registry.actions import history, records
from registry.actions.errors import (
    AlreadyLinkedError,
    LinkGoneError,
    OtherCentreError,
    SubjectMismatchError,
)
from registry.models import ContrastStudy, StudyLink, User
from registry.vocabulary import YesNoUnknown


def confirm(
    *,
    contrast_study: ContrastStudy,
    study: Study,
    by: User,
    at: datetime,
    override_reason: str = "",
    synthetic_fields: tuple[str, ...] = (),
) -> StudyLink:
    """Confirm that the DICOM study shows this contrast study.

    Raises
    ------
    OtherCentreError
        The images were delivered to another centre.
    AlreadyLinkedError
        The images serve a contrast study already; a DICOM study serves at most one.
    SubjectMismatchError
        The images carry another patient number and no reason was given.
    """
    if study.centre_code != contrast_study.centre_code:
        raise OtherCentreError("Images and contrast study belong to different centres.")
    if StudyLink.objects.filter(study=study).exists():
        raise AlreadyLinkedError("These images are linked to a contrast study already.")
    agrees = subject_agrees(contrast_study=contrast_study, study=study)
    if agrees is YesNoUnknown.NO and not override_reason.strip():
        raise SubjectMismatchError(
            "The images carry another patient number than this patient. Check the case; if the "
            "images are right, say why the numbers differ."
        )
    return records.log(
        StudyLink(
            contrast_study=contrast_study,
            study=study,
            subject_agrees=agrees.value,
            override_reason=override_reason.strip(),
        ),
        by=by,
        at=at,
        action="study_link.confirm",
        synthetic_fields=synthetic_fields,
    )


def withdraw(*, link: StudyLink, by: User, at: datetime, reason: str) -> None:
    """Take a wrong link back; the images stay and can be linked again.

    Raises
    ------
    LinkGoneError
        Somebody else has withdrawn it meanwhile.
    """
    with transaction.atomic():
        if not StudyLink.objects.select_for_update().filter(pk=link.pk).exists():
            raise LinkGoneError("This link was withdrawn already.")
        history.record(
            chain=link.centre_code,
            at=at,
            by=by,
            action="study_link.withdraw",
            obj=link,
            before=history.state_of(link),
            reason=reason,
        )
        link.delete()


def subject_agrees(*, contrast_study: ContrastStudy, study: Study) -> YesNoUnknown:
    """Compare subject keys; unknown where either side has none."""
    patient_key = contrast_study.case.patient.subject_key
    if not patient_key or not study.subject_key:
        return YesNoUnknown.UNKNOWN
    return YesNoUnknown.YES if patient_key == study.subject_key else YesNoUnknown.NO
