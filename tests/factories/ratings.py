"""Ratings for tests: the published examples, random ones, and influence by differences."""

from hypothesis import strategies as st

ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
"""Two abstractors, 100 pregnancies: example data of irrCAC 1.0 (Gwet 2014, cont3x3abstractors)."""

PSYCHIATRISTS = [
    (0, 0, 0, 6, 0), (0, 3, 0, 0, 3), (0, 1, 4, 0, 1), (0, 0, 0, 0, 6), (0, 3, 0, 3, 0),
    (2, 0, 4, 0, 0), (0, 0, 4, 0, 2), (2, 0, 3, 1, 0), (2, 0, 0, 4, 0), (0, 0, 0, 0, 6),
    (1, 0, 0, 5, 0), (1, 1, 0, 4, 0), (0, 3, 3, 0, 0), (1, 0, 0, 5, 0), (0, 2, 0, 3, 1),
]  # fmt: skip
"""Six ratings of 15 patients by category: irrCAC's distrib.6raters, after Fleiss 1971."""

OBSERVERS = [
    (1, 1, None, 1), (2, 2, 3, 2), (3, 3, 3, 3), (3, 3, 3, 3), (2, 2, 2, 2), (1, 2, 3, 4),
    (4, 4, 4, 4), (1, 1, 2, 1), (2, 2, 2, 2), (None, 5, 5, 5), (None, None, 1, 1),
    (None, None, 3, None),
]  # fmt: skip
"""Four observers, 12 units, gaps: Krippendorff's example C, nominal 0.743 in his text."""


def two_readers(matrix):
    """A matrix of counts as ratings of two readers."""
    return [(i, j) for i, row in enumerate(matrix) for j, n in enumerate(row) for _ in range(n)]


def spread(distribution):
    """Counts by category as ratings."""
    return [[c for c, n in enumerate(row) for _ in range(n)] for row in distribution]


rated = st.lists(
    st.lists(st.sampled_from([None, 0, 1, 2]), min_size=1, max_size=4), min_size=2, max_size=12
)


def influences(coefficient, size, step=1e-5):
    """Change of ``coefficient(weights of the subjects)`` with each weight, times the size."""
    found = []
    for subject in range(size):
        up, down = [1.0] * size, [1.0] * size
        up[subject] += step
        down[subject] -= step
        found.append(size * (coefficient(up) - coefficient(down)) / (2 * step))
    return found
