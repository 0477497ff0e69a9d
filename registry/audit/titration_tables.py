"""The tables of dose titration: the dose over time, scores against it, and pain in CRPS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, quantiles, stdev
from typing import Final

from .dose_course import TWO_YEARS, DoseCourse, months_after
from .facts import PatientFacts
from .instruments import Instrument
from .paired_tests import SIGNED_RANK_RULE, signed_rank
from .protocol import Column, Form, TableDescription
from .result import OWN_STUDY, Cell, Table
from .score_course import DatedScore, Measure, before_and_after, course, median

MONTHS: Final = (0, 1, 3, 6, 12, 24)
PAIN_MONTHS: Final = (0, 3, 6, 12)
NEAR: Final = timedelta(days=45)
"""How far from its month an assessment of pain may lie [proposal]."""

TONE: Final = (
    Measure("ashworth_0_4", "Ashworth 0 to 4, median", Instrument.ASHWORTH_0_4, "median"),
    Measure("ashworth_1_5", "Ashworth 1 to 5, median", Instrument.ASHWORTH_1_5, "median"),
    Measure(
        "modified_ashworth", "Modified Ashworth, median", Instrument.MODIFIED_ASHWORTH, "median"
    ),
)
SPASMS: Final = (
    Measure("penn_frequency", "Penn, spasm frequency", Instrument.PENN_SPASM, "frequency"),
    Measure("penn_severity", "Penn, spasm severity", Instrument.PENN_SPASM, "severity"),
)
PAIN: Final = Measure("pain", "Brief Pain, mean severity", Instrument.BRIEF_PAIN, "severity")

DOSE_OVER_TIME: Final = TableDescription(
    key="dose_over_time",
    label="Daily dose since implantation",
    columns=(
        Column("key", "Key"),
        Column("label", "Month"),
        Column("patients", "Patients", counts=True),
        Column("median_ug", "Median, µg a day", form=Form.RATIO),
        Column("quarter_lower", "Middle half, µg a day", form=Form.RATIO),
        Column("quarter_upper", "Upper quarter", form=Form.RATIO),
    ),
    note=(
        "The dose in force at the month, of those in therapy then whose dose is known; a stopped "
        "pump gives 0. Not the same patients at every month."
    ),
)

SCORES: Final = TableDescription(
    key="scores",
    label="Scores before implantation and last, with the dose",
    columns=(
        Column("key", "Key"),
        Column("label", "Score"),
        Column("patients", "Patients", counts=True),
        Column("before", "Median before", form=Form.RATIO),
        Column("after", "Median last", form=Form.RATIO),
        Column("change", "Median change", form=Form.RATIO),
        Column("p_value", "p", form=Form.COEFFICIENT),
        Column("dose_ug", "Median dose, µg a day", form=Form.RATIO),
    ),
    note=(
        f"Patients with both. {SIGNED_RANK_RULE}; 0.00 is below 0.005. Variants of Ashworth never "
        "meet; the severity of spasms is not asked of who has none."
    ),
)

PAIN_COURSE: Final = TableDescription(
    key="pain_course",
    label="Pain in CRPS since implantation",
    columns=(
        Column("key", "Key"),
        Column("label", "Month"),
        Column("patients", "Patients", counts=True),
        Column("median_pain", "Median, 0 to 10", form=Form.RATIO),
        Column("pairs", "With a score before", counts=True),
        Column("change", "Median change", form=Form.RATIO),
        Column("p_value", "p", form=Form.COEFFICIENT),
    ),
    note=(
        "Brief Pain Inventory, mean severity, nearest to the month within 45 days [proposal]; "
        f"month 0 is the last before implantation. {SIGNED_RANK_RULE}."
    ),
)

STABILITY: Final = TableDescription(
    key="stability",
    label="Change of the daily dose over two years, beside the printed one",
    columns=(
        Column("key", "Key"),
        Column("label", "Study"),
        Column("patients", "Patients", counts=True),
        Column("mean_change", "Mean", form=Form.PERCENT),
        Column("sd_change", "Standard deviation", form=Form.PERCENT),
        Column("median_change", "Median", form=Form.PERCENT),
    ),
    note=(
        "Percent of the dose two years before. McCormick 2016 prints mean and standard deviation "
        "of 3 (28) % for intrathecal and 21 (33) % for oral baclofen, each of one arm of its 62 "
        "matched patients; the registry records no oral dose."
    ),
)

MCCORMICK_STABILITY: Final = (
    ("mccormick_intrathecal", "McCormick 2016, intrathecal", 0.03, 0.28),
    ("mccormick_oral", "McCormick 2016, oral", 0.21, 0.33),
)


@dataclass(frozen=True, slots=True)
class Dosed:
    """One patient in therapy with a daily dose, up to the day `until`."""

    patient: PatientFacts
    implanted_on: date
    until: date
    doses: DoseCourse
    tone: tuple[DatedScore, ...]

    @property
    def dose(self) -> float | None:
        return self.doses.on(self.until)

    @property
    def lowest(self) -> float | None:
        """The lowest dose at which tone was at its best."""
        return self.doses.lowest_at_best(self.tone)


def dose_over_time_table(found: Mapping[str, Dosed]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells = {}
    for month in MONTHS:
        known = {
            key: dose
            for key, one in sorted(found.items())
            if (day := months_after(one.implanted_on, month)) <= one.until
            and (dose := one.doses.on(day)) is not None
        }
        low, high = _middle_half(list(known.values()))
        middle = median(list(known.values()))
        rows.append((f"month_{month}", str(month), len(known), middle, low, high))
        cells[f"month_{month}", "patients"] = tuple(known)
    return DOSE_OVER_TIME.filled(rows, cells)


def scores_table(found: Mapping[str, Dosed]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells = {}
    for measure in (*TONE, *SPASMS):
        pairs = {
            key: pair
            for key, one in sorted(found.items())
            if (pair := before_and_after(one.patient, measure, one.implanted_on)) is not None
        }
        before = [first.value for first, _ in pairs.values()]
        after = [last.value for _, last in pairs.values()]
        doses = [
            dose
            for key, (_, last) in pairs.items()
            if (dose := found[key].doses.on(last.on)) is not None
        ]
        test = signed_rank(after, before)
        numbers = (median(before), median(after), test.value, test.p_value, median(doses))
        rows.append((measure.key, measure.label, len(pairs), *numbers))
        cells[measure.key, "patients"] = tuple(pairs)
    return SCORES.filled(rows, cells)


def pain_table(found: Mapping[str, Dosed]) -> Table:
    """Of those given: patients with CRPS."""
    courses = {key: course(one.patient, PAIN) for key, one in sorted(found.items())}
    start = {
        key: score
        for key, scores in courses.items()
        if (score := _before(scores, found[key].implanted_on)) is not None
    }
    rows: list[tuple[Cell, ...]] = []
    cells = {}
    for month in PAIN_MONTHS:
        at = start if month == 0 else {
            key: score
            for key, scores in courses.items()
            if (score := _nearest(scores, found[key].implanted_on, month)) is not None
        }  # fmt: skip
        pairs = {key: (score, start[key]) for key, score in at.items() if month and key in start}
        test = signed_rank([now for now, _ in pairs.values()], [was for _, was in pairs.values()])
        row = (f"month_{month}", str(month), len(at), median(list(at.values())))
        if month:
            rows.append((*row, len(pairs), test.value, test.p_value))
            cells[f"month_{month}", "pairs"] = tuple(pairs)
        else:
            rows.append((*row, None, None, None))
        cells[f"month_{month}", "patients"] = tuple(at)
    return PAIN_COURSE.filled(rows, cells)


def stability_table(found: Mapping[str, Dosed]) -> Table:
    changes = {
        key: change
        for key, one in sorted(found.items())
        if (change := one.doses.change(one.until, over=TWO_YEARS)) is not None
    }
    values = list(changes.values())
    own = (
        mean(values) if values else None,
        stdev(values) if len(values) > 1 else None,
        median(values),
    )
    return STABILITY.filled(
        rows=[
            ("own", OWN_STUDY, len(values), *own),
            *((key, label, None, *printed, None) for key, label, *printed in MCCORMICK_STABILITY),
        ],
        cells={("own", "patients"): tuple(changes)},
    )


def _before(scores: Sequence[DatedScore], day: date) -> float | None:
    return next((one.value for one in reversed(scores) if one.on <= day), None)


def _nearest(scores: Sequence[DatedScore], start: date, month: int) -> float | None:
    day = months_after(start, month)
    near = [one for one in scores if one.on > start and abs(one.on - day) <= NEAR]
    return min(near, key=lambda one: (abs(one.on - day), one.on)).value if near else None


def _middle_half(values: Sequence[float]) -> tuple[float | None, float | None]:
    if len(values) < 2:
        return None, None
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, high
