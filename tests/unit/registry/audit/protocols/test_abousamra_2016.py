from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.codes import LeakSite
from registry.audit.facts import Cohort, Finding, StudyOutcome
from registry.audit.protocols import PROTOCOLS
from registry.audit.protocols.abousamra_2016 import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.cohorts import (
    AS_OF,
    abousamra_cohort,
    cohorts,
    filters,
    patient,
    studied_patient,
    surgery,
)

PUBLISHED_FLOW = {
    "patients": 295,
    "ct_studied": 27,
    "stopped_not_aspirable": 3,
    "completed": 24,
    "normal_not_operated": 8,
    "abnormal_not_operated": 0,
    "operated": 16,
    "operated_normal_crescent": 4,
    "operated_inadequate_pooling": 5,
    "operated_leak": 5,
    "operated_occlusion": 2,
}
"""doi:10.1111/dmcn.12893, abstract; 24 = 27 - 3 and 0 = 24 - 8 - 16 are derived."""

PARENTS = {
    "patients": None,
    "ct_studied": "patients",
    "stopped_not_aspirable": "ct_studied",
    "completed": "ct_studied",
    "normal_not_operated": "completed",
    "abnormal_not_operated": "completed",
    "operated": "completed",
    "operated_normal_crescent": "operated",
    "operated_inadequate_pooling": "operated",
    "operated_leak": "operated",
    "operated_occlusion": "operated",
}

EVERYTHING = Filters()


def audited(cohort, limits=EVERYTHING):
    return run("abousamra-2016", cohort, filters=limits, as_of=AS_OF, code_version="1.0")


def audited_patients(*patients):
    return audited(Cohort(patients))


def estimate(result, key):
    return next(e for e in result.to_json()["estimates"] if e["key"] == key)


def rows(result, table):
    found = next(t for t in result.to_json()["tables"] if t["key"] == table)
    return {row[0]: dict(zip(found["columns"], row, strict=True)) for row in found["rows"]}


def test_the_published_flow_comes_out_in_the_published_order():
    flow = audited(abousamra_cohort()).to_json()["flow"]
    assert [(box["key"], box["n"]) for box in flow] == list(PUBLISHED_FLOW.items())
    assert {box["key"]: box["parent"] for box in flow} == PARENTS
    assert tuple(PUBLISHED_FLOW) == PROTOCOL.flow_keys


def test_every_published_figure_is_reproduced_with_its_interval():
    for e in audited(abousamra_cohort()).to_json()["estimates"]:
        if e["published"] is not None:
            for name in (
                "numerator",
                "denominator",
                "value",
                "lower",
                "upper",
                "confidence",
            ):
                assert e[name] == e["published"][name], e["key"]


def test_the_published_figures_are_these():
    published = {
        e["key"]: (e["published"]["numerator"], e["published"]["denominator"])
        for e in audited(abousamra_cohort()).to_json()["estimates"]
        if e["published"] is not None
    }
    assert published == {
        "ct_rate": (27, 295),
        "not_aspirable": (3, 27),
        "study_yield": (12, 24),
        "verified_abnormal": (12, 12),
        "verified_normal": (4, 12),
        "finding_normal_crescent": (12, 24),
        "finding_inadequate_pooling": (5, 24),
        "finding_leak": (5, 24),
        "finding_occlusion": (2, 24),
        "operated_finding_normal_crescent": (4, 16),
        "operated_finding_inadequate_pooling": (5, 16),
        "operated_finding_leak": (5, 16),
        "operated_finding_occlusion": (2, 16),
    }


def test_leak_sites_have_no_published_split_because_the_abstract_gives_none():
    result = audited(abousamra_cohort())
    assert all(estimate(result, f"leak_site_{site}")["published"] is None for site in LeakSite)
    assert all(row["published"] is None for row in rows(result, "leak_sites").values())
    assert "does not state" in PROTOCOL.table("leak_sites").note


def test_delhaas_stands_beside_the_rates_it_also_gives():
    table = rows(audited(abousamra_cohort()), "comparators")
    assert (
        table["not_aspirable_2"]["numerator"],
        table["not_aspirable_2"]["denominator"],
    ) == (
        17,
        70,
    )
    assert table["not_aspirable_2"]["unit"] == "procedures"
    assert (
        table["study_yield_2"]["numerator"],
        table["study_yield_2"]["denominator"],
    ) == (19, 50)


@given(cohorts(), filters)
def test_every_box_equals_what_enters_minus_what_leaves(cohort, limits):
    flow = audited(cohort, limits).to_json()["flow"]
    below = {box["key"]: [b["n"] for b in flow if b["parent"] == box["key"]] for box in flow}
    for box in flow:
        if box["key"] == "patients":
            assert sum(below["patients"]) <= box["n"]
        elif below[box["key"]]:
            assert sum(below[box["key"]]) == box["n"]


@given(cohorts(), filters)
def test_members_of_a_box_are_shared_out_among_its_children(cohort, limits):
    flow = audited(cohort, limits).flow
    for box in flow.boxes:
        children = flow.children(box.key)
        if children:
            assert sorted(m for child in children for m in child.members) == list(box.members)


