"""Which contrast study stored images may belong to, best first, with the reasons."""

from copy import copy
from datetime import date, timedelta

import pytest

from imaging.actions.study_exclusions import exclude
from registry import actions
from registry.models import Role
from registry.presenters.list_tables import CHUNK
from registry.queries import study_links
from registry.queries.case_match import Agreement, Fact, agreement_of
from tests.factories import registry_records as make
from tests.factories import stored_studies

TAKEN_ON = date(2024, 3, 5)


@pytest.fixture
def images(north):
    """Images of patient LOCAL-1, taken on the day of the contrast study."""
    return stored_studies.study(centre_code="NORTH", slices=1, PatientID="LOCAL-1")


def subject_agrees(candidate):
    """True, False, or None where either side has no number."""
    agreement = agreement_of(candidate.compared, Fact.SUBJECT_KEY)
    return {Agreement.AGREES: True, Agreement.DIFFERS: False}.get(agreement)


def proposed(viewer, images):
    return [
        (one.contrast_study, subject_agrees(one), one.days_apart, one.has_images)
        for one in study_links.candidates(viewer=viewer, study=images)
    ]


def another_study(episode, *, days=0, local_number=""):
    patient = make.patient(
        by=episode.logged_by, at_centre=episode.centre, local_number=local_number
    )
    case = make.case(of=patient, by=episode.logged_by, opened_on=date(2024, 1, 1))
    return make.contrast_study(
        of=case, by=episode.logged_by, performed_on=TAKEN_ON + timedelta(days=days)
    )


def test_number_and_day_that_agree_are_the_best_reasons(north, images):
    unknown = another_study(north)
    other = another_study(north, local_number="LOCAL-2")
    assert proposed(north.logged_by, images) == [
        (north.study, True, 0, False),
        (unknown, None, 0, False),
        (other, False, 0, False),
    ]


@pytest.mark.parametrize(("days", "is_proposed"), [(7, True), (-7, True), (8, False), (-8, False)])
def test_another_patient_is_proposed_within_seven_days(north, images, days, is_proposed):
    study = another_study(north, days=days)
    assert (study in [one[0] for one in proposed(north.logged_by, images)]) is is_proposed


def test_the_same_number_is_proposed_at_any_distance(north, images):
    late = make.contrast_study(
        of=north.case, by=north.logged_by, performed_on=TAKEN_ON + timedelta(days=60)
    )
    assert (late, True, -60, False) in proposed(north.logged_by, images)


def test_a_study_that_has_images_comes_after_one_that_has_none(north, images):
    second = make.contrast_study(of=north.case, by=north.logged_by, performed_on=date(2024, 3, 7))
    make.study_link(
        of=north.study,
        study=stored_studies.study(centre_code="NORTH", slices=1, PatientID="LOCAL-1"),
        by=north.logged_by,
    )
    assert proposed(north.logged_by, images) == [
        (second, True, -2, False),
        (north.study, True, 0, True),
    ]


def test_a_study_without_contrast_is_not_proposed(north, images):
    stopped = make.stopped_study(of=north.case, by=north.logged_by)
    assert stopped not in [one[0] for one in proposed(north.logged_by, images)]


def test_images_without_number_and_day_propose_nothing(north):
    bare = stored_studies.study(centre_code="NORTH", slices=1, PatientID="", StudyDate="")
    assert proposed(north.logged_by, bare) == []
    (found,) = study_links.search(viewer=north.logged_by, study=bare, number="000001")
    assert (found.contrast_study, subject_agrees(found), found.days_apart) == (
        north.study,
        None,
        None,
    )


def test_nothing_of_another_centre_is_proposed_or_found(north, south, images):
    assert south.study not in [one[0] for one in proposed(north.logged_by, images)]
    for number in (south.patient.registry_number, "", "  "):
        assert study_links.search(viewer=north.logged_by, study=images, number=number) == []


def test_who_works_in_both_centres_is_not_proposed_one_for_the_other(north, south, images):
    """Two patients of two hospitals may share a day, and even a number."""
    both = north.logged_by
    actions.people.set_roles(
        user=both, centre=south.centre, roles=[Role.SURGEON], by=None, at=make.NOW
    )
    assert [one[0] for one in proposed(both, images)] == [north.study]
    assert study_links.search(viewer=both, study=images, number="000002") == []


