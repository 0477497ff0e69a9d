"""What people make of a signal is kept with its numbers, and nothing of it ever changes."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from registry.actions.errors import InvalidRecordError, NoSignalError, OtherNumbersError
from registry.audit.printed_signals import printed_signals
from registry.models import HistoryEvent, Role, SignalDisposition
from tests.factories import registry_records as make
from tests.factories.device_signals import SIGNAL, audited, decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return make.user(at_centre=make.centre(), roles=[Role.AUDITOR])


def test_a_disposition_keeps_who_when_why_and_the_numbers_as_printed(auditor):
    result = audited()
    one = decided(result, by=auditor)
    kept = SignalDisposition.objects.get()
    assert (kept.decided_by, kept.decided_at, kept.supersedes) == (auditor, make.NOW, None)
    assert (kept.signal_key, kept.disposition, kept.reason) == (SIGNAL, "reported", one.reason)
    assert [centre.code for centre in kept.centres.all()] == ["NORTH"]
    assert kept.inputs == printed_signals(result.to_json())[SIGNAL].inputs
    assert kept.inputs["signals"]["revised"] == 8
    assert (kept.as_of, kept.facts_sha256) == (result.as_of, result.facts_sha256)
    event = HistoryEvent.objects.get(action="signal.decide")
    assert (event.chain.code, event.object_id) == ("NORTH", kept.public_id)


def test_a_later_one_supersedes_and_the_former_stays(auditor):
    first = decided(audited(), by=auditor)
    result = audited(failed=9)
    second = decided(result, by=auditor, disposition="data_error", before=first)
    assert second.supersedes == first
    assert list(SignalDisposition.objects.order_by("pk")) == [first, second]


def test_sent_twice_it_is_kept_once(auditor):
    result, same = audited(), uuid.uuid4()
    assert decided(result, by=auditor, public_id=same) == decided(
        result, by=auditor, public_id=same
    )
    assert SignalDisposition.objects.count() == 1


def test_nobody_decides_about_numbers_or_a_decision_they_did_not_see(auditor):
    result = audited()
    with pytest.raises(OtherNumbersError):
        decided(result, by=auditor, seen_facts_sha256=audited(failed=9).facts_sha256)
    decided(result, by=auditor)
    with pytest.raises(OtherNumbersError):
        decided(result, by=auditor)


@pytest.mark.parametrize(
    "wrong",
    [{"reason": "  \n"}, {"disposition": "ignore"}],
    ids=["no reason", "no such disposition"],
)
def test_what_says_nothing_is_refused(auditor, wrong):
    with pytest.raises(InvalidRecordError):
        decided(audited(), by=auditor, **wrong)
    assert not SignalDisposition.objects.exists()


@pytest.mark.parametrize("key", ["pump-model-flowonix_11827-failure", "pump-model-none-failure"])
def test_only_a_signal_is_decided_about(auditor, key):
    with pytest.raises(NoSignalError):
        decided(audited(), by=auditor, signal_key=key)


def test_the_database_refuses_to_change_or_remove_one(auditor):
    one = decided(audited(), by=auditor)
    for change in (
        lambda: SignalDisposition.objects.update(reason="x"),
        lambda: one.centres.clear(),
        one.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