@given(cohorts(), filters)
def test_the_fixed_boxes_are_always_printed_and_others_only_with_somebody_in_them(cohort, limits):
    flow = audited(cohort, limits).to_json()["flow"]
    printed = [box["key"] for box in flow]
    assert [key for key in printed if key in PROTOCOL.flow_keys] == list(PROTOCOL.flow_keys)
    assert all(box["n"] > 0 for box in flow if box["key"] not in PROTOCOL.flow_keys)


@given(cohorts(), filters)
def test_not_aspirable_is_never_an_occlusion_nor_any_other_finding(cohort, limits):
    result = audited(cohort, limits)
    stopped = set(result.members("stopped_not_aspirable"))
    for key in ("completed", *(f"finding_{finding}" for finding in Finding)):
        assert not stopped & set(result.members(key))


@given(cohorts())
def test_one_more_normal_study_without_operation_moves_exactly_one_box(cohort):
    one_more = studied_patient("added", finding=Finding.NORMAL_CRESCENT)
    before = audited(cohort).flow
    after = audited(Cohort((*cohort.patients, one_more))).flow
    moved = {b.key for b in after.boxes if b.n != before.box(b.key).n}
    assert moved == {"patients", "ct_studied", "completed", "normal_not_operated"}
    leaves = {key for key in moved if not after.children(key)}
    assert leaves == {"normal_not_operated"}
    assert all(after.box(key).n == before.box(key).n + 1 for key in moved)


@given(cohorts(), st.sampled_from(Finding))
def test_an_operation_moves_a_patient_from_its_not_operated_to_its_operated_box(cohort, finding):
    before = audited(Cohort((*cohort.patients, studied_patient("x", finding=finding)))).flow
    operated = studied_patient("x", finding=finding, operated_after_days=5)
    after = audited(Cohort((*cohort.patients, operated))).flow
    gained = {b.key for b in after.boxes if b.n > before.box(b.key).n}
    lost = {b.key for b in after.boxes if b.n < before.box(b.key).n}
    assert gained == {"operated", f"operated_{finding}"}
    assert len(lost) == 1
    assert lost < {
        "normal_not_operated",
        "abnormal_not_operated",
        "indeterminate_not_operated",
    }


@pytest.mark.parametrize(
    ("attributes", "leaf"),
    [
        ({"outcome": StudyOutcome.STOPPED_NOT_ASPIRABLE}, "stopped_not_aspirable"),
        (
            {"outcome": StudyOutcome.STOPPED_NOT_ASPIRABLE, "operated_after_days": 3},
            "stopped_not_aspirable",
        ),
        ({"outcome": StudyOutcome.STOPPED_OTHER}, "stopped_other"),
        ({"finding": Finding.NORMAL_CRESCENT}, "normal_not_operated"),
        ({"finding": Finding.MALPOSITION}, "abnormal_not_operated"),
        ({"finding": Finding.INDETERMINATE}, "indeterminate_not_operated"),
        ({}, "not_read"),
        ({"operated_after_days": 1}, "operated_not_read"),
        (
            {"finding": Finding.MALPOSITION, "operated_after_days": 1},
            "operated_malposition",
        ),
        (
            {"finding": Finding.INDETERMINATE, "operated_after_days": 1},
            "operated_indeterminate",
        ),
        (
            {"finding": Finding.OCCLUSION, "operated_after_days": 180},
            "operated_occlusion",
        ),
        (
            {"finding": Finding.OCCLUSION, "operated_after_days": 181},
            "abnormal_not_operated",
        ),
    ],
)
def test_each_course_ends_in_its_box(attributes, leaf):
    result = audited_patients(studied_patient("p", **attributes))
    printed = [b for b in result.flow.printed if b.n and not result.flow.children(b.key)]
    assert [b.key for b in printed] == [leaf]


def test_indeterminate_and_unread_studies_stay_in_the_denominator():
    result = audited_patients(
        studied_patient("a", finding=Finding.LEAK),
        studied_patient("b", finding=Finding.INDETERMINATE),
        studied_patient("c"),
        studied_patient("d", outcome=StudyOutcome.STOPPED_OTHER),
    )
    assert (estimate(result, "study_yield")["numerator"]) == 1
    assert (estimate(result, "study_yield")["denominator"]) == 3
    assert estimate(result, "not_aspirable")["denominator"] == 4
    assert rows(result, "findings")["not_read"]["completed"] == 1
    assert rows(result, "findings")["total"]["completed"] == 3


def test_a_leak_at_two_sites_counts_at_both():
    result = audited_patients(
        studied_patient(
            "a",
            finding=Finding.LEAK,
            leak_sites=(
                LeakSite.LUMBAR_OUTSIDE_CANAL,
                LeakSite.PUMP_POCKET_AROUND_PUMP,
            ),
        ),
        studied_patient("b", finding=Finding.LEAK),
    )
    table = rows(result, "leak_sites")
    assert table["lumbar_outside_canal"]["patients"] == 1
    assert table["pump_pocket_around_pump"]["patients"] == 1
    assert table["site_not_recorded"]["patients"] == 1
    assert {row["leaks"] for row in table.values()} == {2}
    assert result.members("leak_sites.site_not_recorded.patients") == ("b",)


