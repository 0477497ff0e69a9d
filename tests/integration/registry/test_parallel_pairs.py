"""Two thousand times two people save at the same moment: one is first, the other is told.

A thousand times on each kind of database.

Nothing is stored twice, and of what is refused nothing is stored at all.
"""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.models import (
    Component,
    ContrastStudy,
    HistoryEvent,
    Patient,
    RevisionCase,
    RevisionSurgery,
    Role,
)
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = 1_000
PAIRS_OF_PAGES = 20
Change = Callable[[], Any]


@contextmanager
def two_people() -> Iterator[Callable[[Change, Change], list[Any]]]:
    """Run two changes at the same moment, each in a thread with a connection of its own."""
    start = Barrier(2)

    def run(change: Change) -> Any:
        start.wait()
        try:
            return change()
        except (EditConflictError, InvalidRecordError) as error:
            return error

    def leave() -> None:
        start.wait()
        connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        yield lambda one, other: list(pool.map(run, (one, other)))
        for done in [pool.submit(leave), pool.submit(leave)]:
            done.result()


@pytest.fixture
def person():
    return make.user(at_centre=make.centre(), roles=list(Role.values))


@pytest.fixture
def records(person):
    """One of each record that is edited, with the words it is edited by."""
    patient = make.patient(by=person, at_centre=make.Centre.objects.get())
    case = make.case(of=patient, by=person)
    return {
        Patient: (patient, "weight_kg"),
        Component: (make.component(of=patient, by=person), "model_text"),
        RevisionCase: (case, "remarks"),
        ContrastStudy: (make.contrast_study(of=case, by=person), "adverse_event_text"),
        RevisionSurgery: (make.surgery(of=case, by=person), "remarks"),
    }


def edit(record, words: dict[str, Any], *, by) -> Change:
    """A save of somebody who saw the record as it is now."""
    seen = type(record).objects.get(pk=record.pk)
    who = {"edition": seen.edition, "by": by, "at": make.NOW, "changes": words}

    def save() -> Any:
        match seen:
            case Patient():
                return actions.patients.edit(patient=seen, **who)
            case Component():
                return actions.components.edit(component=seen, **who)
            case RevisionCase():
                return actions.cases.edit(case=seen, presenting_signs=[], workup=[], **who)
            case ContrastStudy():
                return actions.contrast_studies.edit(study=seen, **who)
            case RevisionSurgery():
                return actions.surgeries.edit(surgery=seen, procedures=[], findings=[], **who)

    return save


def test_of_two_who_save_at_once_one_is_stored_and_the_other_is_told(records, person):
    kinds = list(records)
    wrong = []
    with two_people() as at_once:
        for turn in range(PAIRS):
            record, field = records[kinds[turn % len(kinds)]]
            said = (f"one {turn}", f"other {turn}")
            if field == "weight_kg":
                said = (10 + turn % 100, 120 + turn % 100)
            results = at_once(*(edit(record, {field: words}, by=person) for words in said))
            refused = [isinstance(result, EditConflictError) for result in results]
            stored = type(record).objects.values_list(field, flat=True).get(pk=record.pk)
            if sorted(refused) != [False, True] or stored != said[refused.index(False)]:
                wrong.append((turn, results, stored))
    assert wrong == []
    for model, (record, _) in records.items():
        assert model.objects.get(pk=record.pk).edition == record.edition + PAIRS // len(kinds)
    edits = HistoryEvent.objects.filter(action__endswith=".edit")
    assert edits.count() == PAIRS


def test_pages_that_are_sent_at_once_keep_both_versions_in_sight(records, person):
    case, _ = records[RevisionCase]
    address = reverse("registry:case-close", args=[case.public_id])
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(person)

    def send(client: Client, outcome: str, edition: int) -> Change:
        answers = {"closed_on": "2024-04-01", "outcome": outcome, "edition": edition}
        return lambda: client.post(address, answers)

    with two_people() as at_once:
        for _ in range(PAIRS_OF_PAGES):
            edition = RevisionCase.objects.get(pk=case.pk).edition
            changes = [
                send(client, outcome, edition)
                for client, outcome in zip(clients, ("unresolved", "therapy_ended"), strict=True)
            ]
            first, second = sorted(at_once(*changes), key=lambda answer: -answer.status_code)
            assert (first.status_code, second.status_code) == (302, 200)
            told = second.content.decode()
            assert "Somebody else saved this while you were editing" in told
            assert "Unresolved" in told
            assert "Therapy ended" in told
            seen = RevisionCase.objects.get(pk=case.pk)
            actions.cases.reopen(
                case=seen, edition=seen.edition, by=person, at=make.NOW, reason="once more"
            )


def test_a_double_click_on_an_edit_is_saved_once_and_is_no_conflict(records, person):
    component, _ = records[Component]
    address = reverse("registry:component-update", args=[component.public_id])
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(person)
    with two_people() as at_once:
        for turn in range(PAIRS_OF_PAGES):
            seen = Component.objects.get(pk=component.pk)
            answers = {
                "kind": seen.kind,
                "model": seen.model or "",
                "model_text": f"text {turn}",
                "implanted_on": seen.implanted_on or "",
                "implanted_on_precision": seen.implanted_on_precision or "",
                "edition": seen.edition,
            }
            send = partial(Client.post, path=address, data=answers)
            clicks = at_once(*(partial(send, client) for client in clients))
            assert [answer.status_code for answer in clicks] == [302, 302]
            assert Component.objects.get(pk=component.pk).edition == seen.edition + 1


def test_a_double_click_on_a_new_record_stores_it_once(records, person):
    case, _ = records[RevisionCase]

    def log(public_id: uuid.UUID) -> Change:
        return lambda: make.contrast_study(of=case, by=person, public_id=public_id)

    before = ContrastStudy.objects.count()
    with two_people() as at_once:
        for _ in range(PAIRS_OF_PAGES):
            public_id = uuid.uuid4()
            results = at_once(log(public_id), log(public_id))
            assert sorted(type(result).__name__ for result in results) == [
                "ContrastStudy",
                "InvalidRecordError",
            ]
    assert ContrastStudy.objects.count() == before + PAIRS_OF_PAGES
