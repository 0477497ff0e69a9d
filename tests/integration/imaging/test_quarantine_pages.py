"""Quarantine: evidence side by side, release through the same door, discard for good."""

import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydicom.uid import JPEGLSLossless

from imaging.archive.configured import configured_archive
from imaging.models import IngestedFile, IngestRun, Instance, QuarantineDecision
from registry.models import Centre, HistoryEvent, Role, User
from tests.factories import registry_records
from tests.factories.dicom_files import ct_instance, enhanced_ct_instance
from tests.integration.imaging.conftest import Ingest

LIST = reverse("imaging:quarantine-list")
WHY = "looked at it: there is no text"


@pytest.fixture
def manager(centre: Centre) -> User:
    return registry_records.user(at_centre=centre, roles=[Role.DATA_MANAGER])


@pytest.fixture
def desk(manager: User) -> Client:
    client = Client()
    client.force_login(manager, backend="registry.access.RoleBackend")
    return client


@pytest.fixture
def suspect(tmp_path: Path, ingest: Ingest) -> IngestedFile:
    ingest(ct_instance(tmp_path / "DOE^JANE.dcm", BurnedInAnnotation="YES"))
    return waiting()


@pytest.fixture
def pixel_conflict(tmp_path: Path, ingest: Ingest) -> IngestedFile:
    ingest(ct_instance(tmp_path / "first.dcm"))
    pixels = np.full((32, 32), 7, dtype="<i2")
    ingest(ct_instance(tmp_path / "second.dcm", PixelData=pixels.tobytes(), KVP="100"))
    return waiting()


def waiting() -> IngestedFile:
    return IngestedFile.objects.exclude(quarantine_key=None).get(quarantine_decision=None)


def page(file: IngestedFile, what: str = "detail") -> str:
    return reverse(f"imaging:quarantine-{what}", args=[file.quarantine_key])


