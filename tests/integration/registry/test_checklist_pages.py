"""Reporting checklists: beside an audit, beside a frozen report and in its bundle."""

import csv
import io
import re
import zipfile

import pytest
from django.urls import reverse

from registry.models import AuditReport, Role
from tests.factories import audited_records
from tests.factories import registry_records as make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

KEY = "ct-accuracy"
AUDIT = reverse("registry:audit-protocol", args=[KEY])
ASKED = {"centre": "NORTH", "from": "2020-01-01", "as_of": "2025-06-30"}


@pytest.fixture
def auditor(client):
    north = make.centre("NORTH")
    person = make.user(at_centre=north)
    client.force_login(person, backend="registry.access.RoleBackend")
    audited_records.audited_patient(north, by=person, result="leak", operated=True)
    return person


def body(client, url, asked=None):
    answer = client.get(url, asked or {})
    assert answer.status_code == 200, url
    return answer.content.decode()


def links(page):
    return re.findall(r'<td><a href="([^"]+)"|; <a href="([^"]+)"', page)


def assert_every_place_is_there(client, page):
    places = {(a or b).replace("&amp;", "&") for a, b in links(page)}
    assert len(places) > 6
    (report,) = {place.partition("#")[0] for place in places}
    there = body(client, report)
    anchors = {place.partition("#")[2] for place in places} - {""}
    assert [one for one in sorted(anchors) if f'id="{one}"' not in there] == []


def test_an_audit_is_set_against_its_checklist_with_the_filters_kept(client, auditor):
    assert reverse("registry:audit-checklist", args=[KEY]) in body(client, AUDIT, ASKED)
    page = body(client, reverse("registry:audit-checklist", args=[KEY]), ASKED)
    assert "NORTH; period from 2020-01-01; data as of 2025-06-30" in page
    assert page.count('<th scope="row"') == 34
    assert '<span class="verdict unusable">missing</span>' in page
    assert_every_place_is_there(client, page)
    nobody = {**ASKED, "from": "2025-06-01"}
    assert "The participant flow has nobody in it." in body(
        client, reverse("registry:audit-checklist", args=[KEY]), nobody
    )


def test_a_frozen_report_says_the_same_on_page_in_csv_and_in_its_bundle(client, auditor):
    client.post(reverse("registry:report-freeze", args=[KEY]), {"title": "Annual", **ASKED})
    report = AuditReport.objects.get()
    of = [report.public_id]
    page = body(client, reverse("registry:report-checklist", args=of))
    assert_every_place_is_there(client, page)
    given = client.get(reverse("registry:report-checklist-csv", args=of))
    rows = list(csv.DictReader(io.StringIO(given.content.decode(), newline="")))
    states = re.findall(r'<span class="verdict \w+">([^<]+)</span>', page)
    assert [row["state"] for row in rows] == states
    live = client.get(reverse("registry:audit-checklist-csv", args=[KEY]), ASKED)
    assert live.content == given.content
    bundle = client.get(reverse("registry:report-bundle", args=of)).content
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.read("checklist.csv") == given.content
    public = client.get(reverse("registry:report-public", args=of)).content.decode()
    assert "STARD" not in public


def test_filters_that_contradict_each_other_are_refused(client, auditor):
    asked = {**ASKED, "to": "2019-01-01"}
    for name in ("audit-checklist", "audit-checklist-csv"):
        assert client.get(reverse(f"registry:{name}", args=[KEY]), asked).status_code == 400


def test_who_may_not_audit_sees_no_checklist(client, auditor):
    reader = make.user(at_centre=make.centre("SOUTH"), roles=[Role.READER])
    client.force_login(reader, backend="registry.access.RoleBackend")
    assert client.get(reverse("registry:audit-checklist", args=[KEY])).status_code == 403
