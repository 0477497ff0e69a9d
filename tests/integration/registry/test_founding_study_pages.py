"""The founding studies over one patient whose whole course is recorded."""

import json
from datetime import date

import pytest
from django.urls import reverse

from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def test_page_pdf_and_cases_count_the_same_patient(client):
    north = make.centre("NORTH")
    person = make.user(at_centre=north)
    patient = make.patient(
        by=person, at_centre=north, diagnosis="dystonia_primary", sex="female", birth_year=1990
    )
    make.screening_test(of=patient, by=person, performed_on=date(2019, 3, 4))
    make.component(of=patient, by=person, implanted_on=date(2019, 5, 2))
    make.dose_setting(of=patient, by=person, set_on=date(2019, 5, 2))
    make.assessment(
        of=patient, by=person, instrument="penn_spasm", grades={"frequency": "1", "severity": "2"}
    )
    auditor = make.user(at_centre=north, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")
    for key, number in (
        ("ford-1996", "implanted"),
        ("dose-titration", "not_graded"),
        ("mccormick-2016", "unmatched_pump"),
    ):
        page = client.get(reverse("registry:audit-protocol", args=[key]))
        assert page.status_code == 200
        result = json.loads(client.get(reverse("registry:audit-json", args=[key])).content)
        counts = {box["key"]: box["n"] for box in result["flow"]}
        assert counts[number] == 1, key
        pdf = client.get(reverse("registry:audit-pdf", args=[key])).content
        assert pdf.startswith(b"%PDF-")
        cases = client.get(reverse("registry:audit-cases", args=[key]), {"number": number})
        assert "<strong>1</strong> patients" in cases.content.decode()
