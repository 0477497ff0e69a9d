"""Taking data out: who may, what is noted, and that lists and files agree."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from registry.models import HistoryEvent, Role
from registry.urls import LIST_FILES
from tests.factories import registry_records as make
from tests.factories import stored_studies

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


def file(client, page, form="csv", **asked):
    address, _query, query = page.partition("?")
    answer = client.get(f"{address}list.{form}?{query}", asked or None)
    assert answer.status_code == 200, address
    return content(answer)


def table(client, page, **asked):
    """Rows of the list, and what is printed below them."""
    rows, _empty, below = file(client, page, **asked).decode("utf-8-sig").partition("\r\n\r\n")
    return list(csv.DictReader(io.StringIO(rows))), dict(csv.reader(io.StringIO(below)))


@pytest.mark.parametrize(("search", "found"), [("", 12), ("3", 1), ("no such number", 0)])
def test_the_file_of_a_list_holds_what_the_list_shows(client, centre, clinician, search, found):
    """The same search feeds both, and the file says which it was."""
    numbers = [make.patient(by=clinician, at_centre=centre).registry_number for _ in range(12)]
    # A single patient who was found is shown at once.
    asked, here = {"q": search}, reverse("registry:patient-list")
    page = client.get(here, asked, follow=True).content.decode()
    rows, printed = table(client, here, **asked)
    assert {row["number"] for row in rows} == {number for number in numbers if number in page}
    assert len(rows) == found
    assert printed["search"] == (search or "none: everything")
    book = load_workbook(io.BytesIO(file(client, here, "xlsx", **asked)))
    assert len(list(book["patients"].values)) == 1 + found
    assert ("search", printed["search"]) in list(book["about"].values)


def test_every_list_leads_to_its_file_with_its_rows_and_its_filter(client, centre):
    """One world, every list that shows something in it."""
    person = make.user(at_centre=centre, roles=[Role.REGISTRAR, Role.DATA_MANAGER, Role.AUDITOR])
    client.force_login(person, backend="registry.access.RoleBackend")
    patient = make.patient(by=person, at_centre=centre)
    case = make.case(of=patient, by=person)
    study = make.contrast_study(of=case, by=person)
    make.read(of=study, by=person)
    make.surgery(of=case, by=person)
    make.component(of=patient, by=person)
    make.report(of=centre, by=person)
    images = stored_studies.study(centre_code=centre.code)
    stored_studies.quarantined(images, name="=CANARY")
    reader = make.user(at_centre=centre, roles=[Role.READER])
    number = patient.registry_number
    for name, query, cells, printed in (
        ("search", "what=case&sex=female", {number, "2024-03-01"}, {"What": "Any case"}),
        ("search", "what=case&sex=male", set(), {"Sex": "Male"}),
        ("work-lists", "", {"Cases without outcome after six weeks"}, {}),
        ("audit-cases", "", {number, "2024-03-01"}, {"Period from": "no limit"}),
        ("report-list", "", {centre.code}, {}),
        ("advisory-list", "", {"every centre"}, {}),
        ("image-list", "", {"2024-03-05"}, {}),
        ("history", "", {"case.open", person.get_username()}, {}),
        ("run-list", "", {centre.code}, {}),
        ("quarantine-list", "", {centre.code, "text burned into its pixels"}, {"files": "waiting"}),
        ("quarantine-list", "decided", set(), {"files": "decided"}),
        ("reading-assignments", "", {reader.get_username(), "0"}, {"filter": "none: everything"}),
    ):
        app = "imaging" if name in ("run-list", "quarantine-list") else "registry"
        route = f"{app}:{name}"
        args = ["abousamra-2016"] if name == "audit-cases" else []
        page = f"{reverse(route, args=args)}?{query}"
        assert not cells or 'href="list.csv' in client.get(page).content.decode(), name
        rows, below = table(client, page)
        found = {cell for row in rows for cell in row.values()}
        assert {one for one in cells if not any(one in cell for cell in found)} == set(), name
        assert bool(rows) == bool(cells), name
        assert printed.items() <= below.items(), name
        assert {"made_at", "vocabulary_version", "centres"} <= below.keys(), name
    listed = reverse("registry:work-list", args=["cases-without-outcome"])
    rows, below = table(client, listed)
    assert [row["number"] for row in rows] == [number]
    assert below["list"] == "Cases without outcome after six weeks"


def test_a_long_list_is_fetched_in_pages_and_leaves_out_none(
    client, centre, clinician, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("registry.presenters.list_tables.CHUNK", 4)
    for _ in range(9):
        make.case(of=make.patient(by=clinician, at_centre=centre), by=clinician)
    with django_assert_max_num_queries(40):
        rows, _below = table(client, reverse("registry:search"))
    assert len({row["number"] for row in rows}) == len(rows) == 9


def test_a_reader_takes_out_the_own_list_and_no_other(client, centre):
    reader = make.user(at_centre=centre, roles=[Role.READER])
    client.force_login(reader, backend="registry.access.RoleBackend")
    rows, below = table(client, reverse("registry:reading-list"), show="done")
    assert (rows, below["list"]) == ([], "Done")
    for page, _source, name in LIST_FILES:
        if name != "reading-list-file" and "<" not in page:
            assert client.get(reverse(f"registry:{name}", args=["csv"])).status_code == 403, name
    noted = HistoryEvent.objects.filter(action="data.export")
    assert [event.changes["file"][1] for event in noted] == ["reading-list.csv"]


def test_a_file_does_not_change_with_the_language_of_the_page(client, clinician):
    client.cookies["django_language"] = "de"
    _rows, below = table(client, reverse("registry:search"), sex="female")
    assert below["Sex"] == "Female"


def test_the_page_leads_to_every_file(client, clinician):
    page = client.get(reverse("registry:data")).content.decode()
    for name in ("cases-xlsx", "cases-csv", "codebook", "redcap-dictionary", "redcap-records"):
        assert reverse(f"registry:data-{name}") in page
