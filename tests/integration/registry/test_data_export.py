"""Taking data out: who may, what is noted, and that lists and files agree."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from registry.models import HistoryEvent, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def clinician(client, centre):
    person = make.user(at_centre=centre)
    client.force_login(person, backend="registry.access.RoleBackend")
    return person


def content(response):
    return b"".join(response) if response.streaming else response.content


def test_everything_as_a_workbook_is_noted_in_the_history(client, centre, clinician):
    patient = make.patient(by=clinician, at_centre=centre)
    make.case(of=patient, by=clinician)
    response = client.get(reverse("registry:data-cases-xlsx"))
    book = load_workbook(io.BytesIO(content(response)))
    assert list(book["case"].values)[1][0] == patient.registry_number
    event = HistoryEvent.objects.get(action="data.export")
    assert (event.actor, event.changes) == (clinician, {"file": [None, "cases.xlsx"]})


@pytest.mark.parametrize(
    "name",
    [
        "data",
        "data-cases-xlsx",
        "data-cases-csv",
        "data-codebook",
        "patient-list-csv",
        "data-redcap-dictionary",
        "data-redcap-records",
    ],
)
def test_who_sees_no_case_exports_none(client, centre, name):
    reader = make.user(at_centre=centre, roles=[Role.READER])
    client.force_login(reader, backend="registry.access.RoleBackend")
    assert client.get(reverse(f"registry:{name}")).status_code == 403
    assert not HistoryEvent.objects.filter(action="data.export").exists()


def test_records_for_redcap_are_raw_codes_and_noted_in_the_history(client, centre, clinician):
    patient = make.patient(by=clinician, at_centre=centre, weight_kg="12.5")
    make.case(of=patient, by=clinician, remarks="=1+1")
    text = content(client.get(reverse("registry:data-redcap-records"))).decode()
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["record_id"], first["patient_weight_kg"]) == (patient.registry_number, "12.5")
    assert first["redcap_repeat_instrument"] == "", "the first form does not repeat"
    assert (second["redcap_repeat_instrument"], second["redcap_repeat_instance"]) == ("case", "1")
    assert (second["case_opened_on"], second["case_remarks"]) == ("2024-03-01", "'=1+1")
    assert second["case_presenting_signs___tone_increase"] == "1"
    assert HistoryEvent.objects.get(action="data.export").changes == {
        "file": [None, "redcap-records.csv"]
    }


@pytest.mark.parametrize(("search", "found"), [("", 12), ("3", 1), ("no such number", 0)])
def test_the_file_of_a_list_holds_what_the_list_shows(client, centre, clinician, search, found):
    """The same search feeds both, and the file says which it was."""
    numbers = [make.patient(by=clinician, at_centre=centre).registry_number for _ in range(12)]
    # A single patient who was found is shown at once.
    asked = {"q": search}
    page = client.get(reverse("registry:patient-list"), asked, follow=True).content.decode()
    text = content(client.get(reverse("registry:patient-list-csv"), asked)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text.partition("\r\n\r\n")[0])))
    assert {row["number"] for row in rows} == {number for number in numbers if number in page}
    assert len(rows) == found
    assert not search or f"search,{search}" in text
    book = load_workbook(
        io.BytesIO(content(client.get(reverse("registry:patient-list-xlsx"), asked)))
    )
    assert len(list(book["patients"].values)) == 1 + found
    assert not search or ("search", search) in list(book["about"].values)


def test_the_page_leads_to_every_file(client, clinician):
    page = client.get(reverse("registry:data")).content.decode()
    for name in ("cases-xlsx", "cases-csv", "codebook", "redcap-dictionary", "redcap-records"):
        assert reverse(f"registry:data-{name}") in page
