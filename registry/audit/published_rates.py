"""Rates per patient-year that others printed.

Most sources print a rate and neither events nor time, so most have no interval. Nothing is filled
in; where events and time follow from printed counts, the status says how.
"""

from dataclasses import dataclass
from typing import Final

from .event_rates import event_rate
from .follow_up import DAYS_PER_YEAR
from .protocol import Column, Form, TableDescription
from .result import Cell, Table


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """`per_100_years` is None where it is computed here from events and years."""

    measure: str
    study: str
    printed: str
    unit: str
    source: str
    status: str
    per_100_years: float | None = None
    events: int | None = None
    years: float | None = None


PUBLISHED_RATES: Final = (
    PublishedRate(
        "infection", "NHNN 2013-15, adults", "1.4 % of patients a year", "patient-years",
        "Balaratnam 2020", "derived: 4 infections in 118 patients over 29 months",
        events=4, years=118 * 29 / 12,
    ),
    PublishedRate(
        "infection", "NHNN 2016-18, adults", "0.3 % of patients a year", "patient-years",
        "Balaratnam 2020", "derived: 1 infection in 160 patients over 2 years",
        events=1, years=160 * 2,
    ),
    PublishedRate(
        "late_infection", "J Pediatr Orthop 2016", "0.95 % a year", "not stated",
        "PMID 26296219", "printed rate", 0.95,
    ),
    PublishedRate(
        "late_infection", "J Pediatr Orthop 2010", "1.0 % a year", "not stated",
        "J Pediatr Orthop 2010;30:76-81", "printed rate", 1.0,
    ),
    PublishedRate(
        "any", "Slovenia 2023", "0.203 per 1000 days", "pump-years",
        "Benedičič 2023", "printed rate, in years", 0.203 / 1000 * DAYS_PER_YEAR * 100,
    ),
    PublishedRate(
        "any", "Multiple sclerosis, 106 patients", "0.05 per pump-year", "pump-years",
        "PMID 30366276", "printed rate", 5.0,
    ),
    PublishedRate(
        "any", "Danish children, 46 patients", "0.40 per pump-year", "pump-years",
        "Danish ITB children", "printed rate", 40.0,
    ),
    PublishedRate(
        "catheter", "Slovenia 2023", "0.083 per 1000 days", "pump-years",
        "Benedičič 2023", "printed rate, in years", 0.083 / 1000 * DAYS_PER_YEAR * 100,
    ),
)  # fmt: skip

PUBLISHED_RATES_TABLE: Final = TableDescription(
    key="published_rates",
    label="Published rates",
    columns=(
        Column("key", "Key"),
        Column("label", "Study"),
        Column("measure", "Measure"),
        Column("rate", "Per 100 years", form=Form.RATIO),
        Column("rate_lower", "95 % interval", form=Form.RATIO),
        Column("rate_upper", "Upper limit", form=Form.RATIO),
        Column("unit", "Years of"),
        Column("printed", "As printed"),
        Column("status", "How it is known"),
        Column("reference", "Source"),
    ),
    note=(
        "Where a source prints no events, there is no interval. Pump-years and patient-years are "
        "not the same; populations and definitions differ."
    ),
)


def published_rates_table(labels: dict[str, str]) -> Table:
    """`labels` names the measures."""
    rows: list[tuple[Cell, ...]] = []
    for number, one in enumerate(PUBLISHED_RATES, start=1):
        rate, lower, upper = one.per_100_years, None, None
        if one.events is not None and one.years is not None:
            own = event_rate(one.events, one.years * DAYS_PER_YEAR)
            rate, lower, upper = own.value, own.lower, own.upper
        key = f"{one.measure}_{number}"
        where = (one.unit, one.printed, one.status, one.source)
        rows.append((key, one.study, labels[one.measure], rate, lower, upper, *where))
    return PUBLISHED_RATES_TABLE.filled(rows, {})
