"""What was asked and what is open comes out as the working lists say it."""

from datetime import timedelta

from registry import actions
from registry.audit.answer_facts import AnswerFacts
from registry.audit.fact_group import FactGroup
from registry.audit.open_queries import QueryKind
from registry.audit.query_facts import QueryFacts
from registry.queries import audit_facts, patient_records
from registry.queries.mandatory_answers import counts
from tests.factories import registry_records as make

NEEDS = {FactGroup.ANSWERS}


def facts_of(north):
    (patient,) = audit_facts.cohort(
        viewer=north.logged_by, centre_codes=["NORTH"], needs=NEEDS
    ).patients
    return patient


def test_answers_and_queries_are_those_of_the_working_lists(north):
    records = patient_records.fetched(patient_pks=[north.patient.pk])[0]
    patient = facts_of(north)
    found = {}
    for one in patient.of(AnswerFacts):
        for question in (*one.given, *one.unknown, *one.missing):
            count = found.setdefault(question, [0, 0])
            count[0] += 1
            count[1] += question not in one.given
    assert found == counts(records)
    unanswered = [one for one in patient.of(QueryFacts) if one.kind == QueryKind.UNANSWERED]
    assert len(unanswered) == sum(len(one.missing) for one in patient.of(AnswerFacts))
    assert {one.since for one in unanswered} == {make.NOW.date()}


def test_unknown_is_kept_apart_from_unanswered(north):
    actions.patients.edit(
        patient=north.patient, edition=north.patient.edition, by=north.logged_by, at=make.NOW,
        changes={"consent": "unknown", "gmfcs": "not_assessed", "origin": ""},
    )  # fmt: skip
    (one,) = [
        one for one in facts_of(north).of(AnswerFacts)
        if one.record_id == str(north.patient.public_id)
    ]  # fmt: skip
    assert one.unknown == ("consent", "gmfcs")
    assert one.missing == ("origin",)


def test_a_study_asks_for_its_read_and_its_images_until_they_are_there(north):
    study = make.contrast_study(of=north.case, by=north.logged_by)
    reader = north.logged_by
    kept = make.NOW + timedelta(days=3)
    actions.read_drafts.keep(
        room=study.public_id, contrast_study=study, by=reader, at=kept, opened_at=make.NOW,
        answers={}, marks={}, edition=0,
    )  # fmt: skip
    queries = [
        one for one in facts_of(north).of(QueryFacts) if one.record_id == str(study.public_id)
    ]
    by_kind = {one.kind: one for one in queries}
    assert set(by_kind) >= {"not_read", "without_images", "unsigned_draft"}
    assert by_kind["unsigned_draft"].since == kept.date()
    assert by_kind["unsigned_draft"].detail == str(reader.public_id)
    make.read(of=study, by=reader)
    kinds = {
        one.kind for one in facts_of(north).of(QueryFacts) if one.record_id == str(study.public_id)
    }
    assert "not_read" not in kinds
    assert "without_images" in kinds
