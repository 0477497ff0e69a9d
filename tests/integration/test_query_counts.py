"""A page asks the database equally often for few rows and for many.

The test lets everything grow and compares; what grows with the rows is named here with its reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from imaging.actions import peers, remote_archives
from imaging.models import Peer
from registry import actions, queries
from registry.models import (
    Centre,
    ContrastStudy,
    Patient,
    Read,
    ReadSending,
    ReportSchedule,
    RevisionCase,
    Role,
    User,
)
from tests.factories import registry_records as make
from tests.factories import stored_studies
from tests.factories.reading_rooms import read_images

pytestmark = pytest.mark.django_db

ADDED = 2
MOST_QUERIES = 34
"""More than any page needs today; a page that passes it has lost its way."""

GROWS: dict[str, tuple[int, str]] = {}
"""Queries that one `grow` costs, with what they are for."""

CLINICAL = (Role.REGISTRAR, Role.SURGEON, Role.AUDITOR, Role.DATA_MANAGER)


@dataclass
class World:
    """A centre in which everything can become more."""

    centre: Centre
    clinician: User
    reader: User
    administrator: User
    patient: Patient
    case: RevisionCase

    def grow(self) -> None:
        """One more of everything that any page lists."""
        patient = make.patient(by=self.clinician, at_centre=self.centre)
        self.episode(make.case(of=patient, by=self.clinician))
        self.episode(self.case)
        make.case(of=self.patient, by=self.clinician)
        make.component(of=self.patient, by=self.clinician, second_pump_declared=True)
        make.advisory(of=self.centre, by=self.clinician)
        make.assessment(of=self.patient, by=self.clinician)
        make.screening_test(of=self.patient, by=self.clinician)
        make.dose_setting(of=self.patient, by=self.clinician)
        make.refill(of=self.patient, by=self.clinician)
        make.complication(of=self.patient, by=self.clinician)
        make.user(at_centre=self.centre)
        report = make.report(of=self.centre, by=self.clinician)
        schedule = make.report_schedule(of=self.centre, by=self.clinician)
        due = actions.report_schedules.fall_due(
            schedule=schedule, by=None, at=make.NOW + timedelta(days=10)
        )
        for issue in due:
            actions.report_schedules.attach(issue=issue, report=report, by=None, at=make.NOW)
        self.images()
        self.sender()
        self.sending()

    def episode(self, case: RevisionCase) -> None:
        """Studies that were read, from a report and here, one that waits, and an operation."""
        read, seen, waiting = (make.contrast_study(of=case, by=self.clinician) for _ in range(3))
        make.read(of=read, by=self.clinician)
        for one in (seen, waiting):
            make.study_link(of=one, study=self.images(), by=self.clinician)
        read_images(seen, by=self.reader)
        make.surgery(of=case, by=self.clinician)

    def sender(self):
        number = Peer.objects.count()
        peers.register_dimse(
            name=f"ct-{number}",
            centre_code=self.centre.code,
            calling_ae_title=f"CT{number}",
            called_ae_title="CRESCENT",
            network="192.0.2.1",
            by=None,
            at=make.NOW,
        )

    def sending(self):
        archive = remote_archives.register(
            name=f"pacs-{ReadSending.objects.count()}",
            centre_code=self.centre.code,
            base_url="https://pacs.example.org",
            authentication="none",
            credential=None,
            private_address_allowed=False,
            receives="reads",
            by=None,
            at=make.NOW,
        )
        actions.read_sendings.begin(
            read=Read.objects.earliest("pk"),
            archive=archive,
            with_images=False,
            by=self.clinician,
            at=make.NOW,
        )

    def images(self):
        study = stored_studies.study(centre_code=self.centre.code, slices=1, PatientID="")
        stored_studies.quarantined(study)
        return study


@pytest.fixture
def world() -> World:
    centre = make.centre()
    clinician = make.user(at_centre=centre, roles=CLINICAL)
    patient = make.patient(by=clinician, at_centre=centre)
    world = World(
        centre=centre,
        clinician=clinician,
        reader=make.user(at_centre=centre, roles=[Role.READER]),
        administrator=make.user(at_centre=centre, roles=[Role.ADMINISTRATOR]),
        patient=patient,
        case=make.case(of=patient, by=clinician),
    )
    # Else chance decides whether there are second looks.
    actions.reading_protocols.edit(
        centre=centre,
        edition=0,
        by=clinician,
        at=make.NOW,
        changes={
            "reads_per_study": 1,
            "reread_share_percent": 100,
            "reread_after_days": 56,
        },
    )
    world.grow()
    return world


PAGES: dict[str, Callable[[World], tuple[User, list[object]]]] = {
    "registry:home": lambda world: (world.clinician, []),
    "registry:patient-list": lambda world: (world.clinician, []),
    "registry:work-lists": lambda world: (world.clinician, []),
    "registry:work-list": lambda world: (world.clinician, ["cases-without-outcome"]),
    "registry:search": lambda world: (world.clinician, []),
    "registry:transfer-list": lambda world: (world.clinician, []),
    "registry:patient-merge": lambda world: (world.clinician, [world.patient.public_id]),
    "registry:measurement-list": lambda world: (world.clinician, []),
    "registry:assessment-list": lambda world: (world.clinician, [world.patient.public_id]),
    "registry:patient-detail": lambda world: (world.clinician, [world.patient.public_id]),
    "registry:advisory-list": lambda world: (world.clinician, []),
    "registry:advisory-detail": lambda world: (
        world.clinician,
        [queries.advisories.visible(viewer=world.clinician)[0].public_id],
    ),
    "registry:drug-course": lambda world: (world.clinician, [world.patient.public_id]),
    "registry:case-detail": lambda world: (world.clinician, [world.case.public_id]),
    "registry:image-list": lambda world: (world.clinician, []),
    "registry:read-send": lambda world: (
        world.clinician,
        [Read.objects.earliest("pk").public_id],
    ),
    "registry:reading-list": lambda world: (world.reader, []),
    "registry:reading-list?show=done": lambda world: (world.reader, []),
    "registry:reading-assignments": lambda world: (world.clinician, []),
    "registry:centre-list": lambda world: (world.administrator, []),
    "registry:centre-update": lambda world: (world.administrator, [world.centre.public_id]),
    "registry:reading-protocol": lambda world: (world.clinician, [world.centre.public_id]),
    "registry:audit-list": lambda world: (world.clinician, []),
    "registry:audit-protocol": lambda world: (world.clinician, ["abousamra-2016"]),
    "registry:signal-list": lambda world: (world.clinician, []),
    "registry:audit-cases": lambda world: (world.clinician, ["abousamra-2016"]),
    "registry:audit-checklist": lambda world: (world.clinician, ["abousamra-2016"]),
    "registry:report-list": lambda world: (world.clinician, []),
    "registry:report-schedules": lambda world: (world.clinician, []),
    "registry:report-schedule": lambda world: (
        world.clinician,
        [ReportSchedule.objects.earliest("pk").public_id],
    ),
    "registry:person-list": lambda world: (world.administrator, []),
    "registry:history": lambda world: (world.clinician, []),
    "imaging:run-list": lambda world: (world.clinician, []),
    "imaging:quarantine-list": lambda world: (world.clinician, []),
    "imaging:quarantine-list?decided": lambda world: (world.clinician, []),
    "imaging:source-list": lambda world: (world.administrator, []),
    "imaging:exclusion-rules": lambda world: (world.administrator, []),
    "imaging:study-detail": lambda world: (world.clinician, [_study(world).public_id]),
    "imaging:run-detail": lambda world: (world.clinician, [_run(world).public_id]),
}


def _study(world: World):
    linked = ContrastStudy.objects.filter(study_links__isnull=False).earliest("pk")
    return linked.study_links.get().study


def _run(world: World):
    return stored_studies.run_of(_study(world))


def counted(world: World) -> dict[str, int]:
    """Queries of each page, where no answer of an audit is kept."""
    queries.kept_answers.clear(at=timezone.now() + 2 * queries.kept_answers.KEPT_FOR)
    counts = {}
    for name, who_and_what in PAGES.items():
        viewer, arguments = who_and_what(world)
        client = Client()
        client.force_login(viewer, backend="registry.access.RoleBackend")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page, _, asked = name.partition("?")
            address = f"{reverse(page, args=arguments)}?{asked}"
            assert client.get(address).status_code == 200, name
        counts[name] = len(captured)
    return counts


def test_pages_ask_no_more_often_for_more_rows(world):
    few = counted(world)
    for _ in range(ADDED):
        world.grow()
    many = counted(world)
    grown = {name: (many[name] - few[name]) / ADDED for name in PAGES}
    allowed = {name: more for name, (more, _) in GROWS.items()}
    assert {name: more for name, more in grown.items() if more > allowed.get(name, 0)} == {}
    assert {name: n for name, n in few.items() if n > MOST_QUERIES} == {}


def test_the_smallest_question_reaches_the_database(django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.health.ask_database()


def test_a_database_that_does_not_answer_is_told_from_a_dead_process(client, monkeypatch):
    def unreachable():
        raise OperationalError

    monkeypatch.setattr(queries.health, "ask_database", unreachable)
    assert client.get(reverse("registry:health-live")).status_code == 200
    assert client.get(reverse("registry:health-ready")).status_code == 503
