"""The audit page, its exports and the cases behind its numbers, over a cohort with every result."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.urls import reverse

from registry import queries
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.models import Role
from registry.presenters.audit_words import openable
from tests.factories import audited_records
from tests.factories import registry_records as make
from tests.one_world import built_once

pytestmark = pytest.mark.django_db

KEY = "abousamra-2016"
PAGE = reverse("registry:audit-protocol", args=[KEY])
JSON = reverse("registry:audit-json", args=[KEY])
CSV = reverse("registry:audit-csv", args=[KEY])
PDF = reverse("registry:audit-pdf", args=[KEY])
CASES = reverse("registry:audit-cases", args=[KEY])


def audited_centre():
    north = make.centre("NORTH")
    auditor = make.user(at_centre=north)
    return north, auditor, audited_records.fill(north, by=auditor)


built = built_once(audited_centre)


@pytest.fixture
def north(built):
    return built[0]


@pytest.fixture
def auditor(built, client):
    client.force_login(built[1], backend="registry.access.RoleBackend")
    return built[1]


@pytest.fixture
def cohort(auditor, built):
    return built[2]


@pytest.fixture
def west(built):
    """A centre without a patient."""
    return make.centre("WEST")


@pytest.fixture
def auditor_in_west(west, client):
    person = make.user(at_centre=west)
    client.force_login(person, backend="registry.access.RoleBackend")
    return person


def flow(client, **query):
    return {box["key"]: box["n"] for box in client.get(JSON, query).json()["flow"]}


def strict(text):
    """JSON as RFC 8259 has it: no NaN, no Infinity."""

    def refuse(name):
        raise AssertionError(name)

    return json.loads(text, parse_constant=refuse)


def test_every_patient_stands_in_the_box_of_the_result(client, cohort):
    assert flow(client) == {
        "patients": 16,
        "ct_studied": 14,
        "stopped_not_aspirable": 2,
        "stopped_other": 1,
        "completed": 11,
        "normal_not_operated": 1,
        "abnormal_not_operated": 1,
        "indeterminate_not_operated": 1,
        "not_read": 1,
        "operated": 7,
        "operated_normal_crescent": 1,
        "operated_inadequate_pooling": 1,
        "operated_leak": 1,
        "operated_occlusion": 1,
        "operated_malposition": 1,
        "operated_indeterminate": 1,
        "operated_not_read": 1,
    }


def test_page_csv_and_json_show_one_number(client, cohort):
    result = strict(client.get(JSON).content)
    table = list(csv.DictReader(io.StringIO(client.get(CSV).content.decode())))
    page = client.get(PAGE).content.decode()
    drawn = dict(re.findall(r'data-n="(\w+)"[^>]*>(\d+)<', page))
    in_csv = {row["key"]: row["numerator"] for row in table if row["section"] == "flow"}
    expected = {box["key"]: str(box["n"]) for box in result["flow"]}
    assert drawn == expected
    assert in_csv == expected
    for estimate in result["estimates"]:
        row = next(r for r in table if (r["section"], r["key"]) == ("estimate", estimate["key"]))
        assert (row["numerator"], row["denominator"]) == (
            str(estimate["numerator"]),
            str(estimate["denominator"]),
        )
        assert f"number={estimate['key']}&quot;" in page or f"number={estimate['key']}" in page


def test_json_has_the_keys_other_software_relies_on(client, cohort):
    result = strict(client.get(JSON).content)
    assert result["protocol"] == {"key": KEY, "version": "3"}
    assert result["filters"]["centres"] == ["NORTH"]
    assert result["code_version"] == django_settings.CODE_VERSION
    assert re.fullmatch(r"[0-9a-f]{64}", result["facts_sha256"])
    assert set(result["flow"][0]) == {"key", "label", "n", "parent"}
    assert {"key", "label", "numerator", "denominator", "value", "lower", "upper", "confidence",
            "method", "unit", "window", "published"} == set(result["estimates"][0])  # fmt: skip
    assert set(result["tables"][0]) == {"key", "columns", "rows"}
    assert result["curves"] == []


@pytest.mark.one_database
def test_every_number_opens_exactly_its_patients(client, auditor, cohort):
    audit = queries.audits.for_viewer(
        viewer=auditor,
        protocol_key=KEY,
        filters=Filters(centres=("NORTH",)),
        as_of=date(2026, 1, 1),
        code_version="tests",
    )
    keys = openable(audit.result.to_json(), PROTOCOLS[KEY])
    assert len(keys) > 150
    # Everybody stands in each row of the table of who was counted, and is opened once.
    everybody = [key for key in keys if key.startswith("baseline.") and key.endswith(".of")]
    assert {audit.result.members(key) for key in everybody} == {audit.result.members("patients")}
    for key in set(keys) - set(everybody[1:]):
        body = client.get(CASES, {"number": key, "as_of": "2026-01-01"}).content.decode()
        members = audit.result.members(key)
        assert body.count("<tr data-patient>") == len(members), key
        assert f"<strong>{len(members)}</strong> patients" in body, key


@pytest.mark.one_database
def test_every_link_of_the_page_opens(client, cohort):
    page = client.get(PAGE).content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/audit/[^"#]+)"', page)}
    assert len(links) > 60
    for link in links:
        assert client.get(link).status_code == 200, link


def test_numbers_of_the_charts_open_too(client, cohort):
    page = client.get(PAGE).content.decode()
    specs = re.findall(r'<script id="chart-\w+" type="application/json">(.*?)</script>', page)
    assert len(specs) == 4
    for spec in specs:
        for rows in strict(spec)["datasets"].values():
            for row in rows:
                if "cases" in row:
                    assert client.get(row["cases"]).status_code == 200


def test_an_unknown_number_and_an_unknown_protocol_are_not_found(client, auditor_in_west):
    assert client.get(CASES, {"number": "nothing"}).status_code == 404
    assert client.get(reverse("registry:audit-protocol", args=["nothing"])).status_code == 404


def test_filters_limit_the_period_and_the_cut(client, west, auditor_in_west):
    for day in (date(2022, 5, 1), date(2023, 5, 1), date(2024, 5, 1)):
        audited_records.audited_patient(
            west, by=auditor_in_west, result="leak", operated=True, studied_on=day
        )
    assert flow(client)["ct_studied"] == 3
    assert flow(client, **{"from": "2023-01-01"})["ct_studied"] == 2
    assert flow(client, **{"from": "2023-01-01", "to": "2023-12-31"})["ct_studied"] == 1
    assert flow(client, as_of="2022-12-31")["ct_studied"] == 1
    assert flow(client, **{"from": "2023-05-01", "to": "2023-05-01"})["ct_studied"] == 1


def test_filters_stay_visible_in_every_export(client, cohort):
    query = {"centre": "NORTH", "from": "2024-01-01", "to": "2024-12-31", "as_of": "2025-01-01"}
    page = client.get(PAGE, query).content.decode()
    for export in (JSON, CSV, PDF):
        link = f"{export}?centre=NORTH&amp;from=2024-01-01&amp;to=2024-12-31&amp;as_of=2025-01-01"
        assert link in page
    assert client.get(JSON, query).json()["filters"] == {
        "centres": ["NORTH"],
        "performed_from": "2024-01-01",
        "performed_to": "2024-12-31",
    }
    assert "period_from,2024-01-01" in client.get(CSV, query).content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"as_of": "2999-01-01"}, "lies in the future"),
        ({"from": "2024-02-01", "to": "2024-01-01"}, "ends before it begins"),
        ({"from": "2024-02-01", "as_of": "2024-01-01"}, "begins after the day the data are cut"),
        ({"from": "yesterday"}, "Enter a day that exists, as year-month-day"),
        ({"to": "03/05/2024"}, "Enter a day that exists, as year-month-day"),
        ({"centre": "SOUTH"}, "Choose among the centres you may audit"),
        ({"centre": "NOSUCH"}, "Choose among the centres you may audit"),
    ],
)
def test_filters_that_cannot_be_met_are_refused_in_words(client, auditor_in_west, query, words):
    make.centre("SOUTH")
    for url in (PAGE, JSON, CSV, PDF, CASES):
        response = client.get(url, query)
        assert response.status_code == 400
        assert words in response.content.decode()
        assert query.get("centre", "SOUTH") not in response.content.decode().replace("SOUTH ", "")


def test_days_are_typed_year_first_whatever_the_language_of_the_browser(client, auditor_in_west):
    page = client.get(PAGE).content.decode()
    assert 'type="date"' not in page
    assert page.count('placeholder="YYYY-MM-DD"') == 3


def test_a_catheter_left_behind_is_no_therapy(client, west, auditor_in_west):
    patient = make.patient(by=auditor_in_west, at_centre=west)
    ended = {"removed_on": date(2022, 3, 10), "removal_reason": "end_of_therapy"}
    make.component(of=patient, by=auditor_in_west, **ended)
    make.component(of=patient, by=auditor_in_west, kind="spinal_segment", reservoir_ml=None)
    assert flow(client, **{"from": "2022-01-01"})["patients"] == 1
    assert flow(client, **{"from": "2023-01-01"})["patients"] == 0


def test_data_of_other_centres_are_never_counted(client, north, auditor, cohort):
    south = make.centre("SOUTH")
    audited_records.fill(south, by=make.user(at_centre=south))
    assert flow(client)["patients"] == len(cohort)
    for url in (PAGE, JSON, CSV):
        assert "SOUTH" not in client.get(url).content.decode()
    assert client.get(CASES).content.decode().count("<tr data-patient>") == len(cohort)


def test_both_centres_are_counted_for_whom_both_are_open(client, north, auditor, cohort):
    from registry import actions

    south = make.centre("SOUTH")
    actions.people.set_roles(user=auditor, centre=south, roles=[Role.AUDITOR], by=None, at=make.NOW)
    audited_records.fill(south, by=make.user(at_centre=south))
    assert flow(client)["patients"] == 2 * len(cohort)
    assert flow(client, centre="SOUTH")["patients"] == len(cohort)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.READER, Role.ADMINISTRATOR])
def test_roles_that_may_not_audit_see_no_audit(client, west, role):
    client.force_login(
        make.user(at_centre=west, roles=[role]), backend="registry.access.RoleBackend"
    )
    for url in (PAGE, JSON, CSV, PDF, CASES, reverse("registry:audit-list")):
        assert client.get(url).status_code == 403


def test_a_number_does_not_unblind_who_has_yet_to_read(client, west, auditor_in_west):
    other = make.user(at_centre=west)
    audited_records.fill(west, by=other)
    both = make.user(at_centre=west, roles=[Role.AUDITOR, Role.READER])
    client.force_login(both, backend="registry.access.RoleBackend")
    body = client.get(CASES, {"number": "operated_leak"}).content.decode()
    assert body.count("<tr data-patient>") == 1
    assert "you have yet to read" in body
    assert "CR-" not in body.split("<main", 1)[1]


def test_the_page_asks_the_database_the_same_few_times_for_more_patients(
    client, north, auditor, cohort, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        client.get(PAGE)
    audited_records.fill(north, by=auditor)
    with django_assert_max_num_queries(20):
        client.get(PAGE)


def test_pdf_is_a_document_without_patients(client, cohort):
    response = client.get(PDF)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert cohort[0].registry_number.encode() not in response.content


def test_an_empty_registry_has_a_page_too(client, auditor_in_west):
    body = client.get(PAGE).content.decode()
    assert "not defined" in body
    assert flow(client)["patients"] == 0


def test_the_command_prints_what_the_page_shows(client, cohort, capsys):
    as_of = "2026-01-01"
    call_command("audit", KEY, as_of=date.fromisoformat(as_of))
    assert strict(capsys.readouterr().out) == client.get(JSON, {"as_of": as_of}).json()


def test_the_command_counts_all_centres_unless_told_otherwise(cohort, capsys):
    south = make.centre("SOUTH")
    audited_records.fill(south, by=make.user(at_centre=south))
    call_command("audit", KEY)
    assert strict(capsys.readouterr().out)["flow"][0]["n"] == 2 * len(cohort)
    call_command("audit", KEY, centre=["SOUTH"])
    result = strict(capsys.readouterr().out)
    assert result["flow"][0]["n"] == len(cohort)
    assert result["filters"]["centres"] == ["SOUTH"]


def test_the_command_writes_every_format_into_a_folder(cohort, tmp_path, capsys):
    call_command("audit", KEY, format="json,csv,html,pdf,bundle", output=tmp_path / "reports")
    assert sorted(path.name.split(".", 1)[1] for path in (tmp_path / "reports").iterdir()) == [
        "bundle.zip", "csv", "html", "json", "pdf",
    ]  # fmt: skip
    page = next((tmp_path / "reports").glob("*.html")).read_text()
    assert "http" not in re.sub(r"http://www\.w3\.org/\S+", "", page)
