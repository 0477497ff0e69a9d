from registry.audit.fact_group import FactGroup
from registry.audit.review_facts import ReviewFacts
from registry.queries import audit_facts
from tests.factories import registry_records as make


def test_reviews_come_only_when_asked_for(north):
    viewer = north.logged_by
    make.review(of=north.case, by=viewer, surgery=north.surgery)
    (plain,) = audit_facts.cohort(viewer=viewer, centre_codes=["NORTH"]).patients
    assert plain.later == ()
    (patient,) = audit_facts.cohort(
        viewer=viewer, centre_codes=["NORTH"], needs={FactGroup.REVIEWS}
    ).patients
    assert {(one.case_id, one.symptoms, one.surgery_id) for one in patient.of(ReviewFacts)} == {
        (str(north.case.public_id), "improved", str(north.surgery.public_id)),
        (str(north.case.public_id), "improved", ""),
    }
