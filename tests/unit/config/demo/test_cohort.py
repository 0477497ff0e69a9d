"""The planned cohort has the counts of the abstract and is plausible otherwise."""

from collections import Counter
from datetime import date, timedelta

import pytest

from config.demo.cohort import plan_cohort
from config.demo.people import DEMO, OTHER
from imaging.dicom.phantom import PhantomFinding
from registry.vocabulary import DeviceModel

COHORT = plan_cohort()
STUDIED = [plan for plan in COHORT if plan.episode and plan.episode.study]
COMPLETED = [plan for plan in STUDIED if plan.episode.study.read]
OPERATED = [plan for plan in STUDIED if plan.episode.surgery]
IMAGED = [plan.episode.study.image for plan in STUDIED if plan.episode.study.image]
CASES = [plan for plan in COHORT if plan.episode]

ABSTRACT = "doi 10.1111/dmcn.12893, abstract"


def findings(plans):
    return Counter(plan.episode.study.read.finding for plan in plans)


def test_flow_is_that_of_the_abstract():
    """295 patients, 27 studied, 3 stopped, 8 normal without operation, 16 operated."""
    outcomes = Counter(plan.episode.study.fields["outcome"] for plan in STUDIED)
    unoperated = [plan for plan in COMPLETED if plan not in OPERATED]
    assert len(COHORT) == 295
    assert outcomes == {"completed": 24, "stopped_not_aspirable": 3}
    assert findings(unoperated) == {"normal_crescent": 8}
    assert findings(OPERATED) == {
        "normal_crescent": 4,
        "inadequate_pooling": 5,
        "leak": 5,
        "occlusion": 2,
    }


def test_normal_studies_were_operated_on_for_the_battery_only():
    indications = {
        plan.episode.surgery.fields["indication"]
        for plan in OPERATED
        if plan.episode.study.read.finding == "normal_crescent"
    }
    assert indications == {"battery_eri"}


def test_leaks_cover_the_three_published_sites_and_no_other():
    sites = Counter(
        site
        for plan in COMPLETED
        if plan.episode.study.read.finding == "leak"
        for site in plan.episode.study.read.sites
    )
    assert set(sites) == {
        "pump_pocket_around_pump",
        "lumbar_canal_below_entry",
        "lumbar_outside_canal",
    }
    assert sites.total() == 5


def test_both_centres_have_patients_with_studies():
    assert Counter(plan.centre_code for plan in COHORT) == {DEMO: 240, OTHER: 55}
    assert Counter(plan.centre_code for plan in STUDIED) == {DEMO: 22, OTHER: 5}


def test_two_calls_plan_the_same_cohort():
    assert plan_cohort() == COHORT


def test_what_became_of_the_stopped_studies_is_left_open():
    stopped = [plan.episode for plan in STUDIED if plan not in COMPLETED]
    assert len(stopped) == 3
    for episode in stopped:
        assert episode.surgery is None
        assert episode.closed_on is None
        assert "next_step" not in episode.study.fields
        assert episode.study.fields["contrast_injected"] == "no"


def test_every_image_belongs_to_the_first_centre_and_shows_the_finding_of_its_read():
    for plan in STUDIED:
        study = plan.episode.study
        if study.image:
            assert plan.centre_code == DEMO
            assert study.image.finding.value.startswith(study.read.finding)
            if study.read.finding == "leak":
                assert study.image.finding.value == f"leak_{study.read.sites[0]}"


def test_each_finding_has_one_linked_image_and_one_image_waits_to_be_linked():
    linked = Counter(image.finding for image in IMAGED if image.linked)
    assert linked == Counter(
        {
            PhantomFinding.NORMAL_CRESCENT: 1,
            PhantomFinding.INADEQUATE_POOLING: 1,
            PhantomFinding.LEAK_PUMP_POCKET_AROUND_PUMP: 1,
            PhantomFinding.LEAK_LUMBAR_CANAL_BELOW_ENTRY: 1,
            PhantomFinding.LEAK_LUMBAR_OUTSIDE_CANAL: 1,
            PhantomFinding.OCCLUSION: 1,
        }
    )
    assert [image.finding for image in IMAGED if not image.linked] == [
        PhantomFinding.NORMAL_CRESCENT
    ]
    assert len({image.seed for image in IMAGED}) == 7


