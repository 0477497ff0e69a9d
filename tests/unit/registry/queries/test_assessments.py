"""Assessments a viewer may see."""

from datetime import date

import pytest

from registry import queries
from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def test_assessments_of_the_own_centre_in_order_of_the_day():
    centre = make.centre()
    surgeon = make.user(at_centre=centre)
    patient = make.patient(by=surgeon, at_centre=centre)
    later, earlier = (
        make.assessment(of=patient, by=surgeon, performed_on=date(year, 1, 1))
        for year in (2024, 2023)
    )
    assert list(queries.assessments.visible(viewer=surgeon)) == [earlier, later]


def test_neither_a_reader_nor_somebody_elsewhere_sees_an_assessment():
    centre = make.centre()
    surgeon = make.user(at_centre=centre)
    make.assessment(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)
    stranger = make.user(at_centre=make.centre("SOUTH"))
    reader = make.user(at_centre=centre, roles=[Role.READER])
    for viewer in (stranger, reader):
        assert not queries.assessments.visible(viewer=viewer)
