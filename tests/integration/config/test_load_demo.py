"""The demonstration as it stands in the database: loaded once, with small synthetic CTs."""

import io
from collections import Counter
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from imaging import queries as imaging_queries
from imaging.models import IngestRun
from registry import queries
from registry.audit.protocols import PROTOCOLS
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.models import (
    Assessment,
    Complication,
    Component,
    ContrastStudy,
    DoseSetting,
    HistoryEvent,
    Membership,
    OutcomeReview,
    Patient,
    Read,
    Refill,
    RevisionCase,
    RevisionSurgery,
    Role,
    ScreeningTest,
    StudyLink,
    User,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SMALL = (18, 48, 48)
RECORDS = (
    Patient, Component, RevisionCase, ContrastStudy, Read, RevisionSurgery, StudyLink,
    ScreeningTest, DoseSetting, Refill, Assessment, OutcomeReview, Complication,
)  # fmt: skip

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
"""doi 10.1111/dmcn.12893, abstract."""


def load():
    answer = io.StringIO()
    call_command("load_demo", shape=SMALL, stdout=answer)
    return answer.getvalue()


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration, in a transaction that is rolled back after the module."""
    data = tmp_path_factory.mktemp("demo")
    (data / "spool").mkdir()
    folders = override_settings(CRESCENT_DATA=data, FILE_UPLOAD_TEMP_DIR=data / "spool")
    around = transaction.atomic()
    # As of a TestCase: what is committed for good elsewhere may be nested in it.
    around._from_testcase = True
    with django_db_blocker.unblock(), folders, around:
        yield load()
        transaction.set_rollback(True)


def account(username):
    return queries.people.by_username(username)


def audited(centre_codes):
    cohort = queries.audit_facts.cohort(viewer=account("auditor"), centre_codes=centre_codes)
    result = run(
        "abousamra-2016",
        cohort,
        filters=Filters(),
        as_of=date(2100, 1, 1),
        code_version="test",
    )
    return {box["key"]: box["n"] for box in result.to_json()["flow"]}


def test_the_audit_counts_what_the_abstract_prints():
    flow = audited(["DEMO", "OTHER"])
    assert {key: flow[key] for key in PUBLISHED_FLOW} == PUBLISHED_FLOW


def test_the_theatre_list_shows_what_was_missed_on_either_side():
    cohort = queries.audit_facts.cohort(
        viewer=account("auditor"), centre_codes=["DEMO"], needs=PROTOCOLS["data-quality"].needs
    )
    result = run(
        "data-quality", cohort, filters=Filters(), as_of=date(2100, 1, 1), code_version="test"
    )
    tables = {table["key"]: table["rows"] for table in result.to_json()["tables"]}
    lines = {key: count for key, _label, count in tables["theatre_lines"] if count}
    assert lines == {"found": 20, "not_logged": 1, "nobody": 1, "duplicate": 1, "total": 23}
    ((_, _, only_listed, both, only_logged, *_, other_day),) = tables["ascertainment"]
    assert (only_listed, both, only_logged, other_day) == (2, 20, 1, 1)


def test_the_auditor_can_audit_each_centre_alone():
    assert audited(["DEMO"])["ct_studied"] == 22
    assert audited(["OTHER"])["ct_studied"] == 5


def test_loading_again_changes_nothing(demo):
    events = HistoryEvent.objects.count()
    runs = IngestRun.objects.count()
    assert demo.endswith("The demo is loaded.\n")
    assert load() == "The demo is loaded.\n"
    assert HistoryEvent.objects.count() == events
    assert IngestRun.objects.count() == runs


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_record_says_that_it_is_synthetic(kind):
    assert not kind.objects.filter(synthetic_fields=[]).exists()


def test_no_record_marks_a_stated_fact_as_synthetic_or_claims_an_unstated_one():
    for study in ContrastStudy.objects.all():
        marked = set(study.synthetic_fields)
        assert "outcome" not in marked
        assert {"performed_on", "modality", "contrast_ml", "next_step"} <= marked
        assert ("aspiration" in marked) == (study.outcome == "completed")
    second = account("reader2")
    for read in Read.objects.exclude(reader=second).prefetch_related("findings"):
        assert "primary_finding" not in read.synthetic_fields
        occlusion = read.findings.get().code == "occlusion"
        assert ("finding_sites" in read.synthetic_fields) == (not occlusion)
    for read in Read.objects.filter(reader=second):
        assert {"primary_finding", "finding_sites", "certainty"} <= set(read.synthetic_fields)
    battery = [s for s in RevisionSurgery.objects.all() if "indication" not in s.synthetic_fields]
    assert [surgery.indication for surgery in battery] == ["battery_eri"] * 4


def test_every_change_is_in_a_sound_history():
    for chain in ("DEMO", "OTHER", "_installation"):
        assert (
            queries.history.first_broken_link(chain, key=django_settings.CRESCENT_HISTORY_KEY)
            is None
        )
    logged = Counter(HistoryEvent.objects.values_list("action", flat=True))
    assert logged["patient.add"] == 295
    assert logged["contrast_study.log"] == 27
    assert logged["read.sign"] == 24 + 3
    assert logged["adjudication.sign"] == 1
    assert logged["study_link.confirm"] == 6
    assert logged["complication.log"] == 3 + 3
    assert (
        min(logged[action] for action in ("screening_test.log", "dose_setting.log", "refill.log"))
        >= 30
    )


def test_nobody_is_a_superuser_and_readers_read_only():
    assert not User.objects.filter(is_superuser=True).exists()
    readers = Membership.objects.filter(role=Role.READER).values("user")
    others = Membership.objects.filter(user__in=readers).exclude(role=Role.READER)
    assert not others.exists()


def test_each_linked_image_carries_the_number_of_its_patient():
    links = list(StudyLink.objects.select_related("study", "contrast_study__case__patient"))
    assert len(links) == 6
    for link in links:
        assert link.subject_agrees == "yes"
        assert link.study.subject_key == link.contrast_study.case.patient.subject_key
        assert link.study.study_date == link.contrast_study.performed_on


def test_every_image_came_in_whole_through_the_door():
    manager = account("manager")
    studies = imaging_queries.studies(viewer=manager)
    assert studies.count() == 7
    assert set(IngestRun.objects.values_list("source", flat=True)) == {"command_line"}
    for study in studies:
        series = study.series.get()
        assert series.instances.count() == SMALL[0]
        assert "even_spacing" in series.geometry_codes


def test_one_image_waits_to_be_linked_and_its_contrast_study_is_proposed_first():
    manager = account("manager")
    study = queries.study_links.unlinked(viewer=manager).get()
    best = queries.study_links.candidates(viewer=manager, study=study)[0]
    assert (best.stops, best.days_apart, best.has_images) == (False, 0, False)


def test_the_reading_list_holds_signed_and_waiting_studies():
    readable = queries.contrast_studies.readable(viewer=account("reader"))
    assert Counter(readable.values_list("read_by_viewer", flat=True)) == {True: 4, False: 2}
    waiting = {
        name: len(queries.reading_tasks.waiting(viewer=account(name), at=timezone.now()))
        for name in ("reader", "reader2", "reader3", "reader-other")
    }
    assert waiting == {"reader": 2, "reader2": 3, "reader3": 3, "reader-other": 0}


def test_each_read_from_images_measures_the_contrast_it_saw():
    manager = account("manager")
    reads = [one for one in queries.reads.visible(viewer=manager) if one.source == "images_here"]
    assert len(reads) == 7
    for read in reads:
        assert read.images_shown
        assert read.key_images.count() == 1
        ellipse, reach = read.measurements.order_by("number")
        assert (ellipse.kind, reach.kind) == ("ellipse", "length")
        assert ellipse.mean_hu > 200, "contrast is brighter than any soft tissue"
        assert reach.length_mm > 0
        assert {"measurements", "key_images"} <= set(read.synthetic_fields)


def test_two_reads_agree_differ_and_were_decided():
    third = account("reader3")
    (pair,) = queries.adjudications.waiting(viewer=third)
    assert [field.value for field in pair.disputed] == ["sites"]
    (decision,) = queries.adjudications.visible(viewer=account("manager"))
    assert decision.adjudicator == third
    assert decision.findings.get().code == "occlusion"
    assert {decision.read_a.reader, decision.read_b.reader} == {
        account("reader"),
        account("reader2"),
    }
    assert "reason" in decision.synthetic_fields
    assert "read_a" not in decision.synthetic_fields


def test_people_of_the_other_centre_see_their_patients_only():
    visible = queries.patients.visible(viewer=account("surgeon-other"))
    assert visible.count() == 55
    assert set(visible.values_list("centre__code", flat=True)) == {"OTHER"}
    assert queries.patients.visible(viewer=account("demo")).count() == 295


def test_a_removed_component_names_the_operation_that_took_it_out():
    removed = Component.objects.filter(removed_on__isnull=False).select_related("removed_by")
    explanted = removed.filter(removed_by__procedures__code="pump_explant_no_replacement")
    assert Counter(explanted.values_list("kind", flat=True)) == {
        "pump": 3,
        "pump_segment": 3,
        "spinal_segment": 3,
    }
    replaced = removed.exclude(pk__in=explanted)
    assert replaced.count() > 40
    for component in replaced:
        successor = component.removed_by.placed_components.get(kind=component.kind)
        assert successor.implanted_on == component.removed_on
        assert component.removal_reason == component.removed_by.indication


def test_open_cases_wait_in_the_lists():
    open_cases = RevisionCase.objects.filter(closed_on__isnull=True)
    stopped = open_cases.filter(contrast_studies__outcome="stopped_not_aspirable")
    assert open_cases.count() == 9
    assert stopped.count() == 3
