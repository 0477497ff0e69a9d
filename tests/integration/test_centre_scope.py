"""Nobody learns of another centre: a foreign object answers like a random id, on every address.

The test walks the resolver, so a new address fails the build until it is named here.
"""

import re
import uuid
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from registry.models import Role
from tests.factories import reading_rooms, stored_studies
from tests.factories import registry_records as make
from tests.factories.case_log_objects import case_log_objects
from tests.one_world import built_once

pytestmark = pytest.mark.django_db

CSRF_TOKEN = re.compile(rb'value="[A-Za-z0-9]{64}"')

OF_NOBODY = {
    # Addresses that name no object; their content is covered by the canary test below.
    "registry:home",
    "registry:sign-in",
    "registry:sign-out",
    "registry:password-change",
    "registry:patient-list",
    "registry:advisory-list",
    "registry:advisory-create",
    "registry:measurement-list",
    "registry:work-lists",
    "registry:work-list",
    "registry:search",
    "registry:filter-keep",
    "registry:transfer-list",
    "registry:patient-create",
    "registry:case-log",
    "registry:case-log-patient",
    "registry:data",
    "registry:data-template",
    "registry:case-import-create",
    "registry:data-cases-xlsx",
    "registry:data-cases-csv",
    "registry:data-codebook",
    "registry:data-redcap-dictionary",
    "registry:data-redcap-records",
    "registry:patient-list-file",
    "registry:work-lists-file",
    "registry:work-list-file",
    "registry:search-file",
    "registry:measurement-list-file",
    "registry:reading-list-file",
    "registry:audit-cases-file",
    "registry:report-list-file",
    "registry:advisory-list-file",
    "registry:transfer-list-file",
    "registry:image-list-file",
    "registry:run-list-file",
    "registry:quarantine-list-file",
    "registry:workload-file",
    "registry:open-studies-file",
    "registry:person-list-file",
    "registry:history-file",
    "registry:reading-list",
    "registry:reading-assignments",
    "registry:image-list",
    "registry:audit-list",
    "registry:audit-protocol",
    "registry:audit-live",
    "registry:signal-list",
    "registry:signal-decide",
    "registry:audit-json",
    "registry:audit-csv",
    "registry:audit-pdf",
    "registry:audit-cases",
    "registry:audit-checklist",
    "registry:audit-checklist-csv",
    "registry:report-freeze",
    "registry:report-list",
    "registry:centre-list",
    "registry:theatre-lists",
    "registry:report-schedules",
    "registry:report-schedule-create",
    "registry:own-email",
    "registry:person-list",
    "registry:person-create",
    "registry:history",
    "registry:vocabulary",
    "registry:form-draft",
    "registry:form-draft-discard",
    "registry:session",
    "registry:language",
    "registry:health-live",
    "registry:health-ready",
    "imaging:upload",
    "imaging:upload-create",
    "imaging:run-list",
    "imaging:quarantine-list",
    "imaging:exclusion-rules",
    "imaging:source-list",
    "imaging:pull",
    "imaging:pull-new",
    "dicomweb:studies",
    "dicomweb:series-search",
    "dicomweb:instance-search",
    # Searches within what the address names: nothing is found.
    "dicomweb:study-series",
    "dicomweb:study-instances",
    "dicomweb:series-instances",
}

