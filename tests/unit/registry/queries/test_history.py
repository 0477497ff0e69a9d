"""The history tells a reader nothing of other reads."""

import pytest

from registry import queries
from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def read(centre):
    registrar = make.user(at_centre=centre)
    case = make.case(of=make.patient(by=registrar, at_centre=centre), by=registrar)
    return make.read(of=make.contrast_study(of=case, by=registrar), by=registrar)


def actions_seen(viewer):
    return set(queries.history.visible(viewer=viewer).values_list("action", flat=True))


def test_a_data_manager_sees_that_a_read_was_signed(centre, read):
    assert "read.sign" in actions_seen(make.user(at_centre=centre, roles=[Role.DATA_MANAGER]))


def test_a_data_manager_who_reads_sees_only_reads_of_their_own(centre, read):
    viewer = make.user(at_centre=centre, roles=[Role.DATA_MANAGER, Role.READER])
    assert "read.sign" not in actions_seen(viewer)
    make.read(of=read.contrast_study, by=viewer, finding="occlusion")
    assert "read.sign" in actions_seen(viewer)


def test_a_reader_sees_no_history(centre, read):
    assert actions_seen(make.user(at_centre=centre, roles=[Role.READER])) == set()
