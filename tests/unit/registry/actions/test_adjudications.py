"""A third person decides between two reads, once, and the decision is frozen."""

import pytest
from django.db import IntegrityError, connection, transaction

from registry import actions
from registry.actions.errors import (
    AlreadyAdjudicatedError,
    InvalidRecordError,
    NothingToAdjudicateError,
    NotIndependentError,
    ReadsChangedError,
)
from registry.actions.reads import FindingEntry
from registry.models import (
    AdjudicatedFinding,
    AdjudicatedFindingSite,
    Adjudication,
    HistoryEvent,
)
from registry.queries import adjudications
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return rooms(reads_per_study=2, reread_share_percent=0)


@pytest.fixture
def study(here):
    return here.disputed_study()


def test_the_decision_keeps_what_was_seen_and_says_why(here, study):
    decision = here.adjudication(study)
    pair = adjudications.pair_of(study=study)
    assert (decision.read_a, decision.read_b) == (pair.read_a, pair.read_b)
    assert decision.signed_at == make.NOW
    assert [finding.code for finding in decision.findings.all()] == ["leak"]
    assert [site.code for site in decision.findings.get().sites.all()] == [
        "pump_pocket_around_pump"
    ]
    event = HistoryEvent.objects.get(action="adjudication.sign")
    assert event.changes["findings"][1][0]["code"] == "leak"
    assert event.changes["reason"] == ["hidden", "hidden"]


@pytest.mark.parametrize("reader", [0, 1], ids=["first reader", "second reader"])
def test_who_signed_one_of_the_reads_does_not_decide(here, study, reader):
    with pytest.raises(NotIndependentError):
        here.adjudication(study, by=here.readers[reader])


def test_who_took_the_finding_from_the_report_does_not_decide(here, study):
    make.read(of=study, by=here.readers[2])
    with pytest.raises(NotIndependentError):
        here.adjudication(study)


def test_one_read_is_nothing_to_decide_between(here):
    study = here.study()
    read = read_images(study, by=here.readers[0])
    other = read_images(here.study(), by=here.readers[1], finding="occlusion")
    with pytest.raises(NothingToAdjudicateError):
        actions.adjudications.sign(
            contrast_study=study, read_a=read, read_b=other, by=here.readers[2], at=make.NOW,
            opened_at=make.NOW, adequacy="adequate", findings=[FindingEntry("occlusion")],
            reason="I say so.",
        )  # fmt: skip


def test_reads_that_agree_need_no_decision(here):
    study = here.study()
    for reader, certainty in zip(here.readers[:2], (3, 5), strict=True):
        read_images(study, by=reader, certainty=certainty)
    with pytest.raises(NothingToAdjudicateError):
        here.adjudication(study)


def test_reads_of_another_study_are_not_what_is_decided(here, study):
    other = adjudications.pair_of(study=here.disputed_study())
    with pytest.raises(ReadsChangedError):
        here.adjudication(study, read_a=other.read_a, read_b=other.read_b)


def test_a_read_that_was_corrected_meanwhile_must_be_looked_at_again(here, study):
    seen = adjudications.pair_of(study=study)
    read = next(read for read in (seen.read_a, seen.read_b) if read.reader == here.readers[1])
    read_images(
        study, by=here.readers[1], finding="malposition", supersedes=read, correction_reason="no"
    )
    with pytest.raises(ReadsChangedError):
        here.adjudication(study, read_a=seen.read_a, read_b=seen.read_b)
    here.adjudication(study)


def test_a_study_is_decided_once(here, study):
    here.adjudication(study)
    fourth = make.user(at_centre=here.centre, roles=["reader"])
    with pytest.raises(AlreadyAdjudicatedError):
        here.adjudication(study, by=fourth)
    assert Adjudication.objects.count() == 1


def test_the_database_itself_keeps_one_decision_per_study(here, study):
    decision = here.adjudication(study)
    decision.pk = decision.id = None
    decision.public_id = make.patient(by=here.manager, at_centre=here.centre).public_id
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save(force_insert=True)


