"""Everything that happened to a patient, in one order: what the figure draws and the table says."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.audit.drug_delivery import ResidualFlag
from registry.audit.instruments import Direction, Instrument
from registry.models import (
    Assessment,
    Complication,
    Component,
    DoseSetting,
    OutcomeReview,
    Refill,
    ScreeningTest,
)
from registry.presenters import assessments as assessment_words
from registry.presenters.case_lines import CaseLine
from registry.presenters.drug_course import amount, judged_fills
from registry.presenters.labels import in_sentence
from registry.vocabulary import ComponentKind, DeviceModel, InstrumentCode

CLASSIFICATIONS = (Instrument.GMFCS.value, Instrument.MACS.value)
"""Levels that classify and are no outcome: they stand in the table, not in a course."""


@dataclass(frozen=True)
class Happening:
    """Something on one day; `kind` names its lane and shape, `glyph` a finding."""

    on: date
    kind: str
    text: str
    url: str = ""
    glyph: str = ""
    flagged: bool = False


@dataclass(frozen=True)
class Span:
    """A component from implantation to removal; without an end it is in place.

    `from_unknown` where the day of implantation is not known; `ends_on` is the end of its service.
    """

    kind: ComponentKind
    label: str
    text: str
    start: date | None
    end: date | None
    url: str = ""
    ends_on: date | None = None


@dataclass(frozen=True)
class Course:
    """Scores of one instrument over time."""

    label: str
    words: str
    lowest: int
    highest: int
    points: Sequence[tuple[date, Fraction, str]]


@dataclass(frozen=True)
class PatientStory:
    spans: Sequence[Span] = ()
    happenings: Sequence[Happening] = ()
    doses: Sequence[tuple[date, float | None]] = ()
    courses: Sequence[Course] = field(default_factory=tuple)

    @property
    def days(self) -> list[date]:
        """Every day that is drawn."""
        of_spans = [day for span in self.spans for day in (span.start, span.end) if day]
        of_courses = [day for course in self.courses for day, _value, _text in course.points]
        of_doses = [day for day, _dose in self.doses]
        return [*of_spans, *(one.on for one in self.happenings), *of_courses, *of_doses]

    @property
    def in_order(self) -> list[Happening]:
        """The table: what happened, newest first, with components coming and going."""
        return sorted(
            [*self.happenings, *_of_spans(self.spans)], key=lambda one: one.on, reverse=True
        )


def happenings_of_cases(lines: Iterable[CaseLine]) -> Iterator[Happening]:
    """Suspicions, contrast studies with what they showed, operations."""
    for line in lines:
        case = line.case
        url = reverse("registry:case-detail", args=[case.public_id])
        yield Happening(case.opened_on, "case", case.get_trigger_display(), url)
        for one in line.studies:
            words = "; ".join([f"{_('Contrast study')}, {in_sentence(one.words)}", *one.marks])
            glyph = one.badge.glyph if one.badge else ""
            yield Happening(one.study.performed_on, "study", words, url, glyph)
        for surgery in case.surgeries.all():
            words = f"{_('Operation')}, {in_sentence(surgery.get_indication_display())}"
            yield Happening(surgery.performed_on, "surgery", words, url)


def happenings_of_complications(complications: Iterable[Complication]) -> Iterator[Happening]:
    for one in complications:
        grade = f", {one.get_grade_display()}" if one.grade else ""
        url = reverse("registry:case-detail", args=[one.case.public_id]) if one.case else ""
        yield Happening(one.occurred_on, "complication", f"{one.get_code_display()}{grade}", url)


def happenings_of_refills(
    refills: list[Refill], settings: list[DoseSetting]
) -> Iterator[Happening]:
    """Refills in order; a residual far from the expected one is flagged."""
    for refill, judged in zip(refills, judged_fills(refills, settings), strict=True):
        parts = [_("Refill")]
        if refill.filled_ml is not None:
            parts.append(_("%(ml)s ml filled") % {"ml": amount(refill.filled_ml)})
        if refill.aspirated_ml is not None:
            parts.append(_("%(ml)s ml aspirated") % {"ml": amount(refill.aspirated_ml)})
        if judged.expected_ml is not None:
            expected_ml = amount(round(judged.expected_ml, 1))
            parts.append(_("%(ml)s ml expected") % {"ml": expected_ml})
        flagged = judged.flag is not ResidualFlag.NONE
        if flagged:
            parts.append(_("residual differs"))
        yield Happening(refill.performed_on, "refill", ", ".join(parts), flagged=flagged)


def happenings_of_the_rest(
    *,
    doses: Iterable[DoseSetting],
    screening_tests: Iterable[ScreeningTest],
    reviews: Iterable[OutcomeReview],
    assessments: Iterable[Assessment],
) -> Iterator[Happening]:
    """What the figure draws as a course or not at all, and the table names."""
    for setting in doses:
        yield Happening(setting.set_on, "dose", _dose_words(setting))
    for test in screening_tests:
        words = _("Screening test, %(ug)s µg, responded: %(answer)s") % {
            "ug": amount(test.bolus_ug),
            "answer": test.get_responded_display().lower(),
        }
        yield Happening(test.performed_on, "screening", words)
    for review in reviews:
        words = _("Review at %(time)s: %(symptoms)s") % {
            "time": review.get_time_display(),
            "symptoms": review.get_symptoms_display().lower(),
        }
        url = reverse("registry:case-detail", args=[review.case.public_id])
        yield Happening(review.reviewed_on, "review", words, url)
    for one in assessments:
        words = f"{one.get_instrument_display()}: {assessment_words.words_of(one)}"
        yield Happening(one.performed_on, "assessment", words)


def spans_of(
    components: Iterable[Component], *, ends: dict[int, date], may_log: bool
) -> list[Span]:
    """Parameters
    ----------
    ends
        Primary key of a component → the day its service ends.
    """
    return [
        Span(
            kind=ComponentKind.get(part.kind),
            label=_device_label(part),
            text=_device_words(part),
            start=part.implanted_on,
            end=part.removed_on,
            url=reverse("registry:component-update", args=[part.public_id]) if may_log else "",
            ends_on=ends.get(part.pk),
        )
        for part in components
    ]


def course_of_doses(settings: Sequence[DoseSetting]) -> list[tuple[date, float | None]]:
    """Day and µg a day, 0 when the pump was stopped; boluses change nothing."""
    return [
        (one.set_on, float(one.dose_ug_per_day) if one.dose_ug_per_day is not None else 0.0)
        for one in settings
        if one.is_daily
    ]


def courses_of(assessments: Iterable[Assessment]) -> list[Course]:
    """One course an instrument and score, most often graded first; classifications have none."""
    found: dict[tuple[str, str, Direction], list[tuple[date, Fraction, str]]] = {}
    ranges: dict[tuple[str, str, Direction], tuple[int, int]] = {}
    for one in assessments:
        if one.instrument in CLASSIFICATIONS:
            continue
        for score in assessment_words.scores_of(one):
            if score.value is None:
                continue
            key = (one.instrument, score.code, score.direction)
            found.setdefault(key, []).append((one.performed_on, score.value, score.text))
            ranges[key] = (score.lowest, score.highest)
    courses = []
    for key in sorted(found, key=lambda key: -len(found[key])):
        instrument, code, direction = key
        lowest, highest = ranges[key]
        courses.append(
            Course(
                label=f"{_short(instrument)} {code}",
                words=_direction_words(direction),
                lowest=lowest,
                highest=highest,
                points=sorted(found[key]),
            )
        )
    return courses


def _of_spans(spans: Iterable[Span]) -> Iterator[Happening]:
    for span in spans:
        if span.start:
            yield Happening(
                span.start, "device", _("%(device)s implanted") % {"device": span.text}, span.url
            )
        if span.end:
            yield Happening(
                span.end, "device", _("%(device)s removed") % {"device": span.text}, span.url
            )


def _dose_words(setting: DoseSetting) -> str:
    parts = [setting.get_mode_display()]
    if setting.dose_ug_per_day is not None:
        parts.append(_("%(ug)s µg a day") % {"ug": amount(setting.dose_ug_per_day)})
    if setting.bolus_ug is not None:
        parts.append(_("bolus of %(ug)s µg") % {"ug": amount(setting.bolus_ug)})
    if setting.concentration_ug_per_ml is not None:
        parts.append(f"{amount(setting.concentration_ug_per_ml)} µg/ml")
    return ", ".join(parts)


def _device_label(part: Component) -> str:
    """Family and number, without the maker: short enough for its bar."""
    if not part.model or part.model in ("other", "unknown"):
        return part.model_text or part.get_model_display() or part.get_kind_display()
    term = DeviceModel.get(part.model)
    return term.label.removeprefix(f"{term.manufacturer.label} ")


def _device_words(part: Component) -> str:
    model = part.model_text or part.get_model_display()
    return f"{part.get_kind_display()}, {model}" if model else part.get_kind_display()


def _short(instrument: str) -> str:
    """The abbreviation people use, where there is one."""
    term = InstrumentCode.get(instrument)
    return term.synonyms[0] if term.synonyms else term.label


def _direction_words(direction: Direction) -> str:
    match direction:
        case Direction.HIGHER_WORSE:
            return _("higher is worse")
        case Direction.HIGHER_BETTER:
            return _("higher is better")
        case _:
            return _("direction unknown")
