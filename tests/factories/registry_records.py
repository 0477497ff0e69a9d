"""Registry records for tests, built through actions, so that no test starts where no user could."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from imaging.models import Study
from registry import actions
from registry.actions.reads import FindingEntry
from registry.actions.surgeries import IntraoperativeEntry
from registry.actions.theatre_lists import SentLine
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.exchange.mapping import guess
from registry.exchange.spreadsheet_reader import read_file, to_json
from registry.models import (
    Advisory,
    Assessment,
    AuditReport,
    CaseImport,
    Centre,
    Complication,
    Component,
    ContrastStudy,
    DoseSetting,
    OutcomeReview,
    Patient,
    Read,
    Refill,
    ReportSchedule,
    RevisionCase,
    RevisionSurgery,
    Role,
    ScreeningTest,
    StudyLink,
    TheatreList,
    User,
)
from registry.queries import audit_facts

NOW = datetime(2024, 6, 1, 9, 30, tzinfo=UTC)
PASSWORD = "a long enough demonstration phrase"
_numbers = count(1)

CLINICAL_ROLES = (
    Role.REGISTRAR,
    Role.SURGEON,
    Role.AUDITOR,
    Role.DATA_MANAGER,
)


def centre(code: str = "NORTH", **fields: Any) -> Centre:
    fields = {"name": f"Hospital {code}", "time_zone": "Europe/Berlin"} | fields
    return actions.centres.add(code=code, by=None, at=NOW, **fields)


def user(*, at_centre: Centre, roles: Sequence[str] = CLINICAL_ROLES, name: str = "") -> User:
    person = actions.people.add(
        username=name or f"person{next(_numbers)}", password=PASSWORD, by=None, at=NOW
    )
    actions.people.set_roles(user=person, centre=at_centre, roles=roles, by=None, at=NOW)
    return User.objects.get(pk=person.pk)


def patient(*, by: User, at_centre: Centre, local_number: str = "", **fields: Any) -> Patient:
    fields = {"sex": "female", "birth_year": 2009, "diagnosis": "cp_spastic"} | fields
    return actions.patients.add(
        centre=at_centre, by=by, at=NOW, fields=fields, local_number=local_number
    )


def case(*, of: Patient, by: User, **fields: Any) -> RevisionCase:
    fields = {
        "opened_on": date(2024, 3, 1),
        "trigger": "suspected_malfunction",
    } | fields
    return actions.cases.open_case(
        patient=of, by=by, at=NOW, fields=fields, presenting_signs=["tone_increase"]
    )


def contrast_study(*, of: RevisionCase, by: User, **fields: Any) -> ContrastStudy:
    fields = {
        "performed_on": date(2024, 3, 5),
        "modality": "cap_ct_myelography",
        "aspiration": "free",
        "outcome": "completed",
        "contrast_injected": "yes",
    } | fields
    return actions.contrast_studies.log(case=of, by=by, at=NOW, fields=fields)


def stopped_study(*, of: RevisionCase, by: User, **fields: Any) -> ContrastStudy:
    """A study stopped because nothing could be aspirated."""
    return contrast_study(
        of=of,
        by=by,
        **{
            "aspiration": "none",
            "outcome": "stopped_not_aspirable",
            "stop_reason": "not_aspirable",
            "contrast_injected": "no",
        }
        | fields,
    )


def read(
    *,
    of: ContrastStudy,
    by: User,
    finding: str = "leak",
    sites: Sequence[str] = ("pump_pocket_around_pump",),
    at: datetime = NOW,
    **answers: Any,
) -> Read:
    answers = {
        "source": "report_abstracted",
        "information_shown": ["original_report"],
        "adequacy": "adequate",
        "certainty": 4,
    } | answers
    return actions.reads.sign(
        contrast_study=of,
        by=by,
        at=at,
        opened_at=at - timedelta(minutes=2),
        findings=[FindingEntry(code=finding, sites=tuple(sites) if finding == "leak" else ())],
        **answers,
    )


def surgery(*, of: RevisionCase, by: User, **fields: Any) -> RevisionSurgery:
    fields = {
        "performed_on": date(2024, 3, 12),
        "indication": "catheter_disconnection_pump",
        "planned": "unplanned",
        "imaging_known": "known",
    } | fields
    return actions.surgeries.log(
        case=of,
        by=by,
        at=NOW,
        fields=fields,
        procedures=["connector_repair_or_replacement"],
        findings=[
            IntraoperativeEntry(
                component="connector",
                status="confirmed",
                code="disconnection",
                site="pump_connector",
                how_proven="inspection",
            ),
            IntraoperativeEntry(component="spinal_segment", status="not_explored"),
        ],
    )


def complication(
    *, of: Patient, by: User, relations: Sequence[str] = ("device",), **fields: Any
) -> Complication:
    fields = {"occurred_on": date(2024, 3, 20), "code": "seroma"} | fields
    return actions.complications.log(patient=of, by=by, at=NOW, fields=fields, relations=relations)


def review(*, of: RevisionCase, by: User, **fields: Any) -> OutcomeReview:
    """Six weeks after the operation, or after the case was opened."""
    fields = {
        "time": "week_6",
        "reviewed_on": date(2024, 4, 23),
        "symptoms": "improved",
        "therapy": "dose_changed",
    } | fields
    return actions.outcome_reviews.log(case=of, by=by, at=NOW, fields=fields)


def component(*, of: Patient, by: User, **fields: Any) -> Component:
    fields = {"kind": "pump", "implanted_on": date(2019, 5, 2), "reservoir_ml": 40} | fields
    return actions.components.add(patient=of, by=by, at=NOW, fields=fields)


def assessment(
    *,
    of: Patient,
    by: User,
    instrument: str = "modified_ashworth",
    grades: Mapping[str, str] | None = None,
    **fields: Any,
) -> Assessment:
    fields = {"performed_on": date(2024, 3, 20), "assessor_role": "physiotherapist"} | fields
    return actions.assessments.log(
        patient=of,
        by=by,
        at=NOW,
        fields=fields | {"instrument": instrument},
        grades=grades or {"hip_adductors_right": "1+", "hip_adductors_left": "2"},
    )


def screening_test(*, of: Patient, by: User, **fields: Any) -> ScreeningTest:
    fields = {"performed_on": date(2019, 3, 4), "bolus_ug": 50, "responded": "yes"} | fields
    return actions.screening_tests.log(patient=of, by=by, at=NOW, fields=fields)


def dose_setting(
    *, of: Patient, by: User, confirmed: Sequence[str] = (), **fields: Any
) -> DoseSetting:
    fields = {
        "set_on": date(2024, 1, 10),
        "mode": "simple_continuous",
        "dose_ug_per_day": Decimal(300),
        "concentration_ug_per_ml": Decimal(2000),
    } | fields
    return actions.dose_settings.log(patient=of, by=by, at=NOW, fields=fields, confirmed=confirmed)


def refill(*, of: Patient, by: User, confirmed: Sequence[str] = (), **fields: Any) -> Refill:
    fields = {
        "performed_on": date(2024, 1, 10),
        "aspirated_ml": Decimal(4),
        "filled_ml": Decimal(20),
        "concentration_ug_per_ml": Decimal(2000),
    } | fields
    return actions.refills.log(patient=of, by=by, at=NOW, fields=fields, confirmed=confirmed)


def advisory(
    *, of: Centre, by: User, models: Sequence[str] = ("medtronic_8637_40",), **fields: Any
) -> Advisory:
    fields = {"title": "Stall of the motor"} | fields
    return actions.advisories.add(centre=of, by=by, at=NOW, fields=fields, models=models)


def study_link(*, of: ContrastStudy, study: Study, by: User, reason: str = "") -> StudyLink:
    return actions.study_links.confirm(
        contrast_study=of, study=study, by=by, at=NOW, override_reason=reason
    )


def report(*, of: Centre, by: User, title: str = "Report") -> AuditReport:
    cohort = audit_facts.cohort(viewer=by, centre_codes=[of.code])
    result = run(
        "abousamra-2016",
        cohort,
        filters=Filters(centres=(of.code,)),
        as_of=NOW.date(),
        code_version="tests",
    )
    return actions.reports.freeze(result=result, cohort=cohort, title=title, by=by, at=NOW)


def centre_of(person: User) -> Centre:
    """Where somebody works who works at one centre."""
    return person.memberships.get().centre


def theatre_list(
    *, of: Centre, by: User, lines: Sequence[SentLine] | None = None, **fields: Any
) -> TheatreList:
    """A list of 2024 with one operation of nobody."""
    fields = {
        "file_sha256": "0" * 64,
        "covers_from": date(2024, 1, 1),
        "covers_to": date(2024, 5, 1),
        "lines": [SentLine(2, date(2024, 3, 12), "NOBODY")] if lines is None else lines,
    } | fields
    return actions.theatre_lists.send(centre=of, by=by, at=NOW, **fields)


def report_schedule(*, of: Centre, by: User, **fields: Any) -> ReportSchedule:
    fields = {
        "title": "Monthly audit", "protocol_key": "ford-1996", "rhythm": "monthly",
        "look_back": "month", "day": 5, "centres": [of], "recipients": [by], "at": NOW,
    } | fields  # fmt: skip
    return actions.report_schedules.set_up(by=by, **fields)


def case_import(
    *, of: Centre, by: User, content: bytes = b"Pat-ID,Onset\n1,2024-03-01\n"
) -> CaseImport:
    """A table that was sent and is not taken in yet, with its columns guessed."""
    sheets = read_file(content, name="table.csv")
    return actions.case_imports.send(
        centre=of,
        by=by,
        at=NOW,
        file_name="CANARY.csv",
        content=to_json(sheets),
        mapping=guess(sheets).to_json(),
        rows=len(sheets[0].rows),
    )
