"""`manage.py send_read`, and its exit codes."""

import json
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registry.models import ReadSending
from tests.factories import registry_records as make
from tests.factories.exported_reads import of_images, person
from tests.factories.fake_archive import answer, fake_archive
from tests.unit.registry.exchange.test_sending import own_uids, register, taking

pytestmark = pytest.mark.django_db


@pytest.fixture
def read():
    return of_images(by=person())[0]


def send(read_id, *arguments, archive="pacs"):
    out = StringIO()
    code = 0
    try:
        call_command("send_read", str(read_id), "--archive", archive, *arguments, stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue()


def test_all_arrived(read):
    uids = own_uids(read)
    with fake_archive(lambda _: taking(uids)) as fake:
        register(fake)
        code, said = send(read.public_id)
    assert code == 0
    assert said.splitlines() == [
        "Structured report: stored there",
        "Key images: stored there",
        "Everything is there.",
    ]
    assert ReadSending.objects.get().begun_by is None


def test_not_all_arrived(read):
    report, _ = own_uids(read)
    with fake_archive(lambda _: taking([report])) as fake:
        register(fake)
        code, said = send(read.public_id)
    assert code == 2
    assert "did not say what became of it" in said
    assert "Send it again" in said


def test_an_archive_that_fails_is_no_success(read):
    failing = answer(json.dumps({}).encode(), content_type="x/y", status="500 Oh")
    with fake_archive(lambda _: failing) as fake:
        register(fake)
        code, said = send(read.public_id)
    assert code == 2
    assert "status 500" in said


def test_what_is_not_there_is_said(read):
    with fake_archive(lambda _: b"") as fake:
        register(fake, receives="reads")
    with pytest.raises(CommandError, match="no signed read"):
        send(uuid.uuid4())
    with pytest.raises(CommandError, match="no archive"):
        send(read.public_id, archive="other")
    with pytest.raises(CommandError, match="not registered to receive"):
        send(read.public_id, "--with-images")


def test_a_read_without_images_cannot_be_sent():
    somebody = person()
    patient = make.patient(by=somebody, at_centre=make.Centre.objects.get())
    study = make.contrast_study(of=make.case(of=patient, by=somebody), by=somebody)
    read = make.read(of=study, by=somebody)
    with fake_archive(lambda _: b"") as fake:
        register(fake)
    with pytest.raises(CommandError, match="no stored images"):
        send(read.public_id)
