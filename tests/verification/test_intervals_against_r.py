"""Our intervals against R's binom.test and prop.test.

`binom.csv` was written by `binom.R` with R 4.2.2; R is not needed to run the test.
"""

import csv
from pathlib import Path

import pytest

from registry.audit.intervals import clopper_pearson, wilson

with (Path(__file__).parent / "binom.csv").open(encoding="utf-8") as lines:
    R_RESULTS = list(csv.DictReader(lines))


@pytest.mark.parametrize(
    "r",
    R_RESULTS,
    ids=lambda r: f"{r['numerator']} of {r['denominator']} at {r['confidence']}",
)
def test_limits_agree_with_r(r):
    count = int(r["numerator"]), int(r["denominator"]), float(r["confidence"])
    exact, score = clopper_pearson(*count), wilson(*count)
    assert exact.lower == pytest.approx(float(r["exact_lower"]), abs=1e-10)
    assert exact.upper == pytest.approx(float(r["exact_upper"]), abs=1e-10)
    assert score.lower == pytest.approx(float(r["wilson_lower"]), abs=1e-10)
    assert score.upper == pytest.approx(float(r["wilson_upper"]), abs=1e-10)


def test_all_results_of_r_are_there():
    assert len(R_RESULTS) == 72
