"""The tables of agreement: every coefficient with its interval, and the raw matrix."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .accuracy_cells import Ids
from .agreement import Agreement
from .codes import FINDING_LABELS, Finding
from .cohen_kappa import Weights, cohen_kappa
from .double_reads import ABNORMAL, NEITHER, NORMAL, side
from .facts import CERTAINTY_RANGE, ReadFacts
from .krippendorff import Scale, krippendorff_alpha
from .many_readers import fleiss_kappa, gwet_ac1
from .protocol import Column, Form, TableDescription
from .result import Cell, Table
from .suppression import MASKED_BELOW

Looks = Sequence[tuple[str, Sequence[ReadFacts]]]
"""Subjects: id of the study, and what was said of it."""


@dataclass(frozen=True)
class Question:
    """One thing readers answer: its categories, and how a read answers it."""

    key: str
    label: str
    categories: tuple[Hashable, ...]
    answer: Callable[[ReadFacts], Hashable | None]
    ordered: bool = False


QUESTIONS: Final = (
    Question("finding", "Finding", tuple(Finding), lambda read: Finding(read.primary_finding)),
    Question("side", "Abnormal or not", (ABNORMAL, NORMAL, NEITHER), side),
    Question("certainty", "Certainty", tuple(CERTAINTY_RANGE), lambda read: read.certainty, True),
)

UNDEFINED_REASON: Final = "only one answer was used"
NOBODY: Final = "nothing was looked at twice"


def _coefficients(key: str, label: str, note: str) -> TableDescription:
    return TableDescription(
        key=key,
        label=label,
        columns=(
            Column("key", "Key"),
            Column("label", "Coefficient"),
            Column("agreeing", "Equal pairs"),
            Column("pairs", "of pairs"),
            Column("subjects", "Rated"),
            Column("observed", "Agreement seen", form=Form.PERCENT),
            Column("expected", "by chance", form=Form.PERCENT),
            Column("coefficient", "Coefficient", form=Form.COEFFICIENT),
            Column("coefficient_lower", "95 % interval", form=Form.COEFFICIENT),
            Column("coefficient_upper", "Upper limit", form=Form.COEFFICIENT),
            Column("reason", "Why undefined"),
        ),
        note=note,
    )


_NOTE: Final = (
    "1 is perfect, 0 no better than chance. Kappa and alpha are low where one answer is rare, "
    "however often two agree; AC1 is less so. Read them with the matrix. Certainty, 1 to 5, is "
    "ordinal, and Cohen weights it. Subjects are taken as independent. Limits are left out for a "
    "single subject and where nothing varies."
)

BETWEEN: Final = _coefficients(
    "between",
    "Agreement between readers",
    f"{_NOTE} Cohen compares the read signed first with the one signed second; the others take all "
    "readers of a study.",
)
WITHIN: Final = _coefficients(
    "within",
    "Agreement of readers with themselves",
    f"{_NOTE} One subject is one reader's first and masked second look at one study.",
)


def _matrix(key: str, label: str, rows: str, columns: str) -> TableDescription:
    return TableDescription(
        key=key,
        label=label,
        columns=(
            Column("key", "Key"),
            Column("label", rows),
            *(
                Column(str(finding), words, counts=True)
                for finding, words in FINDING_LABELS.items()
            ),
            Column("total", "Total"),
        ),
        note=f"Rows: {rows.lower()}. Columns: {columns}. Counts pairs of looks at one study.",
    )


MATRIX_BETWEEN: Final = _matrix(
    "matrix_between", "Two readers, finding by finding", "Read signed first", "read signed second"
)
MATRIX_WITHIN: Final = _matrix(
    "matrix_within", "One reader twice, finding by finding", "First look", "masked second look"
)

READER_PAIRS: Final = TableDescription(
    key="reader_pairs",
    label="Each pair of readers",
    columns=(
        Column("key", "Key"),
        Column("label", "Readers"),
        Column("studies", "Read by both", counts=True),
        Column("equal", "Same finding", counts=True),
        Column("kappa", "Cohen's kappa, finding", form=Form.COEFFICIENT),
        Column("kappa_lower", "95 % interval", form=Form.COEFFICIENT),
        Column("kappa_upper", "Upper limit", form=Form.COEFFICIENT),
        Column("reason", "Why undefined"),
    ),
    note=(
        "Readers are numbered, not named. Nothing is computed, and equal reads are not counted, "
        f"for a pair with fewer than {MASKED_BELOW} studies."
    ),
)


def coefficients_table(description: TableDescription, looks: Looks) -> Table:
    """Every coefficient for every question."""
    rows: list[tuple[Cell, ...]] = []
    for question in QUESTIONS:
        ratings = [[question.answer(read) for read in reads] for _, reads in looks]
        for key, label, found in _agreements(question, ratings):
            why = None
            if found.value is None:
                why = UNDEFINED_REASON if found.denominator else NOBODY
            rows.append(
                (
                    f"{key}_{question.key}",
                    f"{question.label}: {label}",
                    *(found.numerator, found.denominator, found.subjects),
                    *(found.observed, found.expected),
                    *(found.value, found.lower, found.upper),
                    why,
                )
            )
    return description.filled(rows, {})


def _agreements(
    question: Question, ratings: Sequence[Sequence[Hashable | None]]
) -> list[tuple[str, str, Agreement]]:
    categories = question.categories
    # A reader who gave no certainty leaves a gap, and the next one does not move up.
    first = [subject[0] for subject in ratings]
    second = [subject[1] for subject in ratings]
    if question.ordered:
        cohens = [
            (f"cohen_{weights.name.lower()}", f"Cohen's kappa, {weights.name.lower()}",
             cohen_kappa(first, second, categories, weights=weights))
            for weights in (Weights.LINEAR, Weights.QUADRATIC)
        ]  # fmt: skip
        return [
            *cohens,
            ("alpha", "Krippendorff's alpha",
             krippendorff_alpha(ratings, categories, scale=Scale.ORDINAL)),
        ]  # fmt: skip
    return [
        ("cohen", "Cohen's kappa", cohen_kappa(first, second, categories)),
        ("fleiss", "Fleiss' kappa", fleiss_kappa(ratings, categories)),
        ("ac1", "Gwet's AC1", gwet_ac1(ratings, categories)),
        ("alpha", "Krippendorff's alpha", krippendorff_alpha(ratings, categories)),
    ]


def matrix_table(description: TableDescription, looks: Looks) -> Table:
    """First against second, with the studies behind each cell."""
    found: dict[tuple[str, str], list[str]] = {
        (str(row), str(column)): [] for row in Finding for column in Finding
    }
    for study_id, (first, second, *_) in looks:
        found[str(first.primary_finding), str(second.primary_finding)].append(study_id)
    rows: list[tuple[Cell, ...]] = []
    for row, words in FINDING_LABELS.items():
        counts = [len(found[str(row), str(column)]) for column in Finding]
        rows.append((str(row), words, *counts, sum(counts)))
    return description.filled(rows, {key: tuple(sorted(ids)) for key, ids in found.items()})


def reader_pairs_table(looks: Looks) -> Table:
    """Each pair of readers over the studies both read; readers are numbered by their id."""
    number = {
        reader: place
        for place, reader in enumerate(
            sorted({read.reader_id for _, reads in looks for read in reads}), start=1
        )
    }
    pairs: dict[tuple[int, int], dict[str, tuple[ReadFacts, ReadFacts]]] = {}
    for study_id, reads in looks:
        ordered = sorted(reads, key=lambda read: number[read.reader_id])
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                both = (number[one.reader_id], number[other.reader_id])
                pairs.setdefault(both, {})[study_id] = (one, other)
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for (first, second), studies in sorted(pairs.items()):
        key = f"pair_{first}_{second}"
        equal, kappa = _of_pair(studies)
        rows.append(
            (key, f"Reader {first} and reader {second}", len(studies), *_shown(equal, kappa))
        )
        cells[key, "studies"] = tuple(sorted(studies))
        if kappa is not None:
            cells[key, "equal"] = equal
    return READER_PAIRS.filled(rows, cells)


def _of_pair(
    studies: Mapping[str, tuple[ReadFacts, ReadFacts]],
) -> tuple[Ids, Agreement | None]:
    equal = tuple(
        sorted(
            study_id
            for study_id, (one, other) in studies.items()
            if one.primary_finding == other.primary_finding
        )
    )
    if len(studies) < MASKED_BELOW:
        return equal, None
    first, second = zip(*studies.values(), strict=True)
    return equal, cohen_kappa(
        [Finding(read.primary_finding) for read in first],
        [Finding(read.primary_finding) for read in second],
        tuple(Finding),
    )


def _shown(equal: Ids, kappa: Agreement | None) -> tuple[Cell, ...]:
    if kappa is None:
        return (None, None, None, None, f"fewer than {MASKED_BELOW} studies")
    why = UNDEFINED_REASON if kappa.value is None else None
    return (len(equal), kappa.value, kappa.lower, kappa.upper, why)
