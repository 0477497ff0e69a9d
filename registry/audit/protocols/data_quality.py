"""What is complete, what is open, and what was never logged. Not the reproduction of one study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.audit.age_table import AGES, before_ages
from registry.audit.answer_facts import AnswerFacts
from registry.audit.ascertainment_tables import (
    ASCERTAINMENT,
    IN_ALL,
    LINES,
    LISTS,
    ascertainment_estimates,
    ascertainment_table,
    in_all_table,
    lines_table,
    lists_table,
)
from registry.audit.baseline_table import BASELINE, before_baseline
from registry.audit.codes import StudyOutcome
from registry.audit.completeness import (
    ANSWER_RULE,
    ASKED_RULE,
    QUESTION_LABELS,
    QuestionCount,
    label_of,
    question_counts,
    unit_of,
)
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.flow import Branch, build_flow
from registry.audit.intervals import proportion
from registry.audit.open_queries import QUERY_RULE, QueryKind, queries_of
from registry.audit.protocol import Citation, Protocol
from registry.audit.quality_tables import (
    CENTRES,
    COMPLETENESS,
    COMPLETENESS_BY_CENTRE,
    CONTRADICTIONS,
    QUERIES,
    QUERIES_BY_CENTRE,
    centres_table,
    completeness_by_centre_table,
    completeness_table,
    contradictions_table,
    queries_by_centre_table,
    queries_table,
)
from registry.audit.query_facts import QueryFacts
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Tally
from registry.audit.selection import Filters, Period
from registry.audit.theatre_match import MATCH_RULE, TOLERANCE_DAYS, match

UNIT: Final = "patients"


@dataclass(frozen=True, slots=True)
class CheckedPatient:
    """A patient with a record of the period, and the queries about it."""

    patient: PatientFacts
    queries: tuple[QueryFacts, ...]

    @property
    def is_answered(self) -> bool:
        return all(one.kind != QueryKind.UNANSWERED for one in self.queries)

    @property
    def has_other_query(self) -> bool:
        return any(one.kind != QueryKind.UNANSWERED for one in self.queries)


FLOW: Final[Branch[CheckedPatient]] = Branch(
    "patients",
    "Patients with a record of the period",
    lambda one: True,
    (
        Branch("nothing_open", "Nothing open", lambda one: not one.queries),
        Branch(
            "unanswered_only",
            "Unanswered questions only",
            lambda one: not one.is_answered and not one.has_other_query,
        ),
        Branch(
            "other_queries_only",
            "Other queries only",
            lambda one: one.is_answered and one.has_other_query,
        ),
        Branch(
            "both_open",
            "Unanswered and other queries",
            lambda one: not one.is_answered and one.has_other_query,
        ),
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count the records of the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    period = filters.period(as_of)
    checked = _checked(patients, period)
    counted = [one.patient for one in checked.values()]
    queries = queries_of(counted, period)
    counts = question_counts(counted, period)
    lists = known.theatre_lists
    matched = match(lists, patients, period)
    return Tally(
        flow=build_flow(FLOW, checked),
        estimates=(
            _complete(checked),
            *_of_studies(counted, queries, period),
            *ascertainment_estimates(matched),
            *_of_questions(counts),
        ),
        tables=(
            completeness_table(counts),
            completeness_by_centre_table(counted, period),
            centres_table(
                counted,
                frozenset(key for key, one in checked.items() if one.is_answered),
            ),
            queries_table(queries, as_of),
            queries_by_centre_table(counted, period),
            contradictions_table(queries),
            ascertainment_table(matched, lists),
            in_all_table(matched, lists),
            lines_table(matched),
            lists_table(lists),
        ),
    )


def _checked(patients: Sequence[PatientFacts], period: Period) -> dict[str, CheckedPatient]:
    found = {}
    for one in patients:
        queries = tuple(queries_of([one], period))
        if queries or any(period.contains(fact.on) for fact in one.of(AnswerFacts)):
            found[one.patient_id] = CheckedPatient(one, queries)
    return found


def _complete(checked: Mapping[str, CheckedPatient]) -> ComparedEstimate:
    return _share(
        "patients_complete",
        "Patients without an unanswered question",
        [key for key, one in checked.items() if one.is_answered],
        list(checked),
        UNIT,
    )


def _of_studies(
    patients: Sequence[PatientFacts], queries: Sequence[QueryFacts], period: Period
) -> tuple[ComparedEstimate, ...]:
    completed = [
        study
        for patient in patients
        for study in patient.studies
        if study.outcome == StudyOutcome.COMPLETED and period.contains(study.performed_on)
    ]
    ids = [study.study_id for study in completed]
    without = {one.record_id for one in queries if one.kind == QueryKind.WITHOUT_IMAGES}
    drafted = {one.record_id for one in queries if one.kind == QueryKind.UNSIGNED_DRAFT}
    return (
        _share(
            "studies_read",
            "Completed CT studies with a signed read",
            [study.study_id for study in completed if study.reads],
            ids,
            "studies",
        ),
        _share(
            "studies_with_images",
            "Completed CT studies with images here",
            [one for one in ids if one not in without],
            ids,
            "studies",
        ),
        _share(
            "studies_unsigned",
            "Completed CT studies with a read begun and not signed",
            [one for one in ids if one in drafted],
            ids,
            "studies",
        ),
    )


def _of_questions(counts: Mapping[str, QuestionCount]) -> tuple[ComparedEstimate, ...]:
    return tuple(
        _share(
            f"answered_{key}",
            f"{label_of(key)}: answered, of {unit_of(key)}",
            counts[key].given,
            counts[key].asked,
            unit_of(key),
        )
        for key in QUESTION_LABELS
    )


def _share(
    key: str, label: str, numerator: Sequence[str], denominator: Sequence[str], unit: str
) -> ComparedEstimate:
    return ComparedEstimate(
        estimate=proportion(
            key=key,
            label=label,
            numerator=len(numerator),
            denominator=len(denominator),
            unit=unit,
        ),
        numerator=tuple(sorted(numerator)),
        denominator=tuple(sorted(denominator)),
        published=None,
    )


PROTOCOL: Final = Protocol(
    key="data-quality",
    version="3",
    title="Data quality",
    question="Is what was logged complete and free of contradictions, and was everything logged?",
    plain_words=(
        "This looks at the records, not at the patients. It counts a question only where it had to "
        "be asked, keeps unknown apart from unanswered, and lists what somebody still has to "
        "answer, read or sign. With a list of the operating theatre it says which operations were "
        "never logged. It cannot show whether an answer is true: a wrong day that contradicts "
        "nothing is complete. And what neither the list nor the registry holds can only be "
        "estimated, on assumptions that stand beside the number."
    ),
    citation=Citation(
        authors="No published standard of completeness is known to us",
        title="The mandatory questions and rules are ours [proposal].",
    ),
    population=(
        "Patients of the chosen centres with a record of the period: the day a patient was "
        "registered, a component implanted, a case opened, a study made, an operation done. What "
        "was answered since the cut-off counts as answered."
    ),
    unit=UNIT,
    pairing=None,
    index_rule=ASKED_RULE,
    read_rule=ANSWER_RULE,
    further_rules=(QUERY_RULE, MATCH_RULE),
    window=f"{TOLERANCE_DAYS} days between list and registry [proposal]",
    caveats=(
        "Complete is not correct. Nothing here was compared with the patients' own files.",
        "A cut-off in the past shows what is open today about what had happened by then.",
        "Records of one patient are taken as independent in the intervals.",
        "A list counts as holding every operation on pumps and catheters between the days it "
        "covers, and no others: nothing of the procedure is kept, so nobody here can check that.",
        "A hospital number that was mistyped in the list or in the registry counts twice: as not "
        "logged and as not listed.",
        "With limits on age, sex, diagnosis or components no list is matched: a line says nothing "
        "of them.",
    ),
    published=(),
    flow_keys=(
        "patients", "nothing_open", "unanswered_only", "other_queries_only", "both_open",
    ),
    headline=("patients_complete", "studies_read", "studies_with_images", "ascertained"),
    tables=(
        BASELINE, AGES,
        COMPLETENESS,
        COMPLETENESS_BY_CENTRE,
        CENTRES,
        QUERIES,
        QUERIES_BY_CENTRE,
        CONTRADICTIONS,
        ASCERTAINMENT,
        IN_ALL,
        LINES,
        LISTS,
    ),
    count=count,
    reporting=by_protocol.DATA_QUALITY,
    needs=frozenset(
        {FactGroup.ANSWERS, FactGroup.BACKGROUND, FactGroup.QUERIES, FactGroup.THEATRE_LISTS}
    ),
    earlier=(before_baseline("1", ASKED_RULE), before_ages("2", ASKED_RULE)),
    counts_adjudications=False,
)  # fmt: skip
