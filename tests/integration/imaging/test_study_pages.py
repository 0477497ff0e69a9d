"""The page of a stored study, and the counts of a delivery under way."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imaging.actions import finish_run
from imaging.models import IngestRun, Study, StudyExclusion
from registry.models import Centre, Role
from tests.factories import registry_records
from tests.factories.dicom_files import ct_instance
from tests.integration.imaging.conftest import Ingest


@pytest.fixture
def study(tmp_path: Path, ingest: Ingest) -> Study:
    folder = tmp_path / "first"
    folder.mkdir()
    for index in range(2):
        ct_instance(folder / f"{index}.dcm", index=index)
    ingest(folder)
    return Study.objects.get()


def page(study: Study, what: str = "detail") -> str:
    return reverse(f"imaging:study-{what}", args=[study.public_id])


def row_of(html: str, path: str) -> str:
    return html[html.index(f"<code>{path}</code>") :].partition("</tr>")[0]


def test_the_manifest_tells_before_and_after_by_tag(browser: Client, study: Study):
    html = browser.get(page(study)).content.decode()
    assert "De-identification of 2 images" in html
    assert "removed" in row_of(html, "(0008,1030)")
    assert "table X" in row_of(html, "(0008,1030)")
    assert "absent" in row_of(html, "(0008,1030)")
    assert "2024" in row_of(html, "(0008,0020)")
    assert "Canary" not in html
    assert "CANARY" not in html


def test_values_are_for_those_who_may_see_identities(study: Study, centre: Centre):
    auditor = Client()
    auditor.force_login(
        registry_records.user(at_centre=centre, roles=[Role.AUDITOR]),
        backend="registry.access.RoleBackend",
    )
    html = auditor.get(page(study)).content.decode()
    assert "kept" in row_of(html, "(0008,0020)")
    assert "hidden" in row_of(html, "(0008,0020)")
    assert "20240305" not in html
    # Whoever may see cases sees the day of the study on the page of the case, too.
    assert "Stored study of 2024-03-05" in html
    assert "2024-03-05" not in row_of(html, "(0008,0020)")
    assert auditor.post(page(study, "exclude"), {"reason": "x"}).status_code == 403


def test_a_reader_meets_images_in_the_reading_room_only(study: Study, centre: Centre):
    reader = Client()
    reader.force_login(
        registry_records.user(at_centre=centre, roles=[Role.READER]),
        backend="registry.access.RoleBackend",
    )
    assert reader.get(page(study)).status_code == 404
    series = study.series.get()
    slices = reverse("imaging:series-slices", args=[series.public_id])
    assert reader.get(slices).status_code == 200


def test_late_files_join_their_study_and_are_told_apart(
    browser: Client, study: Study, tmp_path: Path, ingest: Ingest
):
    folder = tmp_path / "late"
    folder.mkdir()
    for index in range(1, 4):
        ct_instance(folder / f"{index}.dcm", index=index)
    ingest(folder)
    late = IngestRun.objects.latest("id")
    html = browser.get(reverse("imaging:run-detail", args=[late.public_id])).content.decode()
    assert "2 images joined a study that was here already" in html
    assert Study.objects.count() == 1
    deliveries = browser.get(page(study)).content.decode()
    for run in IngestRun.objects.all():
        assert reverse("imaging:run-detail", args=[run.public_id]) in deliveries


def test_a_study_is_excluded_and_taken_back_with_a_reason(browser: Client, study: Study):
    assert "Say why, in words." in browser.post(page(study, "exclude"), {}).content.decode()
    browser.post(page(study, "exclude"), {"reason": "a volunteer"})
    assert StudyExclusion.objects.get().reason == "a volunteer"
    assert "a volunteer" in browser.get(page(study)).content.decode()
    browser.post(page(study, "readmit"), {"reason": "no volunteer"})
    assert not StudyExclusion.objects.exists()


def test_while_files_arrive_the_page_asks_again_and_then_shows_the_whole(
    browser: Client, centre: Centre
):
    run = IngestRun.objects.create(
        centre_code=centre.code, source="upload", started_at=timezone.now(), expected_files=3
    )
    live = reverse("imaging:run-live", args=[run.public_id])
    assert (
        f'hx-get="{live}"'
        in browser.get(reverse("imaging:run-detail", args=[run.public_id])).content.decode()
    )
    answer = browser.get(live)
    assert f'hx-get="{live}"' in answer.content.decode()
    assert "HX-Refresh" not in answer
    finish_run(run=run, by=None, at=timezone.now())
    answer = browser.get(live)
    assert answer["HX-Refresh"] == "true"
    assert "hx-get" not in answer.content.decode()
    assert "3 of the 3 announced files did not come" in answer.content.decode()


def test_counts_add_up_to_the_files_seen(browser: Client, tmp_path: Path, ingest: Ingest):
    folder = tmp_path / "mixed"
    folder.mkdir()
    ct_instance(folder / "1.dcm")
    ct_instance(folder / "2.dcm", index=1, BurnedInAnnotation="YES")
    (folder / "3.dcm").write_text("no image at all " * 20)
    (folder / "DICOMDIR").write_text("an index")
    ingest(folder)
    run = IngestRun.objects.get()
    context = browser.get(reverse("imaging:run-detail", args=[run.public_id])).context
    counts = context["counts"]
    results = ("indexed", "duplicate", "conflict", "quarantined", "rejected", "ignored")
    assert context["seen"] == sum(counts[result] for result in results) == 4
