"""What somebody types is shown as text, on every page, to everybody."""

from datetime import date

import pytest
from django.urls import reverse

from registry import actions
from registry.actions.cases import WorkupEntry
from registry.actions.surgeries import IntraoperativeEntry
from registry.models import Role
from tests.factories import reading_rooms, stored_studies
from tests.factories import registry_records as make
from tests.factories.case_log_objects import case_log_objects
from tests.integration.test_centre_scope import (
    OBJECT_OF,
    OF_NOBODY,
    address,
    arguments_of_nobody,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

EVIL = "'\"><img src=x onerror=alert(1)>{{7*7}}"
MARKUP = b"<img src=x"


@pytest.fixture
def person(client):
    centre = make.centre(name=EVIL)
    person = make.user(at_centre=centre, roles=list(Role.values))
    client.force_login(person, backend="registry.access.RoleBackend")
    return person


@pytest.fixture
def objects(person):
    centre = person.memberships.first().centre
    patient = make.patient(by=person, at_centre=centre, local_number=EVIL)
    case = actions.cases.open_case(
        patient=patient,
        by=person,
        at=make.NOW,
        fields={"opened_on": date(2024, 3, 1), "trigger": "other", "remarks": EVIL},
        workup=[WorkupEntry("rotor_study", date(2024, 3, 2), "abnormal", EVIL)],
    )
    study = make.contrast_study(of=case, by=person, adverse_event_text=EVIL)
    linked, images = (stored_studies.study(centre_code=centre.code) for _ in range(2))
    surgery = actions.surgeries.log(
        case=case,
        by=person,
        at=make.NOW,
        fields={
            "performed_on": date(2024, 3, 12),
            "indication": "catheter_disconnection_pump",
            "planned": "unplanned",
            "imaging_known": "known",
            "remarks": EVIL,
        },
        procedures=["connector_repair_or_replacement"],
        findings=[IntraoperativeEntry("connector", "excluded", note=EVIL)],
    )
    read = make.read(of=study, by=person, remarks=EVIL)
    actions.cases.close(
        case=case,
        edition=case.edition,
        by=person,
        at=make.NOW,
        closed_on=date(2024, 4, 1),
        outcome="resolved_by_surgery",
    )
    case.refresh_from_db()
    actions.cases.reopen(case=case, edition=case.edition, by=person, at=make.NOW, reason=EVIL)
    return {
        "patient": patient,
        "component": make.component(of=patient, by=person, serial_number=EVIL),
        "assessment": make.assessment(
            of=patient, by=person, version=EVIL, assessor=EVIL, remarks=EVIL
        ),
        **case_log_objects(centre, patient=patient, case=case, by=person, text=EVIL),
        "case": case,
        "contrast_study": study,
        "surgery": surgery,
        "study_link": make.study_link(of=study, study=linked, by=person, reason=EVIL),
        "read": make.read(
            of=study, by=person, supersedes=read, remarks=EVIL, correction_reason=EVIL
        ),
        "study": images,
        "series": images.series.get(),
        "run": stored_studies.run_of(images),
        **stored_studies.intake_objects(images, by=person, text=EVIL),
        "report": make.report(of=centre, by=person),
        "report_schedule": make.report_schedule(of=centre, by=person, title=EVIL),
        "person": person,
        **reading_rooms.objects(centre, by=person, text=EVIL),
    }


def test_no_text_becomes_markup(client, objects):
    urls = [address(name, objects[kind].public_id) for name, kind in OBJECT_OF.items()]
    urls += [reverse(name, kwargs=arguments_of_nobody(name)) for name in OF_NOBODY]
    urls += [f"{reverse('registry:patient-list')}?q=%22%3E%3Cimg%20src=x"]
    shown = 0
    for url in urls:
        if "/adjudication/" in url:
            client.force_login(objects["decider"], backend="registry.access.RoleBackend")
        answer = client.get(url)
        client.force_login(objects["person"], backend="registry.access.RoleBackend")
        if answer.get("Content-Type", "").startswith("text/html"):
            assert MARKUP not in answer.content, url
            shown += b"&lt;img src=x" in answer.content
    assert shown > 10  # the texts did reach the pages


def test_what_is_typed_into_a_refused_form_stays_text(client, objects):
    for name, kind in OBJECT_OF.items():
        answer = client.post(
            address(name, objects[kind].public_id),
            {"remarks": EVIL, "reason": EVIL, "opened_on": EVIL, "edition": EVIL, "once": EVIL},
        )
        assert MARKUP not in getattr(answer, "content", b""), name


def test_the_identity_stays_text(client, objects):
    url = reverse("registry:patient-identity", args=[objects["patient"].public_id])
    answer = client.post(url).content
    assert b"&lt;img src=x" in answer
    assert MARKUP not in answer
