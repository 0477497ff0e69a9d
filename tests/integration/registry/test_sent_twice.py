"""Double click, retry, two tabs: each form that creates a record creates exactly one."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from registry.models import (
    Assessment,
    AuditReport,
    Component,
    ContrastStudy,
    DoseSetting,
    HistoryEvent,
    Patient,
    Refill,
    RevisionCase,
    RevisionSurgery,
    Role,
    ScreeningTest,
)
from tests.factories import case_forms
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

BACKEND = "registry.access.RoleBackend"
ONCE = re.compile(r'name="once" value="([^"]+)"')
PATIENT = {"sex": "female", "birth_year": "2009", "diagnosis": "cp_spastic"}
COMPONENT = {"kind": "connector", "implanted_on_precision": "day"}
FREEZE = {"title": "Annual audit", "centre": "NORTH"}

FORMS = {
    # name: (page, address that is sent to, model, answers)
    "case log": ("case-log", "case-log", RevisionCase, case_forms.whole_episode()),
    "patient": ("patient-create", "patient-create", Patient, PATIENT | {"local_number": "4711"}),
    "component": ("component-create", "component-create", Component, COMPONENT),
    "assessment": (
        "assessment-create",
        "assessment-create",
        Assessment,
        {"instrument": "epworth", "performed_on": "2024-03-20", "item_1": "2"},
    ),
    "screening test": (
        "screening-test-create",
        "screening-test-create",
        ScreeningTest,
        {"performed_on": "2019-03-04", "bolus_ug": "50", "responded": "yes"},
    ),
    "dose": (
        "dose-setting-create",
        "dose-setting-create",
        DoseSetting,
        {"set_on": "2024-01-10", "mode": "simple_continuous", "dose_ug_per_day": "300"},
    ),
    "refill": ("refill-create", "refill-create", Refill, {"performed_on": "2024-01-10"}),
    "case": ("case-create", "case-create", RevisionCase, case_forms.case()),
    "contrast study": (
        "contrast-study-create",
        "contrast-study-create",
        ContrastStudy,
        case_forms.completed_study(),
    ),
    "operation": ("surgery-create", "surgery-create", RevisionSurgery, case_forms.surgery()),
    "report": ("audit-protocol", "report-freeze", AuditReport, FREEZE),
}


class Sender:
    """A person before one of the forms."""

    def __init__(self, form):
        page, target, self.model, self.answers = FORMS[form]
        centre = make.centre()
        self.person = make.user(at_centre=centre)
        if form == "patient":
            self.answers = self.answers | {"centre": str(centre.pk)}
        patient = make.patient(by=self.person, at_centre=centre)
        case = make.case(of=patient, by=self.person)
        self.page = self._address(page, patient, case)
        self.target = self._address(target, patient, case)
        self.before = self.model.objects.count()

    def client(self):
        client = Client()
        client.force_login(self.person, backend=BACKEND)
        return client

    def once(self):
        """What the page that was opened carries."""
        asked = {"instrument": self.answers.get("instrument", "")}
        return ONCE.search(self.client().get(self.page, asked).content.decode()).group(1)

    def send(self, once):
        return self.client().post(self.target, self.answers | {"once": once})

    @property
    def created(self):
        return self.model.objects.count() - self.before

    @staticmethod
    def _address(name, patient, case):
        arguments = {
            "assessment-create": [patient.public_id],
            "component-create": [patient.public_id],
            "screening-test-create": [patient.public_id],
            "dose-setting-create": [patient.public_id],
            "refill-create": [patient.public_id],
            "case-create": [patient.public_id],
            "contrast-study-create": [case.public_id],
            "surgery-create": [case.public_id],
            "audit-protocol": ["abousamra-2016"],
            "report-freeze": ["abousamra-2016"],
        }
        return reverse(f"registry:{name}", args=arguments.get(name, []))


@pytest.mark.parametrize("form", FORMS)
def test_the_second_sending_is_answered_with_the_record_of_the_first(form):
    sender = Sender(form)
    once = sender.once()
    first = sender.send(once)
    events = HistoryEvent.objects.count()
    second = sender.send(once)
    assert (first.status_code, second.status_code) == (302, 302), first.content.decode()[:2000]
    assert second.url == first.url
    assert sender.created == 1
    assert HistoryEvent.objects.count() == events


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", FORMS)
def test_two_sendings_at_the_same_moment_create_one_record(form):
    sender = Sender(form)
    once = sender.once()
    together = Barrier(2)

    def send(_):
        together.wait()
        try:
            return sender.send(once)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert sender.created == 1


def test_a_page_that_is_opened_twice_creates_two_records():
    sender = Sender("contrast study")
    for _ in range(2):
        sender.send(sender.once())
    assert sender.created == 2


def test_a_refused_form_can_be_corrected_and_sent_again():
    sender = Sender("contrast study")
    once = sender.once()
    refused = sender.client().post(sender.target, {"once": once})
    assert refused.status_code == 200
    assert ONCE.search(refused.content.decode()).group(1) == once
    assert sender.send(once).status_code == 302
    assert sender.created == 1


def test_nobody_chooses_the_id_of_a_record():
    """Neither by hand nor with what the form of somebody else carried."""
    sender = Sender("contrast study")
    case = RevisionCase.objects.get()
    colleague = make.user(at_centre=case.patient.centre, roles=[Role.REGISTRAR])
    of_somebody_else = sender.once()
    sender.person = colleague
    wanted = "00000000-0000-7000-8000-000000000000"
    for forged in (wanted, f"{wanted}:forged", of_somebody_else, "", "\x00", "é:é"):
        sender.send(forged)
        sender.client().post(sender.target, sender.answers | {"public_id": wanted})
    ids = {str(study.public_id) for study in ContrastStudy.objects.all()}
    assert sender.created == len(ids) == 12
    assert wanted not in ids
    assert of_somebody_else.rpartition(":")[0] not in ids
