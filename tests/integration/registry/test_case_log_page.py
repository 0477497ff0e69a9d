"""Log a case: one page, one transaction, at most 25 mandatory answers."""

import pytest
from django.urls import reverse

from registry import actions
from registry.models import Patient, Read, RevisionCase, RevisionSurgery, Role
from tests.factories import case_forms
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

MOST_MANDATORY_ANSWERS = 25
URL = reverse("registry:case-log")


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def surgeon(centre, client):
    person = make.user(at_centre=centre, roles=[Role.SURGEON])
    client.force_login(person)
    return person


def test_a_whole_episode_is_logged_with_at_most_25_answers(client, surgeon):
    answers = case_forms.whole_episode()

    response = client.post(URL, answers)

    case = RevisionCase.objects.get()
    assert response.url == reverse("registry:case-detail", args=[case.public_id])
    assert len(answers) <= MOST_MANDATORY_ANSWERS
    study = case.contrast_studies.get()
    assert (study.outcome, study.contrast_injected) == ("completed", "yes")
    read = study.reads.get()
    assert read.source == "report_abstracted"
    assert read.information_shown == ["operation", "original_report"]
    finding = read.findings.get()
    assert (finding.code, [site.code for site in finding.sites.all()]) == (
        "leak",
        ["pump_pocket_around_pump"],
    )
    surgery = case.surgeries.get()
    assert [(f.component, f.status, f.code) for f in surgery.findings.all()] == [
        ("connector", "confirmed", "disconnection")
    ]
    assert case.closed_on is None


@pytest.mark.parametrize("name", sorted(case_forms.whole_episode()))
def test_each_of_these_answers_is_mandatory_and_nothing_is_saved_without_it(client, surgeon, name):
    """So the count of the test above is the count of the mandatory answers."""
    answers = case_forms.whole_episode()
    del answers[name]

    response = client.post(URL, answers)

    assert response.status_code == 200
    assert response.context["log"].summary, "an answer that may be left out is not mandatory"
    assert not Patient.objects.exists()


def test_the_outcome_can_be_logged_at_once(client, surgeon):
    answers = case_forms.whole_episode() | {
        "course-ended": "yes",
        "outcome-closed_on": "2024-05-01",
        "outcome-outcome": "resolved_by_surgery",
    }

    client.post(URL, answers)

    assert RevisionCase.objects.get().outcome == "resolved_by_surgery"


def test_a_study_that_cannot_be_aspirated_asks_for_no_finding(client, surgeon):
    answers = case_forms.whole_episode() | case_forms.prefixed(
        "study", case_forms.not_aspirable_study()
    )
    answers = {name: value for name, value in answers.items() if not name.startswith("report-")}
    # What a browser without scripts may send along is ignored.
    answers |= {"study-aspiration": "free", "study-contrast_ml": "2"}

    client.post(URL, answers)

    study = RevisionCase.objects.get().contrast_studies.get()
    assert (study.aspiration, study.contrast_injected, study.stop_reason, study.contrast_ml) == (
        "none",
        "no",
        "not_aspirable",
        None,
    )
    assert not Read.objects.exists()


def test_suspicion_alone_is_enough(client, surgeon):
    answers = {
        name: value
        for name, value in case_forms.whole_episode().items()
        if name.startswith(("patient-", "case-"))
    } | case_forms.prefixed("course", {"study": "no", "operation": "no", "ended": "no"})

    client.post(URL, answers)

    case = RevisionCase.objects.get()
    assert not case.contrast_studies.exists()
    assert not case.surgeries.exists()


@pytest.mark.parametrize("typed", ["{number}", "{digits}", "  H-0042 "])
def test_an_existing_patient_is_found_by_registry_or_hospital_number(
    client, surgeon, centre, typed
):
    patient = make.patient(by=surgeon, at_centre=centre, local_number="h-0042")
    number = patient.registry_number
    answers = _for_known_patient(
        typed.format(number=number, digits=str(int(number.removeprefix("CR-"))))
    )

    client.post(URL, answers)

    assert RevisionCase.objects.get().patient == patient
    assert Patient.objects.count() == 1


