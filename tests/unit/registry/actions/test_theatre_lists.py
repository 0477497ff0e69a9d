"""Theatre lists: day and hash of each line are kept, and nothing of a withdrawn one."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from registry import actions
from registry.actions.errors import TheatreListRefusedError
from registry.actions.theatre_lists import SentLine
from registry.models import HistoryEvent, Role, TheatreLine, TheatreList
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return make.user(at_centre=make.centre(), roles=[Role.AUDITOR])


def test_of_a_number_only_the_hash_of_the_centre_is_kept(auditor):
    sent = make.theatre_list(
        of=make.centre_of(auditor), by=auditor,
        lines=[SentLine(2, date(2024, 3, 12), "4711"), SentLine(3, None, "")],
    )  # fmt: skip
    patient = make.patient(by=auditor, at_centre=sent.centre, local_number="4711")
    first, second = sent.lines.all()
    assert (first.row, first.subject_key) == (2, patient.subject_key)
    assert (second.performed_on, second.subject_key) == (None, None)
    stored = str([*TheatreList.objects.values(), *TheatreLine.objects.values()])
    assert "4711" not in stored
    (event,) = HistoryEvent.objects.filter(action="theatre_list.send")
    assert event.changes["rows"] == [None, 2]


def test_one_file_is_counted_once_until_it_is_withdrawn(auditor):
    centre = make.centre_of(auditor)
    first = make.theatre_list(of=centre, by=auditor)
    with pytest.raises(TheatreListRefusedError):
        make.theatre_list(of=centre, by=auditor)
    withdrawn = actions.theatre_lists.withdraw(
        theatre_list=first, reason=" the wrong year ", by=auditor, at=make.NOW
    )
    assert withdrawn.withdrawal_reason == "the wrong year"
    assert not TheatreLine.objects.filter(theatre_list=first).exists()
    (event,) = HistoryEvent.objects.filter(action="theatre_list.withdraw")
    assert event.reason == "the wrong year"
    make.theatre_list(of=centre, by=auditor)
    with pytest.raises(TheatreListRefusedError):
        actions.theatre_lists.withdraw(theatre_list=first, reason="again", by=auditor, at=make.NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": []},
        {"covers_from": date(2024, 12, 1), "covers_to": date(2024, 1, 1)},
        {"covers_to": date(2999, 1, 1)},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(auditor, wrong):
    with pytest.raises(TheatreListRefusedError):
        make.theatre_list(of=make.centre_of(auditor), by=auditor, **wrong)
    assert not TheatreList.objects.exists()


def test_withdrawing_needs_a_reason(auditor):
    one = make.theatre_list(of=make.centre_of(auditor), by=auditor)
    with pytest.raises(TheatreListRefusedError):
        actions.theatre_lists.withdraw(theatre_list=one, reason=" ", by=auditor, at=make.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        TheatreList.objects.filter(pk=one.pk).update(withdrawn_at=make.NOW, withdrawn_by=auditor)
