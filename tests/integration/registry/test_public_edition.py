"""The public edition of a frozen report: masked everywhere alike, noted, and nobody's by name."""

import csv
import io
import json
import re
import uuid

import pytest
from django.urls import reverse

from registry import queries
from registry.audit.protocols import PROTOCOLS
from registry.models import AuditReport, HistoryEvent, Role
from registry.presenters import public_files
from tests.factories import audited_records
from tests.factories import registry_records as make
from tests.factories.public_reader import published_in_csv, published_in_json

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

BACKEND = "registry.access.RoleBackend"


@pytest.fixture
def north():
    return make.centre("NORTH")


@pytest.fixture
def auditor(north, client):
    person = make.user(at_centre=north)
    client.force_login(person, backend=BACKEND)
    return person


@pytest.fixture
def report(north, auditor):
    audited_records.fill(north, by=auditor)
    return make.report(of=north, by=auditor, title="Mr Canary leaked three times")


def page_of(report):
    return reverse("registry:report-public", args=[report.public_id])


def file_of(report, form):
    return reverse("registry:report-public-file", args=[report.public_id, form])


def on_paper(report):
    content = queries.reports.public_edition(report).content
    protocol = PROTOCOLS[report.protocol_key]
    return public_files.paper(content, protocol, made_at=report.frozen_at, sha256="0" * 64)


def test_all_forms_print_the_same_numbers_and_mask_the_same(client, report):
    content = json.loads(client.get(file_of(report, "json")).content)
    table = client.get(file_of(report, "csv")).content.decode()
    in_json = published_in_json(content)
    in_csv = published_in_csv(csv.DictReader(io.StringIO(table)))
    for key, n in in_csv.items():
        assert in_json[key] == n, key
    assert {key for key in in_json if key[0] != "tables"} <= in_csv.keys()
    boxes = {box["key"]: "masked" if box["n"] is None else str(box["n"]) for box in content["flow"]}
    page = client.get(page_of(report)).content.decode()
    for key, shown in boxes.items():
        assert re.search(rf'data-n="{key}"[^>]*>{shown}<', page), key
    (flow,) = (one for one in on_paper(report)["tables"] if one["key"] == "flow")
    assert [row[1] for row in flow["rows"]] == list(boxes.values())


def test_nothing_small_no_id_title_person_or_hash_of_the_report_is_published(
    client, report, auditor
):
    """A hash over few small numbers could be tried out; a title may say anything."""
    secrets = [
        report.facts_sha256,
        report.results_sha256,
        "Canary",
        auditor.get_username(),
        *(patient["patient_id"] for patient in report.facts["patients"]),
    ]
    bodies = [client.get(file_of(report, form)).content.decode() for form in ("json", "csv")]
    for body in (*bodies, json.dumps(on_paper(report))):
        assert not [secret for secret in secrets if secret in body]
    small = {box["key"] for box in report.results["flow"] if box["n"] < 5}
    shown = {box["key"]: box["n"] for box in json.loads(bodies[0])["flow"]}
    assert small
    assert {shown[key] for key in small} == {None}
    assert client.get(file_of(report, "pdf")).content.startswith(b"%PDF-")


def test_each_file_is_noted_with_filters_and_how_much_was_masked(client, report, auditor):
    client.get(page_of(report))
    assert not HistoryEvent.objects.filter(action=AuditReport.PUBLIC_EXPORT).exists()
    published = json.loads(client.get(file_of(report, "json")).content)
    event = HistoryEvent.objects.get(action=AuditReport.PUBLIC_EXPORT)
    said = {name: values[1] for name, values in event.changes.items()}
    assert event.actor == auditor
    assert said["form"] == "json"
    assert said["filters"] == report.filters
    assert said["sha256"] == published["sha256"]
    assert said["small"] > 0
    assert f"JSON, {auditor.get_username()}" in client.get(page_of(report)).content.decode()


def test_the_page_warns_of_editions_of_other_reports(client, north, auditor, report):
    """Two editions with other filters can be subtracted from each other."""
    warning = "Public editions of other reports by this protocol"
    client.get(file_of(report, "json"))
    assert warning not in client.get(page_of(report)).content.decode()
    second = make.report(of=north, by=auditor, title="Second")
    assert warning in client.get(page_of(second)).content.decode()


def test_only_who_may_freeze_in_all_its_centres_publishes(client, north, report):
    client.force_login(make.user(at_centre=north, roles=[Role.SURGEON]), backend=BACKEND)
    assert client.get(page_of(report)).status_code == 403
    assert client.get(file_of(report, "json")).status_code == 403
    assert not HistoryEvent.objects.filter(action=AuditReport.PUBLIC_EXPORT).exists()


def test_a_form_that_is_none_is_not_there(client, report):
    assert client.get(file_of(report, "docx")).status_code == 404


def test_a_report_that_does_not_hold_has_no_public_edition(client, report):
    """As one that another version of the code counted otherwise."""
    flow = [{**box, "n": box["n"] + 1} for box in report.results["flow"]]
    centres = list(report.centres.all())
    report.pk, report.public_id = None, uuid.uuid4()
    report.results = {**report.results, "flow": flow}
    report.save(force_insert=True)
    report.centres.set(centres)
    answer = client.get(page_of(report))
    assert answer.status_code == 422
    assert "comes out differently" in answer.content.decode()
    assert client.get(file_of(report, "json")).status_code == 404
