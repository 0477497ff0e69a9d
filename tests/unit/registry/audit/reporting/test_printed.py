"""An item is met by what this report counted: no plain denominator, no printed study."""

from dataclasses import replace
from datetime import date

import pytest

from registry.audit.codes import Finding
from registry.audit.facts import Cohort
from registry.audit.protocols import PROTOCOLS
from registry.audit.reporting.answers import Stands, State
from registry.audit.reporting.filling import filled
from registry.audit.reporting.printed import Place, Rows
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.accuracy_cohorts import SOUND, operated_patient
from tests.factories.cohorts import studied_patient
from tests.factories.complication_cohorts import counted_by_hand
from tests.factories.component_cohorts import many_components
from tests.factories.founding_cohorts import mccormick_cohort

NOBODY = Cohort(())


def result_of(key, cohort=NOBODY):
    return run(
        key, cohort, filters=Filters(), as_of=date(2025, 12, 31), code_version="1"
    ).to_json()  # fmt: skip


def answers(result, key):
    return {item.number: answer for item, answer in filled(result, PROTOCOLS[key])[0].answers}


def tables_named(answer):
    return {part.key for part in answer.parts if part.place is Place.TABLES}


def test_a_study_without_an_operation_says_nothing_of_accuracy():
    cohort = Cohort((studied_patient("p", finding=Finding.NORMAL_CRESCENT),))
    result = result_of("ct-accuracy", cohort)
    assert any(one["value"] is not None for one in result["estimates"])
    found = answers(result, "ct-accuracy")
    assert {number: found[number].state for number in ("21a", "23", "24")} == dict.fromkeys(
        ("21a", "23", "24"), State.MISSING
    )


def test_an_operation_without_a_defect_has_a_reference_result_and_no_kind_of_defect():
    cohort = Cohort((operated_patient("p", Finding.NORMAL_CRESCENT, SOUND),))
    found = answers(result_of("ct-accuracy", cohort), "ct-accuracy")
    assert found["21a"].state is State.MISSING
    assert found["23"].state is State.REPORTED
    assert found["24"].state is State.IN_PART


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("abousamra-2016", "15"),
        ("abousamra-2016", "17"),
        ("complications", "17"),
        ("ford-1996", "14c"),
        ("ford-1996", "17"),
        ("mccormick-2016", "17"),
        ("mccormick-2016", "14c"),
    ],
)
def test_printed_studies_alone_meet_no_item(key, number):
    assert answers(result_of(key), key)[number].state is State.MISSING


def test_patients_without_a_complication_are_no_outcome():
    known = counted_by_hand()
    nothing_happened = replace(
        known, patients=tuple(replace(one, later=()) for one in known.patients)
    )
    found = answers(result_of("complications", nothing_happened), "complications")
    assert "kinds" not in tables_named(found["15"])


def test_the_dose_after_two_years_is_a_follow_up():
    found = answers(result_of("mccormick-2016", mccormick_cohort()), "mccormick-2016")
    assert "stability" in tables_named(found["17"]) & tables_named(found["14c"])
    assert found["12d"].state is State.MISSING


def test_pairs_of_readers_are_groups_wherever_they_are_named():
    """Without them neither the method nor the result of groups is there."""
    found = answers(result_of("reader-agreement"), "reader-agreement")
    assert found["12b"].state is found["17"].state is State.MISSING


def test_a_regression_that_was_not_fitted_is_not_named_among_the_methods():
    known = many_components()
    few = replace(known, patients=known.patients[:2])
    few, many = (
        answers(result_of("device-survival", cohort), "device-survival")["12a"]
        for cohort in (few, known)
    )
    assert "cox" in tables_named(many) - tables_named(few)


@pytest.mark.parametrize("key", ["mccormick-2016", "reader-agreement"])
def test_not_all_are_counted_where_some_find_no_partner(key):
    assert "All whom the filters leave are counted" not in answers(result_of(key), key)["10"].words


def test_a_table_without_the_columns_of_figures_has_no_figures():
    result = result_of("ct-accuracy", Cohort((operated_patient("p", "leak", SOUND),)))
    older = [
        {**one, "columns": one["columns"][:2], "rows": [row[:2] for row in one["rows"]]}
        if one["key"] in ("by_finding", "by_site")
        else one
        for one in result["tables"]
    ]
    assert answers(result, "ct-accuracy")["17"].state is State.IN_PART
    assert answers({**result, "tables": older}, "ct-accuracy")["17"].state is State.MISSING


@pytest.mark.parametrize("key", PROTOCOLS)
def test_every_column_that_is_looked_for_is_one_of_its_table(key):
    columns = {one.key: {c.key for c in one.columns} for one in PROTOCOLS[key].tables}
    for _, replies in PROTOCOLS[key].reporting:
        for reply in replies.values():
            for one in reply.evidence if isinstance(reply, Stands) else ():
                if isinstance(one, Rows):
                    assert set(one.columns) <= columns[one.key]
