"""Assessments in words: what was used, what came out, who graded."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.audit.instruments import Direction, Instrument, items_of
from registry.audit.scales import Score, scores
from registry.models import Assessment
from registry.vocabulary import AssessorRole, InstrumentCode


@dataclass(frozen=True)
class AssessmentLine:
    """One assessment in a list."""

    assessment: Assessment
    instrument: InstrumentCode
    scores: tuple[Score, ...]
    words: str
    by: str


def scores_of(assessment: Assessment) -> tuple[Score, ...]:
    """The scores of an assessment whose grades are fetched."""
    return scores(
        Instrument(assessment.instrument),
        {row.item: row.as_text for row in assessment.grades.all()},
        direction=Direction(assessment.direction or Direction.UNKNOWN),
    )


def words_of(assessment: Assessment) -> str:
    """What came out; an undefined total says how much of it was graded."""
    instrument = Instrument(assessment.instrument)
    return "; ".join(_score_words(instrument, score) for score in scores_of(assessment))


def lines(assessments: Iterable[Assessment]) -> list[AssessmentLine]:
    return [
        AssessmentLine(
            assessment=assessment,
            instrument=InstrumentCode.get(assessment.instrument),
            scores=scores_of(assessment),
            words=words_of(assessment),
            by=_by(assessment),
        )
        for assessment in assessments
    ]


def _score_words(instrument: Instrument, score: Score) -> str:
    if score.value is None:
        if score.code in ("total", "mean") and len(items_of(instrument)) > 1:
            return _("%(label)s undefined: not every item is graded") % {"label": score.label}
        return _("%(label)s not recorded") % {"label": score.label}
    if score.code == "median":
        muscles = ngettext("%(n)s muscle group", "%(n)s muscle groups", score.graded) % {
            "n": score.graded
        }
        return f"{score.label} {score.text} ({muscles})"
    if score.code == "level":
        return f"{score.label} {score.text}"
    return _("%(label)s %(value)s (%(lowest)s to %(highest)s)") % {
        "label": score.label,
        "value": score.text,
        "lowest": score.lowest,
        "highest": score.highest,
    }


def _by(assessment: Assessment) -> str:
    role = assessment.assessor_role and AssessorRole.get(assessment.assessor_role).label
    return ", ".join(part for part in (role, assessment.assessor) if part)
