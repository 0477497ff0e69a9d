"""Complications that were logged come out on the page, in every export and in their cases."""

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

KEY = "complications"


def test_page_exports_and_cases_count_the_same_events(client):
    north = make.centre("NORTH")
    clerk = make.user(at_centre=north)
    patient = make.patient(by=clerk, at_centre=north)
    surgery = make.surgery(of=make.case(of=patient, by=clerk), by=clerk)
    on = surgery.performed_on
    make.complication(
        of=patient, by=clerk, surgery=surgery, occurred_on=on + timedelta(9),
        code="infection_pocket", grade="grade_iii", hospitalisation="ward", needed_surgery="yes",
    )  # fmt: skip
    make.complication(of=patient, by=clerk, occurred_on=on + timedelta(30), code="kink")
    auditor = make.user(at_centre=patient.centre, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")
    as_of = on + timedelta(120)
    asked = {"as_of": as_of.isoformat()}

    page = client.get(reverse("registry:audit-protocol", args=[KEY]), asked).content.decode()
    assert page.count('data-island="chart"') == 4
    result = json.loads(client.get(reverse("registry:audit-json", args=[KEY]), asked).content)
    shares = {one["key"]: one["numerator"] for one in result["estimates"]}
    keys = ("infection_90_days", "catheter_patients", "major_patients")
    assert [shares[key] for key in keys] == [1, 1, 1]
    assert client.get(reverse("registry:audit-pdf", args=[KEY]), asked).content.startswith(b"%PDF-")
    text = client.get(reverse("registry:audit-csv", args=[KEY]), asked).content.decode()
    assert "rates.infection.patient_years" in text

    audit = queries.audits.for_viewer(
        viewer=auditor, protocol_key=KEY, filters=Filters(), as_of=as_of, code_version="tests"
    )
    assert set(openable(audit.result.to_json(), PROTOCOLS[KEY])) <= set(audit.result.numbers())
    cases = reverse("registry:audit-cases", args=[KEY])
    for number, words in (
        ("infection_90_days", "<strong>1</strong> operations"),
        ("kinds.total.events", "<strong>2</strong> events"),
        ("complication_notes.not_graded.counted", "<strong>1</strong> events"),
        ("with_infection", "<strong>1</strong> patients"),
    ):
        body = client.get(cases, {"number": number, **asked}).content.decode()
        assert words in body
        assert body.count("<tr data-patient>") == 1
        assert body.count('<span class="chip">counted</span>') == (number == "infection_90_days")
