"""A reader sees no other read before signing one, and what one could have known is worked out."""

import pytest

from registry import actions
from registry.models import Role
from registry.queries import reads
from tests.factories import registry_records as make

BOTH = [Role.READER, Role.SURGEON]


@pytest.fixture
def read(north):
    return make.read(of=north.study, by=north.logged_by)


def seen_by(viewer):
    return list(reads.visible(viewer=viewer))


def test_who_does_not_read_sees_the_reads_of_the_centre(north, south, read):
    assert seen_by(make.user(at_centre=north.centre, roles=[Role.SURGEON])) == [read]
    assert seen_by(south.logged_by) == []


@pytest.mark.parametrize("roles", [[Role.READER], BOTH])
def test_a_reader_sees_nobody_elses_read_before_signing_one(north, read, roles):
    reader = make.user(at_centre=north.centre, roles=roles)
    assert seen_by(reader) == []


def test_a_reader_who_sees_cases_sees_the_others_after_signing(north, read):
    reader = make.user(at_centre=north.centre, roles=BOTH)
    own = make.read(of=north.study, by=reader)
    assert set(seen_by(reader)) == {read, own}


def test_a_reader_and_nothing_else_goes_on_seeing_own_reads_only(north, read):
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    own = make.read(of=north.study, by=reader)
    assert seen_by(reader) == [own]


def test_signing_one_study_opens_no_other(north, read):
    reader = make.user(at_centre=north.centre, roles=BOTH)
    other = make.contrast_study(of=north.case, by=north.logged_by)
    make.read(of=other, by=north.logged_by)
    make.read(of=north.study, by=reader)
    by_study = reads.of_studies(viewer=reader, studies=[north.study, other])
    assert {pk: len(found) for pk, found in by_study.items()} == {north.study.pk: 2, other.pk: 0}


def test_the_own_latest_read_is_the_one_that_nothing_supersedes(north, read):
    correction = make.read(
        of=north.study, by=north.logged_by, supersedes=read, correction_reason="misfiled"
    )
    assert reads.own_latest(viewer=north.logged_by, study=north.study) == correction
    stranger = make.user(at_centre=north.centre)
    assert reads.own_latest(viewer=stranger, study=north.study) is None


def shown(viewer, study):
    return reads.information_open_to(viewer=viewer, study=study)


@pytest.mark.parametrize(
    ("roles", "blind"),
    [
        ([Role.READER], True),
        ([Role.READER, Role.REGISTRAR], False),
        ([Role.READER, Role.ADMINISTRATOR], False),
        ([Role.READER, Role.AUDITOR], False),
    ],
    ids=["reader", "registrar too", "administrator too", "auditor too"],
)
def test_only_an_account_that_opens_neither_case_nor_history_reads_blind(north, roles, blind):
    reader = make.user(at_centre=north.centre, roles=roles)
    assert (shown(reader, north.study) == ["images_only"]) is blind
    assert ("operation" in shown(reader, north.study)) is not blind


def test_what_is_not_recorded_was_not_shown(north):
    patient = make.patient(by=north.logged_by, at_centre=north.centre)
    bare = make.contrast_study(of=make.case(of=patient, by=north.logged_by), by=north.logged_by)
    reader = make.user(at_centre=north.centre, roles=BOTH)
    assert shown(reader, bare) == ["clinical_question", "study_conduct"]
    assert {"device_facts", "operation"} <= set(shown(reader, north.study))


def test_a_role_in_another_centre_unblinds_nobody_here(north, south):
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    actions.people.set_roles(
        user=reader, centre=south.centre, roles=[Role.SURGEON], by=None, at=make.NOW
    )
    assert shown(reader, north.study) == ["images_only"]


def test_a_logged_operation_counts_as_known_to_who_abstracts_a_report(north):
    assert reads.information_of_report(viewer=north.logged_by, study=north.study) == [
        "original_report",
        "operation",
    ]
    other = make.patient(by=north.logged_by, at_centre=north.centre)
    bare = make.contrast_study(of=make.case(of=other, by=north.logged_by), by=north.logged_by)
    assert reads.information_of_report(viewer=north.logged_by, study=bare) == ["original_report"]


@pytest.mark.parametrize(
    ("roles", "could_count"),
    [
        (BOTH, True),
        ([Role.READER, Role.AUDITOR], True),
        ([Role.READER, Role.REGISTRAR], False),
        ([Role.READER], False),
    ],
)
def test_who_may_audit_could_count_the_report_of_a_single_day(north, read, roles, could_count):
    """An audit limited to the day of the study tells what the only read of it says."""
    shown = reads.information_open_to(
        viewer=make.user(at_centre=north.centre, roles=roles), study=north.study
    )
    assert ("original_report" in shown) is could_count


def test_nobody_is_unblinded_by_an_own_read(north):
    reader = make.user(at_centre=north.centre, roles=BOTH)
    make.read(of=north.study, by=reader)
    assert "original_report" not in reads.information_open_to(viewer=reader, study=north.study)
