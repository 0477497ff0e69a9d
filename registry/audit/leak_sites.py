"""Where contrast leaked. A leak may have several sites, so these shares do not sum to 1."""

from collections.abc import Mapping, Sequence
from typing import Final

from .codes import LEAK_SITE_LABELS, LeakSite
from .index_study import IndexedPatient
from .protocol import Column, TableDescription
from .result import Cell, ComparedEstimate, Table

SITE_NOT_RECORDED: Final = "site_not_recorded"

LEAK_SITES: Final = TableDescription(
    key="leak_sites",
    label="Sites of the leaks",
    columns=(
        Column("key", "Key"),
        Column("label", "Site"),
        Column("patients", "Patients", counts=True),
        Column("leaks", "Leaks", counts=True),
        Column("value", "Proportion"),
        Column("lower", "Lower limit"),
        Column("upper", "Upper limit"),
        Column("published", "Published"),
    ),
    note=(
        "A leak may have several sites, so the rows may sum to more than the leaks. The abstract "
        "of Abousamra 2016 names the first three sites and does not state how its 5 leaks divide "
        "among them."
    ),
)


def with_site(
    cohort: Mapping[str, IndexedPatient], leaks: Sequence[str], site: LeakSite
) -> tuple[str, ...]:
    """Those of the leaks whose counted read names the site."""
    return tuple(one for one in leaks if site in _sites(cohort[one]))


def without_site(cohort: Mapping[str, IndexedPatient], leaks: Sequence[str]) -> tuple[str, ...]:
    """Those of the leaks whose counted read names no site: not recorded, not absent."""
    return tuple(one for one in leaks if not _sites(cohort[one]))


def leak_sites_table(
    estimates: Mapping[LeakSite, ComparedEstimate], not_recorded: tuple[str, ...]
) -> Table:
    """One row per site, also when nobody leaked there, then the leaks without a site."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    leaks: tuple[str, ...] = ()
    for site, compared in estimates.items():
        own = compared.estimate
        leaks = compared.denominator
        limits = (own.value, own.lower, own.upper)
        label = LEAK_SITE_LABELS[site]
        rows.append((str(site), label, own.numerator, own.denominator, *limits, None))
        cells[str(site), "patients"] = compared.numerator
        cells[str(site), "leaks"] = leaks
    nothing = (None, None, None, None)
    rows.append((SITE_NOT_RECORDED, "Site not recorded", len(not_recorded), len(leaks), *nothing))
    cells[SITE_NOT_RECORDED, "patients"] = not_recorded
    cells[SITE_NOT_RECORDED, "leaks"] = leaks
    return LEAK_SITES.filled(rows, cells)


def _sites(one: IndexedPatient) -> tuple[str, ...]:
    return () if one.read is None else one.read.leak_sites
