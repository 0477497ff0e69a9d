"""The link between a contrast study and its images, made by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imaging.models import Study
from imaging.queries.patients import awaiting_answer
from registry.actions import history, records
from registry.actions.errors import (
    AlreadyLinkedError,
    CaseMismatchError,
    LinkGoneError,
    OtherCentreError,
    StudyNotOfferedError,
)
from registry.models import ContrastStudy, StudyLink, User
from registry.queries.case_match import Agreement, Compared, Fact, agreement_of, compare
from registry.vocabulary import YesNoUnknown

SUBJECT_AGREES = {
    Agreement.AGREES: YesNoUnknown.YES,
    Agreement.DIFFERS: YesNoUnknown.NO,
    Agreement.UNKNOWN: YesNoUnknown.UNKNOWN,
}
EXCLUDED = _(
    "These images were excluded and are offered to nobody. Take the exclusion back first, if they "
    "belong here."
)
NOT_SETTLED = _(
    "These images came in one delivery with those of other patients. Say on the page of that "
    "delivery whether it is meant so, then link them."
)


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

    What agreed and what differed is in the history, without the values.

    Raises
    ------
    OtherCentreError
        The images were delivered to another centre.
    AlreadyLinkedError
        The images serve a contrast study already; a DICOM study serves at most one.
    StudyNotOfferedError
        The images are excluded, or nobody has said yet that several patients in their delivery
        were meant.
    CaseMismatchError
        Patient number, year of birth, sex, a date or body part differ and no reason was given.
    """
    if study.centre_code != contrast_study.centre_code:
        raise OtherCentreError(gettext("Images and contrast study belong to different centres."))
    reason = override_reason.strip()
    with transaction.atomic():
        # Whoever excludes the study takes the same lock.
        study = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
        require_offered(study)
        compared = compare(contrast_study=contrast_study, study=study)
        differing = [gettext(one.fact.value) for one in compared if one.stops]
        if differing and not reason:
            raise CaseMismatchError(differing)
        subject_agrees = SUBJECT_AGREES[agreement_of(compared, Fact.SUBJECT_KEY)]
        return records.log(
            StudyLink(
                contrast_study=contrast_study,
                study=study,
                subject_agrees=subject_agrees.value,
                override_reason=reason,
            ),
            by=by,
            at=at,
            action="study_link.confirm",
            reason=reason,
            synthetic_fields=synthetic_fields,
            save_children=lambda _: {"case_match": _for_history(compared)},
        )


def require_offered(study: Study) -> None:
    """Refuse images that nobody may link just now.

    Raises
    ------
    AlreadyLinkedError, StudyNotOfferedError
    """
    if StudyLink.objects.filter(study=study).exists():
        raise AlreadyLinkedError(gettext("These images are linked to a contrast study already."))
    if hasattr(study, "exclusion"):
        raise StudyNotOfferedError(EXCLUDED)
    if awaiting_answer([study.pk]):
        raise StudyNotOfferedError(NOT_SETTLED)


def withdraw(*, link: StudyLink, by: User, at: datetime, reason: str) -> None:
    """Take a wrong link back; the images stay and can be linked again.

    Raises
    ------
    LinkGoneError
        Somebody else has withdrawn it meanwhile.
    """
    with transaction.atomic():
        if not StudyLink.objects.select_for_update().filter(pk=link.pk).exists():
            raise LinkGoneError(gettext("This link was withdrawn already."))
        before = history.state_of(link)
        link.delete()
        history.record(
            chain=link.centre_code,
            at=at,
            by=by,
            action="study_link.withdraw",
            obj=link,
            before=before,
            reason=reason,
        )


def _for_history(compared: tuple[Compared, ...]) -> list[dict[str, str]]:
    """Year of birth and dates identify: only how they compare is written down."""
    return [{"fact": one.fact.value, "agreement": one.agreement.value} for one in compared]
