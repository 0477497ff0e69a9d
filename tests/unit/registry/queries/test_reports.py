"""Frozen reports: which one may see, and whether they still come out the same."""

import copy

import pytest

from registry import actions
from registry.audit.errors import AuditError
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.models import AuditReport, Role
from registry.presenters import report_bundle
from registry.queries import audit_facts, reports
from tests.factories import registry_records as make


@pytest.fixture
def report(north):
    return make.report(of=north.centre, by=north.logged_by)


def of_both(north, south):
    auditor = make.user(at_centre=north.centre, roles=[Role.AUDITOR])
    actions.people.set_roles(
        user=auditor, centre=south.centre, roles=[Role.AUDITOR], by=None, at=make.NOW
    )
    cohort = audit_facts.cohort(viewer=auditor, centre_codes=["NORTH", "SOUTH"])
    result = run(
        "abousamra-2016",
        cohort,
        filters=Filters(centres=("NORTH", "SOUTH")),
        as_of=make.NOW.date(),
        code_version="tests",
    )
    report = actions.reports.freeze(
        result=result, cohort=cohort, title="Both", by=auditor, at=make.NOW
    )
    return auditor, report


def test_a_report_is_seen_by_who_may_audit_all_of_its_centres(north, south, report):
    auditor, both = of_both(north, south)
    assert set(reports.visible(viewer=auditor)) == {report, both}
    assert list(reports.visible(viewer=north.logged_by)) == [report]
    assert list(reports.visible(viewer=south.logged_by)) == []


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.READER, Role.ADMINISTRATOR])
def test_who_may_not_audit_sees_no_report(north, report, role):
    assert not reports.visible(viewer=make.user(at_centre=north.centre, roles=[role])).exists()


def test_the_list_leaves_the_megabytes_where_they_are(north, report, django_assert_num_queries):
    (listed,) = reports.listing(viewer=north.logged_by)
    assert listed.get_deferred_fields() == {"facts", "results"}
    with django_assert_num_queries(0):
        assert listed.title
        assert listed.frozen_by.get_username()
        assert [centre.code for centre in listed.centres.all()] == ["NORTH"]


def test_a_command_asks_for_a_report_by_its_id(report):
    assert reports.by_public_id(report.public_id) == report
    with pytest.raises(AuditReport.DoesNotExist):
        reports.by_public_id(make.centre("EAST").public_id)


def test_a_report_that_was_left_alone_holds(report):
    assert reports.differences(report_bundle.of_report(report)) == []


@pytest.mark.parametrize(
    ("tamper", "path"),
    [
        (lambda one: one["results"]["flow"][0].update(n=99), "results_sha256"),
        (lambda one: one["facts"]["patients"].pop(), "facts_sha256"),
        (lambda one: one.update(results_sha256="0" * 64), "results_sha256"),
        (lambda one: one.update(facts_sha256="0" * 64), "facts_sha256"),
    ],
    ids=["a number", "a fact", "the hash of the results", "the hash of the facts"],
)
def test_whatever_was_changed_in_a_report_is_named(report, tamper, path):
    bundle = copy.deepcopy(report_bundle.of_report(report))
    tamper(bundle)
    assert path in {difference.path for difference in reports.differences(bundle)}


def test_facts_of_an_unknown_shape_are_an_error_and_not_another_number(report):
    bundle = report_bundle.of_report(report)
    with pytest.raises(AuditError):
        reports.differences(bundle | {"facts": bundle["facts"] | {"facts_version": 999}})
