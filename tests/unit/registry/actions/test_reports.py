"""A frozen report holds its facts, and what took them out of the registry is written down."""

import json
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from registry import actions, queries
from registry.audit.result import Curve, result_sha256
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.audit.stored_facts import cohort_from_json
from registry.models import AuditReport, HistoryEvent
from tests.factories import audited_records
from tests.factories import registry_records as make
from tests.one_world import built_once

pytestmark = pytest.mark.django_db


def a_frozen_report():
    centre = make.centre()
    auditor = make.user(at_centre=centre)
    audited_records.fill(centre, by=auditor)
    return centre, auditor, make.report(of=centre, by=auditor)


built = built_once(a_frozen_report)


@pytest.fixture
def centre(built):
    return built[0]


@pytest.fixture
def auditor(built):
    return built[1]


@pytest.fixture
def report(built):
    return AuditReport.objects.get(pk=built[2].pk)


def test_a_report_holds_the_facts_its_numbers_were_counted_from(report, auditor):
    kept = cohort_from_json(json.dumps(report.facts))
    assert kept == queries.audit_facts.cohort(viewer=auditor, centre_codes=["NORTH"])
    assert report.facts_sha256 == report.results["facts_sha256"]
    assert report.results_sha256 == result_sha256(report.results)


def test_extreme_numbers_keep_their_hash_in_every_database(centre, auditor):
    cohort = queries.audit_facts.cohort(viewer=auditor, centre_codes=["NORTH"])
    result = run(
        "abousamra-2016", cohort, filters=Filters(centres=("NORTH",)), as_of=make.NOW.date(),
        code_version="tests",
    )  # fmt: skip
    points = ((-0.0, 1e16, 1e-300, 5e-324, 0.1, 2.5e22, -1e17, 1.0),)
    curve = Curve(key="c", label="C", columns=tuple("abcdefgh"), points=points)
    report = actions.reports.freeze(
        result=replace(result, tally=replace(result.tally, curves=(curve,))),
        cohort=cohort, title="Extremes", by=auditor, at=make.NOW,
    )  # fmt: skip
    kept = AuditReport.objects.get(pk=report.pk)
    assert result_sha256(kept.results) == kept.results_sha256


def test_the_facts_stay_when_the_registry_moves_on(report, centre, auditor):
    make.patient(by=auditor, at_centre=centre)
    kept = AuditReport.objects.get()
    assert len(kept.facts["patients"]) == len(audited_records.EVERY_KIND)
    assert queries.reports.recomputed(kept).to_json()["flow"] == kept.results["flow"]


def test_each_centre_of_the_report_has_the_event_with_both_hashes(report):
    event = HistoryEvent.objects.get(action="report.freeze")
    assert (event.chain.code, event.object_id) == ("NORTH", report.public_id)
    assert event.changes["facts_sha256"] == [None, report.facts_sha256]
    assert event.changes["results_sha256"] == [None, report.results_sha256]


@pytest.mark.parametrize("change", [{"title": "x"}, {"results": {}}, {"facts": {}}])
def test_the_database_refuses_to_change_a_report(report, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditReport.objects.filter(pk=report.pk).update(**change)


@pytest.mark.parametrize(
    "removal",
    [lambda report: report.delete(), lambda report: report.centres.clear()],
    ids=["the report", "its centres"],
)
def test_the_database_refuses_to_remove_a_report_or_whose_it_is(report, removal):
    with pytest.raises(IntegrityError), transaction.atomic():
        removal(report)


def test_taking_the_facts_out_is_an_event(report, auditor):
    actions.reports.export_bundle(report=report, by=auditor, at=make.NOW)
    event = HistoryEvent.objects.get(action="report.export_bundle")
    assert (event.actor, event.object_id) == (auditor, report.public_id)
