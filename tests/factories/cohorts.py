"""Cohorts of facts for tests: the published one, and random ones.

`abousamra_cohort` has the counts of the abstract (doi:10.1111/dmcn.12893); every date, id
and leak site in it is invented.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from registry.audit.codes import Finding, LeakSite, OperativeStatus, StudyOutcome
from registry.audit.facts import (
    Cohort,
    OperativeFacts,
    PatientFacts,
    ReadFacts,
    StudyFacts,
    SurgeryFacts,
)
from registry.audit.selection import Filters

AS_OF = date(2024, 12, 31)
CENTRES = ("EAST", "WEST")

FIRST_DAY = date(2022, 1, 1)
LAST_OFFSET_DAYS = 900

PUBLISHED_LEAK_SITES = (
    LeakSite.PUMP_POCKET_AROUND_PUMP,
    LeakSite.LUMBAR_CANAL_BELOW_ENTRY,
    LeakSite.LUMBAR_OUTSIDE_CANAL,
)


def read(
    read_id: str,
    finding: str,
    *,
    signed_on: date,
    leak_sites: Sequence[str] = (),
    reader_id: str = "reader-1",
) -> ReadFacts:
    """A read signed at noon."""
    return ReadFacts(
        read_id=read_id,
        reader_id=reader_id,
        signed_at=datetime.combine(signed_on, time(12), tzinfo=UTC),
        primary_finding=finding,
        leak_sites=tuple(leak_sites),
        certainty=4,
        adequacy="adequate",
        information_shown="images only",
    )


def study(
    study_id: str,
    *,
    on: date,
    outcome: str = StudyOutcome.COMPLETED,
    finding: str | None = None,
    case_id: str = "case-1",
    leak_sites: Sequence[str] = (),
) -> StudyFacts:
    """A study; with a finding it was read the day after."""
    reads: tuple[ReadFacts, ...] = ()
    if finding is not None:
        signed_on = on + timedelta(days=1)
        reads = (read(f"{study_id}-read", finding, signed_on=signed_on, leak_sites=leak_sites),)
    return StudyFacts(
        study_id=study_id,
        case_id=case_id,
        suspected_on=on - timedelta(days=10),
        performed_on=on,
        outcome=outcome,
        reads=reads,
    )


def surgery(surgery_id: str, *, on: date, case_id: str = "case-1") -> SurgeryFacts:
    return SurgeryFacts(surgery_id=surgery_id, case_id=case_id, performed_on=on)


def patient(
    patient_id: str,
    *,
    studies: Sequence[StudyFacts] = (),
    surgeries: Sequence[SurgeryFacts] = (),
    centre: str = CENTRES[0],
    therapy_from: date | None = date(2015, 1, 1),
) -> PatientFacts:
    return PatientFacts(
        patient_id=patient_id,
        centre=centre,
        therapy_from=therapy_from,
        studies=tuple(studies),
        surgeries=tuple(surgeries),
    )


def studied_patient(
    patient_id: str,
    *,
    outcome: str = StudyOutcome.COMPLETED,
    finding: str | None = None,
    operated_after_days: int | None = None,
    leak_sites: Sequence[str] = (),
    on: date = date(2023, 3, 1),
    centre: str = CENTRES[0],
) -> PatientFacts:
    """A patient with one study and, if asked for, one operation after it."""
    case_id = f"{patient_id}-case"
    surgeries = (
        ()
        if operated_after_days is None
        else (
            surgery(
                f"{patient_id}-surgery",
                on=on + timedelta(days=operated_after_days),
                case_id=case_id,
            ),
        )
    )
    one_study = study(
        f"{patient_id}-study",
        on=on,
        outcome=outcome,
        finding=finding,
        case_id=case_id,
        leak_sites=leak_sites,
    )
    return patient(patient_id, studies=(one_study,), surgeries=surgeries, centre=centre)


def abousamra_cohort() -> Cohort:
    """295 patients: 27 studied, 3 stopped, 8 normal and not operated, 16 operated."""
    studied = [
        *[{"outcome": StudyOutcome.STOPPED_NOT_ASPIRABLE}] * 3,
        *[{"finding": Finding.NORMAL_CRESCENT}] * 8,
        *[{"finding": Finding.NORMAL_CRESCENT, "operated_after_days": 30}] * 4,
        *[{"finding": Finding.INADEQUATE_POOLING, "operated_after_days": 14}] * 5,
        *[
            {"finding": Finding.LEAK, "operated_after_days": 7, "leak_sites": (site,)}
            for site in (*PUBLISHED_LEAK_SITES, *PUBLISHED_LEAK_SITES[:2])
        ],
        *[{"finding": Finding.OCCLUSION, "operated_after_days": 2}] * 2,
    ]
    patients = [
        studied_patient(f"studied-{n:02}", on=FIRST_DAY + timedelta(days=20 * n), **attributes)
        for n, attributes in enumerate(studied)
    ]
    patients += [patient(f"unstudied-{n:03}") for n in range(295 - len(patients))]
    return Cohort(patients=tuple(replace(one, synthetic=True) for one in patients))


days = st.integers(min_value=0, max_value=LAST_OFFSET_DAYS).map(
    lambda offset: FIRST_DAY + timedelta(days=offset)
)
"""Days close enough to each other for windows, periods and cuts to matter."""

maybe_days = st.none() | days

filters = st.builds(
    lambda centres, first, second: Filters(
        centres=centres,
        performed_from=None if first is None or second is None else min(first, second),
        performed_to=None if first is None or second is None else max(first, second),
    ),
    st.none() | st.sets(st.sampled_from(CENTRES)).map(lambda chosen: tuple(sorted(chosen))),
    maybe_days,
    maybe_days,
)


@st.composite
def reads(draw: st.DrawFn, read_id: str, performed_on: date) -> ReadFacts:
    finding = draw(st.sampled_from(Finding))
    sites = draw(st.sets(st.sampled_from(LeakSite), max_size=3)) if finding == Finding.LEAK else ()
    return ReadFacts(
        read_id=read_id,
        reader_id=draw(st.sampled_from(["reader-1", "reader-2"])),
        signed_at=datetime.combine(
            performed_on + timedelta(days=draw(st.integers(0, 300))),
            time(draw(st.integers(0, 23))),
            tzinfo=UTC,
        ),
        primary_finding=finding,
        leak_sites=tuple(sites),
        certainty=draw(st.none() | st.integers(1, 5)),
    )


@st.composite
def patients(draw: st.DrawFn, patient_id: str) -> PatientFacts:
    """Zero to three studies and operations in any order, in one or two cases."""
    case_ids = st.sampled_from([f"{patient_id}-case-1", f"{patient_id}-case-2"])
    studies = []
    for n in range(draw(st.integers(0, 3))):
        study_id = f"{patient_id}-study-{n}"
        performed_on = draw(days)
        studies.append(
            StudyFacts(
                study_id=study_id,
                case_id=draw(case_ids),
                suspected_on=draw(maybe_days),
                performed_on=performed_on,
                outcome=draw(st.sampled_from(StudyOutcome)),
                reads=tuple(
                    draw(reads(f"{study_id}-read-{m}", performed_on))
                    for m in range(draw(st.integers(0, 2)))
                ),
            )
        )
    surgeries = [
        SurgeryFacts(
            surgery_id=f"{patient_id}-surgery-{n}",
            case_id=draw(case_ids),
            performed_on=draw(days),
            planned=draw(st.none() | st.booleans()),
            findings=(
                OperativeFacts(
                    "spinal_segment",
                    "tip",
                    draw(st.sampled_from(OperativeStatus)),
                    "kink",
                ),
            ),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    return PatientFacts(
        patient_id=patient_id,
        centre=draw(st.sampled_from(CENTRES)),
        therapy_from=draw(maybe_days),
        therapy_to=draw(maybe_days),
        died_on=draw(maybe_days),
        synthetic=True,
        studies=tuple(studies),
        surgeries=tuple(surgeries),
    )


@st.composite
def cohorts(draw: st.DrawFn, max_patients: int = 8) -> Cohort:
    """A random cohort, contradictions between therapy dates and studies included."""
    size = draw(st.integers(0, max_patients))
    return Cohort(patients=tuple(draw(patients(f"patient-{n}")) for n in range(size)))
