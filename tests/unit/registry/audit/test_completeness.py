from registry.audit.completeness import QUESTION_LABELS, label_of, unit_of
from registry.queries.mandatory_answers import QUESTIONS


def test_the_questions_are_those_of_the_registry_in_its_words():
    assert {key: (one.label, one.of) for key, one in QUESTIONS.items()} == dict(QUESTION_LABELS)


def test_a_question_of_a_newer_registry_stands_as_it_is():
    assert (label_of("tomorrow"), unit_of("tomorrow")) == ("tomorrow", "records")
