"""Two centres with one episode each, and somebody who sees the first only."""

from dataclasses import dataclass

import pytest

from registry.models import (
    Centre,
    Complication,
    Component,
    ContrastStudy,
    OutcomeReview,
    Patient,
    RevisionCase,
    RevisionSurgery,
    User,
)
from tests.factories import registry_records as make


@dataclass(frozen=True)
class Episode:
    """Everything that was logged of one patient."""

    centre: Centre
    logged_by: User
    patient: Patient
    component: Component
    case: RevisionCase
    study: ContrastStudy
    surgery: RevisionSurgery
    complication: Complication
    review: OutcomeReview


def logged(centre: Centre, *, local_number: str = "") -> Episode:
    surgeon = make.user(at_centre=centre)
    patient = make.patient(by=surgeon, at_centre=centre, local_number=local_number)
    case = make.case(of=patient, by=surgeon)
    return Episode(
        centre=centre,
        logged_by=surgeon,
        patient=patient,
        component=make.component(of=patient, by=surgeon),
        case=case,
        study=make.contrast_study(of=case, by=surgeon),
        surgery=make.surgery(of=case, by=surgeon),
        complication=make.complication(of=patient, by=surgeon, case=case),
        review=make.review(of=case, by=surgeon),
    )


@pytest.fixture
def north(db: None) -> Episode:
    return logged(make.centre("NORTH"), local_number="LOCAL-1")


@pytest.fixture
def south(db: None) -> Episode:
    return logged(make.centre("SOUTH"), local_number="LOCAL-1")
