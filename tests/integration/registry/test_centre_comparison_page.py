"""The comparison of centres: nobody sees a centre whose audits they may not see."""

import json

import pytest
from django.urls import reverse

from registry.models import Role
from tests.factories import audited_records
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

KEY = ["centre-comparison"]


def test_a_centre_the_viewer_may_not_audit_is_in_no_number(client):
    north, south = make.centre("NORTH"), make.centre("SOUTHWARD")
    audited_records.fill(north, by=make.user(at_centre=north))
    audited_records.audited_patient(
        south, by=make.user(at_centre=south), result="leak", operated=True
    )
    auditor = make.user(at_centre=north, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")

    page = client.get(reverse("registry:audit-protocol", args=KEY)).content.decode()
    assert "SOUTHWARD" not in page
    assert "Only centres that you may audit take part" in page
    assert page.count('data-island="chart"') == 1
    result = json.loads(client.get(reverse("registry:audit-json", args=KEY)).content)
    shares = {one["key"]: (one["numerator"], one["denominator"]) for one in result["estimates"]}
    assert shares["inconclusive"] == (4, 11)
    assert client.get(reverse("registry:audit-pdf", args=KEY)).content.startswith(b"%PDF-")
    for number, total in (("operations", 8), ("course_inconclusive.NORTH.numerator", 4)):
        cases = client.get(reverse("registry:audit-cases", args=KEY), {"number": number})
        assert f"<strong>{total}</strong> studies and operations" in cases.content.decode()
