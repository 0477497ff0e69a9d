"""The tables of accuracy: cross-tabulation, figures four ways, ratios and correction."""

from collections.abc import Sequence
from typing import Final

from .accuracy import LikelihoodRatio
from .accuracy_cells import HANDLING_WORDS, SUFFIX, AccuracyCells, Figure, Ids, joined
from .accuracy_table import NonDiagnostic
from .begg_greenes import WARNING, begg_greenes
from .counted_studies import RESULT_LABELS, Result
from .intervals import clopper_pearson
from .protocol import Column, Form, TableDescription
from .result import Cell, Table

TOTAL: Final = "total"

THREE_BY_TWO: Final = TableDescription(
    key="three_by_two",
    label="Result of the study against the operation",
    columns=(
        Column("key", "Key"),
        Column("label", "Result of the study"),
        Column("with_defect", "Defect", counts=True),
        Column("without_defect", "No defect", counts=True),
        Column("unverified", "Not verified", counts=True),
        Column("all", "All", counts=True),
        Column("verified_value", "Verified", form=Form.PERCENT),
        Column("verified_lower", "Verified, 95 % interval", form=Form.PERCENT),
        Column("verified_upper", "Upper limit", form=Form.PERCENT),
    ),
    note=(
        "Counts studies. Indeterminate and not aspirable are no positives and no negatives. A "
        "study is verified by an operation that explored the catheter. Exact intervals "
        "(Clopper-Pearson)."
    ),
)

ACCURACY: Final = TableDescription(
    key="accuracy",
    label="Accuracy, non-diagnostic studies handled four ways",
    columns=(
        Column("key", "Key"),
        Column("label", "Figure"),
        Column("numerator", "n", counts=True),
        Column("denominator", "N", counts=True),
        Column("value", "Proportion", form=Form.PERCENT),
        Column("exact_lower", "Exact", form=Form.PERCENT),
        Column("exact_upper", "Upper limit", form=Form.PERCENT),
        Column("wilson_lower", "Wilson", form=Form.PERCENT),
        Column("wilson_upper", "Upper limit", form=Form.PERCENT),
        Column("bootstrap_lower", "Bootstrap", form=Form.PERCENT),
        Column("bootstrap_upper", "Upper limit", form=Form.PERCENT),
        Column("patients", "Patients"),
    ),
    note=(
        "Verified studies only, uncorrected for who was verified. 95 % intervals: exact is "
        "Clopper-Pearson; it and Wilson take studies as independent, the bootstrap resamples "
        "patients. A resampled interval of no width says that all studies were alike, not that the "
        "figure is certain. A dash: N is 0."
    ),
)

RATIOS: Final = TableDescription(
    key="ratios",
    label="Likelihood ratios",
    columns=(
        Column("key", "Key"),
        Column("label", "Which"),
        Column("with_result", "With a defect", counts=True),
        Column("with_all", "of"),
        Column("without_result", "Without", counts=True),
        Column("without_all", "of "),
        Column("ratio", "Ratio", form=Form.RATIO),
        Column("ratio_lower", "95 % interval (Simel)", form=Form.RATIO),
        Column("ratio_upper", "Upper limit", form=Form.RATIO),
        Column("reason", "Why undefined"),
    ),
    note=(
        "How much more often a result occurs with a defect than without. A ratio of 0 has no "
        "interval: its logarithm has none."
    ),
)

RATIO_LABELS: Final = {
    "lr_positive": "Positive test",
    "lr_negative": "Negative test",
    "lr_third": "Non-diagnostic test",
}

CORRECTED: Final = TableDescription(
    key="corrected",
    label="Corrected for who was verified",
    columns=(
        Column("key", "Key"),
        Column("label", "Figure"),
        Column("verified", "Verified"),
        Column("tested", "of tested"),
        Column("naive", "As counted", form=Form.PERCENT),
        Column("corrected", "Begg-Greenes", form=Form.PERCENT),
        Column("corrected_lower", "95 % interval", form=Form.PERCENT),
        Column("corrected_upper", "Upper limit", form=Form.PERCENT),
        Column("case_lower", "Worst to best case", form=Form.PERCENT),
        Column("case_upper", "Upper limit", form=Form.PERCENT),
        Column("bound_lower", "Without assumption", form=Form.PERCENT),
        Column("bound_upper", "Upper limit", form=Form.PERCENT),
        Column("reason", "Why undefined"),
    ),
    note=(
        f"{WARNING} Worst to best case: the exact limits of the share of defects among the "
        "verified of the other result. Without assumption: all the unverified one way or all the "
        "other. Non-diagnostic studies are left out."
    ),
)

SECOND_REFERENCE: Final = TableDescription(
    key="second_reference",
    label="With clinical follow-up where nobody operated",
    columns=(
        Column("key", "Key"),
        Column("label", "Result of the study"),
        Column("surgery_with", "Defect at operation", counts=True),
        Column("surgery_without", "None at operation", counts=True),
        Column("follow_up_with", "Defect later", counts=True),
        Column("follow_up_without", "Symptoms resolved", counts=True),
        Column("neither", "Neither known", counts=True),
    ),
    note=(
        "Two references of unequal worth stand side by side. Symptoms resolve for many reasons; "
        "they do not prove that the catheter was sound."
    ),
)


