"""Fetch the facts that only some protocols ask for."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from registry.audit.assessment_facts import AssessmentFacts
from registry.audit.background_facts import BackgroundFacts
from registry.audit.case_facts import CaseFacts
from registry.audit.centre_log_facts import CentreLogFacts
from registry.audit.complication_facts import ComplicationFacts
from registry.audit.component_facts import ComponentFacts
from registry.audit.departure_facts import DepartureFacts
from registry.audit.dose_facts import DoseFacts
from registry.audit.fact_group import FactGroup, LaterFact
from registry.audit.procedure_facts import ProcedureFacts
from registry.audit.review_facts import ReviewFacts
from registry.audit.satisfaction_facts import SatisfactionFacts
from registry.audit.screening_facts import ScreeningFacts
from registry.models import (
    Assessment,
    AssessmentGrade,
    Complication,
    Component,
    DoseSetting,
    OutcomeReview,
    Patient,
    Procedure,
    RevisionCase,
    RevisionSurgery,
    ScreeningTest,
)
from registry.models.assessment import grade_text
from registry.queries import record_quality
from registry.vocabulary import CaseOutcome, ComplicationCode, DeliveryMode, YesNoUnknown

from .text_ids import TextId

OfPatients = Callable[[Any], Iterable[tuple[int, LaterFact]]]
"""From a query for the ids of patients to facts, each with the id of its patient."""


def of_patients(patients: Any, needs: Collection[FactGroup]) -> Mapping[int, list[LaterFact]]:
    """The facts of these groups, by the id of the patient."""
    facts: dict[int, list[LaterFact]] = defaultdict(list)
    for group in sorted(FETCH.keys() & needs):
        for patient_pk, fact in FETCH[group](patients):
            facts[patient_pk].append(fact)
    return facts


def _reviews(patients: Any) -> Iterator[tuple[int, ReviewFacts]]:
    rows = OutcomeReview.objects.filter(case__patient__in=patients).values_list(
        "case__patient_id",
        TextId("case__public_id"),
        "reviewed_on",
        "symptoms",
        TextId("surgery__public_id"),
    )
    for patient_pk, case_id, reviewed_on, symptoms, surgery_id in rows:
        yield (
            patient_pk,
            ReviewFacts(
                case_id=case_id,
                reviewed_on=reviewed_on,
                symptoms=symptoms,
                surgery_id=surgery_id or "",
            ),
        )


def _components(patients: Any) -> Iterator[tuple[int, ComponentFacts]]:
    rows = Component.objects.filter(patient__in=patients).values_list(
        "patient_id",
        TextId("public_id"),
        "kind",
        "model",
        "implanted_on",
        "implanted_on_precision",
        "removed_on",
        "removal_reason",
        TextId("removed_by__public_id"),
    )
    for pk, public_id, kind, model, first, precision, last, reason, removed_by in rows:
        surgery_id = removed_by or ""
        yield (
            pk,
            ComponentFacts(public_id, kind, model, first, precision, last, reason, surgery_id),
        )


def _background(patients: Any) -> Iterator[tuple[int, BackgroundFacts]]:
    rows = Patient.objects.filter(pk__in=patients).values_list(
        "id", "birth_year", "sex", "diagnosis"
    )
    for patient_pk, birth_year, sex, diagnosis in rows:
        yield patient_pk, BackgroundFacts(birth_year, sex, diagnosis)


def _procedures(patients: Any) -> Iterator[tuple[int, ProcedureFacts]]:
    done: dict[int, list[str]] = defaultdict(list)
    codes = Procedure.objects.filter(surgery__case__patient__in=patients)
    for surgery_pk, code in codes.values_list("surgery_id", "code"):
        done[surgery_pk].append(code)
    rows = RevisionSurgery.objects.filter(case__patient__in=patients).values_list(
        "case__patient_id", "id", TextId("public_id"), "performed_on", "indication"
    )
    for patient_pk, pk, public_id, performed_on, indication in rows:
        yield (
            patient_pk,
            ProcedureFacts(public_id, performed_on, indication, tuple(done[pk])),
        )


def _departures(patients: Any) -> Iterator[tuple[int, DepartureFacts]]:
    rows = RevisionCase.objects.filter(
        patient__in=patients, outcome__in=LEFT, closed_on__isnull=False
    ).values_list("patient_id", TextId("public_id"), "closed_on")
    for patient_pk, public_id, closed_on in rows:
        assert closed_on is not None
        yield patient_pk, DepartureFacts(public_id, closed_on)


def _complications(patients: Any) -> Iterator[tuple[int, ComplicationFacts]]:
    groups = {code.value: code.group.value for code in ComplicationCode if code.group}
    rows = Complication.objects.filter(patient__in=patients).values_list(
        "patient_id",
        TextId("public_id"),
        "occurred_on",
        "code",
        "grade",
        "hospitalisation",
        "hospital_nights",
        "needed_surgery",
        TextId("surgery__public_id"),
        TextId("contrast_study__public_id"),
        "resolved_on",
    )
    for patient_pk, public_id, on, code, grade, care, nights, needed, after, study, end in rows:
        yield (
            patient_pk,
            ComplicationFacts(
                complication_id=public_id,
                occurred_on=on,
                code=code,
                code_group=groups[code],
                grade=grade,
                hospitalisation=care,
                hospital_nights=nights,
                needed_surgery=needed,
                surgery_id=after or "",
                study_id=study or "",
                resolved_on=end,
            ),
        )


def _screening_tests(patients: Any) -> Iterator[tuple[int, ScreeningFacts]]:
    rows = ScreeningTest.objects.filter(patient__in=patients).values_list(
        "patient_id", "performed_on", "responded"
    )
    for patient_pk, performed_on, responded in rows:
        yield patient_pk, ScreeningFacts(performed_on, responded)


def _satisfaction(patients: Any) -> Iterator[tuple[int, SatisfactionFacts]]:
    rows = OutcomeReview.objects.filter(
        case__patient__in=patients, caregiver_satisfied__in=ANSWERS
    ).values_list("case__patient_id", "reviewed_on", "caregiver_satisfied")
    for patient_pk, reviewed_on, satisfied in rows:
        yield patient_pk, SatisfactionFacts(reviewed_on, satisfied)


def _assessments(patients: Any) -> Iterator[tuple[int, AssessmentFacts]]:
    grades: dict[int, list[tuple[str, str]]] = defaultdict(list)
    given = AssessmentGrade.objects.filter(assessment__patient__in=patients).order_by()
    for pk, item, grade, points in given.values_list("assessment_id", "item", "grade", "points"):
        grades[pk].append((item, grade_text(grade, points)))
    rows = Assessment.objects.filter(patient__in=patients).values_list(
        "patient_id", "id", TextId("public_id"), "performed_on", "instrument"
    )
    for patient_pk, pk, public_id, performed_on, instrument in rows:
        yield (
            patient_pk,
            AssessmentFacts(public_id, performed_on, instrument, tuple(grades[pk])),
        )


def _doses(patients: Any) -> Iterator[tuple[int, DoseFacts]]:
    rows = DoseSetting.objects.filter(patient__in=patients).values_list(
        "patient_id", "set_on", "mode", "dose_ug_per_day"
    )
    for patient_pk, set_on, mode, dose in rows:
        if mode == DeliveryMode.STOPPED.value:
            yield patient_pk, DoseFacts(set_on, Decimal(0))
        elif dose is not None:
            yield patient_pk, DoseFacts(set_on, dose)


ANSWERS: Final = (YesNoUnknown.YES.value, YesNoUnknown.NO.value)


def _cases(patients: Any) -> Iterator[tuple[int, CaseFacts]]:
    rows = RevisionCase.objects.filter(patient__in=patients).values_list(
        "patient_id", TextId("public_id"), "opened_on", "trigger", "closed_on", "outcome"
    )
    for patient_pk, public_id, opened_on, trigger, closed_on, outcome in rows:
        yield patient_pk, CaseFacts(public_id, opened_on, trigger, closed_on, outcome or "")


def _centre_logs(patients: Any) -> Iterator[tuple[int, CentreLogFacts]]:
    rows = Patient.objects.filter(pk__in=patients).values_list("id", "centre__complete_log_from")
    # A centre says the same of all its patients.
    said: dict[date | None, CentreLogFacts] = {}
    for patient_pk, day in rows:
        yield patient_pk, said.setdefault(day, CentreLogFacts(day))


LEFT: Final = (CaseOutcome.TRANSFERRED.value, CaseOutcome.LOST_TO_FOLLOW_UP.value)

FETCH: Final[Mapping[FactGroup, OfPatients]] = {
    FactGroup.REVIEWS: _reviews,
    FactGroup.COMPONENTS: _components,
    FactGroup.BACKGROUND: _background,
    FactGroup.PROCEDURES: _procedures,
    FactGroup.DEPARTURES: _departures,
    FactGroup.COMPLICATIONS: _complications,
    FactGroup.SCREENING_TESTS: _screening_tests,
    FactGroup.SATISFACTION: _satisfaction,
    FactGroup.ASSESSMENTS: _assessments,
    FactGroup.DOSES: _doses,
    FactGroup.CASES: _cases,
    FactGroup.CENTRE_LOG: _centre_logs,
    # Queries come with the answers: both are worked out from the same records.
    FactGroup.ANSWERS: record_quality.facts_of_patients,
}
