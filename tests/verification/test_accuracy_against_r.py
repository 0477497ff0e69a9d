"""Accuracy, bootstrap limits and rates against epiR, boot and poisson.test.

`accuracy.R` wrote the files; R is not needed to run the tests. R finds the limits of a rate
by quantiles, those of a ratio through binom.test.
"""

import numpy as np
import pytest

from registry.audit.accuracy import accuracy
from registry.audit.accuracy_table import AccuracyTable, NonDiagnostic
from registry.audit.event_rates import event_rate, poisson_excess_p, rate_ratio
from registry.audit.patient_bootstrap import percentile_interval
from tests.factories.follow_ups import frozen

FIGURES = {
    "se": "sensitivity",
    "sp": "specificity",
    "pv.pos": "ppv",
    "pv.neg": "npv",
    "lr.pos": "lr_positive",
    "lr.neg": "lr_negative",
}
CELLS = ("true_positive", "false_positive", "false_negative", "true_negative")


def same(ours, theirs, *, to):
    assert ours == (pytest.approx(float(theirs), rel=to, abs=1e-14) if theirs else None)


def test_accuracy_agrees_with_epi_tests():
    rows = frozen("accuracy.csv")
    assert len({row["table"] for row in rows}) == 200
    for row in rows:
        table = AccuracyTable(**{cell: int(row[cell]) for cell in CELLS})
        found = accuracy(table, NonDiagnostic.EXCLUDED)
        key = FIGURES[row["figure"]]
        ours = found.ratio(key) if key.startswith("lr") else found.estimate(key)
        same(ours.value, row["value"], to=1e-9)
        same(ours.lower, row["lower"], to=1e-6)
        same(ours.upper, row["upper"], to=1e-6)


def test_percentile_limits_agree_with_boot_ci():
    rows = frozen("bootstrap.csv")
    assert len(rows) == 12
    for row in rows:
        drawn = np.array([float(one) for one in row["drawn"].split()])
        lower, upper = percentile_interval(drawn, float(row["confidence"]))
        same(lower, row["lower"], to=1e-9)
        same(upper, row["upper"], to=1e-9)


def test_rates_agree_with_poisson_test():
    rows = frozen("rates.csv")
    assert len(rows) == 200
    for row in rows:
        counts = (int(row["events"]), int(row["days"]))
        others = (int(row["other_events"]), int(row["other_days"]))
        confidence = float(row["confidence"])
        rate = event_rate(*counts, confidence=confidence)
        same(rate.value, row["rate"], to=1e-9)
        same(rate.lower, row["rate_lower"], to=1e-6)
        same(rate.upper, row["rate_upper"], to=1e-6)
        ratio = rate_ratio(*counts, *others, confidence=confidence)
        same(ratio.value, row["ratio"], to=1e-9)
        same(ratio.lower, row["ratio_lower"], to=1e-6)
        same(ratio.upper, row["ratio_upper"], to=1e-6)
        same(ratio.p_value, row["ratio_p"], to=1e-9)
        same(poisson_excess_p(counts[0], others[0] + 0.5), row["excess_p"], to=1e-9)
