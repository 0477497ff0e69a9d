"""The coordinator's page and the protocol: who may see them, and what they change."""

import pytest
from django.urls import reverse

from registry import actions
from registry.models import HistoryEvent, ReadingAssignment, ReadingProtocol, Role
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db

PAGE = reverse("registry:reading-assignments")


@pytest.fixture
def here():
    return rooms(reads_per_study=2, reread_share_percent=0)


def protocol_page(here):
    return reverse("registry:reading-protocol", args=[here.centre.public_id])


def post(client, studies, reader):
    return client.post(
        PAGE,
        {"studies": [str(study.public_id) for study in studies], "reader": str(reader.public_id)},
        follow=True,
    )


@pytest.mark.parametrize("role", [*Role.values])
def test_the_data_manager_alone_coordinates(client, here, role):
    client.force_login(make.user(at_centre=here.centre, roles=[role]))
    may = role == Role.DATA_MANAGER
    assert client.get(PAGE).status_code == (200 if may else 403)
    assert client.get(protocol_page(here)).status_code == (200 if may else 404)
    assert ("Readers" in client.get(reverse("registry:home")).content.decode()) is may


def test_studies_are_given_to_a_reader_and_taken_back(client, here):
    studies = [here.study() for _ in range(3)]
    client.force_login(here.manager)
    html = post(client, studies[:2], here.readers[0]).content.decode()
    assert "is asked for 2 studies" in html
    given = ReadingAssignment.objects.order_by("id")
    assert [one.contrast_study for one in given] == studies[:2]

    withdraw = reverse("registry:reading-assignment-withdraw", args=[given[0].public_id])
    assert withdraw in html
    assert "no longer asked" in client.post(withdraw, follow=True).content.decode()
    assert ReadingAssignment.objects.get().contrast_study == studies[1]
    assert client.post(withdraw).status_code == 404


def test_what_cannot_be_given_is_said_and_keeps_nothing_else(client, here):
    fresh, read = here.study(), here.study()
    read_images(read, by=here.readers[0])
    client.force_login(here.manager)
    html = post(client, [fresh, read], here.readers[0]).content.decode()
    assert "was not assigned. This reader has read the study." in html
    assert "is asked for 1 study" in html
    assert ReadingAssignment.objects.get().contrast_study == fresh


def test_a_reader_must_be_named_and_a_study_ticked(client, here):
    study = here.study()
    client.force_login(here.manager)
    html = client.post(PAGE, {"studies": [str(study.public_id)], "reader": ""}).content.decode()
    assert "Choose the reader who is asked." in html
    assert f'value="{study.public_id}" aria-label' in html
    assert " checked" in html
    assert "Choose at least one study" in post(client, [], here.readers[0]).content.decode()


def test_nobody_of_another_centre_is_asked_nor_are_its_studies(client, here):
    there = rooms("SOUTH")
    client.force_login(here.manager)
    post(client, [there.study()], here.readers[0])
    post(client, [here.study()], there.readers[0])
    assert not ReadingAssignment.objects.exists()
    html = client.get(PAGE).content.decode()
    assert there.readers[0].username not in html


def test_nothing_of_what_was_found_is_on_the_page(client, here):
    study = here.study()
    read_images(study, by=here.readers[0], finding="occlusion", remarks="CANARY")
    here.disputed_study()
    client.force_login(here.manager)
    html = client.get(PAGE).content.decode()
    assert "1 of 2" in html
    assert "1 study with two reads that differ." in html
    for told in ("CANARY", "Occlusion", "occlusion", "Leak", "leak"):
        assert told not in html


def test_a_difference_that_nobody_can_decide_is_named(client):
    two = rooms(reads_per_study=2)
    two.disputed_study()
    actions.people.set_roles(user=two.readers[2], centre=two.centre, roles=[], by=None, at=make.NOW)
    client.force_login(two.manager)
    assert "a third reader is needed" in client.get(PAGE).content.decode()


def test_who_reads_there_is_shown_nothing_of_the_others(client, here):
    study = here.disputed_study()
    both = make.user(at_centre=here.centre, roles=[Role.DATA_MANAGER, Role.READER])
    assignment = here.assign(here.study(), here.readers[0])
    client.force_login(both)
    html = client.get(PAGE).content.decode()
    assert "You read in this centre yourself" in html
    for reader in here.readers:
        assert reader.username not in html
    assert study.public_id.hex[-6:].upper() not in html
    withdraw = reverse("registry:reading-assignment-withdraw", args=[assignment.public_id])
    assert client.post(withdraw).status_code == 404


def test_the_protocol_is_set_with_history(client, here):
    client.force_login(here.manager)
    sent = {"reads_per_study": "1", "reread_share_percent": "25", "reread_after_days": "42"}
    response = client.post(protocol_page(here), sent | {"edition": "1"})
    assert response.url == PAGE
    protocol = ReadingProtocol.objects.get()
    assert (protocol.reads_per_study, protocol.reread_share_percent) == (1, 25)
    assert protocol.reread_after_days == 42
    event = HistoryEvent.objects.get(action="reading_protocol.edit")
    assert event.changes["reads_per_study"] == [2, 1]
    assert "reading_protocol.edit" in client.get(protocol_page(here)).content.decode()
    assert "25 % of reads again after 42 days" in client.get(PAGE).content.decode()


def test_the_first_protocol_of_a_centre_is_set_from_the_defaults(client):
    fresh = rooms()
    client.force_login(fresh.manager)
    form = client.get(protocol_page(fresh)).context["form"]
    assert form.initial == {
        "edition": 0,
        "reads_per_study": 1,
        "reread_share_percent": 10,
        "reread_after_days": 28,
    }
    client.post(protocol_page(fresh), form.initial | {"reads_per_study": 2})
    assert ReadingProtocol.objects.get().reads_per_study == 2


def test_what_somebody_else_saved_is_shown_and_not_overwritten(client, here):
    client.force_login(here.manager)
    sent = {"reads_per_study": "1", "reread_share_percent": "0", "reread_after_days": "28"}
    here.protocol(reread_share_percent=50)
    response = client.post(protocol_page(here), sent | {"edition": "1"})
    assert response.status_code == 200
    assert {row.label for row in response.context["form"].conflict} == {
        "Who reads a study?",
        "Read again by the same reader",
    }
    assert ReadingProtocol.objects.get().reread_share_percent == 50


@pytest.mark.parametrize(
    "changes",
    [
        {"reads_per_study": "3"},
        {"reads_per_study": ""},
        {"reread_share_percent": "101"},
        {"reread_share_percent": "-1"},
        {"reread_after_days": "0"},
        {"reread_after_days": "1e9"},
    ],
    ids=str,
)
def test_numbers_that_make_no_sense_are_refused(client, here, changes):
    client.force_login(here.manager)
    sent = {"reads_per_study": "1", "reread_share_percent": "5", "reread_after_days": "28"}
    response = client.post(protocol_page(here), sent | changes | {"edition": "1"})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert ReadingProtocol.objects.get().edition == 1


@pytest.mark.parametrize("name", ["workload-file", "open-studies-file"])
def test_a_file_says_of_which_centre_it_holds_nothing(client, here, name):
    """Else it would say that nobody reads there, and that this is everything."""
    url = reverse(f"registry:{name}", args=["csv"])
    client.force_login(here.manager)
    assert "none: everything" in b"".join(client.get(url)).decode()
    both = make.user(at_centre=here.centre, roles=[Role.DATA_MANAGER, Role.READER])
    client.force_login(both)
    said = b"".join(client.get(url)).decode()
    assert "none: everything" not in said
    assert f'"left out, since you read there",{here.centre.code}' in said
