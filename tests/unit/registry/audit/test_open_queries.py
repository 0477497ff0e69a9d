from datetime import date, timedelta

import pytest

from registry.audit.open_queries import CONTRADICTION_LABELS, KIND_LABELS, QueryKind, age_band
from registry.queries.contradictions import SENTENCES
from tests.factories.cohorts import AS_OF
from tests.factories.quality_cohorts import open_query


def test_every_contradiction_of_the_registry_has_its_words():
    assert set(CONTRADICTION_LABELS) == set(SENTENCES)
    assert set(KIND_LABELS) == set(QueryKind)


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "up_to_30"), (30, "up_to_30"), (31, "up_to_90"), (90, "up_to_90"), (91, "up_to_365"),
     (365, "up_to_365"), (366, "over_365"), (None, "age_unknown")],
)  # fmt: skip
def test_ages_fall_into_one_band(days, band):
    assert age_band(open_query(QueryKind.NOT_READ, "r", days_old=days), AS_OF) == band


def test_what_came_up_after_the_cut_off_has_no_age_at_it():
    later = open_query(QueryKind.NOT_READ, "r", on=date(2024, 1, 1), days_old=-1)
    assert later.since == AS_OF + timedelta(1)
    assert age_band(later, AS_OF) == "age_unknown"
