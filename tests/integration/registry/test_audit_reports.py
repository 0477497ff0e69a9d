"""Frozen reports: they stay as they are, can be counted again, and show every tampering."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from registry import queries
from registry.audit.canonical import canonical_bytes
from registry.audit.comparison import recompute
from registry.audit.errors import AuditError
from registry.audit.protocols import PROTOCOLS
from registry.audit.result import result_sha256
from registry.exchange import plain_zip, report_signature
from registry.models import AuditReport, HistoryEvent, Role
from registry.presenters import report_bundle
from tests.factories import audited_records
from tests.factories import registry_records as make
from tests.one_world import built_once

pytestmark = pytest.mark.django_db

KEY = "abousamra-2016"
FREEZE = reverse("registry:report-freeze", args=[KEY])
BACKEND = "registry.access.RoleBackend"


def a_frozen_report():
    north = make.centre("NORTH")
    auditor = make.user(at_centre=north)
    audited_records.fill(north, by=auditor)
    client = Client()
    client.force_login(auditor, backend=BACKEND)
    answer = client.post(
        FREEZE, {"title": "Annual audit", "centre": "NORTH", "as_of": "2025-06-30"}
    )
    report = AuditReport.objects.get()
    assert answer.url == reverse("registry:report-detail", args=[report.public_id])
    return north, auditor, report


built = built_once(a_frozen_report)


@pytest.fixture
def north(built):
    return built[0]


@pytest.fixture
def auditor(built, client):
    client.force_login(built[1], backend=BACKEND)
    return built[1]


@pytest.fixture
def report(auditor, built):
    return AuditReport.objects.get(pk=built[2].pk)


def of(report, name):
    return reverse(f"registry:{name}", args=[report.public_id])


def body(client, url, **query):
    return client.get(url, query).content.decode()


def test_freezing_keeps_numbers_facts_filters_and_versions(report, auditor):
    assert report.title == "Annual audit"
    assert report.frozen_by == auditor
    assert report.as_of == date(2025, 6, 30)
    assert report.results["flow"][0]["n"] == len(report.facts["patients"]) == 16
    assert report.facts_sha256 == report.results["facts_sha256"]
    assert [centre.code for centre in report.centres.all()] == ["NORTH"]
    assert HistoryEvent.objects.filter(action="report.freeze").count() == 1


def test_a_frozen_report_survives_changes_of_the_data(client, north, auditor, report):
    before = [client.get(of(report, name)).content for name in ("report-json", "report-csv")]
    audited_records.audited_patient(north, by=auditor, result="leak", operated=True)
    after = [client.get(of(report, name)).content for name in ("report-json", "report-csv")]
    assert after == before
    page = body(client, of(report, "report-detail"))
    assert 'data-n="patients"' in page
    assert ">16</text>" in page
    changes = body(client, of(report, "report-detail"), compare="cut")
    assert "Flow: Patients with a pump system" in changes
    assert '<td class="number">16</td><td class="number">17</td>' in changes
    assert changes.count("Not among the facts of the report") == 1


def test_unchanged_data_show_no_difference(client, report):
    assert "no number differs" in body(client, of(report, "report-detail"), compare="cut")
    assert "no number differs" in body(client, of(report, "report-detail"), compare="today")


def test_verifying_counts_again_and_agrees(client, north, auditor, report):
    audited_records.audited_patient(north, by=auditor, result="leak", operated=True)
    answer = client.post(of(report, "report-verify")).content.decode()
    assert "every number and both hashes agree" in answer


def test_every_number_of_a_frozen_report_opens_its_patients(client, report):
    for box in report.results["flow"]:
        page = body(client, of(report, "report-cases"), number=box["key"])
        assert page.count("<tr data-patient>") == box["n"], box["key"]


def test_a_frozen_report_is_on_paper_with_who_and_when(client, report):
    answer = client.get(of(report, "report-pdf"))
    assert answer.content.startswith(b"%PDF-")
    assert b"Annual audit" in answer.content
    table = body(client, of(report, "report-csv"))
    assert "report,frozen_by,person" in table
    assert f"report,sha256_of_the_results,{report.results_sha256}" in table


def test_only_who_may_freeze_in_all_chosen_centres_freezes(client, north):
    client.force_login(make.user(at_centre=north, roles=[Role.SURGEON]), backend=BACKEND)
    answer = client.post(FREEZE, {"title": "Annual audit", "centre": "NORTH"})
    assert answer.status_code == 403
    assert AuditReport.objects.count() == 1
    assert "Freeze as a report" not in body(client, reverse("registry:audit-protocol", args=[KEY]))


def test_nothing_is_frozen_that_its_author_has_not_seen(client, north, auditor):
    answer = client.post(FREEZE, {"title": "Audit", "centre": "NORTH", "facts_sha256": "0" * 64})
    assert answer.url.startswith(reverse("registry:audit-protocol", args=[KEY]))
    assert AuditReport.objects.count() == 1


def test_a_report_without_a_title_is_refused_beside_the_field(client, north, auditor):
    answer = client.post(FREEZE, {"title": " ", "centre": "NORTH"})
    assert answer.status_code == 400
    assert "This field is required" in answer.content.decode()
    assert AuditReport.objects.count() == 1


def test_reports_of_other_centres_are_not_found(client, north, report):
    south = make.centre("SOUTH")
    client.force_login(make.user(at_centre=south), backend=BACKEND)
    for name in ("detail", "json", "csv", "pdf", "bundle", "cases"):
        assert client.get(of(report, f"report-{name}")).status_code == 404
    assert client.post(of(report, "report-verify")).status_code == 404
    assert "Annual audit" not in body(client, reverse("registry:report-list"))


def test_the_list_names_the_report(client, report):
    assert "Annual audit" in body(client, reverse("registry:report-list"))
    assert "Annual audit" in body(client, reverse("registry:audit-list"))


def test_downloading_the_facts_is_recorded(client, report):
    answer = client.get(of(report, "report-bundle"))
    assert answer["Content-Disposition"].endswith('_bundle.zip"')
    bundle = report_bundle.read(answer.content)
    assert bundle.frozen["facts_sha256"] == report.facts_sha256
    assert bundle.manifest["report"] == str(report.public_id)
    assert HistoryEvent.objects.filter(action="report.export_bundle").count() == 1


# ------------------------------------------------------------------------- manage.py verify_report


@pytest.fixture
def bundle(report):
    """One of the first version: a single JSON file. `test_bundle_check.py` has the signed ones."""
    return json.loads(json.dumps({"bundle_version": 1} | report_bundle.of_report(report)))


def verified(bundle, tmp_path):
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle))
    call_command("verify_report", str(path))


def test_the_command_verifies_a_report_by_its_id(report, capsys):
    call_command("verify_report", str(report.public_id))
    said = capsys.readouterr().out
    assert "Sound: abousamra-2016" in said
    assert "Not signed: " in said


def test_a_bundle_is_verified_where_no_registry_was_ever_set_up(
    client, report, tmp_path, capsys, monkeypatch
):
    path = tmp_path / "bundle.zip"
    path.write_bytes(client.get(of(report, "report-bundle")).content)
    monkeypatch.setattr(connection.introspection, "table_names", list)
    monkeypatch.setattr(
        queries.reports, "by_public_id", lambda _: pytest.fail("asked a registry that is not there")
    )
    call_command("verify_report", str(path))
    assert "holds no such report" in capsys.readouterr().out


def test_the_command_verifies_what_the_page_gave_out(client, report, tmp_path, capsys):
    path = tmp_path / "bundle.zip"
    path.write_bytes(client.get(of(report, "report-bundle")).content)
    call_command("report_key")
    key = capsys.readouterr().out.strip()
    assert key in body(client, of(report, "report-detail"))
    call_command("verify_report", str(path), str(path), "--key", key)
    said = capsys.readouterr().out
    assert said.count(f"Signed by this installation, key {key}.") == 2
    assert "checked against itself only" not in said
    with pytest.raises(SystemExit) as ended:
        call_command("verify_report", str(path), "--key", "0" * 64)
    assert ended.value.code == 3
    assert "signature: made with key" in capsys.readouterr().err
    with pytest.raises(CommandError, match="64 hexadecimal digits"):
        call_command("verify_report", str(path), "--key", "somebody")


def test_a_report_is_told_from_another_of_the_same_installation(
    client, north, auditor, report, tmp_path, capsys
):
    """Sound and signed here, and yet not what was frozen under this id."""
    audited_records.audited_patient(north, by=auditor, result="leak", operated=True)
    client.post(FREEZE, {"title": "Annual audit", "centre": "NORTH", "as_of": "2025-06-30"})
    later = AuditReport.objects.exclude(pk=report.pk).get()
    later.public_id = report.public_id
    path = tmp_path / "bundle.zip"
    path.write_bytes(
        report_bundle.write_report(
            later, queries.reports.recomputed(later), PROTOCOLS[KEY], code_version="1"
        )
    )
    with pytest.raises(SystemExit):
        call_command("verify_report", str(path))
    assert "facts_sha256" in capsys.readouterr().err


def test_a_report_that_cannot_be_counted_again_gives_no_bundle_and_says_so(
    client, report, monkeypatch
):
    def refused(report):
        raise AuditError("counted by another version")

    monkeypatch.setattr(queries.reports, "recomputed", refused)
    assert client.get(of(report, "report-bundle")).status_code == 302
    assert not HistoryEvent.objects.filter(action="report.export_bundle").exists()


def test_the_command_verifies_a_bundle(bundle, tmp_path, capsys):
    verified(bundle, tmp_path)
    assert "Sound" in capsys.readouterr().out


def reworded(protocol):
    return replace(protocol, caveats=(f"{protocol.caveats[0]} Said better.", *protocol.caveats[1:]))


def test_a_later_version_may_say_it_in_other_words(
    client, report, bundle, tmp_path, capsys, monkeypatch
):
    monkeypatch.setitem(PROTOCOLS, "abousamra-2016", reworded(PROTOCOLS["abousamra-2016"]))
    verified(bundle, tmp_path)
    printed = capsys.readouterr()
    assert "Words differ: caveats[0]" in printed.out
    assert "Sound" in printed.out
    assert printed.err == ""
    html = client.post(of(report, "report-verify")).content.decode()
    assert "every number and both hashes agree" in html
    assert "Words differ" in html
    assert "Said better." in html


def test_frozen_words_that_were_changed_are_damage(bundle, tmp_path, capsys):
    bundle["results"]["caveats"][0] = "Nothing to see here."
    with pytest.raises(SystemExit) as ended:
        verified(bundle, tmp_path)
    assert ended.value.code == 3
    assert "results_sha256" in capsys.readouterr().err


@pytest.fixture
def signed(report, tmp_path):
    """Writes a bundle of the report after a change, signed by this installation."""

    def write(**change):
        audit = queries.reports.recomputed(report)
        files = plain_zip.unpack(
            report_bundle.write_report(
                report, audit, PROTOCOLS[KEY], code_version=settings.CODE_VERSION
            )
        )
        manifest = canonical_bytes(json.loads(files["manifest.json"]) | change)
        signature = {
            "algorithm": report_signature.ALGORITHM,
            "public_key": report_signature.own_public_key(),
            "signature": report_signature.sign(manifest),
        }
        changed = {"manifest.json": manifest, "signature.json": canonical_bytes(signature)}
        path = tmp_path / "bundle.zip"
        path.write_bytes(plain_zip.pack(files | changed))
        return path

    return write


def test_a_bundle_of_a_kept_report_says_of_it_what_the_registry_says(
    signed, auditor, report, capsys
):
    stamp = report_bundle.said_of(report)["stamp"]
    for change in (
        {"title": "Another audit"},
        {"made_at": "2026-07-01T00:00:00+00:00"},
        {"stamp": [*stamp[:2], ["Frozen at", "yesterday"], *stamp[3:]]},
    ):
        with pytest.raises(SystemExit) as ended:
            call_command("verify_report", str(signed(**change)))
        assert ended.value.code == 3
        (name,) = change
        assert re.search(rf"^{name}\b.*the registry", capsys.readouterr().err, re.MULTILINE)
    path = signed()
    type(auditor).objects.filter(pk=auditor.pk).update(first_name="Another", last_name="Name")
    call_command("verify_report", str(path))
    assert "a name may change after a report was frozen" in capsys.readouterr().out


def test_a_kept_report_was_signed_by_this_registry_or_with_a_key_one_names(
    signed, monkeypatch, capsys
):
    path, earlier = signed(), report_signature.own_public_key()
    monkeypatch.setattr(settings, "CRESCENT_HISTORY_KEY", "another key, long enough to be one")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_report", str(path))
    assert ended.value.code == 3
    said = capsys.readouterr().err
    assert f"made with key {earlier}" in said
    assert "If its CRESCENT_HISTORY_KEY was another" in said
    call_command("verify_report", str(path), "--key", earlier)
    assert "which you named" in capsys.readouterr().out


def tamper_number(bundle):
    bundle["results"]["flow"][1]["n"] += 1


def tamper_interval(bundle):
    bundle["results"]["estimates"][0]["lower"] *= 1.001


def tamper_caveat(bundle):
    bundle["results"]["caveats"] = bundle["results"]["caveats"][1:]


def tamper_fact(bundle):
    study = next(p for p in bundle["facts"]["patients"] if p["studies"])["studies"][0]
    study["performed_on"] = "2020-01-01"


def tamper_missing_patient(bundle):
    del bundle["facts"]["patients"][3]


def tamper_facts_hash(bundle):
    bundle["facts_sha256"] = "0" * 64


def tamper_results_hash(bundle):
    bundle["results_sha256"] = "0" * 64


def tamper_filters(bundle):
    bundle["results"]["filters"]["performed_from"] = "2025-01-01"


def tamper_shape(bundle):
    del bundle["facts"]["patients"][0]["centre"]


def tamper_part(bundle):
    del bundle["facts"]


def tamper_smuggled_facts(bundle):
    bundle["facts"]["names"] = ["somebody"]


def tamper_rewritten_day(bundle):
    """The same day in another spelling: equal facts, other bytes."""
    study = next(p for p in bundle["facts"]["patients"] if p["studies"])["studies"][0]
    study["performed_on"] = study["performed_on"].replace("-", "")


def tamper_cut_off(bundle):
    bundle["results"]["as_of"] = None


def tamper_protocol(bundle):
    bundle["results"]["protocol"] = "abousamra-2016"


def tamper_everything(bundle):
    bundle["results"] = {}


def tamper_not_a_number(bundle):
    bundle["results"]["estimates"][0]["value"] = float("nan")


def forge_whole_bundle(bundle):
    """A patient left out and everything counted and hashed again: sound in itself."""
    del bundle["facts"]["patients"][3]
    bundle["facts_sha256"] = result_sha256(bundle["facts"])
    bundle["results"]["facts_sha256"] = bundle["facts_sha256"]
    again = recompute(facts=json.dumps(bundle["facts"]), frozen=bundle["results"]).to_json()
    bundle["results"] = again
    bundle["results_sha256"] = result_sha256(again)


@pytest.mark.parametrize(
    "tamper",
    [
        tamper_number,
        tamper_interval,
        tamper_caveat,
        tamper_fact,
        tamper_missing_patient,
        tamper_facts_hash,
        tamper_results_hash,
        tamper_filters,
        tamper_shape,
        tamper_part,
        tamper_smuggled_facts,
        tamper_rewritten_day,
        tamper_cut_off,
        tamper_protocol,
        tamper_everything,
        tamper_not_a_number,
        forge_whole_bundle,
    ],
)
def test_the_command_finds_and_names_every_tampering(bundle, tamper, tmp_path, capsys):
    tamper(bundle)
    with pytest.raises(SystemExit) as ended:
        verified(bundle, tmp_path)
    assert ended.value.code == 3
    assert capsys.readouterr().err


def test_a_bundle_of_another_registry_says_what_it_was_checked_against(bundle, tmp_path, capsys):
    bundle["report"]["public_id"] = "00000000-0000-7000-8000-000000000000"
    verified(bundle, tmp_path)
    assert "checked against itself only" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{}", b"[" * 100_000, b"[]", b"{}"])
def test_a_file_that_is_no_bundle_is_damage_and_not_a_crash(content, tmp_path, capsys):
    path = tmp_path / "bundle.json"
    path.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_report", str(path))
    assert ended.value.code == 3
    assert "cannot be verified" in capsys.readouterr().err


def test_neither_file_nor_report_is_a_mistake_and_no_damage(tmp_path):
    for name in (str(tmp_path), "nothing", "00000000-0000-7000-8000-000000000000"):
        with pytest.raises(CommandError, match="neither such a file nor such a report"):
            call_command("verify_report", name)


def test_a_report_named_in_any_script_comes_out_on_paper(client, auditor):
    client.post(FREEZE, {"title": "\u65e5\u672c\u8a9e", "centre": "NORTH"})
    report = AuditReport.objects.get(title="\u65e5\u672c\u8a9e")
    assert client.get(of(report, "report-pdf")).status_code == 200


def test_today_is_the_day_it_is_at_the_centres_of_the_report(client, auditor, report, monkeypatch):
    """23:00 UTC on 30 June is 1 July in Berlin."""
    moment = datetime(2026, 6, 30, 23, tzinfo=UTC)
    monkeypatch.setattr("registry.views.reports.timezone.now", lambda: moment)
    assert "cut 2026-07-01" in body(client, of(report, "report-detail"), compare="today")
