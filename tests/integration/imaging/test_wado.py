"""WADO-RS: instances byte for byte, headers from the database, to whom they are due."""

import hashlib
import json

import pydicom
import pytest
from django.test import Client
from django.utils import timezone
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from imaging import queries
from imaging.actions import dicomweb_peers, peers, study_exclusions
from imaging.archive.configured import configured_archive
from imaging.models import Instance, Peer, Series, SeriesMetadata, StudyRetrieval
from imaging.queries import dicomweb_objects
from registry.models import HistoryEvent, Role
from tests.factories import dicomweb, registry_records, stored_studies
from tests.factories.dicom_files import ct_instance, enhanced_ct_instance
from tests.factories.dicomweb import BASE, address, body, parts, study_address

pytestmark = pytest.mark.django_db

ANY_SYNTAX = 'multipart/related; type="application/dicom"; transfer-syntax=*'
DEFAULT_SYNTAX = 'multipart/related; type="application/dicom"'


@pytest.fixture
def study(centre):
    return stored_studies.study(centre_code="DEMO", slices=4)


@pytest.fixture
def instance(study):
    return Instance.objects.order_by("instance_number").first()


@pytest.fixture
def program(centre):
    return dicomweb.reader(centre_code="DEMO")


def stored_hashes(study):
    return set(Instance.objects.filter(series__study=study).values_list("stored_sha256", flat=True))


def hashes(response):
    assert response.status_code == 200, body(response)
    return [hashlib.sha256(content).hexdigest() for _, content in parts(response)]


class TestInstances:
    @pytest.mark.parametrize("accept", [ANY_SYNTAX, DEFAULT_SYNTAX, "*/*", ""])
    def test_a_study_and_a_series_come_as_they_are_stored(self, browser, study, accept):
        series = study.series.get().series_instance_uid
        for url in (study_address(study), f"{study_address(study)}/series/{series}"):
            response = browser.get(url, headers={"Accept": accept})
            received = hashes(response)
            assert (len(received), set(received)) == (4, stored_hashes(study))
            whole = f"{url}?accept={ANY_SYNTAX.replace(';', '%3B')}"
            assert int(response["Content-Length"]) == len(body(browser.get(whole)))

    def test_one_comes_as_a_part_or_as_a_file(self, browser, instance):
        url = address(instance)
        assert hashes(browser.get(url, headers={"Accept": ANY_SYNTAX})) == [instance.stored_sha256]
        file = browser.get(url, headers={"Accept": "application/dicom"})
        assert hashlib.sha256(body(file)).hexdigest() == instance.stored_sha256
        assert (
            file["Content-Type"] == f"application/dicom; transfer-syntax={ExplicitVRLittleEndian}"
        )

    def test_several_are_no_file(self, browser, study):
        response = browser.get(study_address(study), headers={"Accept": "application/dicom"})
        assert response.status_code == 406
        assert "multipart/related" in response.json()["error"]

    @pytest.mark.parametrize(
        "syntax", [JPEGLSLossless, JPEG2000Lossless, RLELossless, ExplicitVRBigEndian]
    )
    def test_who_asks_for_no_compression_gets_the_same_pixels_decoded(
        self, browser, ingest, tmp_path, syntax
    ):
        ingest(ct_instance(tmp_path / "one.dcm", transfer_syntax=syntax))
        instance = Instance.objects.get()
        assert hashes(browser.get(address(instance), headers={"Accept": ANY_SYNTAX})) == [
            instance.stored_sha256
        ]
        decoded = browser.get(address(instance), headers={"Accept": DEFAULT_SYNTAX})
        ((content_type, content),) = parts(decoded)
        assert content_type.endswith(ExplicitVRLittleEndian)
        path = tmp_path / "received.dcm"
        path.write_bytes(content)
        received, sent = pydicom.dcmread(path), pydicom.dcmread(tmp_path / "one.dcm")
        assert received.SOPInstanceUID == instance.sop_instance_uid
        assert received.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
        assert (received.pixel_array == sent.pixel_array).all()
        left = configured_archive().spool_path().parent.iterdir()
        assert [path for path in left if path.name != "lock"] == []

    def test_another_transfer_syntax_is_refused_with_what_there_is(self, browser, instance):
        wanted = f'multipart/related; type="application/dicom"; transfer-syntax={JPEGLSLossless}'
        response = browser.get(address(instance), headers={"Accept": wanted})
        assert response.status_code == 406
        assert ExplicitVRLittleEndian in response.json()["error"]

    def test_an_implicit_one_is_stored_and_given_explicit(self, browser, ingest, tmp_path):
        ingest(ct_instance(tmp_path / "one.dcm", transfer_syntax=ImplicitVRLittleEndian))
        instance = Instance.objects.get()
        assert hashes(browser.get(address(instance), headers={"Accept": DEFAULT_SYNTAX})) == [
            instance.stored_sha256
        ]

    def test_who_has_it_already_is_told_so(self, browser, study, instance):
        for url, lasting in ((address(instance), True), (study_address(study), False)):
            first = browser.get(url)
            again = browser.get(url, headers={"If-None-Match": first["ETag"]})
            assert (again.status_code, body(again)) == (304, b"")
            assert ("immutable" in first["Cache-Control"]) is lasting
            assert first["Cache-Control"].startswith("private")
            assert {"Accept", "Authorization", "Cookie"} <= set(first["Vary"].split(", "))

    def test_nothing_is_given_of_a_damaged_file(self, browser, instance):
        path = configured_archive().path(instance.stored_sha256)
        content = path.read_bytes()
        path.write_bytes(content[:-1] + b"\x7f")
        for end in ("", "/frames/1", "/rendered", "/bulkdata/7FE00010"):
            response = browser.get(address(instance) + end)
            assert (response.status_code, "verify_archive" in response.json()["error"]) == (
                502,
                True,
            ), end
        path.unlink()
        assert browser.get(address(instance)).status_code == 502


