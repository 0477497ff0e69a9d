"""Differences between a frozen result and another, in words."""

import copy

from registry.audit.comparison import compare
from registry.audit.facts import Cohort
from registry.audit.protocols import PROTOCOLS
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters.report_differences import in_words, wordings
from tests.factories.cohorts import AS_OF, abousamra_cohort, studied_patient

PROTOCOL = PROTOCOLS["abousamra-2016"]


def result_of(cohort):
    return run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="test").to_json()


def words(frozen, now):
    found = compare(frozen, now, ignore=("code_version", "facts_sha256"))
    return in_words(found, frozen=frozen, now=now, protocol=PROTOCOL)


def test_an_additional_leak_is_named_in_flow_estimates_and_tables():
    more = (*abousamra_cohort().patients, studied_patient("new", finding="leak"))
    rows = {
        row.what: (row.frozen, row.now)
        for row in words(result_of(abousamra_cohort()), result_of(Cohort(patients=more)))
    }
    assert rows["Flow: CT contrast study"] == ("27", "28")
    assert rows["Flow: Abnormal, not operated"] == ("0", "1")
    assert rows["Leak, of completed studies"][1].startswith("6/25, 24.0 %")
    assert rows["Findings of the completed studies: Leak, not operated"] == ("0", "1")
    assert next(iter(rows)).startswith("Flow:")


def test_a_box_that_was_not_drawn_is_said_to_be_missing():
    more = (
        *abousamra_cohort().patients,
        studied_patient("new", finding="malposition", operated_after_days=3),
    )
    rows = words(result_of(abousamra_cohort()), result_of(Cohort(patients=more)))
    row = next(row for row in rows if row.what == "Flow: Malposition")
    assert (row.frozen, row.now) == ("no such box", "1")


def test_other_differences_keep_their_path():
    frozen = result_of(abousamra_cohort())
    now = copy.deepcopy(frozen)
    now["unit"] = "operations"
    assert [row.what for row in words(frozen, now)] == ["unit"]


def test_words_that_differ_stand_apart_from_numbers():
    frozen = result_of(abousamra_cohort())
    now = copy.deepcopy(frozen)
    now["caveats"][0] += " Said better."
    now["flow"][0]["n"] += 1
    found = compare(frozen, now)
    assert [row.what for row in words(frozen, now)] == ["Flow: Patients with a pump system"]
    assert [(row.what, row.now) for row in wordings(found)] == [("caveats[0]", now["caveats"][0])]


def test_equal_results_have_no_difference():
    frozen = result_of(abousamra_cohort())
    assert words(frozen, copy.deepcopy(frozen)) == []
