"""The page of device survival: what is logged of components is what it counts."""

import json
from datetime import date

import pytest
from django.urls import reverse

from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

KEY = ["device-survival"]


def test_page_exports_and_cases_count_the_same_components(client):
    centre = make.centre()
    registrar = make.user(at_centre=centre)
    patient = make.patient(by=registrar, at_centre=centre)
    make.component(
        of=patient, by=registrar, implanted_on=date(2015, 3, 2), removed_on=date(2019, 3, 4),
        removal_reason="motor_stall",
    )  # fmt: skip
    make.component(of=patient, by=registrar, implanted_on=date(2019, 3, 4))
    auditor = make.user(at_centre=centre, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")

    page = client.get(reverse("registry:audit-protocol", args=KEY))
    assert page.status_code == 200
    assert "Survival of pumps and catheters" in page.content.decode()
    result = json.loads(client.get(reverse("registry:audit-json", args=KEY)).content)
    counts = {box["key"]: box["n"] for box in result["flow"]}
    assert (counts["watched"], counts["revised_failure"], counts["in_place"]) == (2, 1, 1)
    estimate = next(one for one in result["estimates"] if one["key"] == "pump_failure_5")
    assert (estimate["numerator"], estimate["denominator"], estimate["value"]) == (1, 2, None)
    assert client.get(reverse("registry:audit-pdf", args=KEY)).content.startswith(b"%PDF-")
    assert b"rates.pump.failed" in client.get(reverse("registry:audit-csv", args=KEY)).content
    cases = client.get(
        reverse("registry:audit-cases", args=KEY), {"number": "rates.pump.components"}
    ).content.decode()
    assert "<strong>2</strong> components" in cases
    assert cases.count("data-patient") == 1

    late = client.get(reverse("registry:audit-json", args=KEY), {"from": "2019-03-05"}).json()
    assert {box["key"]: box["n"] for box in late["flow"]}["not_watched"] == 1
