"""The charts of the reproduced study of Abousamra 2016."""

from registry.audit.protocols.abousamra_2016 import PROTOCOL
from registry.vocabulary import ImagingFindingCode

from .audit_words import Result
from .chart_parts import Chart, Medium
from .findings_chart import findings
from .forest_chart import compared_rows, forest
from .leak_sites_chart import leak_sites, site_rows

HEADLINE = PROTOCOL.headline


def charts(result: Result, medium: Medium) -> list[Chart]:
    """Rates, findings and sites of leaks."""
    rows = [row for row in compared_rows(result) if row["measure"] in HEADLINE]
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
