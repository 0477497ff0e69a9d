"""Each question is asked of the records it makes sense for, and of no other."""

import pytest

from registry.queries import patient_records
from registry.queries.mandatory_answers import QUESTIONS, counts, unanswered
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def counted(patient):
    return counts(patient_records.fetched(patient_pks=[patient.pk])[0])


def test_questions_of_an_episode(north):
    """The factory logs a pump, a completed study and an operation with one proven finding."""
    found = counted(north.patient)
    assert found["gmfcs"] == [1, 1]
    assert found["reservoir"] == [1, 0]
    assert found["contrast_ml"] == [1, 1]
    assert found["how_proven"] == [1, 0]
    assert found["procedures"] == [1, 0]
    assert "removal_reason" not in found
    assert "catheter_length" not in found
    assert set(found) <= set(QUESTIONS)


def test_of_a_stopped_study_neither_volume_nor_contrast_is_asked(north):
    before = counted(north.patient)
    make.stopped_study(of=north.case, by=north.logged_by)
    after = counted(north.patient)
    changed = {question for question in after if after[question] != before.get(question)}
    assert changed == {"needle", "next_step"}


def test_what_is_unanswered_is_what_is_counted(north):
    records = patient_records.fetched(patient_pks=[north.patient.pk])[0]
    missing = [one.question for one in unanswered(records)]
    assert {q: missing.count(q) for q in set(missing)} == {
        q: n for q, (_, n) in counts(records).items() if n
    }