def test_images_wait_for_who_may_link_until_they_are_linked(north, south, images):
    auditor = make.user(at_centre=north.centre, roles=[Role.AUDITOR])
    assert list(study_links.unlinked(viewer=north.logged_by)) == [images]
    assert not study_links.unlinked(viewer=auditor).exists()
    assert not study_links.unlinked(viewer=south.logged_by).exists()
    link = make.study_link(of=north.study, study=images, by=north.logged_by)
    assert not study_links.unlinked(viewer=north.logged_by).exists()
    assert list(study_links.visible(viewer=north.logged_by)) == [link]
    assert not study_links.visible(viewer=south.logged_by).exists()


def test_of_many_candidates_the_best_few_are_proposed(north, images):
    for _ in range(study_links.MOST_PROPOSED + 1):
        another_study(north, days=3)
    found = proposed(north.logged_by, images)
    assert len(found) == study_links.MOST_PROPOSED
    assert found[0][0] == north.study


def test_however_many_lie_about_the_day_the_same_number_is_proposed(north, images, monkeypatch):
    """By date alone only the nearest are compared."""
    monkeypatch.setattr(study_links, "MOST_NEAR", 1)
    for days in (-1, 1, 2):
        another_study(north, days=days)
    make.contrast_study(
        of=north.case,
        by=north.logged_by,
        performed_on=TAKEN_ON + timedelta(days=5),
    )
    found = proposed(north.logged_by, images)
    assert [(agrees, days) for _, agrees, days, _ in found] == [(True, 0), (True, -5), (None, 1)]


def test_several_studies_are_asked_about_at_once_and_answered_as_one_by_one(
    north, south, images, django_assert_max_num_queries
):
    """Also across two centres, and where the window of one holds the other's study."""
    both = north.logged_by
    actions.people.set_roles(
        user=both, centre=south.centre, roles=[Role.SURGEON], by=None, at=make.NOW
    )
    both = type(both).objects.get(pk=both.pk)
    another_study(north, days=6)
    studies = [
        images,
        stored_studies.study(centre_code="SOUTH", slices=1, PatientID="LOCAL-1"),
        stored_studies.study(centre_code="NORTH", slices=1, PatientID="", StudyDate="20240316"),
        stored_studies.study(centre_code="NORTH", slices=1, PatientID="", StudyDate=""),
    ]
    with django_assert_max_num_queries(8):
        together = study_links.candidates_of(viewer=both, studies=studies)
    assert together == {
        study.pk: study_links.candidates(viewer=both, study=study) for study in studies
    }
    assert [len(together[study.pk]) for study in studies] == [2, 1, 1, 0]


def test_excluded_images_wait_for_nobody(north, images):
    exclude(study=images, by=north.logged_by, at=make.NOW, reason="a volunteer")
    assert not study_links.unlinked(viewer=north.logged_by).exists()
    assert list(study_links.not_linked(viewer=north.logged_by)) == [images]


def test_a_study_is_in_use_while_it_is_linked(north, images):
    assert not study_links.in_use(images)
    link = make.study_link(of=north.study, study=images, by=north.logged_by)
    assert study_links.in_use(images)
    actions.study_links.withdraw(link=link, by=north.logged_by, at=make.NOW, reason="wrong")
    assert not study_links.in_use(images)


def test_images_of_as_many_days_as_a_file_holds_at_once(north, images):
    """A file asks for some hundred studies together; SQLite combines no more than 500 questions."""
    several = []
    for days in range(CHUNK):
        one = copy(images)
        one.pk, one.study_date = images.pk + days, TAKEN_ON + timedelta(days=days)
        several.append(one)
    found = study_links.candidates_of(viewer=north.logged_by, studies=several)
    assert [one.contrast_study for one in found[images.pk]] == [north.study]
    assert len(found) == CHUNK


def test_who_fits_is_not_crowded_out_by_others_of_that_day(north, monkeypatch):
    """Images without a number: sex and year are looked at before the nearest are taken."""
    monkeypatch.setattr(study_links, "MOST_NEAR", 1)
    images = stored_studies.study(
        centre_code="NORTH", slices=1, PatientID="", PatientSex="F", PatientBirthDate="20100101"
    )
    for facts in ({"sex": "male"}, {"birth_year": 1980}, {"sex": "female", "birth_year": 2010}):
        patient = make.patient(by=north.logged_by, at_centre=north.centre, **facts)
        case = make.case(of=patient, by=north.logged_by, opened_on=date(2024, 1, 1))
        fits = make.contrast_study(of=case, by=north.logged_by, performed_on=TAKEN_ON)
    found = study_links.candidates(viewer=north.logged_by, study=images)
    assert found[0].contrast_study == fits
