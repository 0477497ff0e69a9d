"""A contrast study says what was done at the port; what contradicts itself is refused."""

from datetime import timedelta

import pytest

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.models import ContrastStudy, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def case(surgeon):
    centre = surgeon.active_memberships[0].centre
    return make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)


CONTRADICTIONS = {
    "contrast in a study where nothing could be aspirated": {
        "outcome": "stopped_not_aspirable",
        "stop_reason": "not_aspirable",
        "aspiration": "none",
        "contrast_injected": "yes",
    },
    "not aspirable after free aspiration": {
        "outcome": "stopped_not_aspirable",
        "stop_reason": "not_aspirable",
        "aspiration": "free",
        "contrast_injected": "no",
    },
    "completed without contrast": {"contrast_injected": "no"},
    "completed, and a reason to stop": {"stop_reason": "no_access"},
    "stopped without a reason": {"outcome": "stopped_other", "contrast_injected": "no"},
    "an amount of contrast that was not given": {
        "outcome": "stopped_other",
        "stop_reason": "no_access",
        "contrast_injected": "no",
        "contrast_ml": 1,
    },
    "a hundred times too much": {"contrast_ml": 150},
}


@pytest.mark.parametrize("fields", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(case, surgeon, fields):
    with pytest.raises(InvalidRecordError):
        make.contrast_study(of=case, by=surgeon, **fields)
    assert not ContrastStudy.objects.exists()
    assert not HistoryEvent.objects.filter(action="contrast_study.log").exists()


def test_not_aspirable_is_an_outcome_of_its_own(case, surgeon):
    study = make.stopped_study(of=case, by=surgeon)
    assert (study.outcome, study.contrast_injected) == ("stopped_not_aspirable", "no")


def test_a_correction_stands_beside_the_first_version_in_the_history(case, surgeon):
    study = make.contrast_study(of=case, by=surgeon, contrast_ml=2)
    edited = actions.contrast_studies.edit(
        study=study, edition=1, by=surgeon, at=make.NOW, changes={"contrast_ml": 3}
    )
    assert edited.edition == 2
    changes = HistoryEvent.objects.get(action="contrast_study.edit").changes
    assert changes["contrast_ml"] == ["2", "3"]


def test_two_corrections_of_one_edition_do_not_overwrite_each_other(case, surgeon):
    study = make.contrast_study(of=case, by=surgeon)
    for changes in ({"delay_min": 20}, {"delay_min": 40}):
        try:
            actions.contrast_studies.edit(
                study=study, edition=1, by=surgeon, at=make.NOW, changes=changes
            )
        except EditConflictError:
            conflict = changes
    study.refresh_from_db()
    assert (study.delay_min, conflict) == (20, {"delay_min": 40})


def test_a_study_is_not_moved_past_the_complication_that_followed_it(case, surgeon):
    study = make.contrast_study(of=case, by=surgeon)
    later = study.performed_on + timedelta(days=2)
    make.complication(of=case.patient, by=surgeon, contrast_study=study, occurred_on=later)
    with pytest.raises(InvalidRecordError) as refusal:
        actions.contrast_studies.edit(
            study=study,
            edition=1,
            by=surgeon,
            at=make.NOW,
            changes={"performed_on": later + timedelta(days=1)},
        )
    assert later.isoformat() in refusal.value.errors["performed_on"][0]
