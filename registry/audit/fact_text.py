"""The canonical form of facts, written at once.

What `stored_facts` makes of its dictionaries, byte for byte, in a third of the time: no dictionary
is made for it, and no keys are sorted, for they stand here in their order. Only the hash of the
facts is taken of it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from .answer_facts import AnswerFacts
from .assessment_facts import AssessmentFacts
from .background_facts import BackgroundFacts
from .case_facts import CaseFacts
from .centre_log_facts import CentreLogFacts
from .complication_facts import ComplicationFacts
from .component_facts import ComponentFacts
from .departure_facts import DepartureFacts
from .dose_facts import DoseFacts
from .errors import InvalidFactError
from .fact_group import LaterFact
from .facts import OperativeFacts, PatientFacts, ReadFacts, StudyFacts, SurgeryFacts
from .procedure_facts import ProcedureFacts
from .query_facts import QueryFacts
from .review_facts import ReviewFacts
from .satisfaction_facts import SatisfactionFacts
from .screening_facts import ScreeningFacts


def patient_text(one: PatientFacts) -> str:
    """The patient with everything, as `stored_facts.canonical_json` has it.

    Raises
    ------
    InvalidFactError
        A number stands for yes or no, or the other way round.
    """
    groups: dict[str, list[str]] = {}
    for fact in one.later:
        groups.setdefault(fact.group.value, []).append(WRITERS[type(fact)](fact))
    parts = [f"{quoted(key)}:[{','.join(texts)}]" for key, texts in groups.items()]
    parts += (
        f'"centre":{quoted(one.centre)}',
        f'"died_on":{_day(one.died_on)}',
        f'"patient_id":{quoted(one.patient_id)}',
        f'"studies":[{",".join([_study(study) for study in one.studies])}]',
        f'"surgeries":[{",".join([_surgery(surgery) for surgery in one.surgeries])}]',
        f'"synthetic":{_word(one.synthetic)}',
        f'"therapy_from":{_day(one.therapy_from)}',
        f'"therapy_to":{_day(one.therapy_to)}',
    )
    # Groups stand among the other keys of a patient, in the order of the alphabet.
    # The quote that ends a key stands before every letter: what follows it is never compared.
    parts.sort()
    return f"{{{','.join(parts)}}}"


def _day(day: date | None) -> str:
    return "null" if day is None else f'"{day.isoformat()}"'


def _texts(texts: Iterable[str]) -> str:
    return f"[{','.join([quoted(one) for one in texts])}]"


def _number(number: int | None) -> str:
    if number is None:
        return "null"
    # Python takes yes for 1, and prints another word than JSON has.
    if isinstance(number, bool):
        raise InvalidFactError(field="a number", expected="a number, not yes or no")
    return str(number)


def _word(said: bool | None) -> str:
    if said is None:
        return "null"
    if said is True:
        return "true"
    if said is False:
        return "false"
    raise InvalidFactError(field="a yes or no", expected="true, false or None")


def _study(one: StudyFacts) -> str:
    looks = ""
    if one.second_looks:
        looks = f'"second_looks":[{",".join([_read(read) for read in one.second_looks])}],'
    return (
        f'{{"case_id":{quoted(one.case_id)},"outcome":{quoted(one.outcome)},'
        f'"performed_on":{_day(one.performed_on)},'
        f'"reads":[{",".join([_read(read) for read in one.reads])}],{looks}'
        f'"study_id":{quoted(one.study_id)},"suspected_on":{_day(one.suspected_on)}}}'
    )


def _read(one: ReadFacts) -> str:
    adjudicates = f'"adjudicates":{_texts(one.adjudicates)},' if one.adjudicates else ""
    version = one.vocabulary_version
    vocabulary = f',"vocabulary_version":{quoted(version)}' if version else ""
    return (
        f'{{"adequacy":{quoted(one.adequacy)},{adjudicates}'
        f'"certainty":{_number(one.certainty)},'
        f'"information_shown":{quoted(one.information_shown)},'
        f'"leak_sites":{_texts(one.leak_sites)},'
        f'"primary_finding":{quoted(one.primary_finding)},"read_id":{quoted(one.read_id)},'
        f'"reader_id":{quoted(one.reader_id)},"signed_at":"{one.signed_at.isoformat()}"'
        f"{vocabulary}}}"
    )


def _surgery(one: SurgeryFacts) -> str:
    return (
        f'{{"case_id":{quoted(one.case_id)},'
        f'"findings":[{",".join([_finding(found) for found in one.findings])}],'
        f'"imaging_known":{_word(one.imaging_known)},"indication":{quoted(one.indication)},'
        f'"performed_on":{_day(one.performed_on)},"planned":{_word(one.planned)},'
        f'"surgery_id":{quoted(one.surgery_id)}}}'
    )


def _finding(one: OperativeFacts) -> str:
    return (
        f'{{"component":{quoted(one.component)},"finding":{quoted(one.finding)},'
        f'"site":{quoted(one.site)},"status":{quoted(one.status)}}}'
    )


def _component(one: ComponentFacts) -> str:
    return (
        f'{{"component_id":{quoted(one.component_id)},"implanted_on":{_day(one.implanted_on)},'
        f'"kind":{quoted(one.kind)},"model":{quoted(one.model)},'
        f'"precision":{quoted(one.precision)},"removal_reason":{quoted(one.removal_reason)},'
        f'"removed_by":{quoted(one.removed_by)},"removed_on":{_day(one.removed_on)}}}'
    )


def _case(one: CaseFacts) -> str:
    return (
        f'{{"case_id":{quoted(one.case_id)},"closed_on":{_day(one.closed_on)},'
        f'"opened_on":{_day(one.opened_on)},"outcome":{quoted(one.outcome)},'
        f'"trigger":{quoted(one.trigger)}}}'
    )


def _review(one: ReviewFacts) -> str:
    return (
        f'{{"case_id":{quoted(one.case_id)},"reviewed_on":{_day(one.reviewed_on)},'
        f'"surgery_id":{quoted(one.surgery_id)},"symptoms":{quoted(one.symptoms)}}}'
    )


def _background(one: BackgroundFacts) -> str:
    return (
        f'{{"birth_year":{_number(one.birth_year)},"diagnosis":{quoted(one.diagnosis)},'
        f'"sex":{quoted(one.sex)}}}'
    )


def _procedures(one: ProcedureFacts) -> str:
    return (
        f'{{"indication":{quoted(one.indication)},"performed_on":{_day(one.performed_on)},'
        f'"procedures":{_texts(one.procedures)},"surgery_id":{quoted(one.surgery_id)}}}'
    )


def _assessment(one: AssessmentFacts) -> str:
    # Grades are sorted by item; of an item that is graded twice the last counts.
    grades = [f"{quoted(item)}:{quoted(grade)}" for item, grade in dict(one.grades).items()]
    return (
        f'{{"assessment_id":{quoted(one.assessment_id)},"grades":{{{",".join(grades)}}},'
        f'"instrument":{quoted(one.instrument)},"performed_on":{_day(one.performed_on)}}}'
    )


def _centre_log(one: CentreLogFacts) -> str:
    return f'{{"complete_from":{_day(one.complete_from)}}}'


def _complication(one: ComplicationFacts) -> str:
    return (
        f'{{"code":{quoted(one.code)},"code_group":{quoted(one.code_group)},'
        f'"complication_id":{quoted(one.complication_id)},"grade":{quoted(one.grade)},'
        f'"hospital_nights":{_number(one.hospital_nights)},'
        f'"hospitalisation":{quoted(one.hospitalisation)},'
        f'"needed_surgery":{quoted(one.needed_surgery)},"occurred_on":{_day(one.occurred_on)},'
        f'"resolved_on":{_day(one.resolved_on)},"study_id":{quoted(one.study_id)},'
        f'"surgery_id":{quoted(one.surgery_id)}}}'
    )


def _departure(one: DepartureFacts) -> str:
    return f'{{"case_id":{quoted(one.case_id)},"left_on":{_day(one.left_on)}}}'


def _satisfaction(one: SatisfactionFacts) -> str:
    return f'{{"asked_on":{_day(one.asked_on)},"satisfied":{quoted(one.satisfied)}}}'


def _screening(one: ScreeningFacts) -> str:
    return f'{{"performed_on":{_day(one.performed_on)},"responded":{quoted(one.responded)}}}'


def _dose(one: DoseFacts) -> str:
    return f'{{"dose_ug_per_day":"{one.dose_ug_per_day:.1f}","set_on":{_day(one.set_on)}}}'


def _answers(one: AnswerFacts) -> str:
    return (
        f'{{"given":{_texts(one.given)},"missing":{_texts(one.missing)},"on":{_day(one.on)},'
        f'"record_id":{quoted(one.record_id)},"unknown":{_texts(one.unknown)}}}'
    )


def _query(one: QueryFacts) -> str:
    return (
        f'{{"detail":{quoted(one.detail)},"kind":{quoted(one.kind)},"on":{_day(one.on)},'
        f'"record_id":{quoted(one.record_id)},"since":{_day(one.since)}}}'
    )


WRITERS: Final[Mapping[type[LaterFact], Callable[[Any], str]]] = {
    AnswerFacts: _answers,
    AssessmentFacts: _assessment,
    BackgroundFacts: _background,
    CaseFacts: _case,
    CentreLogFacts: _centre_log,
    ComplicationFacts: _complication,
    ComponentFacts: _component,
    DepartureFacts: _departure,
    DoseFacts: _dose,
    ProcedureFacts: _procedures,
    QueryFacts: _query,
    ReviewFacts: _review,
    SatisfactionFacts: _satisfaction,
    ScreeningFacts: _screening,
}
