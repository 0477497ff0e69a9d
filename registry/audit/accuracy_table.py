"""What the test said, against what was found: counts with everybody in them."""

from dataclasses import dataclass, fields
from enum import StrEnum

from .errors import CountError
from .intervals import DEFAULT_CONFIDENCE, Estimate, IntervalMethod, proportion


class NonDiagnostic(StrEnum):
    """What to do with studies that said neither yes nor no.

    Each answers another question, so all four are printed. `OWN_RESULT` keeps them as a third
    result: sensitivity is then the share of all defects that the test found.
    """

    EXCLUDED = "excluded"
    AS_POSITIVE = "as positive"
    AS_NEGATIVE = "as negative"
    OWN_RESULT = "a result of its own"


@dataclass(frozen=True, slots=True)
class AccuracyTable:
    """Index test against reference, 3 × 2 with the third row in its two parts.

    "With" and "without" mean a catheter-system defect by the reference standard. Not
    aspirable is no positive and no negative; it stays apart from indeterminate. Unverified
    are studies without a reference: no accuracy counts them, every figure names them.
    """

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int
    indeterminate_with: int = 0
    indeterminate_without: int = 0
    not_aspirable_with: int = 0
    not_aspirable_without: int = 0
    unverified_positive: int = 0
    unverified_negative: int = 0
    unverified_indeterminate: int = 0
    unverified_not_aspirable: int = 0

    def __post_init__(self) -> None:
        if any(getattr(self, one.name) < 0 for one in fields(self)):
            raise CountError("no cell of a table may be negative")

    @property
    def non_diagnostic_with(self) -> int:
        return self.indeterminate_with + self.not_aspirable_with

    @property
    def non_diagnostic_without(self) -> int:
        return self.indeterminate_without + self.not_aspirable_without

    @property
    def verified(self) -> int:
        """Studies with a reference, whatever the test said."""
        return (
            self.true_positive
            + self.false_positive
            + self.false_negative
            + self.true_negative
            + self.non_diagnostic_with
            + self.non_diagnostic_without
        )

    def resolved(self, handling: NonDiagnostic) -> "AccuracyTable":
        """The table without a third row, as ``handling`` says; unverified cells are kept out.

        `OWN_RESULT` returns the table as it is.
        """
        if handling is NonDiagnostic.OWN_RESULT:
            return self
        positive = handling is NonDiagnostic.AS_POSITIVE
        negative = handling is NonDiagnostic.AS_NEGATIVE
        return AccuracyTable(
            true_positive=self.true_positive + positive * self.non_diagnostic_with,
            false_positive=self.false_positive + positive * self.non_diagnostic_without,
            false_negative=self.false_negative + negative * self.non_diagnostic_with,
            true_negative=self.true_negative + negative * self.non_diagnostic_without,
        )

    def mirrored(self) -> "AccuracyTable":
        """Positive and negative swapped, of the test and of the reference."""
        return AccuracyTable(
            true_positive=self.true_negative,
            false_positive=self.false_negative,
            false_negative=self.false_positive,
            true_negative=self.true_positive,
            indeterminate_with=self.indeterminate_without,
            indeterminate_without=self.indeterminate_with,
            not_aspirable_with=self.not_aspirable_without,
            not_aspirable_without=self.not_aspirable_with,
            unverified_positive=self.unverified_negative,
            unverified_negative=self.unverified_positive,
            unverified_indeterminate=self.unverified_indeterminate,
            unverified_not_aspirable=self.unverified_not_aspirable,
        )


def verified_fractions(
    table: AccuracyTable,
    *,
    unit: str = "studies",
    window: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
) -> tuple[Estimate, ...]:
    """How many of each result have a reference. Stands on every figure of accuracy."""
    rows = (
        (
            "positive",
            table.true_positive + table.false_positive,
            table.unverified_positive,
        ),
        (
            "negative",
            table.false_negative + table.true_negative,
            table.unverified_negative,
        ),
        (
            "indeterminate",
            table.indeterminate_with + table.indeterminate_without,
            table.unverified_indeterminate,
        ),
        (
            "not aspirable",
            table.not_aspirable_with + table.not_aspirable_without,
            table.unverified_not_aspirable,
        ),
    )
    return tuple(
        proportion(
            key=f"verified_{result.replace(' ', '_')}",
            label=f"Verified of those {result}",
            numerator=verified,
            denominator=verified + unverified,
            unit=unit,
            window=window,
            confidence=confidence,
            method=IntervalMethod.CLOPPER_PEARSON,
        )
        for result, verified, unverified in rows
    )
