"""Space has limits that are named, and reaching one harms nobody else (X02)."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse

from imaging.models import IngestedFile, Instance
from registry.models import Centre
from tests.factories.dicom_files import SeriesPlan, ct_series
from tests.integration.imaging.conftest import Ingest


@pytest.fixture
def slices(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "sent"
    folder.mkdir()
    return ct_series(folder, SeriesPlan(slices=4))


def test_a_centre_stores_what_was_set_aside_for_it_and_no_more(
    ingest: Ingest, slices: list[Path], other_centre: Centre, settings: Any
):
    ingest(slices[0])
    stored_bytes = Instance.objects.get().stored_bytes
    settings.CRESCENT_CENTRE_QUOTA_BYTES = 3 * stored_bytes
    with pytest.raises(CommandError, match="set aside for its images"):
        ingest(*slices)
    assert Instance.objects.count() == 3
    # What is there already is a duplicate, quota or not; and another centre has its own.
    assert ingest(*slices[:3]).counts["duplicate"] == 3
    assert ingest(*slices[:3], centre_code="OTHER").counts["indexed"] == 3
    settings.CRESCENT_CENTRE_QUOTA_BYTES = None
    assert ingest(*slices).counts["indexed"] == 1


def test_the_browser_is_told_with_507_and_warned_before(
    browser: Client, ingest: Ingest, slices: list[Path], settings: Any
):
    page = reverse("imaging:upload")
    ingest(*slices[:2])
    settings.CRESCENT_CENTRE_QUOTA_BYTES = 100 * Instance.objects.first().stored_bytes
    assert b"set aside for them" not in browser.get(page).content
    settings.CRESCENT_CENTRE_QUOTA_BYTES = int(2.1 * Instance.objects.first().stored_bytes)
    assert b"The images of DEMO take 95%" in browser.get(page).content
    urls = browser.post(reverse("imaging:upload-create"), {"centre_code": "DEMO"}).json()["urls"]
    refused = browser.post(
        urls["files"],
        {
            "files": [SimpleUploadedFile("x.dcm", slices[3].read_bytes())],
            "position": ["1"],
        },
    )
    assert refused.status_code == 507
    assert "CRESCENT_CENTRE_QUOTA_GB" in refused.json()["error"]
    assert IngestedFile.objects.count() == 2
