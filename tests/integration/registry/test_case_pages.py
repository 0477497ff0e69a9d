"""The case page as its story, and the forms of suspicion, work-up and outcome."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registry import actions, queries
from registry.models import RevisionCase, Role
from registry.presenters.case_rights import Rights
from registry.presenters.case_tasks import tasks
from registry.queries.list_rules import Term
from registry.queries.lists import Wanted, narrowed
from tests.factories import case_forms, stored_studies
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def surgeon(centre, client):
    person = make.user(at_centre=centre, roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def case(centre, surgeon):
    patient = make.patient(by=surgeon, at_centre=centre)
    return make.case(of=patient, by=surgeon, remarks="after a fall")


def url(name, record):
    return reverse(f"registry:{name}", args=[record.public_id])


def page(client, record, name="case-detail"):
    response = client.get(url(name, record))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_tells_the_whole_story(client, surgeon, case):
    study = make.contrast_study(of=case, by=surgeon)
    make.read(of=study, by=surgeon)
    make.surgery(of=case, by=surgeon)

    html = page(client, case)

    assert case.patient.registry_number in html
    for words in (
        "Suspected malfunction",
        "Tone increase",
        "2024-03-05",
        "glyphs.svg#drop",
        "around the pump",
        "Disconnection at the connector",
        "Connector repair or replacement",
        "not explored",
    ):
        assert words in html


def test_the_timeline_says_in_words_and_as_a_table_what_it_draws(client, surgeon, case):
    study = make.contrast_study(of=case, by=surgeon)
    make.read(of=study, by=surgeon)
    make.surgery(of=case, by=surgeon)

    timeline = client.get(url("case-detail", case)).context["story"].timeline

    assert [(str(m.on), m.label, m.gap) for m in timeline.moments] == [
        ("2024-03-01", "Suspected malfunction", ""),
        ("2024-03-05", "Contrast study: leak", "4 d later"),
        ("2024-03-12", "Operation: disconnection at the connector", "7 d later"),
    ]
    assert "2024-03-05: Contrast study: leak" in page(client, case)


def test_what_is_missing_is_listed_as_tasks(client, surgeon, case):
    make.contrast_study(of=case, by=surgeon)

    tasks = client.get(url("case-detail", case)).context["story"].tasks

    assert [task.text for task in tasks] == [
        "No images are linked",
        "No read yet",
        "No outcome yet",
    ]


def test_what_contradicts_itself_leads_to_its_form_from_the_case_and_from_the_patient(
    client, surgeon, case
):
    surgery = make.surgery(of=case, by=surgeon, performed_on=date(2024, 2, 28))
    component = make.component(
        of=case.patient, by=surgeon, implanted_on=date(2024, 3, 1), placed_by=surgery
    )
    for name, record in (("case-detail", case), ("patient-detail", case.patient)):
        html = client.get(url(name, record)).content.decode()
        assert "The operation was done before the case was opened." in html, name
        assert url("surgery-update", surgery) in html, name
        assert url("component-update", component) in html, name


@pytest.mark.parametrize(
    ("outcome", "form"), [("died", "patient-update"), ("resolved_by_surgery", "case-reopen")]
)
def test_an_end_that_contradicts_the_rest_is_corrected_where_it_can_be(
    client, surgeon, case, outcome, form
):
    actions.cases.close(
        case=case, edition=1, by=surgeon, at=make.NOW, closed_on=date(2024, 5, 1), outcome=outcome
    )
    (task,) = client.get(url("case-detail", case)).context["story"].tasks
    assert task.url == url(form, case.patient if form == "patient-update" else case)


def test_the_page_calls_late_what_the_list_of_overdue_outcomes_lists(surgeon, case):
    make.surgery(of=case, by=surgeon)
    rights = Rights.of(surgeon, case)
    listed = Wanted(Term.CASE_WITHOUT_OUTCOME.value)
    for days in (41, 42):
        today = case.opened_on + timedelta(days=days)
        (task,) = (
            one
            for one in tasks(case, rights=rights, reads_by_study={}, today=today)
            if one.text == "No outcome yet"
        )
        assert task.when == "due 2024-04-12"
        assert task.late == bool(
            queries.lists.count(viewer=surgeon, wanted=narrowed(listed, until=today))
        )


def test_a_stopped_study_asks_for_no_read_and_no_images(client, surgeon, case):
    make.stopped_study(of=case, by=surgeon)

    story = client.get(url("case-detail", case)).context["story"]

    assert [task.text for task in story.tasks] == ["No outcome yet"]
    assert story.steps["study"].state == "stopped"
    assert "glyphs.svg#octagon" in page(client, case)


def tokenless(html):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def test_the_read_of_another_is_hidden_until_one_has_read(client, centre, surgeon, case):
    study = make.contrast_study(of=case, by=surgeon)
    client.force_login(make.user(at_centre=centre, roles=[Role.READER, Role.SURGEON]))

    before = tokenless(page(client, case)), tokenless(client.get("/").content.decode())
    make.read(of=study, by=surgeon, remarks="CANARY")
    html = page(client, case)

    assert (tokenless(html), tokenless(client.get("/").content.decode())) == before
    assert "Reads of others stay hidden until you have signed yours." in html
    assert "CANARY" not in html
    assert "around the pump" not in html
    assert "glyphs.svg#drop" not in html


def test_linked_images_are_shown_with_their_verdict_and_a_way_back(client, centre, surgeon, case):
    study = make.contrast_study(of=case, by=surgeon)
    stored = stored_studies.study(centre_code=centre.code)
    make.study_link(of=study, study=stored, by=surgeon)

    html = page(client, case)

    slices = reverse("imaging:series-slices", args=[stored.series.get().public_id])
    assert f'data-slices-url="{slices}"' in html
    assert "Even spacing" in html
    assert "Withdraw the link" in html


def test_who_may_only_look_sees_no_button_and_is_refused_the_form(client, centre, case):
    client.force_login(make.user(at_centre=centre, roles=[Role.AUDITOR]))

    assert url("case-update", case) not in page(client, case)
    assert client.get(url("case-update", case)).status_code == 403
    assert client.post(url("case-close", case), {}).status_code == 403


def test_the_change_history_is_shown_to_those_who_may_see_it(client, centre, case):
    assert "Change history" not in page(client, case)

    client.force_login(make.user(at_centre=centre, roles=[Role.DATA_MANAGER]))

    assert "case.open" in page(client, case)


def test_a_case_is_opened_with_signs_and_work_up(client, surgeon, case):
    answers = case_forms.case(
        presenting_signs=["fever", "tone_increase"],
        **case_forms.rows(
            "workup",
            {"kind": "interrogation", "performed_on": "2024-03-02", "result": "normal"},
            {"kind": "", "performed_on": "", "result": ""},
        ),
    )

    client.post(url("case-create", case.patient), answers)

    new = RevisionCase.objects.exclude(pk=case.pk).get()
    assert sorted(sign.code for sign in new.presenting_signs.all()) == ["fever", "tone_increase"]
    assert [step.kind for step in new.workup_steps.all()] == ["interrogation"]


def test_a_half_filled_row_is_named_in_the_summary(client, surgeon, case):
    answers = case_forms.case(
        **case_forms.rows("workup", {"kind": "interrogation", "performed_on": "", "result": ""})
    )

    html = client.post(url("case-create", case.patient), answers).content.decode()

    assert "Work-up, row 1, On: Enter a date." in html
    assert RevisionCase.objects.count() == 1


@pytest.mark.parametrize("field", ["opened_on", "workup-0-performed_on"])
def test_a_day_in_the_future_is_refused(client, case, field):
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    answers = case_forms.case(
        **case_forms.rows(
            "workup", {"kind": "mri", "performed_on": "2024-03-02", "result": "normal"}
        )
    ) | {field: tomorrow}

    html = client.post(url("case-create", case.patient), answers).content.decode()

    assert "This day lies in the future." in html
    assert RevisionCase.objects.count() == 1


def test_the_suspicion_is_corrected(client, case):
    answers = case_forms.case(edition=1, opened_on="2024-02-28", remarks="since February")

    response = client.post(url("case-update", case), answers)

    assert response.url == url("case-detail", case)
    case.refresh_from_db()
    assert (case.opened_on, case.remarks, case.edition) == (
        date(2024, 2, 28),
        "since February",
        2,
    )


def test_two_editors_at_once_see_both_versions_and_nobody_is_overwritten(client, surgeon, case):
    answers = case_forms.case(edition=1, remarks="my words", presenting_signs=["fever"])
    actions.cases.edit(
        case=case,
        edition=1,
        by=surgeon,
        at=make.NOW,
        changes={"remarks": "their words"},
        presenting_signs=["seizure"],
        workup=[],
    )

    response = client.post(url("case-update", case), answers)

    html = response.content.decode()
    case.refresh_from_db()
    assert case.remarks == "their words"
    assert "Somebody else saved this while you were editing" in html
    rows = {row.label: (row.saved, row.typed) for row in response.context["form"].conflict}
    assert rows == {
        "Remarks": ("their words", "my words"),
        "Presenting signs": ("Seizure", "Fever"),
    }
    assert 'name="edition" value="2"' in html

    client.post(url("case-update", case), answers | {"edition": 2})

    case.refresh_from_db()
    assert case.remarks == "my words"


def test_a_case_is_closed_and_reopened_with_a_reason(client, case):
    client.post(
        url("case-close", case),
        {"edition": 1, "closed_on": "2024-05-01", "outcome": "resolved_without_surgery"},
    )
    case.refresh_from_db()
    assert case.outcome == "resolved_without_surgery"

    refused = client.post(url("case-reopen", case), {"edition": 2, "reason": ""})
    assert "Say it in words." in refused.content.decode()

    client.post(url("case-reopen", case), {"edition": 2, "reason": "spasms are back"})
    case.refresh_from_db()
    assert case.closed_on is None


def test_a_case_cannot_end_before_it_began(client, case):
    response = client.post(
        url("case-close", case), {"edition": 1, "closed_on": "2024-02-01", "outcome": "died"}
    )

    assert "it cannot end before" in response.content.decode()


def test_nothing_is_added_to_a_closed_case(client, surgeon, case):
    actions.cases.close(
        case=case,
        edition=1,
        by=surgeon,
        at=make.NOW,
        closed_on=date(2024, 5, 1),
        outcome="unresolved",
    )

    for name, answers in (
        ("contrast-study-create", case_forms.completed_study()),
        ("surgery-create", case_forms.surgery()),
    ):
        html = client.post(url(name, case), answers).content.decode()
        assert "Reopen it with a reason" in html
    assert not case.contrast_studies.exists()
    assert url("surgery-create", case) not in page(client, case)


def test_an_examination_is_logged_with_its_time_and_what_it_found(client, surgeon, centre):
    rows = case_forms.rows(
        "workup",
        {
            "kind": "interrogation",
            "performed_on": "2024-03-02",
            "performed_at": "0905",
            "result": "abnormal",
            "alarms": ["eri", "motor_stall"],
        },
        {
            "kind": "reservoir_check",
            "performed_on": "2024-03-02",
            "performed_at": "9:30",
            "result": "abnormal",
            "expected_residual_ml": "11",
            "aspirated_residual_ml": "12,5",
            "alarms": ["reset"],
        },
    )
    patient = make.patient(by=surgeon, at_centre=centre)
    url = reverse("registry:case-create", args=[patient.public_id])
    html = client.post(url, case_forms.case() | rows, follow=True).content.decode()
    case = RevisionCase.objects.latest("pk")
    interrogation, reservoir = case.workup_steps.all()
    assert [alarm.code for alarm in interrogation.alarms.all()] == ["eri", "motor_stall"]
    assert not reservoir.alarms.exists(), "not asked of a reservoir check"
    for words in (
        "2024-03-02 09:05",
        "alarm: motor stall",
        "11 ml expected, 12.5 ml aspirated, difference +1.5 ml",
    ):
        assert words in html

    page = client.get(reverse("registry:case-update", args=[case.public_id])).context
    (first, second, *_) = page["rows"].forms
    assert first.initial["alarms"] == ["eri", "motor_stall"]
    assert str(second["performed_at"]).count('value="09:30"') == 1


def test_no_alarm_beside_an_alarm_is_refused(client, surgeon, centre):
    rows = case_forms.rows(
        "workup",
        {
            "kind": "interrogation",
            "performed_on": "2024-03-02",
            "result": "abnormal",
            "alarms": ["none", "eri"],
        },
    )
    patient = make.patient(by=surgeon, at_centre=centre)
    url = reverse("registry:case-create", args=[patient.public_id])
    response = client.post(url, case_forms.case() | rows)
    assert "contradict each other" in response.content.decode()
    assert not RevisionCase.objects.exists()
