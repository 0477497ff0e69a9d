"""Records with answers and open queries: counted by hand, and random ones."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from registry.audit.answer_facts import AnswerFacts
from registry.audit.completeness import QUESTION_LABELS
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.open_queries import CONTRADICTION_LABELS, QueryKind
from registry.audit.query_facts import QueryFacts
from registry.audit.theatre_facts import TheatreLine, TheatreListFacts

from .cohorts import AS_OF, CENTRES, FIRST_DAY, patient, studied_patient, study, surgery

DAY = date(2024, 5, 1)


def open_query(kind, record_id, *, on=DAY, days_old=None, detail=""):
    """A query that has been open for `days_old` days at the cut-off."""
    since = None if days_old is None else AS_OF - timedelta(days_old)
    return QueryFacts(kind, record_id, on, since, detail)


def unanswered(record: AnswerFacts, *, days_old: int = 10) -> tuple[QueryFacts, ...]:
    return tuple(
        open_query(
            QueryKind.UNANSWERED, record.record_id, on=record.on, days_old=days_old, detail=question
        )
        for question in record.missing
    )


def with_answers(one: PatientFacts, *records: AnswerFacts, queries=()) -> PatientFacts:
    found = tuple(query for record in records for query in unanswered(record))
    return replace(one, later=(*records, *found, *queries))


def counted_by_hand() -> Cohort:
    """Five patients, of whom one has nothing open and one no record of 2024."""
    whole = studied_patient("whole", finding="leak", on=DAY)
    unread = patient("unread", studies=[study("unread-study", on=DAY, case_id="unread-case")])
    other = patient("other", centre=CENTRES[1])
    return Cohort(
        (
            with_answers(
                whole,
                AnswerFacts("whole", DAY, given=("consent", "origin")),
                AnswerFacts("whole-study", DAY, given=("needle",), unknown=("next_step",)),
            ),
            with_answers(
                unread,
                AnswerFacts("unread", DAY, given=("consent",), missing=("origin",)),
                AnswerFacts("unread-study", DAY, given=("next_step",), missing=("needle",)),
                queries=[
                    open_query(QueryKind.NOT_READ, "unread-study", days_old=31),
                    open_query(QueryKind.WITHOUT_IMAGES, "unread-study", days_old=400),
                    open_query(QueryKind.UNSIGNED_DRAFT, "unread-study", days_old=0, detail="r1"),
                ],
            ),
            with_answers(
                patient("odd"),
                AnswerFacts("odd", DAY, given=("consent",), unknown=("origin",)),
                queries=[open_query(QueryKind.CONTRADICTION, "odd", detail="walks_at_gmfcs_v")],
            ),
            with_answers(other, AnswerFacts("other", DAY, given=("origin",), missing=("consent",))),
            with_answers(
                patient("earlier"), AnswerFacts("earlier", date(2023, 5, 1), missing=("consent",))
            ),
        )
    )


def theatre_list(list_id="list", *lines, centre=CENTRES[0], covers=(date(2024, 1, 1), AS_OF)):
    """A list of 2024, sent at its end."""
    return TheatreListFacts(
        list_id, centre, AS_OF, *covers, file_sha256="0" * 64, lines=tuple(lines)
    )


def line(row, on=DAY, patient_id="", **fields):
    return TheatreLine(row, on, **{"person": patient_id or f"nobody{row}"} | fields,
                       patient_id=patient_id)  # fmt: skip


def listed_by_hand() -> Cohort:
    """A list of twelve lines, and six operations of 2024 that were logged.

    Of the nine operations the list holds within 2024, five were logged, one of them on another day;
    of two patients an operation is missing, two have no number here.
    """
    operated = [
        patient("a", surgeries=[surgery("a-1", on=DAY), surgery("a-2", on=day(10))]),
        patient("b", surgeries=[surgery("b-1", on=day(2)), surgery("b-2", on=day(40))]),
        patient("c", surgeries=[surgery("c-1", on=DAY), surgery("c-0", on=date(2023, 1, 1))]),
        patient("d"),
    ]
    lines = [
        line(2, DAY, "a"), line(3, day(10), "a"), line(4, DAY, "b"), line(5, day(40), "b"),
        line(6, DAY, "c"), line(7, DAY, "d"), line(8, day(100), "a"), line(9), line(10),
        line(11, DAY, "a"), line(12, None, "a"), line(13, other_centre=True),
        line(14, opted_out=True), line(15, date(2023, 1, 1), "c"),
    ]  # fmt: skip
    unlisted = patient("e", surgeries=[surgery("e-1", on=day(7))])
    return Cohort((*operated, unlisted), (theatre_list("list", *lines),))


def day(after):
    return DAY + timedelta(after)


days = st.integers(0, 1200).map(lambda days: FIRST_DAY + timedelta(days))


@st.composite
def _records(draw, record_id):
    questions = draw(st.lists(st.sampled_from(list(QUESTION_LABELS)), unique=True, max_size=6))
    places = [draw(st.sampled_from(("given", "unknown", "missing"))) for _ in questions]
    answers = {
        name: tuple(q for q, place in zip(questions, places, strict=True) if place == name)
        for name in ("given", "unknown", "missing")
    }
    return AnswerFacts(record_id, draw(days), **answers)


@st.composite
def _patients(draw, number):
    records = [draw(_records(f"p{number}-r{n}")) for n in range(draw(st.integers(0, 3)))]
    kinds = st.sampled_from([kind for kind in QueryKind if kind is not QueryKind.UNANSWERED])
    queries = [
        open_query(
            draw(kinds), f"p{number}-r{n}", on=draw(days),
            days_old=draw(st.none() | st.integers(-5, 900)),
            detail=draw(st.sampled_from(sorted(CONTRADICTION_LABELS))),
        )
        for n in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    one = patient(f"p{number}", centre=draw(st.sampled_from(CENTRES)))
    return with_answers(one, *records, queries=queries)


@st.composite
def _lines(draw, centre, patients):
    people = [one.patient_id for one in patients if one.centre == centre]
    return tuple(
        line(
            row,
            draw(st.none() | st.integers(0, 12).map(lambda n: FIRST_DAY + timedelta(n))),
            draw(st.sampled_from(["", *people])),
            other_centre=draw(st.integers(0, 9)) == 0,
            opted_out=draw(st.integers(0, 9)) == 0,
        )
        for row in range(2, 2 + draw(st.integers(0, 8)))
    )


@st.composite
def listed_cohorts(draw):
    """Operations and lists of the same few days, so that much can be matched in several ways."""
    patients = []
    for number in range(draw(st.integers(0, 3))):
        on = draw(st.lists(st.integers(0, 12), max_size=4))
        done = [
            surgery(f"p{number}-{n}", on=FIRST_DAY + timedelta(after)) for n, after in enumerate(on)
        ]
        centre = draw(st.sampled_from(CENTRES))
        patients.append(patient(f"p{number}", surgeries=done, centre=centre))
    lists = []
    for number in range(draw(st.integers(0, 2))):
        centre = draw(st.sampled_from(CENTRES))
        first = FIRST_DAY + timedelta(draw(st.integers(0, 4)))
        covers = (first, first + timedelta(draw(st.integers(0, 12))))
        lines = draw(_lines(centre, patients))
        lists.append(theatre_list(f"list{number}", *lines, centre=centre, covers=covers))
    return Cohort(tuple(patients), tuple(lists))


cohorts = st.integers(0, 5).flatmap(
    lambda n: st.tuples(*(_patients(number) for number in range(n))).map(Cohort)
)
