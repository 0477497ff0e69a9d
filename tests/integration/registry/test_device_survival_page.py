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


def test_every_output_names_its_limits_and_numbers_open_within_them(client):
    centre = make.centre()
    registrar = make.user(at_centre=centre)
    for birth_year, sex in ((2005, "female"), (1980, "male"), (None, "female")):
        one = make.patient(
            by=registrar, at_centre=centre, birth_year=birth_year, sex=sex, diagnosis="cp_spastic"
        )
        make.component(of=one, by=registrar, implanted_on=date(2015, 3, 2))
    auditor = make.user(at_centre=centre, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")
    asked = {
        "as_of": "2020-01-01", "age_from": "10", "age_to": "20", "sex": "female",
        "diagnosis": ["cp_spastic", "cp_mixed"], "component": "pump", "implanted_to": "2015",
    }  # fmt: skip
    words = ["10 to 20", "Female", "Cerebral palsy, mixed, Cerebral palsy, spastic", "to 2015"]

    page = client.get(reverse("registry:audit-protocol", args=KEY), asked)
    shown = page.content.decode()
    for one in (*words, '<details class="field" open>', "limits-1"):
        assert one in shown
    query = page.context["query"]
    result = client.get(f"{reverse('registry:audit-json', args=KEY)}?{query}").json()
    assert result["flow"][0]["n"] == 1
    assert result["filters"]["diagnoses"] == ["cp_mixed", "cp_spastic"]
    table = client.get(f"{reverse('registry:audit-csv', args=KEY)}?{query}").content.decode()
    assert all(one in table for one in words)
    pdf = client.get(f"{reverse('registry:audit-pdf', args=KEY)}?{query}")
    assert pdf.content.startswith(b"%PDF-")
    cases = client.get(f"{reverse('registry:audit-cases', args=KEY)}?{query}").content.decode()
    assert cases.count("data-patient") == 1

    other = client.get(reverse("registry:audit-json", args=["abousamra-2016"]), asked).json()
    assert other["flow"][0]["n"] == 1
    wrong = client.get(reverse("registry:audit-protocol", args=KEY), asked | {"age_to": "9"})
    assert wrong.status_code == 400
