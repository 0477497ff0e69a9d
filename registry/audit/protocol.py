"""What an audit protocol says about itself: a published study made executable."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from .errors import UnknownNumberError
from .fact_group import FactGroup
from .facts import Cohort, PatientFacts
from .intervals import DEFAULT_CONFIDENCE, IntervalMethod, proportion
from .pairing import PairingRule
from .reporting.by_protocol import Reporting
from .result import Cell, Table, Tally
from .selection import Filters


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the reproduced study was published; what we do not know of it is left empty.

    `address` stands in for a doi.
    """

    authors: str
    title: str
    journal: str = ""
    year: int | None = None
    pages: str = ""
    doi: str = ""
    address: str = ""

    @property
    def text(self) -> str:
        where = f" {self.journal} {self.year};{self.pages}." if self.journal else ""
        found = f"doi:{self.doi}" if self.doi else self.address
        return f"{self.authors}. {self.title}{where} {found}"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One printed proportion, beside which one's own is shown.

    Parameters
    ----------
    measure
        Key of the estimate it compares with.
    unit
        What the source counts; a comparator may count procedures where we count patients.
    printed
        The figure as the source prints it; None if it prints only the counts behind it.
    status
        How we know the counts: "printed counts", or derived from others that are printed.
    """

    measure: str
    study: str
    numerator: int
    denominator: int
    unit: str
    printed: str | None
    status: str
    source: str

    def to_json(self, *, confidence: float = DEFAULT_CONFIDENCE) -> dict[str, Any]:
        """The figure with its own exact interval, which no source prints."""
        estimate = proportion(
            key=self.measure,
            label=self.study,
            numerator=self.numerator,
            denominator=self.denominator,
            unit=self.unit,
            confidence=confidence,
            method=IntervalMethod.CLOPPER_PEARSON,
        )
        return {
            "study": self.study,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unit": self.unit,
            "value": estimate.value,
            "lower": estimate.lower,
            "upper": estimate.upper,
            "confidence": confidence,
            "method": estimate.method,
            "printed": self.printed,
            "status": self.status,
            "source": self.source,
        }


class Form(StrEnum):
    """How a number that is no count is written."""

    PERCENT = "percent"
    RATIO = "ratio"
    COEFFICIENT = "coefficient"
    P_VALUE = "p_value"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `counts` marks numbers that open the patients behind them.

    `unit` says what is counted where that is not the unit of the protocol.
    `form` says how another number is written. Of two columns that end in `_lower` and `_upper` the
    first names both.
    """

    key: str
    label: str
    counts: bool = False
    form: Form | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TableDescription:
    """Title, columns and note of a table the protocol prints.

    One that goes patient by patient, or cuts everybody in ways that no possible people can stand
    for, is not `public`: no edition for the public has it.
    """

    key: str
    label: str
    columns: tuple[Column, ...]
    note: str = ""
    public: bool = True

    def filled(
        self,
        rows: Iterable[tuple[Cell, ...]],
        cells: Mapping[tuple[str, str], tuple[str, ...]],
    ) -> Table:
        """The table with these rows, and the patients behind its counts."""
        columns = tuple(column.key for column in self.columns)
        return Table(key=self.key, columns=columns, rows=tuple(rows), cells=cells)


@dataclass(frozen=True, slots=True)
class Earlier:
    """How facts are counted that were stored before the protocol asked for one more group of them.

    So a report of that time comes out as it was: under its version, its rule and its numbers.

    Parameters
    ----------
    lacks
        The group of facts it did not ask for; they may be there all the same, for the filters.
        None where it asked for the same, so that only a report says that it was counted so.
    without
        Keys of tables it did not print.
    """

    lacks: FactGroup | None
    version: str
    index_rule: str
    without: frozenset[str] = frozenset()

    def counted(self, patients: Iterable[PatientFacts]) -> bool:
        """Whether these facts are of that time; without anybody in them they are of now."""
        if self.lacks is None:
            return False
        patients = tuple(patients)
        return bool(patients) and not any(
            fact.group is self.lacks for patient in patients for fact in patient.later
        )


@dataclass(frozen=True, slots=True)
class Protocol:
    """An executable published study.

    Parameters
    ----------
    question
        What it answers, in words.
    plain_words
        What the numbers show and what they cannot show, for who is no statistician.
    population, unit
        Who is counted, and what one count is ("patients").
    headline
        Keys of the estimates that are read first.
    needs
        Facts it asks for beyond studies, first reads and operations.
    pairing
        Which study an operation verifies; None where no operation takes part.
    index_rule, read_rule, further_rules, window
        Which study and which read a patient counts with, and within what interval an
        operation verifies a study.
    caveats
        Printed with every result.
    flow_keys
        Boxes that are always printed, in order.
    earlier
        The versions before this one whose reports can still be counted, the oldest first.
    count
        Counts facts that have been limited to centres and `as_of`.
    reporting
        The checklists it is reported by, with the reply to each item.
    """

    key: str
    version: str
    title: str
    question: str
    plain_words: str
    citation: Citation
    population: str
    unit: str
    pairing: PairingRule | None
    index_rule: str
    read_rule: str
    window: str
    caveats: tuple[str, ...]
    published: tuple[PublishedFigure, ...]
    flow_keys: tuple[str, ...]
    headline: tuple[str, ...]
    tables: tuple[TableDescription, ...]
    count: Callable[[Cohort, Filters, date], Tally]
    needs: frozenset[FactGroup] = frozenset()
    further_rules: tuple[str, ...] = ()
    counts_adjudications: bool = True
    earlier: tuple[Earlier, ...] = ()
    reporting: Reporting = field(default=(), compare=False, repr=False)

    @property
    def counts_theatre_lists(self) -> bool:
        return FactGroup.THEATRE_LISTS in self.needs

    def before(self, patients: Iterable[PatientFacts], *, version: str | None) -> Earlier | None:
        """The earlier version these facts are counted by; None for this one.

        Parameters
        ----------
        version
            What a report says it was counted by; facts that nobody reported on yet tell it
            themselves, and so do those of a version that is not known here.
        """
        if version is not None:
            known = {self.version: None} | {one.version: one for one in self.earlier}
            if version in known:
                return known[version]
        patients = tuple(patients)
        return next((one for one in self.earlier if one.counted(patients)), None)

    def prints(self, table: str, *, version: str) -> bool:
        """Whether the protocol has this table, and had it in this version."""
        without = (one.without for one in self.earlier if one.version == version)
        return any(one.key == table for one in self.tables) and table not in next(without, ())

    def table(self, key: str) -> TableDescription:
        """The description of a table.

        Raises
        ------
        UnknownNumberError
            The protocol prints no such table.
        """
        for table in self.tables:
            if table.key == key:
                return table
        raise UnknownNumberError(key=key)