class TestHeaders:
    def test_they_are_those_of_the_stored_files(self, browser, study):
        response = browser.get(f"{study_address(study)}/metadata")
        assert response["Content-Type"] == "application/dicom+json"
        headers = json.loads(body(response))
        assert [header["00200013"]["Value"] for header in headers] == [[1], [2], [3], [4]]
        for header in headers:
            uid = header["00080018"]["Value"][0]
            instance = Instance.objects.get(sop_instance_uid=uid)
            stored = pydicom.dcmread(configured_archive().path(instance.stored_sha256))
            del stored.PixelData
            bulk = header.pop("7FE00010")
            assert bulk == {
                "vr": "OW", "BulkDataURI": f"http://testserver{address(instance)}/bulkdata/7FE00010"
            }  # fmt: skip
            assert header.pop("00081190")["Value"] == [f"http://testserver{address(instance)}"]
            assert header.pop("00083002")["Value"] == [instance.transfer_syntax_uid]
            assert pydicom.Dataset.from_json(header) == stored

    def test_the_pixels_are_where_the_header_says(self, browser, instance):
        (header,) = json.loads(body(browser.get(f"{address(instance)}/metadata")))
        uri = header["7FE00010"]["BulkDataURI"].removeprefix("http://testserver")
        pixels = body(browser.get(uri, headers={"Accept": "application/octet-stream"}))
        stored = pydicom.dcmread(configured_archive().path(instance.stored_sha256))
        assert pixels == stored.PixelData

    def test_a_study_of_several_series_is_one_array(self, browser, ingest, tmp_path):
        for index, uid in enumerate(("1.2.3.1", "1.2.3.2")):
            ct_instance(tmp_path / f"{index}.dcm", index=index, SeriesInstanceUID=uid)
        ingest(*tmp_path.glob("*.dcm"))
        study = Series.objects.first().study
        headers = json.loads(body(browser.get(f"{study_address(study)}/metadata")))
        assert len({header["0020000E"]["Value"][0] for header in headers}) == 2

    def test_frames_of_an_enhanced_image_are_in_it(self, browser, ingest, tmp_path):
        ingest(enhanced_ct_instance(tmp_path / "many.dcm", frames=3))
        (header,) = json.loads(body(browser.get(f"{address(Instance.objects.get())}/metadata")))
        assert len(header["52009230"]["Value"]) == 3

    def test_one_query_gives_those_of_a_series_without_a_file(
        self, person, study, browser, django_assert_num_queries
    ):
        series_instance_uid = study.series.get().series_instance_uid
        url = f"{study_address(study)}/series/{series_instance_uid}/metadata"
        first = body(browser.get(url))
        for instance in Instance.objects.all():
            configured_archive().path(instance.stored_sha256).unlink()
        with django_assert_num_queries(4):  # session, account and memberships, then one
            assert body(browser.get(url)) == first
        viewer = type(person).objects.get(pk=person.pk)
        viewer.centre_codes(queries.VIEW_STUDY)
        with django_assert_num_queries(1):
            (series,) = dicomweb_objects.series_with_metadata(
                viewer=viewer,
                study_instance_uid=study.study_instance_uid,
                series_instance_uid=series_instance_uid,
            )
            assert series.metadata.instances == series.images == 4

    def test_they_are_read_anew_when_an_image_is_added(self, browser, ingest, tmp_path):
        ingest(ct_instance(tmp_path / "0.dcm", index=0))
        study = Series.objects.get().study
        first = browser.get(f"{study_address(study)}/metadata")
        again = browser.get(
            f"{study_address(study)}/metadata", headers={"If-None-Match": first["ETag"]}
        )
        assert again.status_code == 304
        ingest(ct_instance(tmp_path / "1.dcm", index=1))
        more = browser.get(
            f"{study_address(study)}/metadata", headers={"If-None-Match": first["ETag"]}
        )
        assert (len(json.loads(body(first))), len(json.loads(body(more)))) == (1, 2)
        assert SeriesMetadata.objects.get().instances == 2

    def test_xml_is_not_given(self, browser, study):
        xml = 'multipart/related; type="application/dicom+xml"'
        response = browser.get(f"{study_address(study)}/metadata", headers={"Accept": xml})
        assert response.status_code == 406