OBJECT_OF = {
    "registry:case-import": "case_import",
    "registry:case-import-check": "case_import",
    "registry:theatre-list": "theatre_list",
    "registry:case-import-live": "case_import",
    "registry:case-import-problems": "case_import",
    "registry:case-import-take-in": "case_import",
    "registry:case-import-undo": "case_import",
    "registry:patient-detail": "patient",
    "registry:patient-update": "patient",
    "registry:patient-identity": "patient",
    "registry:patient-merge": "patient",
    "registry:patient-merge-detail": "merge",
    "registry:patient-transfer": "patient",
    "registry:transfer-detail": "transfer",
    "registry:filter-remove": "saved_filter",
    "registry:assessment-list": "patient",
    "registry:assessment-create": "patient",
    "registry:assessment-update": "assessment",
    "registry:component-create": "patient",
    "registry:component-update": "component",
    "registry:drug-course": "patient",
    "registry:advisory-detail": "advisory",
    "registry:advisory-detail-file": "advisory",
    "registry:advisory-retire": "advisory",
    "registry:screening-test-create": "patient",
    "registry:screening-test-update": "screening_test",
    "registry:dose-setting-create": "patient",
    "registry:dose-setting-update": "dose_setting",
    "registry:refill-create": "patient",
    "registry:refill-update": "refill",
    "registry:case-create": "patient",
    "registry:case-detail": "case",
    "registry:case-update": "case",
    "registry:case-close": "case",
    "registry:case-reopen": "case",
    "registry:contrast-study-create": "case",
    "registry:contrast-study-update": "contrast_study",
    "registry:read-create": "contrast_study",
    "registry:read-detail": "read",
    "registry:read-sr": "read",
    "registry:read-kos": "read",
    "registry:read-pdf": "read",
    "registry:read-send": "read",
    "registry:read-correct": "read",
    "registry:read-correct-draft": "read",
    "registry:reading-room": "contrast_study",
    "registry:reading-draft": "contrast_study",
    "registry:reading-assignment-withdraw": "assignment",
    "registry:reading-protocol": "centre",
    "registry:centre-update": "centre",
    "registry:adjudication": "disputed",
    "registry:adjudication-correct": "disputed",
    "registry:complication-of-case": "case",
    "registry:complication-of-patient": "patient",
    "registry:complication-update": "complication",
    "registry:outcome-review-create": "case",
    "registry:outcome-review-update": "review",
    "registry:surgery-create": "case",
    "registry:surgery-update": "surgery",
    "registry:study-link": "study",
    "registry:study-link-withdraw": "study_link",
    "registry:report-detail": "report",
    "registry:report-json": "report",
    "registry:report-csv": "report",
    "registry:report-pdf": "report",
    "registry:report-bundle": "report",
    "registry:report-checklist": "report",
    "registry:report-checklist-csv": "report",
    "registry:report-public": "report",
    "registry:report-public-file": "report",
    "registry:report-cases": "report",
    "registry:report-cases-file": "report",
    "registry:report-verify": "report",
    "registry:report-schedule": "report_schedule",
    "registry:report-schedule-state": "report_schedule",
    "registry:person-update": "person",
    "registry:person-one-time-password": "person",
    "imaging:run-detail": "run",
    "imaging:run-live": "run",
    "imaging:run-confirm-patients": "run",
    "imaging:quarantine-detail": "quarantined",
    "imaging:quarantine-look": "quarantined",
    "imaging:quarantine-release": "quarantined",
    "imaging:quarantine-discard": "quarantined",
    "imaging:exclusion-rule-retire": "rule",
    "imaging:study-detail": "study",
    "imaging:study-exclude": "study",
    "imaging:study-readmit": "study",
    "imaging:upload-files": "upload",
    "imaging:upload-finish": "upload",
    "imaging:upload-state": "upload",
    "imaging:upload-parts": "upload",
    "imaging:upload-part": "upload",
    "imaging:upload-take-in": "upload",
    "imaging:series-slices": "series",
    "imaging:series-frame": "series",
}


OPENED_AT_HOME_BY = {
    # Who sees cases does not decide between reads.
    "registry:adjudication": "decider",
    "registry:adjudication-correct": "decider",
}
"""Who opens an address at home, where having every role would keep one out."""


COMPRESSED = {
    "registry:audit-pdf",
    "registry:data-cases-xlsx",
    "registry:data-codebook",
    "registry:data-template",
}
"""Their bytes tell nothing; what is in them is read where they are tested."""

OF_AN_IMAGE = {
    # Addresses that name study, series and instance by their UIDs.
    "dicomweb:study",
    "dicomweb:study-metadata",
    "dicomweb:study-thumbnail",
    "dicomweb:series",
    "dicomweb:series-metadata",
    "dicomweb:series-thumbnail",
    "dicomweb:instance",
    "dicomweb:instance-metadata",
    "dicomweb:instance-rendered",
    "dicomweb:instance-thumbnail",
    "dicomweb:pixel-data",
    "dicomweb:frames",
    "dicomweb:frame-rendered",
    "dicomweb:frame-thumbnail",
}


