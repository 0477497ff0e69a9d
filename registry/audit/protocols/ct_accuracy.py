"""Accuracy of contrast CT against surgery, beside Delhaas.

Counts studies. What the operation found decides; where nobody operated, clinical follow-up stands
apart as a second reference. Delhaas compared with further tests of several kinds, not with surgery
alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from registry.audit.accuracy import accuracy
from registry.audit.accuracy_cells import (
    BOOTSTRAP_RULE,
    UNIT,
    AccuracyCells,
    Figure,
    Ids,
    accuracy_cells,
    figures,
)
from registry.audit.accuracy_table import NonDiagnostic, verified_fractions
from registry.audit.accuracy_tables import (
    ACCURACY,
    CORRECTED,
    RATIOS,
    SECOND_REFERENCE,
    THREE_BY_TWO,
    accuracy_figures_table,
    corrected_table,
    ratios_table,
    second_reference_table,
    three_by_two_table,
)
from registry.audit.age_table import AGES, before_ages
from registry.audit.baseline_table import baseline_description, before_baseline
from registry.audit.clinical_follow_up import FOLLOW_UP_RULE
from registry.audit.codes import StudyOutcome
from registry.audit.comparators import COMPARATORS, comparators_table
from registry.audit.concordance import (
    BY_FINDING,
    BY_SITE,
    CONCORDANCE,
    DISCORDANT,
    by_finding_table,
    by_site_table,
    concordance_table,
    discordant_table,
)
from registry.audit.counted_studies import CountedStudy, Result, counted_studies
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, Display, build_flow
from registry.audit.intervals import Estimate, proportion
from registry.audit.pairing import READ_CHOICE, PairingRule
from registry.audit.protocol import Citation, Protocol, PublishedFigure
from registry.audit.reference import REFERENCE_RULE, Reference
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Tally
from registry.audit.selection import Filters
from registry.audit.study_notes import STUDY_NOTES, study_notes_table
from registry.audit.study_ways import WAYS, ways_table

RULE: Final = PairingRule()
WINDOW: Final = f"operation within {RULE.window_days} days after the study [proposal]"

DELHAAS: Final = "Delhaas (adults)"
DELHAAS_SOURCE: Final = "repub.eur.nl/pub/126152"
PAPER: Final = "Abousamra 2016"
PAPER_SOURCE: Final = "doi:10.1111/dmcn.12893"
OPERATED: Final = (
    "derived from printed counts; operated, not known whether the catheter was explored"
)


def _delhaas(
    measure: str, numerator: int, denominator: int, printed: str | None, unit: str = "CT studies"
) -> PublishedFigure:
    status = "printed" if printed else "derived from printed cells"
    return PublishedFigure(
        measure, DELHAAS, numerator, denominator, unit, printed, status, DELHAAS_SOURCE
    )


def _paper(measure: str, numerator: int, denominator: int, status: str) -> PublishedFigure:
    return PublishedFigure(
        measure, PAPER, numerator, denominator, "patients", None, status, PAPER_SOURCE
    )


PUBLISHED: Final = (
    _delhaas("sensitivity", 17, 21, "81%"),
    _delhaas("specificity", 27, 29, "93%"),
    _delhaas("ppv", 17, 19, None),
    _delhaas("npv", 27, 31, None),
    _delhaas("not_aspirable", 17, 70, "24%", "procedures"),
    _paper("not_aspirable", 3, 27, "printed counts"),
    _paper("verified_positive", 12, 12, OPERATED),
    _paper("verified_negative", 4, 12, OPERATED),
)


def _is(*results: Result) -> Callable[[CountedStudy], bool]:
    return lambda one: one.result in results


def _cell(result: Result, reference: Reference) -> Callable[[CountedStudy], bool]:
    return lambda one: one.result is result and one.reference is reference


IF_ANY: Final = Display.IF_ANY

VERIFIED: Final[Branch[CountedStudy]] = Branch(
    "verified",
    "Verified by an operation",
    lambda one: one.verified,
    (
        Branch("true_positive", "True positive", _cell(Result.POSITIVE, Reference.DEFECT)),
        Branch("false_positive", "False positive", _cell(Result.POSITIVE, Reference.NO_DEFECT)),
        Branch("false_negative", "False negative", _cell(Result.NEGATIVE, Reference.DEFECT)),
        Branch("true_negative", "True negative", _cell(Result.NEGATIVE, Reference.NO_DEFECT)),
        Branch("indeterminate_verified", "Indeterminate", _is(Result.INDETERMINATE), (), IF_ANY),
        Branch("not_aspirable_verified", "Not aspirable", _is(Result.NOT_ASPIRABLE), (), IF_ANY),
    ),
)

FLOW: Final[Branch[CountedStudy]] = Branch(
    "studies",
    "CT contrast studies",
    lambda one: True,
    (
        Branch("stopped_other", "Stopped: other reason", _is(Result.STOPPED_OTHER), (), IF_ANY),
        Branch("not_read", "Completed, not read", _is(Result.NOT_READ), (), IF_ANY),
        Branch(
            "tested",
            "With a result",
            lambda one: one.tested,
            (
                Branch("not_operated", "No operation followed", lambda one: one.pair is None),
                Branch(
                    "catheter_not_tested",
                    "Operated, catheter not tested",
                    lambda one: one.reference is Reference.NOT_TESTED,
                ),
                VERIFIED,
            ),
        ),
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count the studies of the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    period = filters.period(as_of)
    studies = {
        one.study.study_id: one
        for patient in patients
        for one in counted_studies(patient, period=period, rule=RULE)
    }
    surgery = accuracy_cells(studies.values(), lambda one: one.reference)
    either = accuracy_cells(studies.values(), lambda one: one.any_reference)
    ways = figures(surgery, WINDOW)
    every_figure = [figure for _, _, found in ways for figure in found]
    ratios = [(handling, ratio) for handling, exact, _ in ways for ratio in exact.ratios]
    estimates = _estimates(studies, surgery, either, every_figure)
    return Tally(
        flow=build_flow(FLOW, studies),
        estimates=estimates,
        tables=(
            three_by_two_table(surgery),
            accuracy_figures_table(every_figure),
            ratios_table(surgery, ratios),
            corrected_table(surgery, WINDOW),
            second_reference_table(surgery, either),
            concordance_table(studies),
            ways_table(studies),
            by_finding_table(studies),
            by_site_table(studies),
            discordant_table(studies),
            comparators_table(estimates, PUBLISHED),
            study_notes_table(studies),
        ),
    )


def _estimates(
    studies: Mapping[str, CountedStudy],
    surgery: AccuracyCells,
    either: AccuracyCells,
    every_figure: Sequence[Figure],
) -> tuple[ComparedEstimate, ...]:
    verified = [
        _compared(one, surgery.verified(result), surgery.studies(result))
        for one, result in zip(
            verified_fractions(surgery.table, unit=UNIT, window=WINDOW),
            surgery.with_defect,
            strict=True,
        )
    ]
    attempted = tuple(
        sorted(
            study_id
            for study_id, one in studies.items()
            if one.study.outcome != StudyOutcome.STOPPED_OTHER
        )
    )
    not_aspirable = surgery.studies(Result.NOT_ASPIRABLE)
    stopped = proportion(
        key="not_aspirable",
        label="Not aspirable, of attempted",
        numerator=len(not_aspirable),
        denominator=len(attempted),
        unit=UNIT,
    )
    either_way = accuracy(either.table, NonDiagnostic.EXCLUDED, unit=UNIT, window=WINDOW)
    followed = [
        _compared(
            replace(
                either_way.estimate(measure),
                key=f"follow_up_{measure}",
                label=f"{either_way.estimate(measure).label}, by operation or follow-up",
            ),
            *either.behind(NonDiagnostic.EXCLUDED, measure),
        )
        for measure in ("sensitivity", "specificity", "ppv", "npv")
    ]
    return (
        *(_compared(f.compared.estimate, f.compared.numerator, f.compared.denominator)
          for f in every_figure),
        *verified,
        _compared(stopped, not_aspirable, attempted),
        *followed,
    )  # fmt: skip


def _compared(estimate: Estimate, numerator: Ids, denominator: Ids) -> ComparedEstimate:
    figure = next((f for f in PUBLISHED if f.measure == estimate.key), None)
    return ComparedEstimate(
        estimate=estimate,
        numerator=numerator,
        denominator=denominator,
        published=None if figure is None else figure.to_json(),
    )


PROTOCOL: Final = Protocol(
    key="ct-accuracy",
    version="3",
    title="Accuracy of contrast CT against surgery",
    question="How often is contrast CT right about the catheter, as far as operations can tell?",
    plain_words=(
        "This sets what the CT said beside what the surgeon found, for those operated on. It shows "
        "how often a positive CT was borne out. It cannot show how many defects CT misses: hardly "
        "anybody with a normal study is operated on, so sensitivity as counted is too high and "
        "specificity too low. The corrected figures say what could be if operating had nothing to "
        "do with having a defect; the bounds say what is possible without that belief. Where the "
        "bounds are wide, the data do not answer the question."
    ),
    citation=Citation(
        authors="Delhaas E et al",
        title=("CAP-myelography and CAP-CT-myelography in intrathecal drug delivery failure."),
        address=DELHAAS_SOURCE,
    ),
    population=(
        "CT contrast studies of the chosen centres in the period. A patient may have several. "
        "Studies stopped for another reason and studies nobody read have no result and are listed "
        "apart."
    ),
    unit=UNIT,
    pairing=RULE,
    index_rule=REFERENCE_RULE,
    read_rule=READ_CHOICE,
    further_rules=(FOLLOW_UP_RULE, BOOTSTRAP_RULE),
    window=WINDOW,
    caveats=(
        "Whether a study is verified depends on its result. The verified share of each result "
        "stands beside every figure; read it first.",
        "Positive means inadequate pooling, leak, occlusion or malposition. Indeterminate and not "
        "aspirable are neither. Without a word they are left out; the figures are given four ways "
        "because no way is right.",
        "Surgeons usually knew the CT, and operated because of it. That makes agreement look "
        "better than it is.",
        "An operation that found no defect may have missed one, most of all where only a part of "
        "the catheter was explored.",
        "Delhaas verified CT by further tests, not by surgery alone, in adults, and prints no "
        "intervals; they are computed here. Comparison is unadjusted.",
    ),
    published=PUBLISHED,
    flow_keys=(
        "studies",
        "tested",
        "not_operated",
        "catheter_not_tested",
        "verified",
        "true_positive",
        "false_positive",
        "false_negative",
        "true_negative",
    ),
    headline=(
        "sensitivity",
        "specificity",
        "verified_positive",
        "verified_negative",
    ),
    tables=(
        baseline_description(UNIT),
        AGES,
        THREE_BY_TWO,
        ACCURACY,
        RATIOS,
        CORRECTED,
        SECOND_REFERENCE,
        CONCORDANCE,
        WAYS,
        BY_FINDING,
        BY_SITE,
        DISCORDANT,
        COMPARATORS,
        STUDY_NOTES,
    ),
    count=count,
    reporting=by_protocol.CT_ACCURACY,
    needs=frozenset({FactGroup.BACKGROUND, FactGroup.REVIEWS}),
    earlier=(before_baseline("1", REFERENCE_RULE), before_ages("2", REFERENCE_RULE)),
)
