"""Cases of the centres whose patients one may see."""

import pytest

from registry.models import Role
from registry.queries import cases
from tests.factories import registry_records as make


def test_a_case_is_seen_in_its_centre_and_in_no_other(north, south):
    assert list(cases.visible(viewer=north.logged_by)) == [north.case]
    assert list(cases.complete(viewer=south.logged_by)) == [south.case]


@pytest.mark.parametrize("role", [Role.READER, Role.ADMINISTRATOR])
def test_who_may_see_no_patient_sees_no_case(north, role):
    assert not cases.visible(viewer=make.user(at_centre=north.centre, roles=[role])).exists()


def test_a_complete_case_is_shown_without_asking_again(north, django_assert_num_queries):
    case = cases.complete(viewer=north.logged_by).get()
    with django_assert_num_queries(0):
        assert case.centre_code == "NORTH"
        assert [sign.code for sign in case.presenting_signs.all()] == ["tone_increase"]
        assert list(case.workup_steps.all()) == []
        for study in case.contrast_studies.all():
            assert list(study.study_links.all()) == []
        for surgery in case.surgeries.all():
            assert len(surgery.findings.all()) == 2
            assert len(surgery.procedures.all()) == 1


def test_reads_are_not_loaded_with_a_case_as_they_may_be_blinded(north, django_assert_num_queries):
    study = cases.complete(viewer=north.logged_by).get().contrast_studies.all()[0]
    with django_assert_num_queries(1):
        list(study.reads.all())
