"""An audit officer sends a theatre list, matches it both ways and withdraws it."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.models import Role, TheatreList
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

PAGE = "/theatre-lists/"
ROWS = (
    b"Datum;MRN;Eingriff\n12.03.2024;4711;Pumpe\n01.05.2024;4711;Pumpe\n02.05.2024;STRANGER;Pumpe\n"
)


@pytest.fixture
def north():
    return make.centre("NORTH")


@pytest.fixture
def auditor(client, north):
    person = make.user(at_centre=north, roles=[Role.AUDITOR])
    client.force_login(person, backend="registry.access.RoleBackend")
    return person


def send(client, centre, content=ROWS, name="list.csv", **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(PAGE, {"centre": centre.pk, "file": file, **fields})


def operated(centre):
    clerk = make.user(at_centre=centre)
    patient = make.patient(by=clerk, at_centre=centre, local_number="4711")
    case = make.case(of=patient, by=clerk)
    make.surgery(of=case, by=clerk, performed_on=date(2024, 3, 12))
    make.surgery(of=case, by=clerk, performed_on=date(2024, 4, 12))
    return patient


def test_a_list_is_matched_both_ways_and_every_number_opens_its_rows(client, north, auditor):
    patient = operated(north)
    answer = send(client, north)
    one = TheatreList.objects.get()
    assert answer["Location"] == reverse("registry:theatre-list", args=[one.public_id])
    assert (one.covers_from, one.covers_to) == (date(2024, 3, 12), date(2024, 5, 2))
    result = client.get(reverse("registry:audit-json", args=["data-quality"])).json()
    table = next(table for table in result["tables"] if table["key"] == "ascertainment")
    assert table["rows"][0][:5] == ["NORTH", "NORTH", 2, 1, 1]
    listed = next(table for table in result["tables"] if table["key"] == "theatre_lists")
    assert listed["rows"][0][-1] == one.file_sha256
    cases = reverse("registry:audit-cases", args=["data-quality"])
    known = client.get(cases, {"number": "theatre_lines.not_logged.lines"}).content.decode()
    assert known.count("<tr data-line>") == 1
    assert patient.registry_number in known
    strangers = client.get(cases, {"number": "theatre_lines.nobody.lines"}).content.decode()
    assert '<th scope="row" class="number">4</th><td class="nowrap">2024-05-02</td>' in strangers
    file = client.get(
        reverse("registry:audit-cases-file", args=["data-quality", "csv"]),
        {"number": "ascertainment.NORTH.only_listed"},
    )
    body = b"".join(file).decode()
    assert "2024-05-01" in body
    assert "STRANGER" not in body
    pdf = client.get(reverse("registry:audit-pdf", args=["data-quality"]))
    assert pdf.content.startswith(b"%PDF-")


def test_a_frozen_report_keeps_what_a_withdrawn_list_held(client, north):
    manager = make.user(at_centre=north, roles=[Role.DATA_MANAGER])
    client.force_login(manager, backend="registry.access.RoleBackend")
    operated(north)
    send(client, north)
    one = TheatreList.objects.get()
    freeze = reverse("registry:report-freeze", args=["data-quality"])
    as_of = make.NOW.date().isoformat()
    answer = client.post(freeze, {"title": "2024", "centre": ["NORTH"], "as_of": as_of})
    page = reverse("registry:theatre-list", args=[one.public_id])
    client.post(page, {"reason": "the wrong file"})
    one.refresh_from_db()
    assert (one.withdrawn_by, one.lines.count()) == (manager, 0)
    verified = client.post(f"{answer['Location']}verify/").content.decode()
    assert one.file_sha256 in verified
    result = client.get(reverse("registry:audit-json", args=["data-quality"])).json()
    listed = next(table for table in result["tables"] if table["key"] == "theatre_lists")
    assert listed["rows"] == []


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"\xd0\xcf\x11\xe0 old", "list.xls", "Save the file as .xlsx or as CSV"),
        (b"PK\x03\x04 broken", "list.xlsx", "damaged"),
        (b"a\x00b;c\n", "list.csv", "bytes that no text has"),
        (b"Datum;MRN\n;\n", "list.csv", "no row below a header"),
        (b"Datum;MRN\nnever;1\n", "list.csv", "No row with a day of operation"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(client, north, auditor, content, name, says):
    answer = send(client, north, content, name)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not TheatreList.objects.exists()


def test_columns_are_asked_for_where_their_names_do_not_tell(client, north, auditor):
    rows = b"when;who\n01/02/2024;4711\n"
    asked = send(client, north, rows).content.decode()
    assert "choose the file again" in asked
    assert 'name="column_day"' in asked
    chosen = {"column_day": "when", "column_number": "who"}
    unclear = send(client, north, rows, **chosen).content.decode()
    assert "whether day or month comes first" in unclear
    send(client, north, rows, **chosen, order="month_first")
    assert TheatreList.objects.get().lines.get().performed_on == date(2024, 1, 2)


def test_who_does_not_audit_sends_and_sees_no_list(client, north):
    reader = make.user(at_centre=north, roles=[Role.READER])
    client.force_login(reader, backend="registry.access.RoleBackend")
    assert client.get(PAGE).status_code == 403
    assert send(client, north).status_code == 403


def test_a_list_of_another_centre_is_refused(client, auditor):
    answer = send(client, make.centre("SOUTH"))
    assert answer.status_code == 400
    assert not TheatreList.objects.exists()
