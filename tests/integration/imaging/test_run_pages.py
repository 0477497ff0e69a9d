"""The pages of deliveries: what became of each file and what to do next."""

import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from imaging.models import IngestRun
from registry.models import Centre, Role
from tests.factories import registry_records
from tests.factories.dicom_files import ct_instance
from tests.integration.imaging.conftest import Ingest


@pytest.fixture
def run(tmp_path: Path, ingest: Ingest) -> IngestRun:
    sound = ct_instance(tmp_path / "DOE^JOHN.dcm")
    text = tmp_path / "letter.dcm"
    text.write_text("no image at all, only text " * 10)
    ingest(sound, text)
    return IngestRun.objects.get()


def page(run: IngestRun) -> str:
    return reverse("imaging:run-detail", args=[run.public_id])


def test_each_file_is_listed_with_result_reason_and_next_step(browser: Client, run: IngestRun):
    response = browser.get(page(run))
    content = response.content.decode()
    assert "mark DICM is missing" in content
    assert "Export from the scanner" in content
    assert "not_dicom" in content
    assert (response.context["counts"]["indexed"], response.context["counts"]["rejected"]) == (1, 1)


def test_names_are_for_those_who_may_see_identities(
    browser: Client, run: IngestRun, centre: Centre
):
    auditor = Client()
    auditor.force_login(
        registry_records.user(at_centre=centre, roles=[Role.AUDITOR]),
        backend="registry.access.RoleBackend",
    )
    assert "DOE^JOHN" in browser.get(page(run)).content.decode()
    hidden = auditor.get(page(run))
    assert hidden.status_code == 200
    assert "DOE^" not in hidden.content.decode()


def test_the_list_shows_deliveries_of_the_own_centres_only(
    browser: Client, strange_browser: Client, run: IngestRun
):
    assert page(run) in browser.get(reverse("imaging:run-list")).content.decode()
    assert page(run) not in strange_browser.get(reverse("imaging:run-list")).content.decode()


def test_a_stranger_cannot_tell_a_delivery_from_a_random_number(
    strange_browser: Client, run: IngestRun
):
    foreign = strange_browser.get(page(run))
    random = strange_browser.get(reverse("imaging:run-detail", args=[uuid.uuid4()]))
    assert foreign.status_code == random.status_code == 404
    assert foreign.content == random.content


def test_the_list_counts_every_file_seen_as_the_page_of_the_import_does(browser, tmp_path, ingest):
    """What is ignored was seen, too: the columns add up to the number of files."""
    sound = ct_instance(tmp_path / "0.dcm")
    index = tmp_path / "DICOMDIR"
    index.write_bytes(b"x")
    ingest(sound, index)
    (row,) = browser.get(reverse("imaging:run-list")).context["rows"]
    assert row["seen"] == sum(row["by_result"]) == 2
    assert browser.get(page(row["run"])).context["seen"] == 2


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.READER])
def test_who_may_see_no_import_is_told_so_and_not_that_there_is_none(client, centre, run, role):
    person = registry_records.user(at_centre=centre, roles=[role])
    client.force_login(person, backend="registry.access.RoleBackend")
    assert client.get(page(run)).status_code == 404
    assert "Imports" not in client.get(reverse("registry:home")).content.decode()
    assert client.get(reverse("imaging:run-list")).status_code == 403


@pytest.mark.parametrize(
    ("role", "label", "name"),
    [
        (Role.AUDITOR, "Imports", "imaging:run-list"),
        (Role.REGISTRAR, "Import", "imaging:upload"),
        (Role.DATA_MANAGER, "Import", "imaging:upload"),
    ],
)
def test_whoever_sees_imports_has_one_way_in(client, centre, run, role, label, name):
    person = registry_records.user(at_centre=centre, roles=[role])
    client.force_login(person, backend="registry.access.RoleBackend")
    entries = client.get(page(run)).context["nav"]
    (entry,) = [one for one in entries if one.label.startswith("Import")]
    assert (entry.label, entry.url) == (label, reverse(name))
    assert entry.current
    assert page(run) in client.get(reverse("registry:home")).content.decode()
