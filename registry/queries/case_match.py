"""Do stored images and a contrast study belong to the same patient and day, fact by fact?"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext, gettext_noop

from imaging.models import Study
from registry.models import ContrastStudy, RevisionCase
from registry.vocabulary import Sex

WINDOW_DAYS = 7
"""A study date this far from the contrast study is still plausible: clocks and forms differ."""

SEX_OF_IMAGES = {"F": Sex.FEMALE, "M": Sex.MALE, "O": Sex.INDETERMINATE}
"""Patient's Sex (PS3.3 C.2.3) in the words of the registry."""

PUMP_SYSTEM_PARTS = frozenset(
    {
        "ABDOMEN", "ABDOMENPELVIS", "ABDOMEN_PELVIS", "BODY", "CERVIX", "CHEST", "CHESTABDOMEN",
        "CHESTABDPELVIS", "COCCYX", "CSPINE", "CTSPINE", "HIP", "LSPINE", "LSSPINE", "LUMBAR",
        "NECK", "NECKCHEST", "NECKCHESTABDOMEN", "NECKCHESTABDPELV", "PELVIS", "SACRUM", "SPINE",
        "SSPINE", "THORACIC", "THORAX", "TLSPINE", "TRUNK", "TSPINE", "WHOLEBODY", "WSPINE",
    }
)  # fmt: skip
"""Where pump and catheter lie: trunk, neck and spine [own]. The others that the intake keeps are
head and limbs; a word it does not know is emptied, and an empty one is unknown."""


class Agreement(StrEnum):
    """Unknown is no agreement: one side says nothing."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


class Fact(StrEnum):
    """What is compared, in the order of its weight."""

    SUBJECT_KEY = gettext_noop("patient number")
    BIRTH_YEAR = gettext_noop("year of birth")
    SEX = gettext_noop("sex")
    STUDY_DATE = gettext_noop("date of the study")
    CASE_DATES = gettext_noop("dates of the case")
    BODY_PART = gettext_noop("body part")


@dataclass(frozen=True)
class Compared:
    """One fact of the images and of the case, in words.

    `stops` marks a difference that stops the link unless somebody says why.
    """

    fact: Fact
    images: str
    case: str
    agreement: Agreement
    stops: bool = False


def compare(*, contrast_study: ContrastStudy, study: Study) -> tuple[Compared, ...]:
    """All facts, in the order of `Fact`."""
    case = contrast_study.case
    patient = case.patient
    sex = SEX_OF_IMAGES.get(study.patient_sex)
    recorded_sex = None if patient.sex == Sex.UNKNOWN.code else Sex.get(patient.sex)
    return (
        _equal(
            Fact.SUBJECT_KEY, study.subject_key, patient.subject_key,
            images=_pseudonym(study.subject_key), case=_pseudonym(patient.subject_key),
        ),
        _equal(
            Fact.BIRTH_YEAR, study.patient_birth_year, patient.birth_year,
            images=str(study.patient_birth_year or ""), case=str(patient.birth_year or ""),
        ),
        _equal(
            Fact.SEX, sex, recorded_sex,
            images=sex.label.lower() if sex else "",
            case=recorded_sex.label.lower() if recorded_sex else "",
        ),
        _study_date(study.study_date, contrast_study.performed_on),
        _case_dates(study.study_date, contrast_study=contrast_study, case=case),
        _body_part(study.body_part),
    )  # fmt: skip


def agreement_of(compared: tuple[Compared, ...], fact: Fact) -> Agreement:
    return next(one.agreement for one in compared if one.fact is fact)


def _equal(fact: Fact, ours: object, theirs: object, *, images: str, case: str) -> Compared:
    if ours in (None, "") or theirs in (None, ""):
        return Compared(fact, images, case, Agreement.UNKNOWN)
    if ours == theirs:
        return Compared(fact, images, case, Agreement.AGREES)
    return Compared(fact, images, case, Agreement.DIFFERS, stops=True)


def _study_date(taken_on: date | None, performed_on: date) -> Compared:
    """Another day is a difference; within the window it is plausible and does not stop."""
    if taken_on is None:
        return Compared(Fact.STUDY_DATE, "", str(performed_on), Agreement.UNKNOWN)
    if taken_on == performed_on:
        agreement, stops = Agreement.AGREES, False
    else:
        agreement = Agreement.DIFFERS
        stops = abs((taken_on - performed_on).days) > WINDOW_DAYS
    return Compared(Fact.STUDY_DATE, str(taken_on), str(performed_on), agreement, stops)


def _case_dates(
    taken_on: date | None, *, contrast_study: ContrastStudy, case: RevisionCase
) -> Compared:
    """Whether the images were taken while the case was open, give or take the window.

    A contrast study that itself lies outside its case tells nothing about the images.
    """
    words = gettext("%(begin)s to %(end)s") % {
        "begin": case.opened_on,
        "end": case.closed_on or gettext("today"),
    }
    if taken_on is None or not _during(case, contrast_study.performed_on):
        return Compared(Fact.CASE_DATES, str(taken_on or ""), words, Agreement.UNKNOWN)
    inside = _during(case, taken_on)
    return Compared(
        Fact.CASE_DATES,
        str(taken_on),
        words,
        Agreement.AGREES if inside else Agreement.DIFFERS,
        stops=not inside,
    )


def _during(case: RevisionCase, day: date) -> bool:
    window = timedelta(days=WINDOW_DAYS)
    return case.opened_on - window <= day and (
        case.closed_on is None or day <= case.closed_on + window
    )


def _body_part(body_part: str) -> Compared:
    """An image of head or limb cannot show the pump system: it belongs to another request."""
    expected = gettext("trunk, neck or spine")
    if not body_part:
        return Compared(Fact.BODY_PART, "", expected, Agreement.UNKNOWN)
    if body_part in PUMP_SYSTEM_PARTS:
        return Compared(Fact.BODY_PART, body_part, expected, Agreement.AGREES)
    return Compared(Fact.BODY_PART, body_part, expected, Agreement.DIFFERS, stops=True)


def _pseudonym(subject_key: str | None) -> str:
    return f"{subject_key[:8]}…" if subject_key else ""
