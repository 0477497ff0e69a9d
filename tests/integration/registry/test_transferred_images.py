"""Images of a patient who was transferred stay where they were received (ADR 21)."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from imaging.actions import remote_archives
from imaging.models import Study
from registry import actions, queries
from registry.actions.read_sendings import NotReceivingError
from registry.models import Centre, Read, Role, User
from registry.presenters.read_pdf import document
from registry.queries import reading_board
from tests.factories import exported_reads, stored_studies
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

EVERYTHING_BUT_READING = [role for role in Role.values if role != Role.READER]


@dataclass
class Transferred:
    read: Read
    images: Study
    to_centre: Centre
    readers: dict[str, User]
    others: dict[str, User]

    @property
    def study(self):
        return self.read.contrast_study


@pytest.fixture
def gone():
    """A study with a signed read, which went from NORTH to SOUTH with its patient."""
    north, south = make.centre("NORTH"), make.centre("SOUTH")
    people = [make.user(at_centre=one, roles=EVERYTHING_BUT_READING) for one in (north, south)]
    read, images = exported_reads.of_images(by=people[0])
    patient = read.contrast_study.case.patient
    offer = actions.patient_transfers.offer(
        patient=patient,
        to_centre=south,
        transferred_on=date(2024, 4, 1),
        reason="moved house",
        by=people[0],
        at=make.NOW,
    )
    actions.patient_transfers.accept(transfer=offer, by=people[1], at=make.NOW)
    readers = [make.user(at_centre=one, roles=[Role.READER]) for one in (north, south)]
    return Transferred(
        Read.objects.get(pk=read.pk),
        images,
        south,
        dict(zip(("NORTH", "SOUTH"), readers, strict=True)),
        dict(zip(("NORTH", "SOUTH"), people, strict=True)),
    )


def asked(client, person, name, public_id):
    client.force_login(person, backend="registry.access.RoleBackend")
    return client.get(reverse(name, args=[public_id]))


def waiting(person):
    return queries.reading_tasks.waiting(viewer=person, at=timezone.now())


def test_the_new_centre_has_the_case_and_the_old_one_the_images(client, gone):
    case, series = gone.study.case.public_id, gone.images.series.get().public_id
    for centre, sees_case, sees_images in (("NORTH", 404, 200), ("SOUTH", 200, 404)):
        person = gone.others[centre]
        assert asked(client, person, "registry:case-detail", case).status_code == sees_case
        assert asked(client, person, "imaging:series-slices", series).status_code == sees_images
    page = asked(client, gone.others["SOUTH"], "registry:case-detail", case).content.decode()
    assert "These images stay with NORTH" in page
    assert str(series) not in page


def test_what_the_new_centre_cannot_open_it_is_not_asked_to_read(client, gone):
    for reader in gone.readers.values():
        assert waiting(reader) == []
        answer = asked(client, reader, "registry:reading-room", gone.study.public_id)
        assert answer.status_code == 404
    assert reading_board.of_study(study=gone.study) is None
    assert reading_board.of_centres(centre_codes=["NORTH", "SOUTH"]).places == []


def test_images_that_the_new_centre_received_itself_are_read_there_and_no_others(client, gone):
    own = stored_studies.study(centre_code="SOUTH", slices=1)
    make.study_link(of=gone.study, study=own, by=gone.others["SOUTH"], reason="sent again")
    actions.reading_protocols.edit(
        centre=gone.to_centre,
        edition=0,
        by=gone.others["SOUTH"],
        at=make.NOW,
        changes={"reads_per_study": 2},
    )
    reader = gone.readers["SOUTH"]
    assert [task.public_id for task in waiting(reader)] == [gone.study.public_id]
    assert waiting(gone.readers["NORTH"]) == []
    room = asked(client, reader, "registry:reading-room", gone.study.public_id).content.decode()
    assert str(own.series.get().public_id) in room
    assert str(gone.images.series.get().public_id) not in room


def test_an_earlier_study_of_the_old_centre_is_not_shown_beside_a_later_one(gone):
    later = make.contrast_study(
        of=gone.study.case, by=gone.others["SOUTH"], performed_on=date(2024, 4, 2)
    )
    shown = queries.contrast_studies.earlier_series(viewer=gone.others["SOUTH"], study=later)
    assert shown == []


def test_no_pixel_of_the_old_centre_leaves_through_the_read(client, gone, monkeypatch):
    described = []

    def noted(*args, **kwargs):
        described.append(kwargs["pictures"])
        return document(*args, **kwargs)

    monkeypatch.setattr("registry.presenters.read_pdf.document", noted)
    answer = asked(client, gone.others["SOUTH"], "registry:read-pdf", gone.read.public_id)
    assert answer.status_code == 200
    assert [one.picture for one in described[0]] == [None, None]
    archive = remote_archives.register(
        name="south",
        centre_code="SOUTH",
        base_url="https://archive.example.org",
        authentication="none",
        credential=None,
        private_address_allowed=False,
        receives="images",
        by=gone.others["SOUTH"],
        at=make.NOW,
    )
    with pytest.raises(NotReceivingError, match="stay with the centre"):
        actions.read_sendings.begin(
            read=gone.read, archive=archive, with_images=True, by=None, at=make.NOW
        )
