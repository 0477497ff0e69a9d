"""What ends kept answers: each change of what audits count, in its own centre."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from registry import actions
from registry.audit.fact_group import FactGroup
from registry.models import Patient
from registry.queries import registry_state
from tests.factories import registry_records as make


def test_a_change_ends_the_state_of_its_centre_and_of_no_other(north, south):
    before = {code: registry_state.of_centres([code]) for code in ("NORTH", "SOUTH")}
    both = registry_state.of_centres(["NORTH", "SOUTH"])
    make.component(of=north.patient, by=north.logged_by, kind="connector", reservoir_ml=None)
    assert registry_state.of_centres(["NORTH"]) != before["NORTH"]
    assert registry_state.of_centres(["SOUTH"]) == before["SOUTH"]
    assert registry_state.of_centres(["SOUTH", "NORTH"]) != both


def test_a_look_leaves_the_state(north):
    before = registry_state.of_centres(["NORTH"])
    actions.patients.look_at_identity(patient=north.patient, by=north.logged_by, at=make.NOW)
    assert registry_state.of_centres(["NORTH"]) == before


def test_a_draft_ends_the_state_only_where_drafts_are_counted(north):
    needs = {FactGroup.QUERIES}
    before = [registry_state.of_centres(["NORTH"], needs=asked) for asked in (needs, ())]
    actions.read_drafts.keep(
        room=north.study.public_id, contrast_study=north.study, by=north.logged_by, at=make.NOW,
        opened_at=make.NOW, answers={}, marks={}, edition=0,
    )  # fmt: skip
    after = [registry_state.of_centres(["NORTH"], needs=asked) for asked in (needs, ())]
    assert (after[0] != before[0], after[1]) == (True, before[1])


def test_a_draft_saved_by_a_clock_that_is_behind_ends_the_state(north):
    """Its age is counted, and another draft was saved later."""

    def keep(by, day, edition=0):
        actions.read_drafts.keep(
            room=north.study.public_id, contrast_study=north.study, by=by,
            at=make.NOW + timedelta(days=day), opened_at=make.NOW, answers={}, marks={},
            edition=edition,
        )  # fmt: skip
        return registry_state.of_centres(["NORTH"], needs={FactGroup.QUERIES})

    keep(north.logged_by, 0)
    before = keep(make.user(at_centre=north.centre), 2)
    assert keep(north.logged_by, 1, edition=1) != before


@pytest.mark.django_db(transaction=True)
def test_within_one_moment_nothing_changes_and_nobody_waits():
    centre = make.centre()
    person = make.user(at_centre=centre)

    def log():
        make.patient(by=person, at_centre=centre)
        connection.close()

    with registry_state.one_moment():
        before = registry_state.of_centres(["NORTH"])
        writer = threading.Thread(target=log)
        writer.start()
        writer.join()
        assert registry_state.of_centres(["NORTH"]) == before
        assert not Patient.objects.exists()
    assert registry_state.of_centres(["NORTH"]) != before
    assert Patient.objects.count() == 1
