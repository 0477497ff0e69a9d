"""The charts of a comparison of centres: for each share a funnel, and the centres over time."""

from typing import Any

from registry.audit.centre_events import INDICATORS, Indicator
from registry.audit.centre_tables import DESIGNS, TARGETS

from .audit_words import Result, percent, ratio
from .chart_parts import Chart, Medium, address
from .cusum_chart import cusums
from .funnel_chart import STANDINGS, funnel


def charts(result: Result, medium: Medium) -> list[Chart]:
    """No funnel where there is nothing to compare, no course of a centre that is not shown."""
    targets = {row["key"]: row for row in _rows(result, TARGETS.key)}
    designs = {row["key"]: row for row in _rows(result, DESIGNS.key)}
    drawn: list[Chart] = []
    for one in INDICATORS:
        if targets[one.key]["target"] is not None:
            drawn.append(_funnel(result, one, targets[one.key], medium))
        if _rows(result, f"course_{one.key}"):
            drawn.append(_courses(result, one, designs[one.key], medium))
    return drawn


def _funnel(result: Result, one: Indicator, target: dict[str, Any], medium: Medium) -> Chart:
    table = f"funnel_{one.key}"
    rows = [row for row in _rows(result, table) if row["denominator"] is not None]
    hidden = target["centres"] - target["shown"]
    without = f" {hidden} more with too few are not drawn." if hidden else ""
    (curve,) = (curve for curve in result["curves"] if curve["key"] == table)
    names = ("denominator", "low_95", "high_95", "low_998", "high_998")
    return Chart(
        table,
        f"{one.label}: centres side by side, unadjusted",
        f"Each point is a centre with its n/N; {len(rows)} centres, "
        f"{sum(row['denominator'] for row in rows)} {one.unit}.{without} Dashed and solid: exact "
        "95 and 99.8 % binomial limits about what all have together, "
        f"{percent(target['target'])}. Over-dispersion {ratio(target['phi'])}; limits that allow "
        "for it are in the table. Unadjusted.",
        funnel(
            [
                {
                    "centre": row["centre"],
                    "name": f"{row['centre']} {row['numerator']}/{row['denominator']}",
                    "denominator": row["denominator"],
                    "value": row["value"],
                    "words": f"{row['numerator']}/{row['denominator']}",
                    "standing": _standing(row["standing"]),
                    "cases": address(medium, f"{table}.{row['key']}.denominator"),
                }
                for row in rows
            ],
            [dict(zip(names, point, strict=True)) for point in curve["points"]],
            target=target["target"],
            unit=one.unit,
            medium=medium,
        ),
        table,
        wide=True,
    )


def _standing(words: str) -> str:
    for standing, level in zip(STANDINGS[1:], ("95 %", "99.8 %"), strict=True):
        if words.endswith(f" {level}"):
            return standing
    return STANDINGS[0]


def _courses(result: Result, one: Indicator, design: dict[str, Any], medium: Medium) -> Chart:
    table = f"course_{one.key}"
    rows = _rows(result, table)
    curves = {curve["key"]: curve["points"] for curve in result["curves"]}
    return Chart(
        table,
        f"{one.label}: each centre over time, unadjusted",
        f"Bernoulli CUSUM of each centre, n={sum(row['denominator'] for row in rows)} {one.unit}: "
        "up with each such event, down with each other, signal (triangle) at the dashed line, then "
        f"from 0 again. Set against {percent(design['accepted'])} accepted and "
        f"{percent(design['not_accepted'])} not accepted [proposal]: a false alarm about once in "
        f"{design['false_alarm_every']:.0f} {one.unit}, a true one after about "
        f"{design['detected_after']:.0f}. Unadjusted.",
        cusums(
            [
                {
                    "name": row["centre"],
                    "words": f"{row['numerator']}/{row['denominator']}, {_signals(row['signals'])}",
                    "points": curves[f"{table}_{row['key']}"],
                }
                for row in rows
            ],
            threshold=design["threshold"],
            unit=one.unit,
            medium=medium,
        ),
        table,
        wide=True,
    )


def _signals(count: int) -> str:
    if not count:
        return "no signal"
    return f"{count} signal{'s' if count > 1 else ''}"


def _rows(result: Result, key: str) -> list[dict[str, Any]]:
    table = next(table for table in result["tables"] if table["key"] == key)
    return [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
