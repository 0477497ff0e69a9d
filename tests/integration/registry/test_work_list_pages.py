"""Working lists, search, kept searches, merging and transfers, as people use them."""

from datetime import date

import pytest
from django.urls import reverse

from registry.models import Patient, PatientMerge, PatientTransfer, Role, SavedFilter
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

LISTS = reverse("registry:work-lists")
SEARCH = reverse("registry:search")


@pytest.fixture
def surgeon(client):
    person = make.user(at_centre=make.centre(), roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.memberships.get().centre)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def the_list(name):
    return reverse("registry:work-list", args=[name])


def test_the_overview_leads_to_every_list_with_its_count(client, surgeon, patient):
    make.case(of=patient, by=surgeon)
    page = text(client.get(LISTS))
    assert f'href="{the_list("cases-without-outcome")}"' in page
    assert the_list("missing-gmfcs") in page
    assert "0/1" in page
    for name in ("cases-without-outcome", "missing-gmfcs", "consent-open"):
        assert patient.registry_number in text(client.get(the_list(name)))
    assert "No two answers contradict each other." in text(client.get(the_list("contradictions")))


def test_a_list_goes_on_by_where_it_ended_and_keeps_its_filters(client, surgeon, monkeypatch):
    monkeypatch.setattr("registry.presenters.work_lists.PER_PAGE", 1)
    centre = surgeon.memberships.get().centre
    for day in (1, 2):
        girl = make.patient(by=surgeon, at_centre=centre)
        make.case(of=girl, by=surgeon, opened_on=date(2024, 1, day))
    first = text(client.get(the_list("cases-without-outcome"), {"sex": "female"}))
    assert "CR-000001" in first
    assert "CR-000002" not in first
    (rest,) = [part.split('"')[0] for part in first.split('href="?')[1:] if "after=" in part]
    assert "sex=female" in rest
    second = text(client.get(f"{the_list('cases-without-outcome')}?{rest}".replace("&amp;", "&")))
    assert "CR-000002" in second
    assert "CR-000001" not in second


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True),
        ({"what": "finding:leak"}, True),
        ({"what": "finding:occlusion"}, False),
        ({"what": "model:medtronic_8637_40"}, True),
        ({"serial": " sn 12 3"}, True),
        ({"serial": "SN12"}, False),
        ({"what": "surgery", "since": "2024-03-12", "until": "2024-03-12"}, True),
        ({"what": "surgery", "since": "2024-03-13"}, False),
        ({"what": "case", "finding": "leak"}, True),
        ({"what": "case", "finding": "leak", "sex": "male"}, False),
        ({"what": "case", "after": "nonsense"}, True),
    ],
)
def test_search_finds_by_event_finding_device_number_and_day(
    client, surgeon, patient, query, found
):
    make.component(of=patient, by=surgeon, model="medtronic_8637_40", serial_number="SN123")
    case = make.case(of=patient, by=surgeon)
    make.read(of=make.contrast_study(of=case, by=surgeon), by=surgeon)
    make.surgery(of=case, by=surgeon)
    assert (patient.registry_number in text(client.get(SEARCH, query))) is found


def test_a_day_or_serial_number_typed_at_the_top_leads_to_the_search(client, surgeon, patient):
    make.component(of=patient, by=surgeon, serial_number="SN123")
    for typed, query in (("sn123", "serial=sn123"), ("2024-03-01", "since=2024-03-01")):
        answer = client.get(reverse("registry:patient-list"), {"q": typed})
        assert answer.status_code == 302
        assert query in answer.url
    assert "No patient here" in text(client.get(reverse("registry:patient-list"), {"q": "SN999"}))


def test_a_search_is_kept_shared_used_and_forgotten(client, surgeon, patient):
    make.surgery(of=make.case(of=patient, by=surgeon), by=surgeon)
    kept = client.post(
        reverse("registry:filter-keep"),
        {"name": "operated", "page": "search", "query": "what=surgery", "is_shared": "on"},
    )
    assert kept.url == f"{SEARCH}?what=surgery"
    colleague = make.user(at_centre=patient.centre, roles=[Role.AUDITOR], name="colleague")
    client.force_login(colleague)
    assert f'href="{SEARCH}?what=surgery"' in text(client.get(SEARCH))
    remove = reverse("registry:filter-remove", args=[SavedFilter.objects.get().public_id])
    assert client.post(remove).status_code == 404
    client.force_login(surgeon)
    assert client.post(remove).status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_filter_of_a_list_leads_back_to_the_list(client, surgeon, patient):
    kept = client.post(
        reverse("registry:filter-keep"),
        {"name": "girls", "page": "lists", "query": "list=consent-open&sex=female"},
    )
    assert kept.url == f"{the_list('consent-open')}?sex=female"
    assert patient.registry_number in text(client.get(kept.url))


