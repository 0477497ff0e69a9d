"""A frozen report of every audit protocol, over records that give each something to count."""

from pathlib import Path

from registry import actions, queries
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.models import AuditReport, User
from registry.presenters import report_bundle
from tests.factories import audited_records
from tests.factories import registry_records as make

CODE_VERSION = "tests"


def records() -> User:
    """Centre NORTH with its auditor: four studies, and one patient with all the rest."""
    centre = make.centre()
    auditor = make.user(at_centre=centre)
    for result in ("normal_crescent", "leak", "not_read", "stopped_not_aspirable"):
        audited_records.audited_patient(centre, by=auditor, result=result, operated=True)
    treated = make.patient(by=auditor, at_centre=centre, birth_year=2004)
    make.screening_test(of=treated, by=auditor)
    make.component(of=treated, by=auditor)
    make.dose_setting(of=treated, by=auditor)
    make.refill(of=treated, by=auditor)
    make.assessment(of=treated, by=auditor)
    make.complication(of=treated, by=auditor)
    case = make.case(of=treated, by=auditor)
    make.read(of=make.contrast_study(of=case, by=auditor), by=auditor, finding="leak")
    make.surgery(of=case, by=auditor)
    make.review(of=case, by=auditor)
    make.theatre_list(of=centre, by=auditor)
    return auditor


def report(protocol_key: str, *, by: User) -> AuditReport:
    audit = queries.audits.for_viewer(
        viewer=by,
        protocol_key=protocol_key,
        filters=Filters(),
        as_of=make.NOW.date(),
        code_version=CODE_VERSION,
    )
    return actions.reports.freeze(
        result=audit.result, cohort=audit.cohort, title=protocol_key, by=by, at=make.NOW
    )


def bundle(protocol_key: str, *, by: User, code_version: str = CODE_VERSION) -> bytes:
    """Read back from the database, as a page would."""
    frozen = AuditReport.objects.get(pk=report(protocol_key, by=by).pk)
    return report_bundle.write_report(
        frozen,
        queries.reports.recomputed(frozen),
        PROTOCOLS[protocol_key],
        code_version=code_version,
    )


def bundles(*, by: User, into: Path, code_version: str = CODE_VERSION) -> None:
    """One file for each protocol, named after it."""
    for key in PROTOCOLS:
        (into / f"{key}.zip").write_bytes(bundle(key, by=by, code_version=code_version))