ENDS = (
    "", "/metadata", "/rendered", "/thumbnail", "/frames/1", "/frames/1/rendered",
    "/frames/1/thumbnail", "/bulkdata/7FE00010",
)  # fmt: skip


def addresses(instance):
    """Every address that retrieves something of an instance."""
    series_address = address(instance).split("/instances/")[0]
    yield from (address(instance) + end for end in ENDS)
    for above in (series_address, study_address(instance.series.study)):
        yield from (above + end for end in ("", "/metadata", "/thumbnail"))


class TestWho:
    def test_everything_opens_at_home(self, browser, program, instance):
        """Guards those below: the addresses are right."""
        for url in addresses(instance):
            assert browser.get(url).status_code == 200, url
            assert program.get(url).status_code == 200, url

    @pytest.mark.parametrize("role", [*Role.values, "program"])
    def test_another_centre_gets_what_a_random_uid_gets(self, instance, other_centre, role):
        if role == "program":
            client = dicomweb.reader(centre_code="OTHER")
        else:
            client = Client()
            stranger = registry_records.user(at_centre=other_centre, roles=[role])
            client.force_login(stranger, backend="registry.access.RoleBackend")
        study = instance.series.study.study_instance_uid
        for url in addresses(instance):
            foreign, random = client.get(url), client.get(url.replace(study, "2.25.4711"))
            assert (foreign.status_code, foreign.content) == (404, random.content), url

    def test_who_may_see_no_images_gets_none(self, centre, instance):
        administrator = registry_records.user(at_centre=centre, roles=[Role.ADMINISTRATOR])
        client = Client()
        client.force_login(administrator, backend="registry.access.RoleBackend")
        assert {client.get(url).status_code for url in addresses(instance)} == {404}
        assert client.get(f"{BASE}/studies").status_code == 204

    def test_an_excluded_study_is_gone_until_it_is_readmitted(self, browser, person, instance):
        study = instance.series.study
        etag = browser.get(address(instance))["ETag"]
        study_exclusions.exclude(study=study, by=person, at=timezone.now(), reason="not ours")
        assert {browser.get(url).status_code for url in addresses(instance)} == {404}
        had_it = browser.get(address(instance), headers={"If-None-Match": etag})
        assert had_it.status_code == 404
        study_exclusions.readmit(study=study, by=person, at=timezone.now(), reason="ours")
        assert browser.get(address(instance)).status_code == 200

    def test_an_instance_is_found_in_its_own_series_and_study_only(self, browser, ingest, tmp_path):
        for index, uid in enumerate(("1.2.3.1", "1.2.3.2")):
            ct_instance(tmp_path / f"{index}.dcm", index=index, SeriesInstanceUID=uid)
        ingest(*tmp_path.glob("*.dcm"))
        one, other = Instance.objects.order_by("id")
        mixed = address(one).replace(
            one.series.series_instance_uid, other.series.series_instance_uid
        )
        assert {browser.get(mixed + end).status_code for end in ENDS} == {404}

    def test_nobody_is_asked_to_sign_in(self, client, instance):
        for url in (f"{BASE}/studies", *addresses(instance)):
            response = client.get(url)
            assert response.status_code == 401, url
            assert response["WWW-Authenticate"].startswith("Bearer")
            assert "Basic" in response["WWW-Authenticate"]
            by_script = client.get(url, headers={"Sec-Fetch-Mode": "cors"})
            assert "Basic" not in by_script["WWW-Authenticate"]

    def test_a_peer_that_may_only_send_reads_nothing(self, instance):
        _, token = dicomweb_peers.register(
            name="pacs", centre_code="DEMO", by=None, at=registry_records.NOW
        )
        sender = Client(headers={"Authorization": f"Bearer {token}"})
        for url in (f"{BASE}/studies", *addresses(instance)):
            response = sender.get(url)
            assert (response.status_code, "--may read" in response.json()["error"]) == (403, True)

    def test_a_peer_that_may_only_read_stores_nothing(self, program):
        response = program.post(
            f"{BASE}/studies",
            b"--edge\r\n\r\nx\r\n--edge--",
            content_type='multipart/related; type="application/dicom"; boundary=edge',
        )
        assert response.status_code == 403

    def test_a_retired_peer_reads_nothing(self, program, instance, monkeypatch):
        monkeypatch.setattr("imaging.dicomweb.peer_tokens.WRONG_TOKEN_SECONDS", 0)
        assert program.get(address(instance)).status_code == 200
        peers.retire(peer=Peer.objects.get(), by=None, at=timezone.now())
        assert program.get(address(instance)).status_code == 401

    def test_an_address_with_what_no_uid_has_is_none(self, browser, study):
        for uid in ("%00", "1.2%27", "x" * 70, "1" * 65):
            for end in ("", "/metadata", "/series", "/series/1.2"):
                assert browser.get(f"{BASE}/studies/{uid}{end}").status_code == 404, (uid, end)


