"""Cases from suspicion to restored therapy: one cohort counted by hand, and random ones."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from registry.audit.case_facts import CaseFacts
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.review_facts import ReviewFacts
from tests.factories.cohorts import CENTRES, days, patient, study, surgery

RAISED = date(2024, 1, 1)


def going(
    key: str, *, ct=None, operated=None, resolved=None, closed=None, raised=RAISED, died=None
) -> PatientFacts:
    """A patient with one case; `ct`, `operated` and so on are days after it was raised.

    `closed` is a pair of the day and the outcome.
    """
    case_id = f"case-{key}"

    def on(after: int) -> date:
        return raised + timedelta(days=after)

    ended = (None, "") if closed is None else (on(closed[0]), closed[1])
    later = [CaseFacts(case_id, raised, "suspected_malfunction", *ended)]
    if resolved is not None:
        later.append(ReviewFacts(case_id, on(resolved), "resolved"))
    studies = [] if ct is None else [study(f"ct-{key}", on=on(ct), case_id=case_id)]
    surgeries = [] if operated is None else [surgery(f"op-{key}", on=on(operated), case_id=case_id)]
    return replace(
        patient(key, studies=studies, surgeries=surgeries),
        later=tuple(later),
        died_on=None if died is None else on(died),
        synthetic=True,
    )


def counted_by_hand() -> Cohort:
    """Nine cases; the cut is 2024-12-31, day 365 of those raised on 2024-01-01."""
    return Cohort(
        patients=(
            going("a", ct=2, operated=10, resolved=50),
            going("b", ct=4, operated=20, closed=(60, "resolved_by_surgery")),
            going("c", ct=6, operated=100),
            going("d", ct=8, closed=(40, "resolved_without_surgery")),
            going("e", ct=40),
            going("f", operated=3, resolved=33),
            going("g", closed=(9, "lost_to_follow_up")),
            going("h", raised=date(2024, 12, 20)),
            going("i", ct=5, operated=7, died=12),
        )
    )


@st.composite
def patients(draw: st.DrawFn, patient_id: str) -> PatientFacts:
    """Steps in any order, also backwards."""
    after = st.none() | st.integers(-30, 400)
    outcomes = st.sampled_from(["resolved_by_surgery", "unresolved", "died"])
    one = going(
        patient_id,
        raised=draw(days),
        ct=draw(after),
        operated=draw(after),
        resolved=draw(st.none() | st.integers(0, 500)),
        closed=draw(st.none() | st.tuples(st.integers(0, 500), outcomes)),
        died=draw(st.none() | st.integers(0, 600)),
    )
    return replace(one, centre=draw(st.sampled_from(CENTRES)))


cohorts = st.integers(0, 8).flatmap(
    lambda n: st.tuples(*(patients(f"patient-{m}") for m in range(n)))
).map(lambda drawn: Cohort(patients=drawn))  # fmt: skip