def test_a_patient_of_another_centre_is_not_found(client, surgeon):
    elsewhere = make.centre("SOUTH")
    colleague = make.user(at_centre=elsewhere)
    foreign = make.patient(by=colleague, at_centre=elsewhere, local_number="H-7")

    response = client.post(URL, _for_known_patient(foreign.registry_number))

    [line] = response.context["log"].summary
    assert line.sentence.startswith("No patient of your centres has this number.")
    assert not RevisionCase.objects.exists()


def test_a_hospital_number_that_is_known_names_its_patient(client, surgeon, centre):
    patient = make.patient(by=surgeon, at_centre=centre, local_number="H-7")

    response = client.post(URL, case_forms.whole_episode() | {"patient-local_number": "h-7"})

    assert patient.registry_number in response.content.decode()
    assert not RevisionCase.objects.exists()


def test_when_the_last_step_is_refused_nothing_of_the_first_is_left(client, surgeon):
    answers = case_forms.whole_episode() | {
        "course-ended": "yes",
        "outcome-closed_on": "2024-02-01",
        "outcome-outcome": "died",
    }

    response = client.post(URL, answers)

    assert "it cannot end before" in response.content.decode()
    assert not Patient.objects.exists()
    assert not RevisionSurgery.objects.exists()


def test_what_was_typed_stays_when_the_page_is_refused(client, surgeon):
    answers = case_forms.whole_episode() | {"study-performed_on": "2099-01-01"}

    response = client.post(URL, answers)

    html = response.content.decode()
    assert 'value="2099-01-01"' in html
    assert 'value="2009"' in html
    assert "This day lies in the future." in html


def test_dates_in_an_unusual_order_are_kept_and_asked_about(client, surgeon):
    answers = case_forms.whole_episode() | {"surgery-performed_on": "2024-03-02"}

    response = client.post(URL, answers, follow=True)

    assert "it cannot verify that study" in response.content.decode()
    assert RevisionSurgery.objects.get().performed_on.isoformat() == "2024-03-02"


def test_an_auditor_may_not_log(client, centre):
    client.force_login(make.user(at_centre=centre, roles=[Role.AUDITOR]))

    assert client.get(URL).status_code == 403
    assert client.post(URL, case_forms.whole_episode()).status_code == 403


def _for_known_patient(number):
    answers = {
        name: value
        for name, value in case_forms.whole_episode().items()
        if not name.startswith("patient-")
    }
    return answers | {"patient-known": "yes", "patient-known_number": number}


def test_who_works_in_two_centres_says_where_a_new_patient_belongs(client, surgeon):
    elsewhere = make.centre("SOUTH")
    actions.people.set_roles(
        user=surgeon, centre=elsewhere, roles=[Role.SURGEON], by=None, at=make.NOW
    )

    refused = client.post(URL, case_forms.whole_episode())
    assert [line.label for line in refused.context["log"].summary] == ["Centre"]

    client.post(URL, case_forms.whole_episode() | {"patient-centre": "SOUTH"})
    assert Patient.objects.get().centre == elsewhere


def test_the_page_opened_from_a_patient_knows_the_patient(client, surgeon, centre):
    patient = make.patient(by=surgeon, at_centre=centre)

    html = client.get(URL, {"patient": patient.registry_number}).content.decode()

    assert f'value="{patient.registry_number}"' in html


def test_a_typed_number_is_answered_with_whom_it_means(client, surgeon, centre):
    """And with an open case, since the same problem must not be logged twice."""
    patient = make.patient(by=surgeon, at_centre=centre, local_number="LOCAL-7")
    case = make.case(of=patient, by=surgeon)
    ask = reverse("registry:case-log-patient")

    for number in (patient.registry_number, patient.registry_number.removeprefix("CR-"), "LOCAL-7"):
        html = client.post(ask, {"patient-known_number": number}).content.decode()
        assert patient.registry_number in html
        assert "1 case so far" in html
        assert reverse("registry:case-detail", args=[case.public_id]) in html
    assert "LOCAL-7" not in html


@pytest.mark.parametrize("number", ["CR-999999", "9" * 5000, "a\x00b"])
def test_a_number_of_nobody_says_so_before_anything_is_sent(client, surgeon, number):
    answer = client.post(reverse("registry:case-log-patient"), {"patient-known_number": number})

    assert answer.status_code == 200
    assert "No patient of your centres has this number" in answer.content.decode()


