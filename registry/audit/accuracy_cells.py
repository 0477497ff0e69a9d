"""The studies behind each cell of an accuracy table, and behind each figure made of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .accuracy import Accuracy, accuracy
from .accuracy_table import AccuracyTable, NonDiagnostic
from .counted_studies import RESULT_LABELS, CountedStudy, Result
from .intervals import Estimate, IntervalMethod
from .patient_bootstrap import BootstrapEstimate, bootstrapped_ratio
from .reference import Reference
from .result import ComparedEstimate

UNIT: Final = "studies"
SEED: Final = 20161
"""Draws the same patients again in every report."""

BOOTSTRAP_RULE: Final = (
    "bootstrap-1: where patients have several studies, intervals resample patients, 9,999 times, "
    f"percentile method, seed {SEED}."
)

SUFFIX: Final = {
    NonDiagnostic.EXCLUDED: "",
    NonDiagnostic.AS_POSITIVE: "_as_positive",
    NonDiagnostic.AS_NEGATIVE: "_as_negative",
    NonDiagnostic.OWN_RESULT: "_own_result",
}
HANDLING_WORDS: Final = {
    NonDiagnostic.EXCLUDED: "",
    NonDiagnostic.AS_POSITIVE: ", non-diagnostic as positive",
    NonDiagnostic.AS_NEGATIVE: ", non-diagnostic as negative",
    NonDiagnostic.OWN_RESULT: ", non-diagnostic apart",
}
"""Left out without a word: the figure everybody compares with."""

Ids = tuple[str, ...]


@dataclass(frozen=True)
class AccuracyCells:
    """Ids of the studies by result and reference, and the patient of each."""

    with_defect: dict[Result, Ids]
    without: dict[Result, Ids]
    unverified: dict[Result, Ids]
    patient_of: dict[str, str]

    @property
    def table(self) -> AccuracyTable:
        def n(cells: dict[Result, Ids], result: Result) -> int:
            return len(cells[result])

        return AccuracyTable(
            true_positive=n(self.with_defect, Result.POSITIVE),
            false_positive=n(self.without, Result.POSITIVE),
            false_negative=n(self.with_defect, Result.NEGATIVE),
            true_negative=n(self.without, Result.NEGATIVE),
            indeterminate_with=n(self.with_defect, Result.INDETERMINATE),
            indeterminate_without=n(self.without, Result.INDETERMINATE),
            not_aspirable_with=n(self.with_defect, Result.NOT_ASPIRABLE),
            not_aspirable_without=n(self.without, Result.NOT_ASPIRABLE),
            unverified_positive=n(self.unverified, Result.POSITIVE),
            unverified_negative=n(self.unverified, Result.NEGATIVE),
            unverified_indeterminate=n(self.unverified, Result.INDETERMINATE),
            unverified_not_aspirable=n(self.unverified, Result.NOT_ASPIRABLE),
        )

    def studies(self, *results: Result) -> Ids:
        """All studies with one of the results, verified or not."""
        return joined(
            cells[result]
            for cells in (self.with_defect, self.without, self.unverified)
            for result in results
        )

    def verified(self, *results: Result) -> Ids:
        return joined(cells[result] for cells in (self.with_defect, self.without)
                      for result in results)  # fmt: skip

    def behind(self, handling: NonDiagnostic, measure: str) -> tuple[Ids, Ids]:
        """The studies of numerator and denominator of one figure of `accuracy`."""
        positive, negative, rest = _rows(handling)

        def of(cells: dict[Result, Ids], *groups: tuple[Result, ...]) -> Ids:
            return joined(cells[result] for group in groups for result in group)

        has, has_not = self.with_defect, self.without
        all_with = of(has, positive, negative, rest)
        all_without = of(has_not, positive, negative, rest)
        everybody = joined((all_with, all_without))
        answered_with, answered_without = (
            of(has, positive, negative),
            of(has_not, positive, negative),
        )
        return {
            "sensitivity": (of(has, positive), all_with),
            "specificity": (of(has_not, negative), all_without),
            "ppv": (of(has, positive), joined((of(has, positive), of(has_not, positive)))),
            "npv": (of(has_not, negative), joined((of(has, negative), of(has_not, negative)))),
            "prevalence": (all_with, everybody),
            "yield": (joined((answered_with, answered_without)), everybody),
            "yield_with": (answered_with, all_with),
            "yield_without": (answered_without, all_without),
        }[measure]

    def behind_ratio(self, handling: NonDiagnostic, key: str) -> tuple[Ids, Ids]:
        """The studies with and without a defect of which a likelihood ratio compares shares."""
        place = ("lr_positive", "lr_negative", "lr_third").index(key)
        row = _rows(handling)[place]
        return (
            joined(self.with_defect[result] for result in row),
            joined(self.without[result] for result in row),
        )


def _rows(handling: NonDiagnostic) -> tuple[tuple[Result, ...], ...]:
    """Which results count as positive, as negative and as neither."""
    third = (Result.INDETERMINATE, Result.NOT_ASPIRABLE)
    positive, negative = (Result.POSITIVE,), (Result.NEGATIVE,)
    if handling is NonDiagnostic.AS_POSITIVE:
        return (*positive, *third), negative, ()
    if handling is NonDiagnostic.AS_NEGATIVE:
        return positive, (*negative, *third), ()
    return positive, negative, third if handling is NonDiagnostic.OWN_RESULT else ()


def accuracy_cells(
    studies: Iterable[CountedStudy], reference: Callable[[CountedStudy], Reference | None]
) -> AccuracyCells:
    """Sort the tested studies by result and reference."""
    cells: dict[str, dict[Result, list[str]]] = {
        name: {result: [] for result in RESULT_LABELS} for name in ("with", "without", "neither")
    }
    patient_of = {}
    for one in studies:
        if one.tested:
            found = {Reference.DEFECT: "with", Reference.NO_DEFECT: "without"}.get(
                reference(one) or Reference.NOT_TESTED, "neither"
            )
            cells[found][one.result].append(one.study.study_id)
            patient_of[one.study.study_id] = one.patient.patient_id
    ids = {
        name: {result: tuple(sorted(found)) for result, found in by_result.items()}
        for name, by_result in cells.items()
    }
    return AccuracyCells(ids["with"], ids["without"], ids["neither"], patient_of)


@dataclass(frozen=True)
class Figure:
    """One figure of accuracy under one handling, with its three intervals."""

    compared: ComparedEstimate
    wilson: Estimate
    bootstrap: BootstrapEstimate


def figures(
    cells: AccuracyCells, window: str
) -> list[tuple[NonDiagnostic, Accuracy, list[Figure]]]:
    """Every figure, four ways."""
    found = []
    for handling in NonDiagnostic:
        exact = accuracy(cells.table, handling, unit=UNIT, window=window)
        score = accuracy(
            cells.table, handling, unit=UNIT, window=window, method=IntervalMethod.WILSON
        )
        found.append(
            (
                handling,
                exact,
                [_figure(cells, handling, one, score.estimate(one.key)) for one in exact.estimates],
            )
        )
    return found


def _figure(
    cells: AccuracyCells, handling: NonDiagnostic, exact: Estimate, score: Estimate
) -> Figure:
    numerator, denominator = cells.behind(handling, exact.key)
    key, label = exact.key, exact.label
    # The yields exist under one handling only.
    if not key.startswith("yield"):
        key, label = key + SUFFIX[handling], label + HANDLING_WORDS[handling]
    return Figure(
        ComparedEstimate(replace(exact, key=key, label=label), numerator, denominator, None),
        replace(score, key=key, label=label),
        _resampled(key, cells, numerator, denominator),
    )


def _resampled(
    key: str, cells: AccuracyCells, numerator: Sequence[str], denominator: Sequence[str]
) -> BootstrapEstimate:
    patients = sorted({cells.patient_of[one] for one in denominator})
    place = {patient: row for row, patient in enumerate(patients)}
    top, bottom = [0] * len(patients), [0] * len(patients)
    for one in denominator:
        bottom[place[cells.patient_of[one]]] += 1
    for one in numerator:
        top[place[cells.patient_of[one]]] += 1
    return bootstrapped_ratio(key, top, bottom, seed=SEED, unit=UNIT)


def joined(groups: Iterable[Ids]) -> Ids:
    return tuple(sorted(one for group in groups for one in group))
