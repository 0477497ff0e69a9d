"""Findings taken from a report, and corrections that stand beside what they correct."""

import pytest
from django.urls import reverse

from registry.models import Read, Role
from tests.factories import case_forms
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def surgeon(centre, client):
    person = make.user(at_centre=centre, roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def case(centre, surgeon):
    return make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)


@pytest.fixture
def study(case, surgeon):
    return make.contrast_study(of=case, by=surgeon)


def url(name, record):
    return reverse(f"registry:{name}", args=[record.public_id])


def test_a_finding_is_taken_from_the_report(client, study):
    answers = case_forms.leak(
        further_findings=["inadequate_pooling", "leak"],
        further_sites_inadequate_pooling=["tip_level"],
        further_sites_leak=["epidural"],
        certainty="5",
    )

    client.post(url("read-create", study), answers)

    read = Read.objects.get()
    assert read.source == "report_abstracted"
    assert read.information_shown == ["original_report"]
    assert read.certainty == 5
    assert [
        (finding.code, finding.is_primary, [site.code for site in finding.sites.all()])
        for finding in read.findings.all()
    ] == [
        ("leak", True, ["pump_pocket_around_pump"]),
        ("inadequate_pooling", False, ["tip_level"]),
    ]


def test_an_operation_that_is_logged_counts_as_known(client, surgeon, case, study):
    make.surgery(of=case, by=surgeon)

    client.post(url("read-create", study), case_forms.leak())

    assert Read.objects.get().information_shown == ["operation", "original_report"]


def test_a_leak_needs_its_place(client, study):
    response = client.post(url("read-create", study), case_forms.leak(sites_leak=[]))

    assert set(response.context["form"].errors) == {"sites_leak"}


def test_sites_of_a_finding_that_was_not_chosen_are_ignored(client, study):
    client.post(url("read-create", study), case_forms.leak(primary_finding="normal_crescent"))

    finding = Read.objects.get().findings.get()
    assert (finding.code, finding.sites.count()) == ("normal_crescent", 0)


def test_what_cannot_be_read_has_no_further_finding(client, study):
    response = client.post(
        url("read-create", study),
        case_forms.leak(primary_finding="indeterminate", further_findings=["occlusion"]),
    )

    assert set(response.context["form"].errors) == {"further_findings"}


def test_a_second_read_by_the_same_person_is_refused_in_words(client, surgeon, study):
    make.read(of=study, by=surgeon)

    html = client.post(url("read-create", study), case_forms.leak()).content.decode()

    assert "Correct it instead" in html


def test_a_stopped_study_has_nothing_to_read(client, surgeon, case):
    stopped = make.stopped_study(of=case, by=surgeon)

    html = client.post(url("read-create", stopped), case_forms.leak()).content.decode()

    assert "nothing can be read" in html


def test_a_correction_stands_beside_the_read_with_its_reason(client, surgeon, study):
    first = make.read(of=study, by=surgeon)
    form = client.get(url("read-correct", first)).context["form"]
    assert form["primary_finding"].value() == "leak"
    assert form["sites_leak"].value() == ["pump_pocket_around_pump"]

    response = client.post(
        url("read-correct", first),
        {
            "correction_reason": "report was amended",
            "adequacy": "limited",
            "primary_finding": "occlusion",
        },
        follow=True,
    )

    second = Read.objects.get(supersedes=first)
    assert second.findings.get().code == "occlusion"
    page = response.content.decode()
    assert "Corrects an earlier read: report was amended" in page
    assert "superseded" in page


def test_a_correction_needs_a_reason(client, surgeon, study):
    first = make.read(of=study, by=surgeon)

    response = client.post(url("read-correct", first), case_forms.leak())

    assert set(response.context["form"].errors) == {"correction_reason"}


def test_the_read_of_somebody_else_cannot_be_corrected(client, centre, surgeon, study):
    first = make.read(of=study, by=surgeon)
    client.force_login(make.user(at_centre=centre, roles=[Role.SURGEON]))

    assert client.get(url("read-correct", first)).status_code == 403
    assert client.post(url("read-correct", first), case_forms.leak()).status_code == 403


def test_a_read_that_is_hidden_is_not_found(client, centre, surgeon, study):
    first = make.read(of=study, by=surgeon)
    client.force_login(make.user(at_centre=centre, roles=[Role.READER]))

    assert client.get(url("read-correct", first)).status_code == 404
