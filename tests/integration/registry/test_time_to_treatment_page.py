"""The times of logged cases come out on the page, in every export and in their cases."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from registry import queries
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.models import Role
from registry.presenters.audit_words import openable
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

KEY = "time-to-treatment"


def test_page_exports_and_cases_count_the_same_cases(client):
    north = make.centre("NORTH")
    clerk = make.user(at_centre=north)
    case = make.case(of=make.patient(by=clerk, at_centre=north), by=clerk)
    first = case.opened_on
    make.contrast_study(of=case, by=clerk, performed_on=first + timedelta(3))
    make.surgery(of=case, by=clerk, performed_on=first + timedelta(8))
    auditor = make.user(at_centre=north, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")
    as_of = first + timedelta(60)
    asked = {"as_of": as_of.isoformat()}

    page = client.get(reverse("registry:audit-protocol", args=[KEY]), asked).content.decode()
    assert page.count('data-island="chart"') == 2
    result = json.loads(client.get(reverse("registry:audit-json", args=[KEY]), asked).content)
    rows = next(one["rows"] for one in result["tables"] if one["key"] == "times")
    times = {row[0]: row[6:10] for row in rows}
    assert times["suspicion_to_ct"] == [3, 3, 3, 3]
    assert times["ct_to_surgery"] == [5, 5, 5, 5]
    assert times["surgery_to_restored"] == [None] * 4
    assert client.get(reverse("registry:audit-pdf", args=[KEY]), asked).content.startswith(b"%PDF-")
    audit = queries.audits.for_viewer(
        viewer=auditor, protocol_key=KEY, filters=Filters(), as_of=as_of, code_version="tests"
    )
    assert set(openable(audit.result.to_json(), PROTOCOLS[KEY])) <= set(audit.result.numbers())
    body = client.get(
        reverse("registry:audit-cases", args=[KEY]), {"number": "waiting", **asked}
    ).content.decode()
    assert "<strong>1</strong> cases" in body
    assert body.count("<tr data-patient>") == 1
