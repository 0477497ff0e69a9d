"""What the page of an audit shows, for a fresh result and a frozen one alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from registry.audit.protocol import Protocol

from . import audit_charts, audit_tables, centre_logs, flow_diagram, signal_dispositions
from .audit_words import (
    Result,
    confidence,
    filter_line,
    filter_words,
    interval,
    percent,
    published_words,
    synthetic_words,
)
from .chart_parts import Chart, Href, Medium
from .signal_dispositions import Stated

DOCUMENT_CHART_WIDTH = 760


@dataclass(frozen=True)
class Tile:
    """One rate, large."""

    label: str
    fraction: str
    value: str
    interval: str
    published: str
    href: str | None


@dataclass(frozen=True)
class ChartOnPage:
    """A chart with the ids that tie its place, its data and its table together.

    `svg` is what stands in the page; without it the page draws the chart itself.
    """

    chart: Chart
    spec_id: str
    table_id: str
    svg: SafeString | None = None


@dataclass(frozen=True)
class AuditPage:
    """Everything below the filters."""

    protocol: Protocol
    result: Result
    flow_svg: SafeString
    flow: audit_tables.TableInWords
    tiles: list[Tile]
    charts: list[ChartOnPage]
    estimates: audit_tables.TableInWords
    tables: list[audit_tables.TableInWords]
    filters: list[tuple[str, str]]
    filter_line: str
    synthetic: str
    unknown_logs: str

    @property
    def wide_charts(self) -> list[ChartOnPage]:
        return [one for one in self.charts if one.chart.wide]

    @property
    def narrow_charts(self) -> list[ChartOnPage]:
        return [one for one in self.charts if not one.chart.wide]

    @property
    def rules(self) -> list[str]:
        return [self.result["pairing"]["text"], *self.result["rules"]]

    @property
    def all_tables(self) -> list[audit_tables.TableInWords]:
        return [self.flow, self.estimates, *self.tables]


def page(result: Result, protocol: Protocol, *, href: Href) -> AuditPage:
    """The audit for a page that draws its charts itself and opens every number."""
    medium = Medium(href=href, glyph_address=lambda name: static(f"crescent/glyphs/{name}.svg"))
    charts = [
        ChartOnPage(
            chart,
            f"chart-{chart.key}",
            f"table-{chart.table}",
            # Every text in a drawing is escaped where it is drawn.
            mark_safe(chart.drawing) if chart.drawing else None,  # noqa: S308
        )
        for chart in audit_charts.charts(result, medium)
    ]
    return _page(result, protocol, href=href, charts=charts)


def standalone(
    result: Result, protocol: Protocol, *, decided: Sequence[Stated] | None = None
) -> AuditPage:
    """The audit for one file that needs no server: charts are drawn, nothing is linked.

    Parameters
    ----------
    decided
        What people made of its device signals; None where it raises none by its nature.
    """
    medium = Medium(width=DOCUMENT_CHART_WIDTH)
    charts = [
        ChartOnPage(
            chart,
            f"chart-{chart.key}",
            f"table-{chart.table}",
            # Drawn by Vega from our own specification, or by us: every text is escaped there.
            mark_safe(audit_charts.drawn(chart)),  # noqa: S308
        )
        for chart in audit_charts.charts(result, medium)
    ]
    page = _page(result, protocol, href=None, charts=charts)
    page.tables[:0] = signal_dispositions.on_paper(result, decided)
    return page


def _page(
    result: Result, protocol: Protocol, *, href: Href | None, charts: list[ChartOnPage]
) -> AuditPage:
    opens = href or audit_tables.no_links
    drawing = flow_diagram.draw(result["flow"], unit=result["unit"], href=href)
    return AuditPage(
        protocol=protocol,
        result=result,
        # Every text in the drawing is escaped where it is drawn.
        flow_svg=mark_safe(drawing),  # noqa: S308
        flow=audit_tables.flow_table(result, opens),
        tiles=[
            _tile(estimate, opens)
            for estimate in result["estimates"]
            if estimate["key"] in protocol.headline
        ],
        charts=charts,
        estimates=audit_tables.estimates_table(result, opens),
        tables=audit_tables.tables(result, protocol, opens),
        filters=filter_words(result),
        filter_line=filter_line(result),
        synthetic=synthetic_words(result),
        unknown_logs=centre_logs.unknown_words(result),
    )


def _tile(estimate: dict[str, Any], href: Href) -> Tile:
    limits = interval(estimate["lower"], estimate["upper"])
    return Tile(
        label=estimate["label"],
        fraction=f"{estimate['numerator']}/{estimate['denominator']}",
        value=percent(estimate["value"]),
        interval=f"{limits} ({confidence(estimate)})" if limits else "",
        published=published_words(estimate["published"]),
        href=href(estimate["key"]),
    )