def addresses(patterns=None, namespace=""):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, f"{pattern.namespace}:")
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern


def test_every_address_is_accounted_for():
    names = {name for name, _ in addresses()}
    named = OF_NOBODY | set(OBJECT_OF) | OF_AN_IMAGE
    assert names - named == set(), "name new addresses in this file"
    assert named - names == set(), "these addresses are gone"


@dataclass
class World:
    """Two centres: everything exists in SOUTH, the people asking belong to NORTH."""

    objects: dict
    people: dict


def two_centres():
    north, south = make.centre("NORTH"), make.centre("SOUTH")
    stranger = make.user(at_centre=south, roles=list(Role.values), name="canary-stranger")
    patient = make.patient(by=stranger, at_centre=south, local_number="CANARY-LOCAL")
    component = make.component(of=patient, by=stranger)
    case = make.case(of=patient, by=stranger, remarks="CANARY-REMARKS")
    contrast_study = make.contrast_study(of=case, by=stranger)
    surgery = make.surgery(of=case, by=stranger, remarks="CANARY-SURGERY")
    study = stored_studies.study(centre_code="SOUTH")
    linked = stored_studies.study(centre_code="SOUTH")
    study_link = make.study_link(
        of=contrast_study, study=linked, by=stranger, reason="number changed"
    )
    read = make.read(of=contrast_study, by=stranger, remarks="CANARY-READ")
    report = make.report(of=south, by=stranger)
    return World(
        objects={
            "patient": patient,
            "assessment": make.assessment(of=patient, by=stranger, remarks="CANARY-ASSESSED"),
            "component": component,
            "case": case,
            "contrast_study": contrast_study,
            "surgery": surgery,
            "read": read,
            "study": study,
            "study_link": study_link,
            "series": study.series.get(),
            "run": stored_studies.run_of(study),
            **stored_studies.intake_objects(study, by=stranger, text="CANARY-INTAKE"),
            "report": report,
            "report_schedule": make.report_schedule(of=south, by=stranger, title="CANARY-DUE"),
            "person": stranger,
            **case_log_objects(south, patient=patient, case=case, by=stranger, text="CANARY"),
            **reading_rooms.objects(south, by=stranger, text="CANARY"),
        },
        people={role: make.user(at_centre=north, roles=[role]) for role in Role.values}
        | {"all roles": make.user(at_centre=north, roles=list(Role.values))},
    )


world = built_once(two_centres)


def address(name, public_id):
    pattern = dict(addresses())[name]
    arguments = {
        key: "csv" if key == "form" else public_id if key.endswith("_id") else 0
        for key in pattern.pattern.converters
    }
    return reverse(name, kwargs=arguments)


def arguments_of_nobody(name):
    taken = dict(addresses())[name].pattern.converters
    given = {
        "key": "abousamra-2016",
        "name": "cases-without-outcome",
        "signal": "pump-model-unknown-revision",
        "study_instance_uid": "1.2.3",
        "series_instance_uid": "1.2.4",
        "form_id": uuid.UUID("01900000-0000-4000-8000-000000000000"),
        "form": "csv",
    }
    return {key: value for key, value in given.items() if key in taken}


def address_of_image(name, study):
    """Of the first instance of a study; None stands for UIDs of nobody."""
    taken = dict(addresses())[name].pattern.converters
    given = {
        "study_instance_uid": "2.25.1",
        "series_instance_uid": "2.25.2",
        "sop_instance_uid": "2.25.3",
        "frame_list": "1",
    }
    if study is not None:
        series = study.series.get()
        given |= {
            "study_instance_uid": study.study_instance_uid,
            "series_instance_uid": series.series_instance_uid,
            "sop_instance_uid": series.instances.first().sop_instance_uid,
        }
    return reverse(name, kwargs={key: given[key] for key in taken})


