"""A signed read as a file, for whoever may see it; and sent, for whoever may send it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from imaging.archive.configured import configured_archive
from imaging.models import Instance
from registry.exchange import read_files
from registry.models import HistoryEvent, ReadSending, Role
from tests.factories import registry_records as make
from tests.factories.exported_reads import CANARY, of_images, person, sign
from tests.factories.fake_archive import answer, fake_archive
from tests.unit.registry.exchange.test_sending import own_uids, register, taking

pytestmark = pytest.mark.django_db

FILES = ("read-sr", "read-kos", "read-pdf")


@pytest.fixture
def reader():
    return person(Role.READER)


@pytest.fixture
def manager():
    return person(Role.DATA_MANAGER)


@pytest.fixture
def signed(reader):
    """A read by a reader of a study that somebody else logged."""
    first, images = of_images(by=person())
    return sign(first.contrast_study, images, by=reader)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def url(name, read):
    return reverse(f"registry:{name}", args=[read.public_id])


def exported():
    return [
        event.changes["file"][1]
        for event in HistoryEvent.objects.filter(action="read.export").order_by("id")
    ]


def test_the_page_of_the_read_leads_to_its_files_and_to_sending(signed, reader, manager):
    page = client_of(manager).get(url("read-detail", signed)).content.decode()
    for name in (*FILES, "read-send"):
        assert url(name, signed) in page
    own = client_of(reader).get(url("read-detail", signed)).content.decode()
    assert url("read-sr", signed) in own
    assert url("read-send", signed) not in own


class TestFiles:
    def test_report_and_key_images_are_those_that_are_sent(self, signed, manager):
        client = client_of(manager)
        report, selection = client.get(url("read-sr", signed)), client.get(url("read-kos", signed))
        assert report.content == read_files.report(signed).content
        assert selection.content == read_files.key_images(signed).content
        assert report["Content-Type"] == selection["Content-Type"] == "application/dicom"
        assert exported() == ["report.dcm", "key-images.dcm"]

    def test_the_paper_is_a_pdf_and_noted(self, signed, manager):
        answer = client_of(manager).get(url("read-pdf", signed))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-1.7")
        assert exported() == ["report.pdf"]

    @pytest.mark.parametrize("name", FILES)
    def test_names_of_files_and_caches_tell_nothing(self, signed, manager, name):
        response = client_of(manager).get(url(name, signed))
        assert f'filename="read_{signed.public_id.hex[-8:]}' in response["Content-Disposition"]
        assert response["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("name", [*FILES, "read-send"])
    def test_a_reader_gets_no_read_of_others_before_signing(self, signed, name):
        assert client_of(person(Role.READER)).get(url(name, signed)).status_code == 404
        assert exported() == []

    @pytest.mark.parametrize("name", FILES)
    def test_a_reader_gets_the_own_read(self, signed, reader, name):
        assert client_of(reader).get(url(name, signed)).status_code == 200

    @pytest.mark.parametrize("name", FILES)
    def test_an_administrator_gets_none(self, signed, name):
        assert client_of(person(Role.ADMINISTRATOR)).get(url(name, signed)).status_code == 404

    @pytest.mark.parametrize("name", FILES)
    def test_a_role_that_ended_ends_this_too(self, signed, reader, name):
        make.actions.people.set_roles(
            user=reader, centre=make.Centre.objects.get(), roles=[], by=None, at=make.NOW
        )
        assert client_of(reader).get(url(name, signed)).status_code == 404

    @pytest.mark.parametrize("name", FILES)
    def test_nothing_is_posted_there(self, signed, manager, name):
        assert client_of(manager).post(url(name, signed)).status_code == 405

    def test_a_read_without_images_has_paper_and_says_why_there_is_no_more(self, manager):
        patient = make.patient(by=manager, at_centre=make.Centre.objects.get())
        study = make.contrast_study(of=make.case(of=patient, by=manager), by=manager)
        read = make.read(of=study, by=manager)
        client = client_of(manager)
        assert client.get(url("read-pdf", read)).status_code == 200
        for name in ("read-sr", "read-kos"):
            response = client.get(url(name, read), follow=True)
            assert "no DICOM study" in response.content.decode()
        assert exported() == ["report.pdf"]

    def test_a_read_without_key_images_says_so(self, manager):
        read, _ = of_images(by=manager, key_images=[])
        response = client_of(manager).get(url("read-kos", read), follow=True)
        assert "No key image was marked" in response.content.decode()

    def test_paper_is_given_without_the_pictures_that_are_lost(self, signed, manager):
        for instance in Instance.objects.all():
            configured_archive().path(instance.stored_sha256).unlink()
        client = client_of(manager)
        assert client.get(url("read-pdf", signed)).status_code == 200
        response = client.get(url("read-sr", signed), follow=True)
        assert "cannot be read" in response.content.decode()


class TestSending:
    def send(self, client, read, archive, *, images=False, once=True):
        page = client.get(url("read-send", read))
        target = f"{archive.public_id}{' images' if images else ''}"
        data = {"target": target} | ({"once": page.wsgi_request.once} if once else {})
        return client.post(url("read-send", read), data, follow=True), data

    def test_what_arrived_is_shown(self, signed, manager):
        uids = own_uids(signed)
        with fake_archive(lambda _: taking(uids)) as fake:
            response, _ = self.send(client_of(manager), signed, register(fake))
        html = response.content.decode()
        assert "Everything is there." in html
        assert "Structured report: stored there" in html
        assert CANARY not in html
        assert ReadSending.objects.get().begun_by == manager

    def test_what_did_not_arrive_is_no_success(self, signed, manager):
        report, _ = own_uids(signed)
        with fake_archive(lambda _: taking([report])) as fake:
            response, _ = self.send(client_of(manager), signed, register(fake))
        html = response.content.decode()
        assert "Not everything is there." in html
        assert "Everything is there." not in html
        assert "Send it again" in html

    def test_an_archive_that_is_away_is_said_and_stored(self, signed, manager):
        with fake_archive(lambda _: b"") as fake:
            archive = register(fake)
        response, _ = self.send(client_of(manager), signed, archive)
        assert "does not answer" in response.content.decode()
        assert ReadSending.objects.get().outcome == "failed"

    def test_a_form_that_is_sent_twice_sends_once(self, signed, manager):
        uids = own_uids(signed)
        client = client_of(manager)
        with fake_archive(lambda _: taking(uids)) as fake:
            _, data = self.send(client, signed, register(fake))
            again = client.post(url("read-send", signed), data, follow=True)
        assert "sent more than once" in again.content.decode()
        assert fake.connections == 1
        assert ReadSending.objects.count() == 1

    def test_images_are_offered_only_where_they_are_received(self, signed, manager):
        with fake_archive(lambda _: b"") as fake:
            archive = register(fake, receives="reads")
        client = client_of(manager)
        assert "and the images to pacs" not in client.get(url("read-send", signed)).content.decode()
        response, _ = self.send(client, signed, archive, images=True)
        assert response.context["form"].errors
        assert fake.connections == 0
        assert not ReadSending.objects.exists()

    @pytest.mark.parametrize("role", [Role.REGISTRAR, Role.SURGEON, Role.AUDITOR])
    def test_whoever_logs_or_audits_may_send(self, signed, role):
        assert client_of(person(role)).get(url("read-send", signed)).status_code == 200

    def test_a_reader_sends_nothing_not_even_the_own_read(self, signed, reader):
        client = client_of(reader)
        assert client.get(url("read-send", signed)).status_code == 403
        assert client.post(url("read-send", signed), {"target": "x"}).status_code == 403

    def test_without_an_archive_the_page_says_what_to_do(self, signed, manager):
        html = client_of(manager).get(url("read-send", signed)).content.decode()
        assert "No archive receives reads" in html
        assert "was not sent anywhere" in html

    def test_the_failure_of_an_archive_tells_nothing_of_it(self, signed, manager):
        """Its answer may be anything, and is not shown."""
        reply = answer(json.dumps({"secret": CANARY}).encode(), content_type="x/y", status="500 No")
        with fake_archive(lambda _: reply) as fake:
            response, _ = self.send(client_of(manager), signed, register(fake))
        assert CANARY not in response.content.decode()
        assert "status 500" in response.content.decode()