def three_by_two_table(cells: AccuracyCells) -> Table:
    """One row per result of the test, and all of them."""
    rows: list[tuple[Cell, ...]] = []
    members: dict[tuple[str, str], Ids] = {}
    for key, label, results in _lines():
        shares = {
            "with_defect": joined(cells.with_defect[result] for result in results),
            "without_defect": joined(cells.without[result] for result in results),
            "unverified": joined(cells.unverified[result] for result in results),
            "all": cells.studies(*results),
        }
        verified, of = len(cells.verified(*results)), len(shares["all"])
        limits = clopper_pearson(verified, of)
        fraction: tuple[Cell, ...] = (None, None, None)
        if limits is not None:
            fraction = (verified / of, limits.lower, limits.upper)
        rows.append((key, label, *(len(ids) for ids in shares.values()), *fraction))
        members |= {(key, column): ids for column, ids in shares.items()}
    return THREE_BY_TWO.filled(rows, members)


def accuracy_figures_table(figures: Sequence[Figure]) -> Table:
    """Every figure with all three intervals."""
    rows: list[tuple[Cell, ...]] = []
    members: dict[tuple[str, str], Ids] = {}
    for one in figures:
        exact, again = one.compared.estimate, one.bootstrap
        rows.append(
            (
                exact.key,
                exact.label,
                exact.numerator,
                exact.denominator,
                exact.value,
                *(exact.lower, exact.upper),
                *(one.wilson.lower, one.wilson.upper),
                *(again.lower, again.upper),
                again.patients,
            )
        )
        members[exact.key, "numerator"] = one.compared.numerator
        members[exact.key, "denominator"] = one.compared.denominator
    return ACCURACY.filled(rows, members)


def ratios_table(
    cells: AccuracyCells, ratios: Sequence[tuple[NonDiagnostic, LikelihoodRatio]]
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    members: dict[tuple[str, str], Ids] = {}
    for handling, one in ratios:
        key = one.key + SUFFIX[handling]
        members[key, "with_result"], members[key, "without_result"] = cells.behind_ratio(
            handling, one.key
        )
        rows.append(
            (
                key,
                RATIO_LABELS[one.key] + HANDLING_WORDS[handling],
                *(one.numerator, one.numerator_of),
                *(one.denominator, one.denominator_of),
                *(one.value, one.lower, one.upper),
                _why_no_ratio(one),
            )
        )
    return RATIOS.filled(rows, members)


def corrected_table(cells: AccuracyCells, window: str) -> Table:
    """Sensitivity and specificity, as counted, corrected, and between their bounds."""
    rows: list[tuple[Cell, ...]] = []
    for one in begg_greenes(cells.table, window=window):
        why = None
        if one.value is None:
            why = "a result was never verified" if one.verified < one.tested else "nobody to count"
        rows.append(
            (
                f"corrected_{one.key}",
                one.label,
                *(one.verified, one.tested),
                *(one.naive, one.value, one.lower, one.upper),
                *(one.worst_case, one.best_case),
                *(one.extreme_low, one.extreme_high),
                why,
            )
        )
    return CORRECTED.filled(rows, {})


def second_reference_table(surgery: AccuracyCells, either: AccuracyCells) -> Table:
    """`either` holds all that `surgery` decides, and what follow-up adds."""
    rows: list[tuple[Cell, ...]] = []
    members: dict[tuple[str, str], Ids] = {}
    for key, label, results in _lines():
        has = joined(surgery.with_defect[result] for result in results)
        has_not = joined(surgery.without[result] for result in results)
        any_has = joined(either.with_defect[result] for result in results)
        any_has_not = joined(either.without[result] for result in results)
        shares = {
            "surgery_with": has,
            "surgery_without": has_not,
            "follow_up_with": tuple(sorted(set(any_has) - set(has))),
            "follow_up_without": tuple(sorted(set(any_has_not) - set(has_not))),
            "neither": joined(either.unverified[result] for result in results),
        }
        rows.append((key, label, *(len(ids) for ids in shares.values())))
        members |= {(key, column): ids for column, ids in shares.items()}
    return SECOND_REFERENCE.filled(rows, members)


def _lines() -> list[tuple[str, str, tuple[Result, ...]]]:
    lines = [(str(result), label, (result,)) for result, label in RESULT_LABELS.items()]
    return [*lines, (TOTAL, "All tested", tuple(RESULT_LABELS))]


def _why_no_ratio(one: LikelihoodRatio) -> str | None:
    if one.value is not None:
        return None
    if one.numerator_of == 0:
        return "no defect verified"
    if one.denominator_of == 0:
        return "all verified have a defect"
    return "none without a defect"