def test_a_correction_stands_beside_the_first_decision(here, study):
    first = here.adjudication(study)
    with pytest.raises(InvalidRecordError):
        here.adjudication(study, supersedes=first)
    second = here.adjudication(
        study,
        supersedes=first,
        correction_reason="looked again",
        findings=[FindingEntry("occlusion")],
    )
    assert adjudications.own_latest(viewer=here.readers[2], public_id=study.public_id) == second
    assert first.findings.get().code == "leak"
    with pytest.raises(AlreadyAdjudicatedError):
        here.adjudication(study, supersedes=first, correction_reason="once more")


@pytest.mark.parametrize(
    ("field", "answers"),
    [
        ("reason", {"reason": ""}),
        ("primary_finding", {"findings": []}),
        ("adequacy", {"adequacy": "splendid"}),
    ],
)
def test_a_decision_without_finding_or_reason_is_none(here, study, field, answers):
    with pytest.raises(InvalidRecordError) as refused:
        here.adjudication(study, **answers)
    assert field in refused.value.errors
    assert not Adjudication.objects.exists()


@pytest.fixture
def foreign():
    """The database as another program opens it: on SQLite without recursive triggers."""

    def switch(state):
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA recursive_triggers={state}")

    switch("OFF")
    yield
    switch("ON")


def refuses(statement, *values):
    with (
        pytest.raises(IntegrityError, match="frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


class TestASignedDecisionIsFrozen:
    @pytest.fixture
    def signed(self, here, study):
        return here.adjudication(study)

    def test_nothing_of_it_changes_or_goes(self, signed):
        finding = signed.findings.get()
        for row, changed in (
            (signed, "adequacy = 'limited'"),
            (finding, "code = 'occlusion'"),
            (finding.sites.get(), "code = 'epidural'"),
        ):
            table = row._meta.db_table
            refuses(f"UPDATE {table} SET {changed} WHERE id = %s", row.pk)
            refuses(f"DELETE FROM {table} WHERE id = %s", row.pk)

    def test_nothing_joins_it(self, signed):
        finding = signed.findings.get()
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            AdjudicatedFinding.objects.create(
                adjudication=signed, code="occlusion", is_primary=False
            )
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            AdjudicatedFindingSite.objects.create(finding=finding, code="epidural")

    def test_nothing_moves_into_it(self, here, signed):
        other = adjudications.pair_of(study=here.disputed_study())
        loose = Adjudication.objects.create(
            contrast_study=other.study, adjudicator=here.readers[2], read_a=other.read_a,
            read_b=other.read_b, vocabulary_version="1", adequacy="adequate", reason="unsigned",
            opened_at=make.NOW, created_at=make.NOW, created_by=here.readers[2],
        )  # fmt: skip
        finding = AdjudicatedFinding.objects.create(
            adjudication=loose, code="occlusion", is_primary=False
        )
        site = AdjudicatedFindingSite.objects.create(finding=finding, code="epidural")
        refuses(
            "UPDATE registry_adjudicatedfindingsite SET finding_id = %s WHERE id = %s",
            signed.findings.get().pk,
            site.pk,
        )
        refuses(
            "UPDATE registry_adjudicatedfinding SET adjudication_id = %s WHERE id = %s",
            signed.pk,
            finding.pk,
        )

    @pytest.mark.usefixtures("foreign")
    @pytest.mark.parametrize("key", ["id", "public_id", "contrast_study_id"])
    def test_nothing_takes_its_place(self, signed, key):
        """SQLite's OR REPLACE deletes what has the key; PostgreSQL has ON CONFLICT for it."""
        columns = [field.column for field in Adjudication._meta.concrete_fields]
        values = {"id": signed.pk + 1000, "public_id": "0" * 32, "signed_at": None}
        values.pop(key, None)
        copied = ", ".join(f"%({name})s" if name in values else name for name in columns)
        over, after = "OR REPLACE", ""
        if connection.vendor == "postgresql":
            key += " WHERE supersedes_id IS NULL" if key == "contrast_study_id" else ""
            target = f"({key.partition(' ')[0]}) {key.partition(' ')[2]}"
            over, after = "", f"ON CONFLICT {target} DO UPDATE SET reason = 'forged'"
        statement = (
            f"INSERT {over} INTO registry_adjudication ({', '.join(columns)}) "
            f"SELECT {copied} FROM registry_adjudication WHERE id = {signed.pk} {after}"
        )
        with (
            pytest.raises(IntegrityError, match="frozen"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)
