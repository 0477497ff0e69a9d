"""What was asked of every record, and what is open about it: facts for the audit of data quality.

The rules are those of the working lists, so that a list and an audit never disagree.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from uuid import UUID

from registry.audit.answer_facts import AnswerFacts
from registry.audit.fact_group import LaterFact
from registry.audit.open_queries import QueryKind
from registry.audit.query_facts import QueryFacts
from registry.models import ContrastStudy, ReadDraft
from registry.queries import patient_records, reading_rules
from registry.queries.contradictions import contradictions
from registry.queries.mandatory_answers import Asked, asked
from registry.queries.patient_records import PatientRecords
from registry.vocabulary import StudyOutcomeCode

CHUNK: Final = 500
"""So many patients' records are in memory at once."""


def facts_of_patients(patients: Any) -> Iterator[tuple[int, LaterFact]]:
    """Answers and queries by patient; `patients` is a query for ids."""
    drafts = _drafts(patients)
    pks = list(patients.values_list("id", flat=True))
    for first in range(0, len(pks), CHUNK):
        for records in patient_records.fetched(patient_pks=pks[first : first + CHUNK]):
            pk = records.patient.pk
            for fact in (*_answers(records), *_queries(records, drafts)):
                yield pk, fact


def _answers(records: PatientRecords) -> Iterator[LaterFact]:
    """What became of each question, and the query that an unanswered one is."""
    by_record: dict[UUID, list[Asked]] = defaultdict(list)
    for one in asked(records):
        by_record[one.about].append(one)
    logged_on = _logged_on(records)
    for about, questions in by_record.items():
        record_id, on = str(about), questions[0].on
        unknown = tuple([one.question for one in questions if one.is_unknown])
        given = tuple([one.question for one in questions if one.answered and not one.is_unknown])
        missing = [one for one in questions if not one.answered and not one.is_unknown]
        yield AnswerFacts(record_id, on, given, unknown, tuple([one.question for one in missing]))
        since = logged_on[about]
        for one in missing:
            yield QueryFacts(QueryKind.UNANSWERED, record_id, one.on, since, one.question)


def _queries(records: PatientRecords, drafts: "Drafts") -> set[QueryFacts]:
    """A set: a contradiction that two rules find is one query."""
    found = {
        QueryFacts(QueryKind.CONTRADICTION, str(one.about), one.on, None, one.code)
        for one in contradictions(records)
    }
    for case in records.cases:
        for study in case.contrast_studies.all():
            found |= set(_of_study(study, drafts))
    return found


Drafts = dict[int, dict[str, date]]
"""Primary key of a study → reader → the day of the last change."""


def _of_study(study: ContrastStudy, drafts: Drafts) -> Iterator[QueryFacts]:
    study_id, on = str(study.public_id), study.performed_on
    logged_on = max(on, study.created_at.date())
    if study.outcome == StudyOutcomeCode.COMPLETED.value:
        if not any(read.signed_at for read in study.reads.all()):
            yield QueryFacts(QueryKind.NOT_READ, study_id, on, logged_on)
        if not study.study_links.all():
            yield QueryFacts(QueryKind.WITHOUT_IMAGES, study_id, on, logged_on)
    for reader, saved_on in drafts.get(study.pk, {}).items():
        yield QueryFacts(QueryKind.UNSIGNED_DRAFT, study_id, on, saved_on, reader)
    for term, _, _ in reading_rules.lines(study):
        if term == reading_rules.Waits.DIFFER.value:
            signed = [read.signed_at for read in study.reads.all() if read.signed_at]
            yield QueryFacts(QueryKind.READS_DIFFER, study_id, on, max(signed).date())


def _logged_on(records: PatientRecords) -> dict[UUID, date]:
    """The day on which each record was logged: no question about it is older."""
    found = {records.patient.public_id: records.patient.created_at.date()}
    found |= {one.public_id: one.created_at.date() for one in records.components}
    for case in records.cases:
        for one in (case, *case.contrast_studies.all(), *case.surgeries.all()):
            found[one.public_id] = one.created_at.date()
    return found


def _drafts(patients: Any) -> Drafts:
    found: Drafts = defaultdict(dict)
    rows = ReadDraft.objects.filter(contrast_study__case__patient__in=patients).order_by("saved_at")
    for study_pk, reader, saved_at in rows.values_list(
        "contrast_study_id", "reader__public_id", "saved_at"
    ):
        found[study_pk][str(reader)] = saved_at.date()
    return found
