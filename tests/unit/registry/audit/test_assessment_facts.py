from datetime import date, timedelta

from registry.audit.assessment_facts import AssessmentFacts

DAY = date(2023, 5, 4)


def test_an_assessment_is_known_from_its_day_on_and_keeps_its_grades_as_text():
    one = AssessmentFacts("a", DAY, "modified_ashworth", (("hip", "2"), ("elbow", "1+")))
    assert one.known_by(DAY) is one
    assert one.known_by(DAY - timedelta(days=1)) is None
    assert one.grades == (("elbow", "1+"), ("hip", "2"))
    assert AssessmentFacts.from_json(one.to_json()) == one