def decide(client: Client, file: IngestedFile, what: str, **answers: str) -> str:
    answers = {"reason": WHY} | answers
    sent = {f"{what}-{name}": answer for name, answer in answers.items()}
    response = client.post(page(file, what), sent, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def look(client: Client, file: IngestedFile, *, first_frame: int = 1, seen: str = "") -> str:
    answers = {"first_frame": str(first_frame), "release-seen": seen}
    return client.post(page(file, "look"), answers).content.decode()


def told_as_seen(html: str) -> str:
    """What the page signed about the frames it showed."""
    return re.findall(r'name="release-seen" value="([^"]+)"', html)[-1]


def release_after_a_look(client: Client, file: IngestedFile, **answers: str) -> str:
    seen = told_as_seen(look(client, file))
    return decide(client, file, "release", **({"looked_at": "on", "seen": seen} | answers))


def discard(client: Client, file: IngestedFile, **answers: str) -> str:
    return decide(client, file, "discard", **answers)


def kept_originals() -> list[str]:
    return [str(key) for key in configured_archive().quarantine_keys()]


def test_a_file_waits_in_the_list_with_its_reason(desk: Client, suspect: IngestedFile):
    html = desk.get(LIST).content.decode()
    assert page(suspect) in html
    assert "text burned into its pixels" in html


def test_the_original_is_shown_after_a_look_that_is_logged(desk: Client, suspect: IngestedFile):
    before = desk.get(page(suspect)).content.decode()
    assert "Canaryname" not in before
    assert "DOE^JANE" not in before
    assert "data:image/png" not in before
    after = desk.post(page(suspect, "look")).content.decode()
    assert "Canaryname^Zebedee^Quillon" in after
    assert "DOE^JANE" in after
    assert after.count("data:image/png") == 1
    assert desk.post(page(suspect, "look"))["Cache-Control"] == "no-store"
    event = HistoryEvent.objects.filter(action="look_at_quarantined").earliest("pk")
    assert event.object_id == suspect.quarantine_key


def test_a_release_takes_the_original_in_again_and_removes_it(
    desk: Client, manager: User, suspect: IngestedFile
):
    html = release_after_a_look(desk, suspect)
    assert "1 file was taken in again" in html
    released = QuarantineDecision.objects.get(file=suspect)
    assert (released.decision, released.reason, released.decided_by) == ("released", WHY, manager)
    assert released.released_file is not None
    assert released.released_file.result == "indexed"
    assert released.released_file.run.source == IngestRun.Source.RELEASE
    assert released.released_file.name == suspect.name
    assert Instance.objects.count() == 1
    assert kept_originals() == []
    event = HistoryEvent.objects.get(action="quarantine_released")
    assert event.reason == WHY
    assert event.changes["frames_looked_at"] == [None, "1"]
    assert "taken in again" in desk.get(page(suspect)).content.decode().lower()


def test_what_may_show_a_name_is_not_released_unseen(desk: Client, suspect: IngestedFile):
    html = desk.get(page(suspect)).content.decode()
    assert "Look at the original first" in html
    assert "release-reason" not in html
    for answers in ({}, {"looked_at": "on"}, {"looked_at": "on", "seen": "made up"}):
        assert "Not released" in decide(desk, suspect, "release", **answers)
    assert not QuarantineDecision.objects.exists()
    assert not Instance.objects.exists()


def test_having_looked_is_said_and_not_assumed(desk: Client, suspect: IngestedFile):
    html = decide(desk, suspect, "release", seen=told_as_seen(look(desk, suspect)))
    assert "Look at every frame, and say so." in html
    # The look still counts: the form is there with what was typed.
    assert WHY in html
    assert not QuarantineDecision.objects.exists()
    answers = {"seen": told_as_seen(html), "looked_at": "on"}
    assert "1 file was taken in again" in decide(desk, suspect, "release", **answers)


def test_a_look_counts_for_this_person_and_this_file_only(
    desk: Client, centre: Centre, tmp_path: Path, ingest: Ingest
):
    for index in range(2):
        ingest(ct_instance(tmp_path / f"{index}.dcm", index=index, BurnedInAnnotation="YES"))
    one, other = IngestedFile.objects.order_by("pk")
    seen = told_as_seen(look(desk, one))
    assert "Not released" in decide(desk, other, "release", looked_at="on", seen=seen)
    colleague = Client()
    colleague.force_login(
        registry_records.user(at_centre=centre, roles=[Role.DATA_MANAGER], name="colleague"),
        backend="registry.access.RoleBackend",
    )
    assert "Not released" in decide(colleague, one, "release", looked_at="on", seen=seen)
    assert not QuarantineDecision.objects.exists()


def test_every_frame_is_shown_before_a_release(desk: Client, tmp_path: Path, ingest: Ingest):
    ingest(enhanced_ct_instance(tmp_path / "one.dcm", frames=30, BurnedInAnnotation="YES"))
    suspect = waiting()
    first = look(desk, suspect)
    assert "frames 1 to 12 of 30" in first
    assert first.count("data:image/png") == 12
    assert "12 of 30 frames were shown to you" in first
    seen = told_as_seen(first)
    assert "Not released" in decide(desk, suspect, "release", looked_at="on", seen=seen)
    last = look(desk, suspect, first_frame=25, seen=seen)
    assert "frames 25 to 30 of 30" in last
    assert "18 of 30 frames were shown to you" in last
    every = look(desk, suspect, first_frame=13, seen=told_as_seen(last))
    assert "all 30 frames" in every
    looks = HistoryEvent.objects.filter(action="look_at_quarantined").order_by("pk")
    assert [event.changes["first_frame"][1] for event in looks] == ["1", "25", "13"]
    answers = {"looked_at": "on", "seen": told_as_seen(every)}
    assert "1 file was taken in again" in decide(desk, suspect, "release", **answers)
    event = HistoryEvent.objects.get(action="quarantine_released")
    assert event.changes["frames_looked_at"] == [None, "30"]


@pytest.mark.parametrize("asked_for", ["31", "0", "-1", "9" * 30, "x", "²"])
def test_a_page_of_frames_that_is_not_there_shows_none_or_the_first(
    desk: Client, suspect: IngestedFile, asked_for: str
):
    response = desk.post(page(suspect, "look"), {"first_frame": asked_for})
    assert response.status_code == 200
    assert response.content.decode().count("data:image/png") == (0 if asked_for == "31" else 1)


def test_what_cannot_be_drawn_cannot_be_looked_at(desk: Client, tmp_path: Path, ingest: Ingest):
    file = ct_instance(
        tmp_path / "one.dcm", transfer_syntax=JPEGLSLossless, BurnedInAnnotation="YES"
    )
    content = bytearray(file.read_bytes())
    start = content.rindex(b"\xff\xd8")
    content[start + 2 : start + 24] = b"\x00" * 22
    file.write_bytes(content)
    ingest(file)
    suspect = waiting()
    html = look(desk, suspect)
    assert "frame 1 cannot be drawn" in html
    assert "release-reason" not in html
    answers = {"looked_at": "on", "seen": told_as_seen(html) if "release-seen" in html else ""}
    assert "Not released" in decide(desk, suspect, "release", **answers)
    assert not QuarantineDecision.objects.exists()


def test_only_the_one_reason_is_overruled(desk: Client, tmp_path: Path, ingest: Ingest):
    """A released suspect whose pixels contradict a stored image is stopped by that."""
    ingest(ct_instance(tmp_path / "first.dcm"))
    pixels = np.full((32, 32), 7, dtype="<i2")
    ingest(
        ct_instance(tmp_path / "second.dcm", PixelData=pixels.tobytes(), BurnedInAnnotation="YES")
    )
    suspect = waiting()
    release_after_a_look(desk, suspect)
    again = waiting()
    assert again.reason_code == "pixel_conflict"
    assert QuarantineDecision.objects.get(file=suspect).released_file == again
    assert kept_originals() == [str(again.quarantine_key)]
    assert Instance.objects.count() == 1


def test_both_images_stand_beside_each_other(desk: Client, pixel_conflict: IngestedFile):
    html = desk.get(page(pixel_conflict)).content.decode()
    assert html.count("data:image/png") == 2
    assert "Stored first" in html
    row = html[html.index("KVP") :][:400]
    assert "120" in row
    assert "100" in row
    assert "differs" in row
    assert "Canaryname" not in html
    assert "Canaryname" in desk.post(page(pixel_conflict, "look")).content.decode()


def test_a_contradiction_is_never_released(desk: Client, pixel_conflict: IngestedFile):
    assert page(pixel_conflict, "release") not in desk.get(page(pixel_conflict)).content.decode()
    html = decide(desk, pixel_conflict, "release")
    assert "not released" in html
    assert not QuarantineDecision.objects.exists()
    assert len(kept_originals()) == 1


def test_another_patient_number_shows_whose_study_it_claims(
    desk: Client, tmp_path: Path, ingest: Ingest
):
    ingest(ct_instance(tmp_path / "first.dcm", PatientID="A-1"))
    ingest(ct_instance(tmp_path / "second.dcm", index=1, PatientID="B-2", PatientSex="M"))
    html = desk.get(page(waiting())).content.decode()
    study = Instance.objects.get().series.study
    assert reverse("imaging:study-detail", args=[study.public_id]) in html
    assert "Whose it is" in html
    assert "exclude the stored study" in html
    assert html[html.index("Patient number, as pseudonym") :].index("differs") < 400


def test_a_discarded_file_is_gone_and_its_line_stays(desk: Client, pixel_conflict: IngestedFile):
    html = decide(desk, pixel_conflict, "discard", reason="a broken export")
    assert "1 file was discarded" in html
    assert kept_originals() == []
    assert IngestedFile.objects.filter(pk=pixel_conflict.pk).exists()
    shown = desk.get(page(pixel_conflict)).content.decode()
    assert "a broken export" in shown
    assert "The original is gone" in shown
    assert "a broken export" in desk.get(LIST, {"decided": ""}).content.decode()
    call_command("verify_archive")


@pytest.mark.parametrize("what", ["release", "discard"])
def test_a_decision_needs_a_reason(desk: Client, suspect: IngestedFile, what: str):
    answer = release_after_a_look if what == "release" else discard
    assert "Say why, in words." in answer(desk, suspect, reason="  ")
    assert not QuarantineDecision.objects.exists()
    assert len(kept_originals()) == 1


def test_a_second_decision_changes_nothing(desk: Client, suspect: IngestedFile):
    seen = told_as_seen(look(desk, suspect))
    decide(desk, suspect, "discard")
    assert "Somebody else has decided" in decide(
        desk, suspect, "release", looked_at="on", seen=seen
    )
    assert "Somebody else has decided" in decide(desk, suspect, "discard")
    assert QuarantineDecision.objects.get().decision == "discarded"
    assert not Instance.objects.exists()


def test_files_of_a_test_series_go_together_and_pictures_one_by_one(
    desk: Client, tmp_path: Path, ingest: Ingest
):
    for folder, more in (("named", {"PatientName": "Test^Mary"}), ("seen", {})):
        (tmp_path / folder).mkdir()
        for index in range(3):
            more = {"BurnedInAnnotation": "YES"} if folder == "seen" else more
            ct_instance(tmp_path / folder / f"{index}.dcm", index=index, **more)
        ingest(tmp_path / folder)
    named = IngestedFile.objects.filter(reason_code="test_image")
    seen = IngestedFile.objects.filter(reason_code="burned_in_annotation")
    assert (named.count(), seen.count()) == (3, 3)
    assert "3 files were taken in again" in decide(desk, named[0], "release", all_alike="on")
    assert not named.filter(quarantine_decision=None).exists()
    assert "waits for the same reason" not in look(desk, seen[0]).partition("Discard")[0]
    release_after_a_look(desk, seen[0], all_alike="on")
    assert seen.filter(quarantine_decision=None).count() == 2
    assert "2 files were discarded" in decide(
        desk, seen.get(pk=seen[1].pk), "discard", all_alike="on"
    )
    assert kept_originals() == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DATA_MANAGER])
