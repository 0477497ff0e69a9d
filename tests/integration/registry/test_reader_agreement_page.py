"""The page of agreement over a study that two readers read, and one of them looked at again."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from registry.models import MaskedReread, Role
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db

KEY = ["reader-agreement"]


def test_page_exports_and_cases_count_the_same_looks(client):
    here = rooms(reread_share_percent=100, reread_after_days=28)
    study = here.study()
    read_images(study, by=here.readers[0])
    queued = MaskedReread.objects.get()
    read_images(study, by=here.readers[1])
    later = make.NOW + timedelta(days=40)
    read_images(study, by=here.readers[0], at=later, masked_reread=queued)
    auditor = make.user(at_centre=study.case.patient.centre, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")

    page = client.get(reverse("registry:audit-protocol", args=KEY)).content.decode()
    assert page.count('data-island="chart"') == 4
    result = json.loads(client.get(reverse("registry:audit-json", args=KEY)).content)
    assert {box["key"]: box["n"] for box in result["flow"]} == {
        "studies": 1, "completed": 1, "not_read": 0, "read_once": 0, "read_by_several": 1,
        "agreed": 1, "differed": 0,
    }  # fmt: skip
    assert result["pairing"]["version"] == "none"
    shares = {one["key"]: (one["numerator"], one["denominator"]) for one in result["estimates"]}
    assert shares["same_finding_again"] == (1, 1)
    assert client.get(reverse("registry:audit-pdf", args=KEY)).content.startswith(b"%PDF-")
    cases = client.get(
        reverse("registry:audit-cases", args=KEY), {"number": "matrix_within.leak.leak"}
    ).content.decode()
    assert "<strong>1</strong> studies" in cases
    assert cases.count('<span class="chip">counted</span>') == 1
    for reader in here.readers:
        assert reader.username not in page
        assert str(reader.public_id) not in page
