"""Two nameless reads side by side, and the decision of somebody who made neither."""

import re

import pytest
from django.urls import reverse

from registry.models import Adjudication, Role
from registry.queries import adjudications
from tests.factories import case_forms
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db

LIST = reverse("registry:reading-list")
HOME = reverse("registry:home")


@pytest.fixture
def here():
    return rooms(reads_per_study=2, reread_share_percent=0)


@pytest.fixture
def study(here):
    study = here.study()
    read_images(study, by=here.readers[0], finding="leak", remarks="REMARK-FIRST", tip_level="t10")
    read_images(
        study, by=here.readers[1], finding="occlusion", remarks="REMARK-SECOND", tip_level="t12"
    )
    return study


def page(study):
    return reverse("registry:adjudication", args=[study.public_id])


def decision(client, study, **changes):
    seen = client.get(page(study)).context["form"]["seen"].value()
    return case_forms.leak(
        seen=seen, reason="Contrast lies around the pump.", password=make.PASSWORD
    ) | changes  # fmt: skip


def test_a_difference_stands_in_the_lists_of_the_third_reader(client, here, study):
    client.force_login(here.readers[2])
    for address in (LIST, HOME):
        assert page(study) in client.get(address).content.decode()
    for reader in here.readers[:2]:
        client.force_login(reader)
        for address in (LIST, HOME):
            html = client.get(address).content.decode()
            assert page(study) not in html
            assert not re.search("differ|djudicat", html)


@pytest.mark.parametrize("role", [*Role.values])
def test_a_reader_who_read_neither_opens_it_and_nobody_else(client, here, study, role):
    client.force_login(make.user(at_centre=here.centre, roles=[role]))
    expected = 200 if role == Role.READER else 404
    assert client.get(page(study)).status_code == expected


def test_who_read_was_asked_began_or_sees_cases_is_kept_out(client, here, study):
    both = make.user(at_centre=here.centre, roles=[Role.READER, Role.SURGEON])
    for person in (*here.readers[:2], both, rooms("SOUTH").readers[0]):
        client.force_login(person)
        assert client.get(page(study)).status_code == 404
        assert client.post(page(study), case_forms.leak()).status_code == 404


def test_reads_that_agree_or_one_alone_have_no_page(client, here):
    alone, agreed = here.study(), here.study()
    read_images(alone, by=here.readers[0])
    for reader in here.readers[:2]:
        read_images(agreed, by=reader)
    client.force_login(here.readers[2])
    for study in (alone, agreed):
        assert client.get(page(study)).status_code == 404


def test_both_reads_are_shown_and_nothing_says_whose_they_are(client, here, study):
    client.force_login(here.readers[2])
    response = client.get(page(study))
    html = response.content.decode()
    assert {"REMARK-FIRST", "REMARK-SECOND"} <= set(re.findall("REMARK-[A-Z]+", html))
    told = [str(here.manager.public_id), study.case.patient.registry_number, "2024-03-05"]
    for reader in here.readers[:2]:
        told += [reader.username, str(reader.public_id)]
    for read in study.reads.all():
        told += [str(read.public_id), f"{read.signed_at:%Y-%m-%d}"]
    assert [one for one in told if one in html] == []
    rows = {row.label: row for row in response.context["rows"]}
    assert {rows["Primary finding"].a, rows["Primary finding"].b} == {"Leak", "Occlusion"}
    assert rows["Primary finding"].decides
    assert rows["Level of the tip"].agreement == "differs"
    assert not rows["Level of the tip"].decides
    assert rows["Images"].agreement == "agrees"


def test_a_decision_is_signed_once_and_shown_to_who_made_it(client, here, study):
    client.force_login(here.readers[2])
    response = client.post(page(study), decision(client, study))
    assert response.url == LIST
    signed = Adjudication.objects.get()
    assert (signed.adjudicator, signed.reason) == (
        here.readers[2],
        "Contrast lies around the pump.",
    )
    assert signed.findings.get().code == "leak"
    html = client.get(page(study)).content.decode()
    assert "You have decided between these reads." in html
    assert page(study) not in client.get(LIST).content.decode()
    client.post(page(study), case_forms.leak(password=make.PASSWORD, reason="again", seen="x"))
    assert Adjudication.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "wrong"}, "This is not your password."),
        ({"password": ""}, "Sign with your password."),
        ({"reason": ""}, "Say it in words."),
        ({"primary_finding": ""}, "Choose one answer."),
        ({"seen": "0" * 64}, "was corrected since you opened them"),
    ],
    ids=lambda one: one if isinstance(one, str) else str(list(one)),
)
def test_what_is_refused_keeps_what_was_typed(client, here, study, changes, words):
    client.force_login(here.readers[2])
    sent = decision(client, study, reason="KEPT WORDS")
    html = client.post(page(study), sent | changes).content.decode()
    assert words in html
    assert "reason" in changes or "KEPT WORDS" in html
    assert not Adjudication.objects.exists()


def test_a_read_that_was_corrected_meanwhile_is_looked_at_again(client, here, study):
    client.force_login(here.readers[2])
    sent = decision(client, study)
    read = study.reads.get(reader=here.readers[1])
    read_images(
        study, by=here.readers[1], finding="malposition", supersedes=read, correction_reason="no"
    )
    response = client.post(page(study), sent)
    assert "was corrected since you opened them" in response.content.decode()
    again = response.context["form"]["seen"].value()
    assert client.post(page(study), sent | {"seen": again}).url == LIST


def test_a_correction_needs_a_reason_and_stands_beside_the_first(client, here, study):
    client.force_login(here.readers[2])
    client.post(page(study), decision(client, study))
    correct = reverse("registry:adjudication-correct", args=[study.public_id])
    form = client.get(correct).context["form"]
    assert form["primary_finding"].value() == "leak"
    sent = case_forms.leak(
        seen=form["seen"].value(), reason="It is an occlusion.", password=make.PASSWORD,
        primary_finding="occlusion",
    )  # fmt: skip
    assert client.post(correct, sent).status_code == 200
    assert client.post(correct, sent | {"correction_reason": "looked again"}).url == page(study)
    latest = adjudications.own_latest(viewer=here.readers[2], public_id=study.public_id)
    assert latest.findings.get().code == "occlusion"
    assert Adjudication.objects.count() == 2


def test_nobody_corrects_the_decision_of_another(client, here, study):
    here.adjudication(study)
    correct = reverse("registry:adjudication-correct", args=[study.public_id])
    fourth = make.user(at_centre=here.centre, roles=[Role.READER])
    for person in (*here.readers[:2], here.manager, fourth):
        client.force_login(person)
        assert client.get(correct).status_code == 404


def test_the_case_page_shows_the_decision_to_who_may_see_reads(client, here, study):
    case = reverse("registry:case-detail", args=[study.case.public_id])
    here.adjudication(study, reason="CANARY-REASON")
    client.force_login(here.manager)
    html = client.get(case).content.decode()
    assert "CANARY-REASON" in html
    assert "adjudicated 2024-06-01" in html
    both = make.user(at_centre=here.centre, roles=[Role.READER, Role.SURGEON])
    client.force_login(both)
    for address in (case, LIST, HOME, reverse("registry:history")):
        assert "CANARY-REASON" not in client.get(address, follow=True).content.decode()


def test_marks_of_both_reads_are_told_apart_by_letter(client, here, study):
    client.force_login(here.readers[2])
    context = client.get(page(study)).context
    assert set(context["marks_of"]) == {"a", "b", "both"}
    assert context["reading"]["draft_url"] is None
    assert context["reading"]["marks"] == context["marks_of"]["both"]
