"""The page of accuracy over a cohort with every result: each number opens its studies."""

import json
from datetime import date

import pytest
from django.urls import reverse

from registry import queries
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.presenters.audit_words import openable
from tests.factories import audited_records
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

KEY = "ct-accuracy"
AS_OF = "2026-01-01"


def test_page_and_exports_count_the_same_studies_and_open_them(client):
    north = make.centre("NORTH")
    auditor = make.user(at_centre=north)
    audited_records.fill(north, by=auditor)
    # A second study of one patient, so that studies and patients differ.
    twice = audited_records.audited_patient(north, by=auditor, result="leak", operated=True)
    again = make.case(of=twice, by=auditor, opened_on=date(2023, 9, 1))
    make.read(
        of=make.contrast_study(of=again, by=auditor, performed_on=date(2023, 9, 5)), by=auditor
    )
    make.surgery(of=again, by=auditor, performed_on=date(2023, 9, 9))
    client.force_login(auditor, backend="registry.access.RoleBackend")

    page = client.get(reverse("registry:audit-protocol", args=[KEY]), {"as_of": AS_OF})
    body = page.content.decode()
    assert PROTOCOLS[KEY].plain_words in body.replace("&#x27;", "'")
    result = json.loads(client.get(reverse("registry:audit-json", args=[KEY])).content)
    assert {box["key"]: box["n"] for box in result["flow"]} == {
        "studies": 16, "stopped_other": 1, "not_read": 2, "tested": 13, "not_operated": 4,
        "catheter_not_tested": 0, "verified": 9, "true_positive": 6, "false_positive": 0,
        "false_negative": 1, "true_negative": 0, "indeterminate_verified": 1,
        "not_aspirable_verified": 1,
    }  # fmt: skip
    pdf = client.get(reverse("registry:audit-pdf", args=[KEY]))
    assert pdf.content.startswith(b"%PDF-")

    audit = queries.audits.for_viewer(
        viewer=auditor,
        protocol_key=KEY,
        filters=Filters(centres=("NORTH",)),
        as_of=date.fromisoformat(AS_OF),
        code_version="tests",
    )
    keys = openable(audit.result.to_json(), PROTOCOLS[KEY])
    assert len(keys) > 250
    assert set(keys) <= set(audit.result.numbers())
    patient_of = audit.cohort.patient_of()
    cases = reverse("registry:audit-cases", args=[KEY])
    for number in ("true_positive", "sensitivity.denominator", "concordance.leak.open", "studies"):
        members = audit.result.members(number)
        body = client.get(cases, {"number": number, "as_of": AS_OF}).content.decode()
        assert f"<strong>{len(members)}</strong> studies" in body
        assert body.count("<tr data-patient>") == len({patient_of[one] for one in members})
        assert body.count('<span class="chip">counted</span>') == len(members)
        assert number == "studies" or "Disconnection" in body