class TestHistory:
    def events(self):
        return list(HistoryEvent.objects.filter(action="retrieve_study").order_by("id"))

    def test_what_a_program_fetches_is_told_once_a_day(self, program, study, instance):
        program.get(f"{BASE}/studies")
        assert self.events() == []
        for url in addresses(instance):
            program.get(url)
        (event,) = self.events()
        assert (event.object_id, event.chain.code) == (study.public_id, "DEMO")
        assert event.changes == {"peer": [None, "slicer"]}
        assert event.actor_id is None
        assert StudyRetrieval.objects.get().study == study

    def test_another_process_and_another_day(self, program, study, monkeypatch):
        from imaging.views import dicomweb_view

        program.get(study_address(study))
        monkeypatch.setattr(dicomweb_view, "_noted", type(dicomweb_view._noted)())
        program.get(study_address(study))
        assert len(self.events()) == 1
        tomorrow = timezone.now() + timezone.timedelta(days=1)
        monkeypatch.setattr(dicomweb_view.timezone, "now", lambda: tomorrow)
        program.get(study_address(study))
        assert len(self.events()) == 2

    def test_who_has_it_already_or_is_refused_fetched_nothing(self, program, browser, instance):
        etag = browser.get(f"{address(instance)}/frames/1")["ETag"]
        program.get(f"{address(instance)}/frames/1", headers={"If-None-Match": etag})
        program.get(f"{address(instance)}/frames/9")
        assert self.events() == []