@pytest.mark.parametrize("role", [*Role.values, "all roles"])
def test_a_foreign_image_answers_like_uids_of_nobody(client, world, role):
    client.force_login(world.people[role], backend="registry.access.RoleBackend")
    for name in OF_AN_IMAGE:
        foreign = client.get(address_of_image(name, world.objects["study"]))
        nobody = client.get(address_of_image(name, None))
        assert (foreign.status_code, foreign.content) == (404, nobody.content), name


def test_the_addresses_of_images_do_open_at_home(client, world):
    study = stored_studies.study(centre_code="SOUTH")
    client.force_login(world.objects["person"], backend="registry.access.RoleBackend")
    for name in OF_AN_IMAGE:
        home = client.get(address_of_image(name, study))
        assert home.status_code == 200, name


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [*Role.values, "all roles"])
def test_a_foreign_object_answers_like_a_random_id(client, world, role, method):
    client.force_login(world.people[role], backend="registry.access.RoleBackend")
    for name, kind in OBJECT_OF.items():
        foreign = getattr(client, method)(address(name, world.objects[kind].public_id))
        random = getattr(client, method)(address(name, uuid.uuid4()))
        assert foreign.status_code == random.status_code, (name, role)
        assert foreign.content == random.content, (name, role)
        assert foreign.status_code in {403, 404, 405}, (name, role)
        if role == "all roles" and foreign.status_code != 405:
            assert foreign.status_code == 404, name


def test_the_same_addresses_do_open_at_home(client, world):
    """Guards the test above: the objects exist and their addresses are right."""
    opened = {}
    for name, kind in OBJECT_OF.items():
        opener = world.objects[OPENED_AT_HOME_BY.get(name, "person")]
        client.force_login(opener, backend="registry.access.RoleBackend")
        opened[name] = client.get(address(name, world.objects[kind].public_id)).status_code
    assert [name for name, status in opened.items() if status == 404] == []


@pytest.mark.parametrize("role", [*Role.values, "all roles"])
def test_no_page_without_an_object_tells_of_another_centre(client, world, role):
    client.force_login(world.people[role], backend="registry.access.RoleBackend")
    secrets = [b"CANARY", b"canary", b"SOUTH", world.objects["patient"].registry_number.encode()]
    for name in OF_NOBODY - COMPRESSED:
        url = reverse(name, kwargs=arguments_of_nobody(name))
        for query in ("", "?centre=SOUTH"):
            response = client.get(url + query)
            body = b"".join(response) if response.streaming else response.content
            found = [secret for secret in secrets if secret in body.replace(query.encode(), b"")]
            assert found == [], (name, role, query)


def test_searching_for_a_foreign_number_answers_like_a_number_of_nobody(client, world):
    client.force_login(world.people["all roles"], backend="registry.access.RoleBackend")
    url = reverse("registry:patient-list")
    for foreign, nobody in (
        (world.objects["patient"].registry_number, "CR-987654"),
        ("CANARY-LOCAL", "CANARY-NOBODY"),
    ):
        answers = [client.get(url, {"q": number}) for number in (foreign, nobody)]
        assert [answer.status_code for answer in answers] == [200, 200]
        bodies = [
            CSRF_TOKEN.sub(b"", answer.content.replace(number.encode(), b""))
            for answer, number in zip(answers, (foreign, nobody), strict=True)
        ]
        assert bodies[0] == bodies[1]


def test_nothing_opens_without_signing_in(client, world):
    public = {
        "registry:sign-in",
        "registry:sign-out",
        "registry:health-live",
        "registry:health-ready",
    }
    for name, kind in OBJECT_OF.items():
        response = client.get(address(name, world.objects[kind].public_id))
        assert response.status_code in {302, 405}, name
    for name in OF_NOBODY - public:
        url = reverse(name, kwargs=arguments_of_nobody(name))
        expected = {401} if name.startswith("dicomweb:") else {302, 405}
        assert client.get(url).status_code in expected, name
    for name in OF_AN_IMAGE:
        url = address_of_image(name, world.objects["study"])
        assert client.get(url).status_code == 401, name
