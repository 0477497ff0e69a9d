"""Agreement between readers, and of readers with themselves.

Not the reproduction of one study: no published agreement of readers of contrast CT through the
catheter access port is known to us.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from registry.audit.agreement_tables import (
    BETWEEN,
    MATRIX_BETWEEN,
    MATRIX_WITHIN,
    READER_PAIRS,
    WITHIN,
    coefficients_table,
    matrix_table,
    reader_pairs_table,
)
from registry.audit.double_reads import ReadStudy, read_study, side
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, Display, build_flow
from registry.audit.intervals import proportion
from registry.audit.protocol import Citation, Protocol
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Tally
from registry.audit.selection import Filters

UNIT: Final = "studies"

LOOKS_RULE: Final = (
    "looks-1: of each reader the first signed read of a study counts, corrected reads in their "
    "corrected form. Adjudications never count. A masked second look counts against the same "
    "reader's first look."
)

FLOW: Final[Branch[ReadStudy]] = Branch(
    "studies",
    "CT contrast studies",
    lambda one: True,
    (
        Branch(
            "stopped", "Stopped, nothing to read", lambda one: not one.completed, (), Display.IF_ANY
        ),
        Branch(
            "completed",
            "Completed",
            lambda one: one.completed,
            (
                Branch("not_read", "Not read", lambda one: not one.reads),
                Branch("read_once", "Read by one reader", lambda one: len(one.reads) == 1),
                Branch(
                    "read_by_several",
                    "Read by several readers",
                    lambda one: len(one.reads) > 1,
                    (
                        Branch("agreed", "Same finding", lambda one: one.agreed),
                        Branch("differed", "Different findings", lambda one: not one.agreed),
                    ),
                ),
            ),
        ),
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count the studies of the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    period = filters.period(as_of)
    studies = {
        study.study_id: read_study(patient, study)
        for patient in patients
        for study in patient.studies
        if period.contains(study.performed_on)
    }
    ordered = sorted(studies.items())
    between = [(study_id, one.reads) for study_id, one in ordered if one.by_several]
    within = [(study_id, pair) for study_id, one in ordered if one.completed for pair in one.looks]
    return Tally(
        flow=build_flow(FLOW, studies),
        estimates=_estimates(studies),
        tables=(
            coefficients_table(BETWEEN, between),
            matrix_table(MATRIX_BETWEEN, between),
            reader_pairs_table(between),
            coefficients_table(WITHIN, within),
            matrix_table(MATRIX_WITHIN, within),
        ),
    )


def _estimates(studies: dict[str, ReadStudy]) -> tuple[ComparedEstimate, ...]:
    several = [(key, one) for key, one in sorted(studies.items()) if one.by_several]
    completed = [key for key, one in sorted(studies.items()) if one.completed]
    again = [(key, one) for key, one in sorted(studies.items()) if one.completed and one.looks]
    return (
        _share(
            "several_readers",
            "Read by several readers, of completed",
            [key for key, _ in several],
            completed,
        ),
        _share(
            "same_finding",
            "Same finding by all readers",
            [key for key, one in several if one.agreed],
            [key for key, _ in several],
        ),
        _share(
            "same_side",
            "All readers abnormal, normal or neither alike",
            [key for key, one in several if len({side(read) for read in one.reads}) == 1],
            [key for key, _ in several],
        ),
        _share(
            "looked_at_again",
            "Looked at again by the same reader, of completed",
            [key for key, _ in again],
            completed,
        ),
        _share(
            "same_finding_again",
            "Same finding at every second look",
            [
                key
                for key, one in again
                if all(first.primary_finding == look.primary_finding for first, look in one.looks)
            ],
            [key for key, _ in again],
        ),
    )


def _share(
    key: str, label: str, numerator: Sequence[str], denominator: Sequence[str]
) -> ComparedEstimate:
    return ComparedEstimate(
        estimate=proportion(
            key=key,
            label=label,
            numerator=len(numerator),
            denominator=len(denominator),
            unit=UNIT,
        ),
        numerator=tuple(numerator),
        denominator=tuple(denominator),
        published=None,
    )


PROTOCOL: Final = Protocol(
    key="reader-agreement",
    version="1",
    title="Agreement of readers",
    question="Do two readers see the same, and does one reader see the same twice?",
    plain_words=(
        "This shows how often readers of the same study name the same finding, and how much of "
        "that chance alone would give. It cannot show who is right: readers may agree on a "
        "mistake. With few studies read twice the intervals are wide, and a coefficient of a rare "
        "finding says little; look at the matrix."
    ),
    citation=Citation(
        authors="Kottner J, Audige L, Brorson S, et al",
        title=("Guidelines for Reporting Reliability and Agreement Studies (GRRAS) were proposed."),
        journal="J Clin Epidemiol",
        year=2011,
        pages="64(1):96-106",
        doi="10.1016/j.jclinepi.2010.03.002",
    ),
    population=(
        "CT contrast studies of the chosen centres in the period. Agreement counts completed "
        "studies with signed first reads of several readers, or with a masked second look."
    ),
    unit=UNIT,
    pairing=None,
    index_rule=LOOKS_RULE,
    read_rule=(
        "Which studies a second reader sees follows from the reading protocol of the centre; "
        "where it asks for few, those read twice may not be like the others."
    ),
    window="no window",
    caveats=(
        "No published agreement of readers of this test is known to us, so nothing stands beside "
        "these figures.",
        "Agreement is not accuracy. Two readers may share a habit.",
        "Adjudications are left out: the third person saw both reads.",
        "Several looks at studies of one patient are taken as independent; the intervals are then "
        "too narrow.",
    ),
    published=(),
    flow_keys=("studies", "completed", "not_read", "read_once", "read_by_several"),
    headline=("several_readers", "same_finding", "same_side", "same_finding_again"),
    tables=(BETWEEN, MATRIX_BETWEEN, READER_PAIRS, WITHIN, MATRIX_WITHIN),
    count=count,
    reporting=by_protocol.READER_AGREEMENT,
    needs=frozenset({FactGroup.SECOND_LOOKS}),
    counts_adjudications=False,
)
