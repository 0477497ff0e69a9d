"""Tables over a cohort whose numbers are known beforehand."""

import pytest

from registry.audit.component_groups import by_kind
from registry.audit.component_tables import (
    ENDPOINTS,
    FAILURE,
    REVISION,
    comparisons_table,
    freedom_table,
    incidence_table,
    rates_table,
)
from registry.audit.devices import ComponentKind
from registry.audit.patient_components import watched
from registry.audit.selection import Period
from tests.factories.component_cohorts import AS_OF, FIRST_DAY, component, many_components, patient


def kinds(cohort, first=None):
    period = Period(first, AS_OF)
    return by_kind(
        [one.course for p in cohort.patients for one in watched(p, period) if one.course]
    )


PUMPS = kinds(many_components())[ComponentKind.PUMP]


def rows(table):
    return [dict(zip(table.columns, cells, strict=True)) for cells in table.rows]


def test_both_endpoints_share_their_component_years():
    (row,) = rows(rates_table([PUMPS]))
    # Each third of 120 is removed, one in five of these for a stalled motor.
    assert (row["components"], row["revised"], row["failed"]) == (120, 40, 8)
    assert row["rate"] == pytest.approx(100 * 40 / row["years"])
    assert row["failure_rate"] == pytest.approx(100 * 8 / row["years"])


def test_without_time_under_observation_there_is_no_rate():
    one = patient("p", component(implanted_on=AS_OF))
    group = by_kind([watched(one, Period(None, AS_OF))[0].course])[ComponentKind.PUMP]
    (row,) = rows(rates_table([group]))
    assert (row["years"], row["rate"], row["rate_upper"]) == (0, None, None)


def test_no_value_stands_where_fewer_than_twenty_are_at_risk():
    few = kinds(many_components(19))[ComponentKind.PUMP]
    for group, shown in ((PUMPS, True), (few, False)):
        curves = {group.key: REVISION.curve(group.courses)}
        (row,) = rows(freedom_table(REVISION, curves, [group]))
        assert (row["free_1"] is not None) is shown


def test_what_ended_and_what_did_not_add_up_to_all():
    table = rows(incidence_table([PUMPS]))
    free = REVISION.observed(PUMPS.courses)
    assert {row["key"] for row in table} == {
        f"pump-{end}" for end in ("failure", "battery", "infection", "other", "no_reason", "death")
    }
    assert sum(row["events"] for row in table) == sum(free.events_of())
    (freedom,) = rows(freedom_table(FAILURE, {PUMPS.key: FAILURE.curve(PUMPS.courses)}, [PUMPS]))
    failed = next(row for row in table if row["key"] == "pump-failure")
    assert failed["incidence_5"] < 1 - freedom["free_5"]


def test_groups_are_compared_and_gray_says_why_it_is_not():
    halves = {0: PUMPS.courses[::2], 1: PUMPS.courses[1::2]}
    groups = [type(PUMPS)(str(key), str(key), one) for key, one in halves.items()]
    found = rows(comparisons_table({"pump-half": ("Pump by half", groups)}))
    assert [row["key"] for row in found] == [f"pump-half-{one.key}" for one in ENDPOINTS]
    assert all(0 < row["log_rank_p"] <= 1 and 0 < row["gray_p"] <= 1 for row in found)
    assert rows(comparisons_table({"one": ("One", groups[:1])})) == []

    late = kinds(many_components(), FIRST_DAY.replace(year=2013))[ComponentKind.PUMP]
    groups = [type(late)(str(n), str(n), late.courses[n::2]) for n in (0, 1)]
    found = rows(comparisons_table({"late": ("Late", groups)}))
    assert {(row["gray"], row["why"]) for row in found} == {(None, "delayed entry")}
