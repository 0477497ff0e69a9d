"""One of each kind of record of the case log beside case, study, read and operation."""

from typing import Any

from registry import actions
from registry.models import Centre, Patient, RevisionCase, User
from tests.factories import registry_records as make


def case_log_objects(
    centre: Centre, *, patient: Patient, case: RevisionCase, by: User, text: str
) -> dict[str, Any]:
    """By the name that the tests of addresses give the kind; `text` stands wherever one may."""
    who: dict[str, Any] = {"by": by, "at": make.NOW}
    kept, gone, leaving = (make.patient(by=by, at_centre=centre) for _ in range(3))
    return {
        "advisory": make.advisory(of=centre, by=by, title=text),
        "screening_test": make.screening_test(of=patient, by=by, remarks=text),
        "dose_setting": make.dose_setting(of=patient, by=by, remarks=text),
        "refill": make.refill(of=patient, by=by, remarks=text),
        "complication": make.complication(of=patient, by=by, remarks=text),
        "review": make.review(of=case, by=by, remarks=text),
        "case_import": make.case_import(of=centre, by=by, content=f"{text}\n1\n".encode()),
        "theatre_list": make.theatre_list(of=centre, by=by, kept_words=text),
        "merge": actions.patient_merges.merge(kept=kept, merged=gone, reason=text, **who),
        "transfer": actions.patient_transfers.offer(
            patient=leaving,
            to_centre=make.centre("THIRD"),
            transferred_on=make.NOW.date(),
            reason=text,
            **who,
        ),
        "saved_filter": actions.saved_filters.keep(
            centre=centre, page="search", name=text, query="", is_shared=True, **who
        ),
    }
