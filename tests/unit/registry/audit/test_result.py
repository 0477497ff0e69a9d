import json
from dataclasses import replace

import pytest
from hypothesis import given

from registry.audit.canonical import canonical_bytes
from registry.audit.errors import UnknownNumberError
from registry.audit.facts import Cohort
from registry.audit.protocols import PROTOCOLS
from registry.audit.result import Curve, result_sha256
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_csv
from tests.factories.cohorts import AS_OF, abousamra_cohort, cohorts

PROTOCOL = PROTOCOLS["abousamra-2016"]

EVERYTHING = Filters()


def audited(cohort, filters=EVERYTHING):
    return run(PROTOCOL.key, cohort, filters=filters, as_of=AS_OF, code_version="1.0")


def test_the_json_has_the_agreed_shape():
    result = audited(abousamra_cohort()).to_json()
    assert set(result) == {
        *("protocol", "filters", "as_of", "code_version", "facts_sha256"),
        *("flow", "estimates", "tables", "curves"),
        *("unit", "pairing", "rules", "caveats", "synthetic"),
    }
    assert result["protocol"] == {"key": "abousamra-2016", "version": "1"}
    assert result["as_of"] == "2024-12-31"
    assert result["curves"] == []
    assert all(set(box) == {"key", "label", "n", "parent"} for box in result["flow"])
    assert all(
        set(estimate)
        == {
            *("key", "label", "numerator", "denominator", "value", "lower", "upper"),
            *("confidence", "method", "unit", "window", "published"),
        }
        for estimate in result["estimates"]
    )
    assert all(set(table) == {"key", "columns", "rows"} for table in result["tables"])


def test_a_curve_stands_in_json_and_csv_point_by_point():
    plain = audited(abousamra_cohort())
    curve = Curve("course", "Course of EAST", ("operation", "score"), ((1, 0.25), (2, None)))
    drawn = replace(plain, tally=replace(plain.tally, curves=(curve,))).to_json()
    assert drawn["curves"] == [
        {
            "key": "course",
            "label": "Course of EAST",
            "columns": ["operation", "score"],
            "points": [[1, 0.25], [2, None]],
        }
    ]
    (row,) = [row for row in audit_csv.rows(drawn, PROTOCOL) if row["section"] == "course"]
    assert (row["key"], row["value"]) == ("course.1.score", 0.25)


def test_the_json_says_how_many_of_the_counted_records_are_synthetic():
    cohort = abousamra_cohort()
    first, second, *others = (replace(one, synthetic=False) for one in cohort.patients)
    assert audited(Cohort((first, second, *others))).to_json()["synthetic"] is None
    mixed = Cohort((replace(first, synthetic=True), second, *others))
    assert "of 1 of the 295 counted patients" in audited(mixed).to_json()["synthetic"]
    elsewhere = Filters(centres=("NOWHERE",))
    assert audited(mixed, elsewhere).to_json()["synthetic"] is None


@given(cohorts())
def test_the_notice_counts_as_the_notes_do(cohort):
    result = audited(cohort)
    assert result.synthetic == len(result.members("data_notes.synthetic.patients"))


def test_what_depends_on_an_operation_says_within_how_many_days():
    for estimate in audited(abousamra_cohort()).to_json()["estimates"]:
        depends = estimate["key"].startswith(("verified_", "operated_"))
        assert ("180 days" in (estimate["window"] or "")) is depends
        assert estimate["unit"] == "patients"


@given(cohorts())
def test_the_json_is_strict_and_comes_back_as_it_went(cohort):
    result = audited(cohort).to_json()
    assert json.loads(canonical_bytes(result)) == result
    assert all(len(row) == len(t["columns"]) for t in result["tables"] for row in t["rows"])


@given(cohorts())
def test_no_patient_id_is_in_the_json(cohort):
    assert b"patient-" not in canonical_bytes(audited(cohort).to_json())


def test_an_infinite_number_is_refused():
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_bytes({"value": float("nan")})


def test_the_hash_does_not_depend_on_the_order_of_keys():
    result = audited(abousamra_cohort()).to_json()
    assert result_sha256(dict(reversed(result.items()))) == result_sha256(result)
    assert result_sha256(result | {"as_of": "2024-12-30"}) != result_sha256(result)


@given(cohorts())
def test_every_count_can_be_opened(cohort):
    """Box, numerator, denominator or table cell: as many patients as it says."""
    result = audited(cohort)
    for box in result.to_json()["flow"]:
        assert len(result.members(box["key"])) == box["n"]
    for estimate in result.to_json()["estimates"]:
        assert len(result.members(estimate["key"])) == estimate["numerator"]
        members = result.members(f"{estimate['key']}.denominator")
        assert len(members) == estimate["denominator"]
        assert set(result.members(estimate["key"])) <= set(members)
    everybody = {one.patient_id for one in cohort.patients}
    assert all(set(members) <= everybody for members in result.numbers().values())


@given(cohorts())
def test_every_count_in_a_table_can_be_opened(cohort):
    result = audited(cohort)
    for table in result.to_json()["tables"]:
        description = PROTOCOL.table(table["key"])
        assert [column.key for column in description.columns] == table["columns"]
        counted = [c.key for c in description.columns if c.counts]
        for row in table["rows"]:
            values = dict(zip(table["columns"], row, strict=True))
            for column in counted:
                if values[column] is not None and (row[0], column) in result_cells(result, table):
                    members = result.members(f"{table['key']}.{row[0]}.{column}")
                    assert len(members) == values[column]
                else:
                    assert values[column] is None or is_published(table, values)


def result_cells(result, table):
    return next(t.cells for t in result.tables if t.key == table["key"])


def is_published(table, values):
    """Only a row of somebody else's study has counts nobody here stands behind."""
    return table["key"] == "comparators" and values["source"] is not None


def test_keys_of_rows_are_unique():
    for table in audited(abousamra_cohort()).to_json()["tables"]:
        keys = [row[0] for row in table["rows"]]
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("key", ["", "nothing", "findings.leak", "findings.leak.label"])
def test_a_number_that_does_not_exist_is_named(key):
    with pytest.raises(UnknownNumberError, match="no number"):
        audited(abousamra_cohort()).members(key)


def test_a_result_cannot_be_changed():
    result = audited(abousamra_cohort())
    assert replace(result, code_version="2.0").to_json()["code_version"] == "2.0"
    with pytest.raises(AttributeError):
        result.code_version = "2.0"


def test_numbers_are_written_as_every_database_gives_them_back():
    """PostgreSQL's jsonb has no -0.0, and turns 1e16 into the integer."""
    curve = Curve(key="c", label="C", columns=("x", "y"), points=((-0.0, 1e16), (1e-300, 0.1)))
    result = audited(abousamra_cohort())
    tally = replace(result.tally, curves=(curve,))
    (said,) = replace(result, tally=tally).to_json()["curves"]
    assert canonical_bytes(said["points"]) == b"[[0.0,10000000000000000],[1e-300,0.1]]"
