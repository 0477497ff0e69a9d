"""An audit of many patients: the page waits for it, then it is kept until something changes."""

import json
import time

import pytest
from django.db import connection
from django.urls import reverse

from registry import actions
from registry.audit.protocols import PROTOCOLS
from registry.models import AuditReport
from registry.queries import audit_facts, audit_work, audits, kept_answers, kept_cases
from registry.views.audits import cases_behind
from tests.architecture.source_tree import ROOT
from tests.factories import audited_records, device_signals
from tests.factories import registry_records as make

KEY = "abousamra-2016"
PAGE, LIVE, CASES = (
    reverse(f"registry:audit-{name}", args=[KEY]) for name in ("protocol", "live", "cases")
)


def signed_in(client, centre, name="auditor"):
    person = make.user(at_centre=centre, name=name)
    client.force_login(person, backend="registry.access.RoleBackend")
    return person


@pytest.fixture
def begun(monkeypatch):
    """Nothing is counted at once; what is begun is counted when a test says so."""
    begun = []
    monkeypatch.setattr(audits, "AT_ONCE_PATIENTS", 0)
    monkeypatch.setattr(audit_work, "_start", lambda digest, lock: begun.append(digest))
    monkeypatch.setattr(audit_work, "_is_held", lambda path: path.stem in begun)
    return begun


@pytest.fixture
def count(begun):
    def count():
        from django.utils import timezone

        digest = begun.pop()
        audit_work.count(digest, clock=timezone.now)

    return count


def kept_question(begun):
    asked = audit_work._file(begun[0], ".asked").read_text()
    return kept_answers.Question.from_json(json.loads(asked))


@pytest.mark.django_db
def test_the_page_waits_and_shows_what_a_small_registry_shows_at_once(
    client, begun, count, monkeypatch
):
    centre = make.centre()
    by = signed_in(client, centre)
    audited_records.fill(centre, by=by)
    with monkeypatch.context() as small:
        small.setattr(audits, "AT_ONCE_PATIENTS", 1000)
        at_once = client.get(reverse("registry:audit-json", args=[KEY])).json()
    for answer in kept_answers.folder().iterdir():
        answer.unlink()
    waiting = client.get(PAGE)
    assert waiting.status_code == 202
    assert "Waiting for its turn" in waiting.text
    assert client.get(reverse("registry:audit-csv", args=[KEY])).status_code == 302
    query = waiting.context["live_query"]
    assert "Waiting for its turn" in client.get(f"{LIVE}?{query}").text
    assert len(begun) == 1
    count()
    last = client.get(f"{LIVE}?{query}")
    assert "arrived=1" in last.text
    assert "every" not in last.text, "the page on its way is not begun anew each second"
    there = client.get(f"{LIVE}?{query}&arrived=1").headers["HX-Redirect"]
    assert client.get(there).status_code == 200
    monkeypatch.setattr(audit_facts, "cohort", None)
    monkeypatch.setattr(audit_facts, "cohort_of_centres", None)
    assert client.get(PAGE).status_code == 200
    assert client.get(reverse("registry:audit-json", args=[KEY])).json() == at_once


@pytest.mark.django_db
def test_who_is_behind_a_number_is_kept_with_the_answer(client, begun, count, monkeypatch):
    centre = make.centre()
    by = signed_in(client, centre)
    audited_records.fill(centre, by=by)
    numbers = ("", "operated_leak", "ct_rate.denominator")

    def shown():
        return [client.get(CASES, {"number": number}).context for number in numbers]

    with monkeypatch.context() as small:
        small.setattr(audits, "AT_ONCE_PATIENTS", 1000)
        at_once = shown()
    for answer in kept_answers.folder().iterdir():
        answer.unlink()
    assert client.get(CASES).status_code == 302, "the page says how far the count is"
    client.get(PAGE)
    count()
    monkeypatch.setattr(audits, "run", None)
    for there, here in zip(shown(), at_once, strict=True):
        for said in ("number", "words", "total", "unit", "lines"):
            assert there[said] == here[said]
    assert client.get(CASES, {"number": "nothing.of.this"}).status_code == 404
    make.patient(by=by, at_centre=centre)
    assert client.get(CASES).status_code == 302, "not of facts that have changed"


@pytest.mark.django_db
def test_a_patient_who_withdraws_while_the_page_of_a_number_is_made_is_not_shown(
    client, begun, count
):
    """Of very many patients it is made in seconds."""
    centre = make.centre()
    by = signed_in(client, centre)
    patient = make.patient(by=by, at_centre=centre)
    client.get(PAGE)
    question = kept_question(begun)
    count()
    behind = audits.behind(viewer=by, asked=question, number="")
    cases = cases_behind(by, behind, PROTOCOLS[KEY])
    actions.patients.edit(
        patient=patient, edition=1, by=by, at=make.NOW, changes={"consent": "withdrawn"}
    )
    (line,) = cases.lines_of(cases.people)
    assert line.patient is None
    assert "changed since it was counted" in line.why


@pytest.mark.django_db
def test_cases_are_counted_anew_where_only_the_numbers_are_kept(client, begun, count):
    centre = make.centre()
    by = signed_in(client, centre)
    make.patient(by=by, at_centre=centre)
    client.get(PAGE)
    count()
    for cases in kept_answers.folder().glob(f"*{kept_cases.SUFFIX}"):
        cases.unlink()
    assert client.get(CASES).context["total"] == 1