def test_no_number_is_nobody_and_no_mistake(client, surgeon):
    answer = client.post(reverse("registry:case-log-patient"), {"patient-known_number": " "})

    assert "No patient" not in answer.content.decode()


def test_a_number_of_another_centre_is_a_number_of_nobody(client, surgeon, centre):
    far = make.centre("FAR")
    stranger = make.user(at_centre=far, roles=[Role.SURGEON], name="stranger")
    foreign = make.patient(by=stranger, at_centre=far)

    html = client.post(
        reverse("registry:case-log-patient"), {"patient-known_number": foreign.registry_number}
    ).content.decode()

    assert "No patient of your centres has this number" in html
    assert foreign.registry_number not in html


SYSTEM = {
    "system-pump_model": "medtronic_8637_40",
    "system-pump_serial_number": "NGP123",
    "system-pump_implanted_on": "2018-04-02",
    "system-catheter_model": "medtronic_8780",
    "system-catheter_implanted_on": "2018-04-02",
    "system-tip_level": "t6",
}


def parts(patient):
    return [(one.kind, one.model, str(one.implanted_on)) for one in patient.components.all()]


def test_pump_and_catheter_of_a_new_patient_are_logged_with_the_episode(client, surgeon):
    client.post(URL, case_forms.whole_episode() | SYSTEM)
    patient = Patient.objects.get()
    day = "2018-04-02"
    assert parts(patient) == [
        ("pump", "medtronic_8637_40", day),
        ("pump_segment", "medtronic_8780", day),
        ("connector", "medtronic_8780", day),
        ("spinal_segment", "medtronic_8780", day),
    ]
    pump, *catheter = patient.components.all()
    assert (pump.reservoir_ml, pump.serial_number) == (40, "NGP123")
    assert [part.tip_level for part in catheter] == ["", "", "t6"]


def test_what_the_operation_took_out_and_put_in_is_logged_with_it(client, surgeon):
    exchange = {
        "exchange-removed": ["connector", "pump"],
        "exchange-placed_kinds": ["connector", "pump"],
        "exchange-pump_model": "medtronic_8637_20",
    }
    client.post(URL, case_forms.whole_episode() | SYSTEM | exchange)
    surgery = RevisionSurgery.objects.get()
    assert [one.kind for one in surgery.removed_components.all()] == ["pump", "connector"]
    assert {one.kind for one in surgery.placed_components.all()} == {"pump", "connector"}
    in_place = surgery.case.patient.components.filter(removed_on__isnull=True)
    assert sorted(one.kind for one in in_place) == [
        "connector",
        "pump",
        "pump_segment",
        "spinal_segment",
    ]


@pytest.mark.parametrize(
    "exchange",
    [
        {"exchange-removed": ["pump"]},
        SYSTEM | {"exchange-placed_kinds": ["pump"]},
    ],
    ids=["took out what is not logged", "a second pump"],
)
def test_an_exchange_that_cannot_be_refuses_the_whole_page(client, surgeon, exchange):
    response = client.post(URL, case_forms.whole_episode() | exchange)
    assert response.context["log"].summary
    assert not Patient.objects.exists()


@pytest.mark.parametrize("known", [False, True])
def test_what_the_label_gives_children_is_asked_back_about_here_too(client, surgeon, centre, known):
    """As on the page of the study itself; the year of birth is typed, or that of the patient."""
    child = make.patient(by=surgeon, at_centre=centre, birth_year=2009)
    answers = case_forms.whole_episode() | {"study-contrast_product": "iohexol_240"}
    if known:
        answers |= {"patient-known": "yes", "patient-known_number": child.registry_number}

    page = client.post(URL, answers)
    assert "the label gives children" in page.content.decode()
    assert not RevisionCase.objects.exists()

    confirmed = {"study-confirmed_doubts": ["iodine_too_strong_for_child"]}
    assert client.post(URL, answers | confirmed).status_code == 302

    adult = make.patient(by=surgeon, at_centre=centre, birth_year=1970)
    known = {"patient-known": "yes", "patient-known_number": adult.registry_number}
    assert client.post(URL, answers | known).status_code == 302


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_signs_nobody_needs_to_name_are_folded_in_every_language(client, surgeon, language):
    client.post(reverse("registry:language"), {"language": language})
    assert b'<details class="optional-part">' in client.get(URL).content