def test_two_numbers_are_compared_merged_and_parted(client, surgeon, patient):
    twin = make.patient(by=surgeon, at_centre=patient.centre, sex="male")
    case = make.case(of=twin, by=surgeon)
    merge = reverse("registry:patient-merge", args=[patient.public_id])
    assert "The other number" in text(client.get(merge))
    side_by_side = text(client.get(merge, {"with": twin.registry_number}))
    assert "Merge CR-000002 into CR-000001" in side_by_side
    answer = client.post(f"{merge}?with={twin.public_id}", {"reason": "one", "merge": ""})
    done = PatientMerge.objects.get()
    detail = reverse("registry:patient-merge-detail", args=[done.public_id])
    assert answer.url == detail
    assert "1 case" in text(client.get(detail))
    gone = client.get(reverse("registry:patient-detail", args=[twin.public_id]))
    assert gone.url == reverse("registry:patient-detail", args=[patient.public_id])
    assert detail in text(client.get(gone.url))
    assert client.post(detail, {"reason": "two after all"}).status_code == 302
    assert case in Patient.objects.get(pk=twin.pk).cases.all()


def test_a_merge_without_a_reason_or_that_cannot_be_says_why(client, surgeon, patient):
    twin = make.patient(by=surgeon, at_centre=patient.centre)
    for one in (patient, twin):
        make.component(of=one, by=surgeon)
    merge = reverse("registry:patient-merge", args=[patient.public_id])
    address = f"{merge}?with={twin.public_id}"
    assert "Say it in words." in text(client.post(address, {"reason": "", "merge": ""}))
    refused = text(client.post(address, {"reason": "one", "merge": ""}))
    assert "Both numbers have a pump in place." in refused
    assert not PatientMerge.objects.exists()


def test_two_people_who_look_alike_are_parted(client, surgeon, patient):
    twin = make.patient(by=surgeon, at_centre=patient.centre)
    for one in (patient, twin):
        make.surgery(of=make.case(of=one, by=surgeon), by=surgeon)
    duplicates = the_list("duplicates")
    merge = reverse("registry:patient-merge", args=[patient.public_id])
    address = f"{merge}?with={twin.public_id}"
    assert address in text(client.get(duplicates))
    assert client.post(address, {"reason": "twins", "distinct": ""}).url == duplicates
    assert address not in text(client.get(duplicates))


def test_a_patient_is_offered_and_accepted(client, surgeon, patient):
    south = make.centre("SOUTH")
    taker = make.user(at_centre=south, roles=[Role.SURGEON], name="taker")
    offer = client.post(
        reverse("registry:patient-transfer", args=[patient.public_id]),
        {"to_centre": south.pk, "transferred_on": "2024-04-01", "reason": "moved house"},
    )
    assert PatientTransfer.objects.get().transferred_on == date(2024, 4, 1)
    again = client.get(reverse("registry:patient-transfer", args=[patient.public_id]))
    assert again.url == offer.url, "an offer that waits is not made twice"
    home = reverse("registry:home")
    assert offer.url not in text(client.get(home))
    client.force_login(taker)
    assert offer.url in text(client.get(home))
    assert "one waits for you" in text(client.get(LISTS))
    waiting = text(client.get(offer.url))
    assert "moved house" in waiting
    page = reverse("registry:patient-detail", args=[patient.public_id])
    assert page not in waiting
    assert client.get(page).status_code == 404
    assert client.post(offer.url, {"withdraw": ""}).status_code == 403
    assert client.post(offer.url, {"accept": "", "local_number": "S-1"}).url == page
    assert patient.registry_number in text(client.get(page))
    client.force_login(surgeon)
    assert client.get(page).status_code == 404
    assert "accepted" in text(client.get(offer.url))