@pytest.mark.django_db
def test_an_answer_of_few_patients_is_kept_as_well_until_one_of_them_changes(client, monkeypatch):
    centre = make.centre()
    by = signed_in(client, centre)
    make.patient(by=by, at_centre=centre)
    assert client.get(PAGE).context["page"].result["flow"][0]["n"] == 1
    with monkeypatch.context() as nothing_is_counted:
        nothing_is_counted.setattr(audit_facts, "cohort", None)
        assert client.get(PAGE).context["page"].result["flow"][0]["n"] == 1
    make.patient(by=by, at_centre=centre)
    assert client.get(PAGE).context["page"].result["flow"][0]["n"] == 2


@pytest.mark.django_db
def test_few_patients_are_counted_where_nothing_can_be_kept(client, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left on device")

    centre = make.centre()
    by = signed_in(client, centre)
    make.patient(by=by, at_centre=centre)
    monkeypatch.setattr(kept_answers, "write", full)
    assert client.get(PAGE).status_code == 200


@pytest.mark.django_db
def test_a_stale_answer_is_shown_to_nobody_but_who_waited_and_is_told(client, begun, count):
    centre = make.centre()
    by = signed_in(client, centre)
    make.patient(by=by, at_centre=centre)
    query = client.get(PAGE).context["live_query"]
    count()
    make.patient(by=by, at_centre=centre)
    assert client.get(PAGE).status_code == 202
    begun.clear()
    waited = client.get(f"{PAGE}?{query}")
    assert waited.status_code == 200
    assert "Something has changed since" in waited.text
    assert waited.context["page"].result["flow"][0]["n"] == 1
    forged = client.get(f"{PAGE}?since=0")
    assert forged.status_code == 202
    # What has no room for the sentence shows today's numbers or none.
    for name in ("json", "csv", "checklist", "checklist-csv"):
        assert client.get(f"{reverse(f'registry:audit-{name}', args=[KEY])}?{query}").url


@pytest.mark.django_db
def test_an_answer_is_for_the_centres_that_were_counted_only(client, begun, count):
    north, south = make.centre("NORTH"), make.centre("SOUTH")
    both = signed_in(client, north, "both")
    audits_south = make.user(at_centre=south, name="south")
    make.patient(by=both, at_centre=north)
    make.patient(by=audits_south, at_centre=south)
    assert client.get(PAGE).status_code == 202
    count()
    assert client.get(PAGE).status_code == 200
    client.force_login(audits_south, backend="registry.access.RoleBackend")
    assert client.get(PAGE).status_code == 202
    assert client.get(PAGE, {"centre": "NORTH"}).status_code == 400


@pytest.mark.django_db
def test_signals_and_the_comparison_of_a_report_come_from_what_is_kept(
    client, begun, count, monkeypatch
):
    centre = make.centre()
    by = signed_in(client, centre)
    device_signals.fill(centre, by=by)
    signals = reverse("registry:signal-list")
    decide = reverse("registry:signal-decide", args=["device-survival", device_signals.SIGNAL])
    survival = reverse("registry:audit-protocol", args=["device-survival"])
    freeze = reverse("registry:report-freeze", args=["device-survival"])
    client.post(freeze, {"title": "Pumps", "centre": "NORTH"})
    report = reverse("registry:report-detail", args=[AuditReport.objects.get().public_id])
    monkeypatch.setattr(audit_facts, "cohort", None)

    for page in (signals, f"{report}?compare=cut"):
        answer = client.get(page)
        assert "not counted yet" in answer.text
        assert survival in answer.context["audit_url"]
    assert client.get(decide).headers["Location"].startswith(survival)
    assert begun == []
    waiting = client.get(survival)
    assert waiting.status_code == 202
    count()
    assert client.get(signals).context["signals"].open == 2
    assert "no number differs" in client.get(f"{report}?compare=cut").text
    assert client.get(decide).status_code == 200
    make.patient(by=by, at_centre=centre)
    since = waiting.context["live_query"]
    for page in (f"{signals}?", f"{report}?compare=cut&"):
        assert "not counted yet" in client.get(f"{page}{since}").text
    assert client.get(f"{decide}?{since}").status_code == 302


@pytest.mark.django_db
def test_a_count_that_broke_off_is_begun_anew_on_demand(client, begun):
    centre = make.centre()
    make.patient(by=signed_in(client, centre), at_centre=centre)
    client.get(PAGE)
    begun.clear()
    broken = client.get(PAGE)
    assert "The count broke off" in broken.text
    assert begun == []
    again = client.get(f"{PAGE}?{broken.context['again_query']}")
    assert "Waiting for its turn" in again.text
    assert len(begun) == 1


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_a_process_of_its_own_counts(client, monkeypatch, crescent_data):
    centre = make.centre()
    make.patient(by=signed_in(client, centre), at_centre=centre)
    monkeypatch.setattr(audits, "AT_ONCE_PATIENTS", 0)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{connection.settings_dict['NAME']}")
    monkeypatch.setenv("CRESCENT_DATA", str(crescent_data))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    assert (ROOT / "manage.py").exists()
    assert client.get(PAGE).status_code == 202
    deadline = time.monotonic() + 240
    while client.get(PAGE).status_code == 202 and time.monotonic() < deadline:
        time.sleep(0.2)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.context["page"].result["flow"][0]["n"] == 1