def test_some_linked_studies_are_read_from_the_images_and_some_wait_for_a_reader():
    read_here = Counter(image.read_here for image in IMAGED if image.linked)
    assert read_here == {True: 4, False: 2}


@pytest.mark.parametrize("plan", CASES, ids=lambda plan: plan.local_number)
def test_days_of_the_cases_of_a_patient_follow_each_other(plan):
    days = [plan.components[0]["implanted_on"]]
    for episode in plan.episodes:
        days.append(episode.fields["opened_on"])
        days += [step.performed_on for step in episode.workup]
        if episode.study:
            days.append(episode.study.performed_on)
        days += [surgery.performed_on for surgery in episode.surgeries]
        if episode.closed_on:
            days.append(episode.closed_on)
    assert days == sorted(days)
    assert date(2009, 1, 1) <= plan.episode.fields["opened_on"]
    assert days[-1] <= date(2014, 12, 31)


def test_operations_follow_their_study_within_weeks():
    for plan in OPERATED:
        interval = plan.episode.surgery.fields["performed_on"] - plan.episode.study.performed_on
        assert timedelta(days=1) < interval <= timedelta(days=120)


def test_patients_are_children_when_the_system_is_implanted():
    for plan in COHORT:
        age_days = (plan.components[0]["implanted_on"] - plan.birth_date).days
        assert 4 * 365 <= age_days <= 16 * 366
        assert plan.fields["birth_year"] == plan.birth_date.year


def test_contrast_is_labelled_for_intrathecal_use_and_one_to_two_ml():
    for plan in COMPLETED:
        fields = plan.episode.study.fields
        assert fields["contrast_product"] in ("iohexol_180", "iohexol_240")
        assert fields["contrast_product"] == f"iohexol_{fields['mg_iodine_per_ml']}"
        assert 1 <= fields["contrast_ml"] <= 2


def test_every_system_has_a_pump_with_an_access_port_and_one_catheter():
    for plan in COHORT:
        pump, *catheter = plan.components
        model = DeviceModel.get(pump["model"])
        assert pump["reservoir_ml"] == model.reservoir_ml
        assert model.has_access_port is not False
        assert len({part["model"] for part in catheter}) == 1
        assert {part["kind"] for part in catheter} >= {"pump_segment", "spinal_segment"}


def test_no_pump_outlives_its_battery_unreplaced():
    """SynchroMed II stops at seven years (vocabulary, S53)."""
    for plan in CASES:
        if plan.episode.surgery and plan.episode.surgery.fields["indication"] == "battery_eri":
            service = (
                plan.episode.surgery.fields["performed_on"] - plan.components[0]["implanted_on"]
            )
            assert timedelta(days=5.5 * 365) < service < timedelta(days=7 * 365)


def test_names_cannot_be_taken_for_those_of_people():
    assert all(plan.name.startswith("Synthetic ") for plan in COHORT)
    assert len({plan.local_number for plan in COHORT}) == 295


def test_replacements_are_of_a_kind_the_patient_has_and_nothing_is_taken_out_twice():
    for plan in CASES:
        in_place = kinds = {part["kind"] for part in plan.components}
        for surgery in (one for episode in plan.episodes for one in episode.surgeries):
            placed = {part["kind"] for part in surgery.replacements}
            assert placed <= kinds
            assert set(surgery.explanted) <= in_place
            in_place = in_place - set(surgery.explanted) | placed


def test_some_were_revised_again_and_none_of_them_had_a_contrast_study():
    revised = [len(plan.episodes[1:]) for plan in CASES if plan.further]
    assert len(revised) == 10
    assert max(revised) == 2
    assert not any(plan.episode.study for plan in CASES if plan.further)
    causes = {
        surgery.fields["indication"]
        for plan in CASES
        for episode in plan.further
        for surgery in episode.surgeries
    }
    assert {"infection_deep_pocket", "motor_stall", "catheter_fracture_or_tear"} < causes
