"""The charts of an audit, each one Vega-Lite specification for page and paper."""

from collections.abc import Callable

import vl_convert

from . import (
    abousamra_charts,
    centre_comparison_charts,
    complications_charts,
    ct_accuracy_charts,
    data_quality_charts,
    device_survival_charts,
    dose_titration_charts,
    ford_charts,
    mccormick_charts,
    reader_agreement_charts,
    time_to_treatment_charts,
)
from .audit_words import Result
from .chart_parts import Chart, Medium, Spec

PAPER_WIDTH = 720
"""Width of a chart on paper, in CSS pixels, with its labels."""

CHARTS: dict[str, Callable[[Result, Medium], list[Chart]]] = {
    "abousamra-2016": abousamra_charts.charts,
    "ct-accuracy": ct_accuracy_charts.charts,
    "device-survival": device_survival_charts.charts,
    "complications": complications_charts.charts,
    "reader-agreement": reader_agreement_charts.charts,
    "dose-titration": dose_titration_charts.charts,
    "mccormick-2016": mccormick_charts.charts,
    "ford-1996": ford_charts.charts,
    "time-to-treatment": time_to_treatment_charts.charts,
    "data-quality": data_quality_charts.charts,
    "centre-comparison": centre_comparison_charts.charts,
}


def charts(result: Result, medium: Medium) -> list[Chart]:
    """All charts of a result."""
    return CHARTS[result["protocol"]["key"]](result, medium)


def drawn(chart: Chart) -> str:
    """The chart as an SVG document."""
    return chart.drawing or svg(chart.spec)


def svg(spec: Spec) -> str:
    """What a specification says as an SVG document."""
    return str(vl_convert.vegalite_to_svg(spec))
