"""The reader's list: filters, progress, and nothing of what others did."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.models import MaskedReread, Read, Role
from tests.factories import case_forms
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db

LIST = reverse("registry:reading-list")
HOME = reverse("registry:home")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def here():
    return rooms(reads_per_study=2, reread_share_percent=100)


@pytest.fixture
def at(monkeypatch):
    """Moves the clock that views read."""

    def move(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    move(make.NOW)
    return move


def page(client, person, address=LIST):
    client.force_login(person)
    response = client.get(address)
    assert response.status_code == 200
    return TOKEN.sub("", response.content.decode())


def listed(client, person, query=""):
    client.force_login(person)
    return client.get(LIST + query).context["list"]


def codes(lines):
    return {line.code for line in lines}


def code(study):
    return f"Study {study.public_id.hex[-6:].upper()}"


def test_tabs_hold_what_waits_what_is_assigned_and_what_is_done(client, here, at):
    done, mine, open_to_all = here.study(), here.study(), here.study()
    read_images(done, by=here.readers[0])
    here.assign(mine, here.readers[0])

    waiting = listed(client, here.readers[0])
    assert codes(waiting.lines) == {code(mine), code(open_to_all)}
    assert waiting.lines[0].code == code(mine)
    assert [tab.count.number for tab in waiting.tabs] == [2, 1, 1]
    assert (waiting.signed.number, waiting.asked) == (1, 3)
    assert codes(listed(client, here.readers[0], "?show=assigned").lines) == {code(mine)}
    (line,) = listed(client, here.readers[0], "?show=done").lines
    assert (line.code, line.badge.code) == (code(done), "leak")


def test_the_list_is_filtered_by_how_long_a_study_waits(client, here, at):
    study = here.study()
    for days, shown in ((6, set()), (7, {code(study)}), (40, {code(study)})):
        at(make.NOW + timedelta(days=days))
        assert codes(listed(client, here.readers[0], "?age=7").lines) == shown
    assert codes(listed(client, here.readers[0], "?age=28").lines) == {code(study)}


@pytest.mark.parametrize(
    "query", ["?show=nonsense", "?age=many", "?page=999", "?page=x", "?show=%00&age=%00"]
)
def test_an_odd_address_shows_the_list(client, here, at, query):
    study = here.study()
    assert code(study) in page(client, here.readers[0], LIST + query)


def test_a_long_list_has_pages(client, here, at, monkeypatch):
    monkeypatch.setattr("registry.presenters.reading_list.PER_PAGE", 2)
    studies = {code(here.study()) for _ in range(3)}
    first, second = (listed(client, here.readers[0], f"?page={n}").lines for n in (1, 2))
    assert (len(first), len(second)) == (2, 1)
    assert codes(first) | codes(second) == studies


def test_another_read_leaves_every_page_of_a_reader_as_it_was(client, here, at):
    """Reads, corrections, drafts and assignments of others, while a place is free."""
    study, other = here.study(), here.study()
    before = [page(client, here.readers[1], address) for address in (LIST, HOME)]
    first = read_images(study, by=here.readers[0], remarks="CANARY")
    read_images(
        study, by=here.readers[0], finding="occlusion", supersedes=first, correction_reason="CANARY"
    )
    here.assign(other, here.readers[2])
    assert [page(client, here.readers[1], address) for address in (LIST, HOME)] == before


def test_a_second_look_is_a_line_like_any_other(client, here, at):
    """Beside studies that wait since the same day nothing but code and address differs."""
    first = here.study()
    read_images(first, by=here.readers[0], finding="occlusion", remarks="CANARY")
    at(make.NOW + timedelta(days=28))
    queued = MaskedReread.objects.get()
    fresh = here.study()
    fresh.study_links.update(created_at=queued.due_at)

    lines = {line.code: line for line in listed(client, here.readers[0]).lines}
    second = lines.pop(f"Study {queued.public_id.hex[-6:].upper()}")
    assert set(lines) == {code(fresh)}
    alike = lines[code(fresh)]
    assert (second.when, second.series_count, second.assigned, second.badge) == (
        alike.when,
        alike.series_count,
        alike.assigned,
        alike.badge,
    )
    for address in (LIST, HOME, second.url):
        html = page(client, here.readers[0], address)
        assert "CANARY" not in html
        assert str(first.public_id) not in html
        assert code(first) not in html
        assert not re.search("second look|masked|again", html)


def signature(**changes):
    return case_forms.leak(certainty="4", password=make.PASSWORD) | changes


def test_a_second_look_is_signed_in_its_own_room_and_kept_apart(client, here, at):
    study = here.study()
    first = read_images(study, by=here.readers[0], finding="occlusion")
    later = make.NOW + timedelta(days=30)
    at(later)
    queued = MaskedReread.objects.get()
    room = reverse("registry:reading-room", args=[queued.public_id])
    client.force_login(here.readers[0])
    assert client.get(room).context["form"]["primary_finding"].value() is None

    response = client.post(room, signature())

    assert response.url == LIST
    second = Read.objects.get(masked_reread=queued)
    assert (second.contrast_study, second.reader) == (study, here.readers[0])
    assert second.signed_at == later
    assert second.information_shown == ["images_only"]
    # Twice is once, and the first look is untouched.
    client.post(room, signature())
    assert Read.objects.filter(masked_reread=queued).count() == 1
    assert Read.objects.filter(masked_reread=None).get() == first
    assert room not in page(client, here.readers[0])


def test_the_draft_of_a_second_look_is_its_own(client, here, at):
    read_images(here.study(), by=here.readers[0])
    at(make.NOW + timedelta(days=30))
    queued = MaskedReread.objects.get()
    draft = reverse("registry:reading-draft", args=[queued.public_id])
    client.force_login(here.readers[0])
    sent = {"adequacy": "limited", "marks": "{}", "edition": "0"}
    assert client.post(draft, sent).status_code == 200
    room = reverse("registry:reading-room", args=[queued.public_id])
    assert client.get(room).context["form"]["adequacy"].value() in ("limited", ["limited"])
    client.post(room, signature())
    assert client.post(draft, sent | {"edition": "1"}).status_code == 403


@pytest.mark.parametrize("role", [*Role.values])
def test_the_room_of_a_second_look_opens_to_nobody_else(client, here, at, role):
    read_images(here.study(), by=here.readers[0])
    at(make.NOW + timedelta(days=30))
    room = reverse("registry:reading-room", args=[MaskedReread.objects.get().public_id])
    client.force_login(make.user(at_centre=here.centre, roles=[role]))
    assert client.get(room).status_code == 404
    assert client.post(room, signature()).status_code == 404


def test_the_case_page_counts_the_first_look_and_names_the_second(client, here, at):
    study = here.study()
    read_images(study, by=here.readers[0], finding="leak")
    later = make.NOW + timedelta(days=30)
    read_images(
        study,
        by=here.readers[0],
        finding="occlusion",
        at=later,
        masked_reread=MaskedReread.objects.get(),
    )
    html = page(client, here.manager, reverse("registry:case-detail", args=[study.case.public_id]))
    assert html.count("masked second look") == 1
    badges = page(client, here.manager, HOME)
    assert "Leak" in badges
    assert "Occlusion" not in badges


def test_a_third_reader_meets_a_closed_door_where_two_have_read(client, here, at):
    study = here.study()
    room = reverse("registry:reading-room", args=[study.public_id])
    assert code(study) in page(client, here.readers[2])
    for reader in here.readers[:2]:
        read_images(study, by=reader)
    assert code(study) not in page(client, here.readers[2])
    assert client.get(room).status_code == client.post(room, signature()).status_code == 404


def test_who_had_begun_still_signs(client, here, at):
    study = here.study()
    client.force_login(here.readers[2])
    client.post(
        reverse("registry:reading-draft", args=[study.public_id]),
        {"adequacy": "limited", "marks": "{}", "edition": "0"},
    )
    for reader in here.readers[:2]:
        read_images(study, by=reader)
    assert code(study) in page(client, here.readers[2])
    room = reverse("registry:reading-room", args=[study.public_id])
    assert client.post(room, signature()).url == LIST
