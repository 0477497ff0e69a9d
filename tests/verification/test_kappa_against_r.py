"""Cohen's kappa, plain and weighted, against vcd.

`agreement.R` wrote `kappa.csv`; R is not needed to run the test. Debian has no R package for
Gwet's AC1 and Krippendorff's alpha: their unit tests hold a second implementation, and what
irrCAC prints for its example data.
"""

import math

import numpy as np
import pytest

from registry.audit.cohen_kappa import Weights, cohen_kappa
from tests.factories.follow_ups import frozen

WEIGHTS = {
    "unweighted": Weights.UNWEIGHTED,
    "Equal-Spacing": Weights.LINEAR,
    "Fleiss-Cohen": Weights.QUADRATIC,
}


def test_kappa_and_its_standard_error_agree_with_vcd():
    rows = frozen("kappa.csv")
    assert len(rows) == 600
    for row in rows:
        cells = [int(one) for one in row["cells"].split()]
        size = math.isqrt(len(cells))
        pairs = [(place // size, place % size) for place, n in enumerate(cells) for _ in range(n)]
        first, second = np.array(pairs).T.tolist()
        ours = cohen_kappa(first, second, range(size), weights=WEIGHTS[row["weights"]])
        assert ours.value == pytest.approx(float(row["value"]), rel=1e-9, abs=1e-13)
        assert ours.standard_error == pytest.approx(float(row["standard_error"]), rel=1e-9)
