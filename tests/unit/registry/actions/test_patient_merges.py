"""Two numbers of one person become one, and two again."""

import pytest

from registry import actions
from registry.actions.errors import (
    EditConflictError,
    InvalidRecordError,
    MergeRefusedError,
    OtherCentreError,
)
from registry.models import Component, HistoryEvent, Patient, RevisionCase
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def pair(surgeon):
    centre = surgeon.memberships.first().centre
    return [make.patient(by=surgeon, at_centre=centre) for _ in range(2)]


def merge(pair, surgeon, reason="one person"):
    kept, merged = pair
    return actions.patient_merges.merge(
        kept=kept, merged=merged, reason=reason, by=surgeon, at=make.NOW
    )


def undo(done, surgeon, reason="two people after all"):
    return actions.patient_merges.undo(merge=done, reason=reason, by=surgeon, at=make.NOW)


def listed(patient):
    return patient.list_entries.exists()


def test_everything_moves_and_moves_back(surgeon, pair):
    kept, merged = pair
    case = make.case(of=merged, by=surgeon)
    pump = make.component(of=merged, by=surgeon)
    done = merge(pair, surgeon)
    assert [*kept.cases.all(), *kept.components.all()] == [case, pump]
    assert Patient.objects.get(pk=merged.pk).merged_into == kept
    assert (listed(kept), listed(merged)) == (True, False)
    own = make.case(of=kept, by=surgeon)
    undo(done, surgeon)
    assert list(kept.cases.all()) == [own]
    assert [*merged.cases.all(), *merged.components.all()] == [case, pump]
    assert Patient.objects.get(pk=merged.pk).merged_into is None
    assert listed(merged)
    events = HistoryEvent.objects.filter(action__in=["patient.merge", "patient.undo_merge"])
    assert [event.reason for event in events.order_by("sequence")] == [
        "one person",
        "two people after all",
    ]


def test_what_was_being_edited_meanwhile_is_not_overwritten(surgeon, pair):
    merged = pair[1]
    case = make.case(of=merged, by=surgeon)
    merge(pair, surgeon)
    with pytest.raises(EditConflictError):
        actions.cases.edit(
            case=case,
            edition=1,
            by=surgeon,
            at=make.NOW,
            changes={"remarks": "typed before the merge"},
            presenting_signs=["tone_increase"],
            workup=[],
        )


def test_records_that_contradict_each_other_stop_it_and_nothing_is_moved(surgeon, pair):
    merged = pair[1]
    make.case(of=merged, by=surgeon)
    for patient in pair:
        make.component(of=patient, by=surgeon)
    with pytest.raises(InvalidRecordError):
        merge(pair, surgeon)
    assert merged.cases.count() == 1
    assert Patient.objects.get(pk=merged.pk).merged_into is None


def test_what_is_merged_is_not_merged_again_and_undone_once(surgeon, pair):
    done = merge(pair, surgeon)
    for again in (pair, pair[::-1]):
        with pytest.raises(MergeRefusedError):
            merge(again, surgeon)
    undo(done, surgeon)
    with pytest.raises(MergeRefusedError):
        undo(done, surgeon)


def test_a_chain_of_merges_is_undone_in_its_order(surgeon, pair):
    first, second = pair
    third = make.patient(by=surgeon, at_centre=first.centre)
    case = make.case(of=third, by=surgeon)
    inner = merge([second, third], surgeon)
    outer = merge([first, second], surgeon)
    assert Patient.objects.get(pk=third.pk).merged_into == first
    assert list(first.cases.all()) == [case]
    with pytest.raises(MergeRefusedError):
        undo(inner, surgeon)
    undo(outer, surgeon)
    undo(inner, surgeon)
    assert list(third.cases.all()) == [case]


@pytest.mark.parametrize("reason", ["", "  "])
def test_it_needs_a_reason(surgeon, pair, reason):
    with pytest.raises(InvalidRecordError):
        merge(pair, surgeon, reason)
    done = merge(pair, surgeon)
    with pytest.raises(InvalidRecordError):
        undo(done, surgeon, reason)


def test_patients_of_two_centres_are_not_merged(surgeon, pair):
    elsewhere = make.centre("SOUTH")
    other = make.patient(by=make.user(at_centre=elsewhere), at_centre=elsewhere)
    with pytest.raises(OtherCentreError):
        merge([pair[0], other], surgeon)
    with pytest.raises(OtherCentreError):
        actions.patient_merges.tell_apart(
            one=pair[0], other=other, reason="why", by=surgeon, at=make.NOW
        )


def test_a_patient_who_is_on_the_way_is_not_merged(surgeon, pair):
    actions.patient_transfers.offer(
        patient=pair[0],
        to_centre=make.centre("SOUTH"),
        transferred_on=make.NOW.date(),
        reason="moved house",
        by=surgeon,
        at=make.NOW,
    )
    with pytest.raises(MergeRefusedError):
        merge(pair, surgeon)


def test_nothing_is_logged_under_a_number_that_was_merged_meanwhile(surgeon, pair):
    """Whoever had the form open would else log where nobody looks any more."""
    merged = pair[1]
    merge(pair, surgeon)
    for log in (make.component, make.case, make.complication, make.refill, make.assessment):
        with pytest.raises(InvalidRecordError, match=f"merged into {pair[0].registry_number}"):
            log(of=merged, by=surgeon)


def test_what_was_logged_since_goes_back_with_what_it_hangs_on(surgeon, pair):
    kept, merged = pair
    case = make.case(of=merged, by=surgeon)
    pump = make.component(of=merged, by=surgeon)
    done = merge(pair, surgeon)
    seroma = make.complication(of=kept, by=surgeon, case=RevisionCase.objects.get(pk=case.pk))
    refill = make.refill(of=kept, by=surgeon, pump=Component.objects.get(pk=pump.pk))
    own = make.refill(of=kept, by=surgeon)
    undo(done, surgeon)
    assert ([*merged.complications.all()], [*merged.refills.all()]) == ([seroma], [refill])
    assert (kept.complications.count(), [*kept.refills.all()]) == (0, [own])


def test_a_merge_stays_where_a_record_joins_both_numbers_since(surgeon, pair):
    kept, merged = pair
    case = make.case(of=kept, by=surgeon)
    pump = make.component(of=merged, by=surgeon)
    done = merge(pair, surgeon)
    surgery = make.surgery(of=case, by=surgeon)
    removal = {"removed_on": surgery.performed_on, "removed_by": surgery}
    actions.components.edit(component=pump, edition=2, by=surgeon, at=make.NOW, changes=removal)
    with pytest.raises(MergeRefusedError, match="component"):
        undo(done, surgeon)
    assert kept.components.get() == pump
