"""Agreement of readers: who is compared with whom, and that every number has its studies."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.codes import Finding
from registry.audit.cohen_kappa import cohen_kappa
from registry.audit.facts import Cohort
from registry.audit.krippendorff import krippendorff_alpha
from registry.audit.many_readers import fleiss_kappa, gwet_ac1
from registry.audit.protocols.reader_agreement import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.cohorts import AS_OF, FIRST_DAY, read
from tests.factories.double_reads import read_twice


def audited(*patients):
    return run(
        PROTOCOL.key,
        Cohort(patients=tuple(patients)),
        filters=Filters(),
        as_of=AS_OF,
        code_version="1.0",
    )


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def test_coefficients_are_those_of_the_estimators():
    pairs = [("leak", "leak"), ("leak", "occlusion"), ("normal_crescent", "normal_crescent"),
             ("indeterminate", "leak"), ("normal_crescent", "normal_crescent")]  # fmt: skip
    result = audited(*(read_twice(f"s{n}", *pair) for n, pair in enumerate(pairs)))
    shown = rows(result, "between")
    first, second = zip(*pairs, strict=True)
    expected = {
        "cohen_finding": cohen_kappa(first, second, tuple(Finding)),
        "fleiss_finding": fleiss_kappa(pairs, tuple(Finding)),
        "ac1_finding": gwet_ac1(pairs, tuple(Finding)),
        "alpha_finding": krippendorff_alpha(pairs, tuple(Finding)),
    }
    for key, found in expected.items():
        row = shown[key]
        assert (row["agreeing"], row["pairs"], row["subjects"]) == (3, 5, 5)
        assert (row["coefficient"], row["coefficient_lower"], row["coefficient_upper"]) == (
            found.value, found.lower, found.upper,
        )  # fmt: skip
    assert shown["cohen_side"]["agreeing"] == 4
    assert shown["cohen_linear_certainty"]["reason"] == "only one answer was used"
    assert rows(result, "within")["cohen_finding"]["reason"] == "nothing was looked at twice"
    assert rows(result, "matrix_between")["leak"]["occlusion"] == 1
    assert result.members("matrix_between.leak.occlusion") == ("s1",)
    assert rows(result, "matrix_between")["occlusion"]["leak"] == 0


def test_second_looks_compare_with_the_same_readers_first_look_only():
    result = audited(
        read_twice("a", "leak", "occlusion", again="leak"),
        read_twice("b", "leak", again="normal_crescent"),
        read_twice("c", "leak"),
    )
    assert rows(result, "within")["cohen_finding"]["subjects"] == 2
    assert result.members("matrix_within.leak.normal_crescent") == ("b",)
    assert result.members("same_finding_again") == ("a",)
    assert result.members("several_readers") == ("a",)
    assert result.members("several_readers.denominator") == ("a", "b", "c")


def test_adjudications_are_no_readers():
    one = read_twice("a", "leak", "occlusion")
    (its_study,) = one.studies
    decided = replace(
        read("third", "leak", signed_on=FIRST_DAY + timedelta(9), reader_id="cy"),
        adjudicates=("a-0", "a-1"),
    )
    one = replace(one, studies=(replace(its_study, reads=(*its_study.reads, decided)),))
    result = audited(one)
    assert rows(result, "between")["cohen_finding"]["pairs"] == 1
    assert result.members("differed") == ("a",)


def test_a_pair_of_readers_with_few_studies_is_not_computed_and_nobody_is_named():
    few = [read_twice(f"f{n}", "leak", "leak") for n in range(4)]
    row = rows(audited(*few), "reader_pairs")["pair_1_2"]
    assert (row["studies"], row["equal"], row["kappa"]) == (4, None, None)
    assert row["reason"] == "fewer than 5 studies"
    mixed = [*few, read_twice("g", "normal_crescent", "normal_crescent", "leak")]
    shown = rows(audited(*mixed), "reader_pairs")
    assert list(shown) == ["pair_1_2", "pair_1_3", "pair_2_3"]
    assert (shown["pair_1_2"]["equal"], shown["pair_1_2"]["kappa"]) == (5, pytest.approx(1.0))
    assert not any(name in str(audited(*mixed).to_json()) for name in ("ann", "bob", "'cy'"))


answers = st.sampled_from(Finding)
read_studies = st.lists(
    st.tuples(st.lists(answers, max_size=3), st.none() | answers), max_size=8
).map(
    lambda drawn: [
        read_twice(f"s{n}", *findings, again=again) for n, (findings, again) in enumerate(drawn)
    ]
)


@settings(deadline=None, max_examples=25)
@given(read_studies)
def test_every_number_has_its_studies(patients):
    result = audited(*patients)
    for one in result.estimates:
        assert len(one.numerator) == one.estimate.numerator
        assert len(one.denominator) == one.estimate.denominator
        assert set(one.numerator) <= set(one.denominator)
    for table in result.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                members = table.cells.get((row[0], column))
                assert members is None or len(members) == cell
    several = next(box for box in result.flow.boxes if box.key == "read_by_several")
    assert sum(row["total"] for row in rows(result, "matrix_between").values()) == several.n
    for row in (*rows(result, "between").values(), *rows(result, "within").values()):
        assert (row["coefficient"] is None) is (row["reason"] is not None)