def test_nobody_else_decides(centre: Centre, suspect: IngestedFile, role: str):
    client = Client()
    client.force_login(
        registry_records.user(at_centre=centre, roles=[role]), backend="registry.access.RoleBackend"
    )
    assert client.get(LIST).status_code == 403
    assert client.get(page(suspect)).status_code == 404
    for what in ("look", "release", "discard"):
        assert client.post(page(suspect, what), {f"{what}-reason": WHY}).status_code == 404
    assert len(kept_originals()) == 1


def test_a_lost_original_is_said_to_be_lost(desk: Client, suspect: IngestedFile):
    key = suspect.quarantine_key
    assert key is not None
    configured_archive().remove_original(key)
    assert "not where it was kept" in desk.get(page(suspect)).content.decode()
    decide(desk, suspect, "release")
    assert not QuarantineDecision.objects.exists()


def test_what_nobody_decided_about_expires(
    desk: Client, suspect: IngestedFile, settings: object, tmp_path: Path, ingest: Ingest
):
    late = timezone.now() - timedelta(days=91)
    IngestedFile.objects.filter(pk=suspect.pk).update(recorded_at=late)
    ingest(ct_instance(tmp_path / "new.dcm", index=1, BurnedInAnnotation="YES"))
    call_command("recover")
    assert QuarantineDecision.objects.get().decision == "expired"
    assert kept_originals() == [str(waiting().quarantine_key)]
    call_command("recover")
    assert QuarantineDecision.objects.count() == 1
    call_command("verify_archive")


def test_bytes_that_outlived_their_decision_are_named_and_removed(
    manager: User, suspect: IngestedFile, capsys: pytest.CaptureFixture[str]
):
    """As after a crash between decision and removal."""
    from imaging.actions import quarantine

    quarantine.discard(file=suspect, by=manager, at=timezone.now(), reason=WHY)
    with pytest.raises(SystemExit):
        call_command("verify_archive")
    assert "bytes that outlived the decision" in capsys.readouterr().out
    call_command("recover")
    assert kept_originals() == []
    call_command("verify_archive")