def test_without_a_leak_its_sites_are_undefined():
    table = rows(audited_patients(patient("p")), "leak_sites")
    assert {row["value"] for row in table.values()} == {None}


def test_verification_is_shown_by_result_and_blindness():
    not_blind = studied_patient("late", finding=Finding.LEAK, operated_after_days=1)
    result = audited_patients(
        studied_patient("a", finding=Finding.LEAK, operated_after_days=2),
        not_blind,
        studied_patient("n", finding=Finding.NORMAL_CRESCENT),
        studied_patient(
            "s",
            outcome=StudyOutcome.STOPPED_NOT_ASPIRABLE,
            finding="leak",
            operated_after_days=9,
        ),
    )
    table = rows(result, "verification")
    leak = table["leak"]
    assert (leak["studied"], leak["operated"], leak["not_operated"]) == (2, 2, 0)
    assert (leak["read_blind"], leak["read_not_blind"]) == (1, 1)
    assert table["stopped_not_aspirable"]["operated"] == 1
    assert table["stopped_not_aspirable"]["read_blind"] is None
    assert table["total"]["operated"] == 3
    assert result.members("verification.leak.read_not_blind") == ("late",)
    assert result.members("data_notes.read_not_blind.patients") == ("late",)


@given(cohorts(), filters)
def test_the_tables_agree_with_the_flow(cohort, limits):
    result = audited(cohort, limits)
    flow = result.flow
    findings, verification = rows(result, "findings"), rows(result, "verification")
    assert findings["total"]["completed"] == flow.box("completed").n
    assert findings["total"]["operated"] == flow.box("operated").n
    assert verification["total"]["studied"] == flow.box("ct_studied").n
    for key, row in findings.items():
        assert row["completed"] == row["operated"] + row["not_operated"]
        if key != "total":
            assert row["operated"] == flow.box(f"operated_{key}").n
            assert row["completed"] == verification[key]["studied"]


def test_the_data_notes_say_what_the_numbers_hide():
    several = studied_patient("several", finding=Finding.LEAK, operated_after_days=3)
    later = replace(several.studies[0], study_id="x", performed_on=date(2023, 3, 4), reads=())
    outside = replace(studied_patient("outside"), therapy_from=date(2024, 12, 31), died_on=None)
    result = audited(
        Cohort(
            (
                replace(several, studies=(*several.studies, later)),
                replace(outside, therapy_from=None),
                replace(studied_patient("synthetic", finding=Finding.LEAK), synthetic=True),
            )
        )
    )
    notes = {
        key: result.members(f"data_notes.{key}.patients") for key in rows(result, "data_notes")
    }
    assert notes["several_studies"] == ("several",)
    assert notes["index_not_first"] == ("several",)
    assert notes["several_candidates"] == ("several",)
    assert notes["not_read"] == ("outside", "several")
    assert notes["therapy_start_unknown"] == ("outside",)
    assert notes["synthetic"] == ("synthetic",)
    assert notes["leak_site_not_recorded"] == ("synthetic",)
    assert notes["study_outside_therapy"] == ()


def test_operations_without_a_study_and_further_reads_are_noted():
    one = studied_patient("p", finding=Finding.LEAK, operated_after_days=3)
    other = studied_patient("q", finding=Finding.LEAK)
    (study,) = one.studies
    again = replace(study.reads[0], read_id="again")
    one = replace(
        one,
        studies=(replace(study, reads=(*study.reads, again)),),
        surgeries=(*one.surgeries, surgery("before", on=date(2020, 1, 1))),
    )
    result = audited_patients(one, other)
    assert result.members("data_notes.surgery_without_study.patients") == ("p",)
    assert result.members("data_notes.several_reads.patients") == ("p",)


def test_a_study_outside_the_therapy_dates_is_counted_and_noted():
    one = replace(studied_patient("p", finding="leak"), therapy_from=date(2025, 1, 1))
    result = audited_patients(one)
    assert result.members("ct_studied") == ("p",)
    assert result.members("data_notes.study_outside_therapy.patients") == ("p",)


def test_the_caveats_name_verification_units_not_aspirable_and_intervals():
    caveats = " ".join(audited(abousamra_cohort()).to_json()["caveats"])
    for phrase in (
        "depends on its result",
        "Counts are patients",
        "Not aspirable",
        "Clopper-Pearson",
    ):
        assert phrase in caveats


def test_the_window_is_marked_as_a_proposal():
    pairing = audited(abousamra_cohort()).to_json()["pairing"]
    assert (pairing["version"], pairing["window_days"]) == ("pairing-1", 180)
    assert "[proposal]" in pairing["text"]


def test_the_protocol_is_listed_by_its_key():
    assert PROTOCOLS["abousamra-2016"] is PROTOCOL
    assert all(key == protocol.key for key, protocol in PROTOCOLS.items())
    assert "10.1111/dmcn.12893" in PROTOCOL.citation.text
    assert PROTOCOL.question.endswith("?")
