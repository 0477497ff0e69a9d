"""A device signal from open to decided, on other numbers, and in a report that is frozen."""

from html import unescape

import pytest
from django.core.management import call_command
from django.urls import reverse

from registry.models import AuditReport, Component, Role, SignalDisposition
from registry.presenters import report_bundle
from tests.factories import registry_records as make
from tests.factories.device_signals import SIGNAL, fill

pytestmark = pytest.mark.django_db

KEY = ["device-survival"]
LIST = "registry:signal-list"
REASON = "The maker was told \N{TELEPHONE RECEIVER} of the stalled motors."


@pytest.fixture
def centre():
    centre = make.centre()
    fill(centre, by=make.user(at_centre=centre))
    return centre


@pytest.fixture
def auditor(centre):
    return make.user(at_centre=centre, roles=[Role.AUDITOR])


def sign_in(client, person):
    client.force_login(person, backend="registry.access.RoleBackend")


def page_of(client, name="registry:audit-protocol", args=KEY):
    return unescape(client.get(reverse(name, args=args)).content.decode())


def decide(client, **said):
    """Open the page of the signal, answer, and send it; what the page says in the end."""
    page = client.get(reverse("registry:signal-decide", args=[*KEY, SIGNAL]))
    assert page.status_code == 200
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in ("facts_sha256", "seen")}
    sent |= {"disposition": "reported", "reason": REASON, "once": page.wsgi_request.once} | said
    return client.post(page.context["form_action"], sent, follow=True)


def test_an_open_signal_is_decided_and_the_decision_stands_beside_it(client, auditor, tmp_path):
    sign_in(client, auditor)
    assert "2 open" in page_of(client)
    said = unescape(decide(client).content.decode())
    assert "1 open" in said
    assert REASON in said
    assert "decided on other numbers" not in said
    assert REASON in page_of(client, LIST, [])
    out = client.get(reverse("registry:audit-json", args=KEY)).json()
    assert [one["reason"] for one in out["dispositions"]] == [REASON]
    table = client.get(reverse("registry:audit-csv", args=KEY)).content.decode()
    assert REASON in table
    assert "OPEN" in table
    pdf = client.get(reverse("registry:audit-pdf", args=KEY))
    assert pdf.content.startswith(b"%PDF-")
    call_command("audit", *KEY, format="json,csv,html", output=f"{tmp_path}/audit/")
    written = [path.read_text() for path in (tmp_path / "audit").iterdir()]
    # JSON escapes no letter, and HTML none of these.
    assert [REASON in text for text in written] == [True] * 3


def test_other_numbers_are_named_and_a_frozen_report_keeps_what_was_known(client, auditor):
    sign_in(client, auditor)
    decide(client)
    freeze = reverse("registry:report-freeze", args=KEY)
    client.post(freeze, {"title": "Pumps", "centre": "NORTH"})
    report = AuditReport.objects.get()
    assert [one["signal"] for one in report.dispositions] == [SIGNAL]

    registrar = make.user(at_centre=Component.objects.first().patient.centre)
    make.component(
        of=make.patient(by=registrar, at_centre=registrar.memberships.first().centre),
        by=registrar, model="flowonix_13827", reservoir_ml=None,
    )  # fmt: skip
    assert "decided on other numbers" in page_of(client)
    said = unescape(decide(client, disposition="data_error").content.decode())
    assert "1 before that" in said
    assert SignalDisposition.objects.count() == 2

    report.refresh_from_db()
    assert len(report.dispositions) == 1
    shown = page_of(client, "registry:report-detail", [report.public_id])
    assert REASON in shown
    assert "1 before that" not in shown
    bundle = client.get(reverse("registry:report-bundle", args=[report.public_id])).content
    assert report_bundle.read(bundle).frozen["dispositions"] == report.dispositions
    verified = client.post(reverse("registry:report-verify", args=[report.public_id]))
    assert "both hashes agree" in verified.content.decode()


def test_what_was_typed_stays_when_the_numbers_changed_meanwhile(client, auditor):
    sign_in(client, auditor)
    answer = decide(client, facts_sha256="0" * 64)
    assert answer.status_code == 200
    assert "the data changed since" in answer.content.decode()
    assert REASON in answer.content.decode()
    assert not SignalDisposition.objects.exists()
    assert answer.context["form"]["facts_sha256"].value() != "0" * 64


def test_surgeons_see_what_auditors_decided_and_decide_nothing(client, centre, auditor):
    sign_in(client, auditor)
    decide(client)
    sign_in(client, make.user(at_centre=centre, roles=[Role.SURGEON]))
    address = reverse("registry:signal-decide", args=[*KEY, SIGNAL])
    assert REASON in page_of(client)
    assert address not in page_of(client)
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_nothing_is_told_to_other_centres(client, auditor):
    sign_in(client, auditor)
    decide(client)
    sign_in(client, make.user(at_centre=make.centre("SOUTH"), roles=[Role.AUDITOR]))
    for name, args in (("registry:audit-protocol", KEY), (LIST, [])):
        assert REASON not in page_of(client, name, args)
    address = reverse("registry:signal-decide", args=[*KEY, SIGNAL])
    assert client.get(address).status_code == 404
    assert client.get(reverse("registry:signal-decide", args=["ford-1996", "x"])).status_code == 404
