"""Data quality comes out on the page, in every export and in its cases."""

import json

import pytest
from django.urls import reverse

from registry import queries
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.models import Role
from registry.presenters.audit_words import openable
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

KEY = "data-quality"


def test_page_exports_and_cases_count_the_same_records(client):
    north = make.centre("NORTH")
    clerk = make.user(at_centre=north)
    case = make.case(of=make.patient(by=clerk, at_centre=north), by=clerk)
    make.contrast_study(of=case, by=clerk)
    auditor = make.user(at_centre=north, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")
    as_of = make.NOW.date()
    asked = {"as_of": as_of.isoformat()}

    page = client.get(reverse("registry:audit-protocol", args=[KEY]), asked).content.decode()
    assert page.count('data-island="chart"') == 3
    result = json.loads(client.get(reverse("registry:audit-json", args=[KEY]), asked).content)
    queries_table = next(table for table in result["tables"] if table["key"] == "queries")
    counted = {row[0]: row[-1] for row in queries_table["rows"]}
    assert (counted["not_read"], counted["without_images"]) == (1, 1)
    assert client.get(reverse("registry:audit-pdf", args=[KEY]), asked).content.startswith(b"%PDF-")
    audit = queries.audits.for_viewer(
        viewer=auditor, protocol_key=KEY, filters=Filters(), as_of=as_of, code_version="tests"
    )
    assert set(openable(audit.result.to_json(), PROTOCOLS[KEY])) <= set(audit.result.numbers())
    body = client.get(
        reverse("registry:audit-cases", args=[KEY]), {"number": "queries.not_read.queries", **asked}
    ).content.decode()
    assert "<strong>1</strong> queries" in body
    assert body.count("<tr data-patient>") == 1
