"""The charts of an audit, each one Vega-Lite specification for page and paper."""

from dataclasses import dataclass

import vl_convert

from registry.vocabulary import ImagingFindingCode

from .audit_words import Result
from .chart_parts import Medium, Spec
from .findings_chart import findings
from .forest_chart import compared_rows, forest
from .leak_sites_chart import leak_sites, site_rows

PAPER_WIDTH = 720
"""Width of a chart on paper, in CSS pixels, with its labels."""

MEASURES = ("ct_rate", "not_aspirable", "study_yield", "verified_abnormal", "verified_normal")
"""The rates that are read first."""


@dataclass(frozen=True)
class Chart:
    """A chart with the words around it; `table` names the table that holds the same numbers."""

    key: str
    title: str
    caption: str
    spec: Spec
    table: str
    wide: bool = False
    finding: ImagingFindingCode | None = None


def charts(result: Result, medium: Medium) -> list[Chart]:
    """All charts of a result."""
    rows = [row for row in compared_rows(result) if row["measure"] in MEASURES]
    operated = [
        row for row in compared_rows(result) if row["measure"].startswith("operated_finding_")
    ]
    found = [
        Chart(
            "rates",
            "Rates beside the published ones",
            "Circle: this audit. Diamond: Abousamra 2016. Square: Delhaas, adults. Bars are exact "
            "95 % intervals (Clopper-Pearson). Unadjusted: populations and units differ.",
            forest(rows, medium),
            "comparators",
            wide=True,
        ),
        Chart(
            "operated",
            "Findings of those operated on",
            "Share of each finding among the patients operated on within "
            f"{result['pairing']['window_days']} days after their study. Circle: this audit. "
            "Diamond: Abousamra 2016. Bars are exact 95 % intervals (Clopper-Pearson).",
            forest(operated, medium),
            "comparators",
            wide=True,
        ),
        Chart(
            "findings",
            "Findings of the completed studies",
            "Patients by primary finding. Full colour: an operation followed within "
            f"{result['pairing']['window_days']} days; pale: none did. Proportions are of all "
            "patients with a completed study.",
            findings(result, medium),
            "findings",
        ),
    ]
    sites = site_rows(result)
    if sites:
        found.append(
            Chart(
                "leak_sites",
                "Sites of the leaks",
                "Patients with a leak at the site, of all with a leak, with exact 95 % intervals "
                "(Clopper-Pearson). A leak may have several sites; all sites are in the table.",
                leak_sites(sites, medium),
                "leak_sites",
                finding=ImagingFindingCode.LEAK,
            )
        )
    return found


def svg(spec: Spec) -> str:
    """The chart as an SVG document."""
    return str(vl_convert.vegalite_to_svg(spec))
