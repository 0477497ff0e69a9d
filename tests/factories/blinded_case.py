"""A case a reader must learn nothing of, before and after everything that can happen has happened.

Every text is a canary. Everything goes through the actions, as on the pages.
"""

import tempfile
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from imaging import actions as imaging_actions
from imaging.actions import (
    dicomweb_peers,
    exclusion_rules,
    peers,
    quarantine,
    remote_archives,
    study_exclusions,
    study_retrievals,
)
from imaging.actions import patients as intake_patients
from imaging.models import IngestedFile, IngestRun, Peer, RemoteArchive, Study
from registry import actions
from registry.actions.cases import WorkupEntry
from registry.actions.reads import FindingEntry
from registry.actions.surgeries import IntraoperativeEntry
from registry.audit.patient_limits import PatientLimits
from registry.models import (
    AuditReport,
    Centre,
    Component,
    ContrastStudy,
    Patient,
    Read,
    ReportNotice,
    RevisionCase,
    RevisionSurgery,
    Role,
    User,
)
from tests.factories import exported_reads, stored_studies
from tests.factories import reading_rooms as rooms
from tests.factories import registry_records as make
from tests.factories.dicom_files import ct_instance

LOGGED = make.NOW
TODAY = datetime(2024, 8, 1, 12, 0, tzinfo=UTC)
"""When the reader looks and everything happens: masked second looks of `LOGGED` are due."""

SHOWN = "differs on purpose"
"""Remarks of the reads between which a third person decides; that person reads them."""


@dataclass
class BlindedCase:
    """`target` waits for everybody, `asked` for who was assigned alone.

    `decided` and `disputed` were read by `reader` and `rival`, who differ; `third` may decide on
    `disputed` alone.
    """

    centre: Centre
    logger: User
    manager: User
    rival: User
    decider: User
    viewers: dict[str, User]
    patient: Patient
    component: Component
    case: RevisionCase
    target: ContrastStudy
    asked: ContrastStudy
    decided: ContrastStudy
    disputed: ContrastStudy

    @property
    def reader(self) -> User:
        return self.viewers["reader"]


def before() -> BlindedCase:
    """What is there when the readers look for the first time."""
    centre = make.centre("NORTH")
    manager = make.user(at_centre=centre, roles=[Role.DATA_MANAGER], name="canary-manager")
    logger = make.user(at_centre=centre, name="canary-surgeon")
    rival = make.user(at_centre=centre, roles=[Role.READER], name="canary-rival")
    decider = make.user(at_centre=centre, roles=[Role.READER], name="canary-decider")
    viewers = {
        name: make.user(at_centre=centre, roles=[Role.READER], name=f"viewer-{name}")
        for name in ("reader", "assigned", "third")
    }
    viewers["elsewhere"] = make.user(
        at_centre=make.centre("SOUTH"), roles=[Role.READER], name="viewer-elsewhere"
    )
    actions.reading_protocols.edit(
        centre=centre,
        edition=0,
        by=manager,
        at=LOGGED,
        changes={"reads_per_study": 2, "reread_share_percent": 100, "reread_after_days": 28},
    )
    patient = actions.patients.add(
        centre=centre,
        by=logger,
        at=LOGGED,
        fields={"sex": "female", "birth_year": 2009, "diagnosis": "cp_spastic"},
        local_number="CANARY-LOCAL",
        name="CANARY^NAME",
        birth_date=date(2009, 7, 17),
    )
    case = make.case(of=patient, by=logger, remarks="CANARY-CASE-REMARKS")
    found = BlindedCase(
        centre=centre,
        logger=logger,
        manager=manager,
        rival=rival,
        decider=decider,
        viewers=viewers,
        patient=patient,
        component=make.component(of=patient, by=logger),
        case=case,
        decided=_study(case, by=logger, performed_on=date(2024, 3, 2)),
        target=_study(case, by=logger, performed_on=date(2024, 3, 5)),
        asked=_study(_another_case(centre, by=logger), by=logger),
        disputed=_study(_another_case(centre, by=logger), by=logger),
    )
    study_exclusions.exclude(
        study=stored_studies.study(centre_code=centre.code, slices=1),
        by=manager,
        at=LOGGED,
        reason="CANARY-EXCLUDED",
    )
    _read_by_two(found)
    for person in (viewers["assigned"], rival):
        actions.reading_assignments.assign(
            contrast_study=found.asked, reader=person, by=manager, at=LOGGED
        )
    return found


def happen(found: BlindedCase) -> None:
    """All that a reader is blind to: facts change, others operate, read, decide and report."""
    _others_read(found)
    _an_operation(found)
    _assessments(found)
    _facts_change(found)
    _the_intake_goes_on(found)
    _people_and_reports(found)
    _the_lists(found)


def waiting_study(found: BlindedCase) -> ContrastStudy:
    """One more study that waits to be read."""
    return _study(_another_case(found.centre, by=found.logger), by=found.logger)


def images_of(study: ContrastStudy) -> Study:
    return study.study_links.get().study


def _another_case(centre: Centre, *, by: User) -> RevisionCase:
    return make.case(of=make.patient(by=by, at_centre=centre), by=by)


def _study(case: RevisionCase, *, by: User, **fields: Any) -> ContrastStudy:
    study = make.contrast_study(of=case, by=by, **fields)
    images = stored_studies.study(centre_code=case.centre_code, slices=3)
    make.study_link(of=study, study=images, by=by, reason="CANARY-LINK-REASON")
    return study


def _read_by_two(found: BlindedCase) -> None:
    """Whoever has begun to read is not asked to decide."""
    viewers = found.viewers
    for study, begun in (
        (found.decided, ("assigned", "third")),
        (found.disputed, ("assigned",)),
    ):
        for name in begun:
            _draft(study, by=viewers[name], at=LOGGED, remarks="begun")
        for person, finding in ((viewers["reader"], "leak"), (found.rival, "occlusion")):
            rooms.read_images(study, by=person, finding=finding, remarks=SHOWN)


def _draft(
    study: ContrastStudy, *, by: User, at: datetime, remarks: str, corrects: Read | None = None
) -> None:
    actions.read_drafts.keep(
        room=(corrects or study).public_id,
        contrast_study=study,
        corrects=corrects,
        by=by,
        at=at,
        opened_at=at,
        answers={"remarks": remarks},
        marks={"measurements": [{"text": remarks}]},
        edition=0,
    )


def _others_read(found: BlindedCase) -> None:
    actions.people.choose_language(user=found.rival, language="de", by=found.rival, at=TODAY)
    actions.form_drafts.keep(
        form_id=uuid.uuid4(),
        page="/patients/new/?CANARY-PAGE",
        answers={"local_number": ["CANARY-DRAFT"]},
        edition=0,
        by=found.rival,
        at=TODAY,
    )
    facts = {"remarks": "CANARY-READ", "at": TODAY, "opened_at": TODAY}
    signed = exported_reads.sign(found.target, images_of(found.target), by=found.rival, **facts)
    corrected = exported_reads.sign(
        found.target,
        images_of(found.target),
        by=found.rival,
        supersedes=signed,
        correction_reason="CANARY-CORRECTION",
        **facts,
    )
    _draft(found.target, by=found.rival, at=TODAY, remarks="CANARY-DRAFT", corrects=corrected)
    _draft(found.target, by=found.decider, at=TODAY, remarks="CANARY-DRAFT")
    rooms.read_images(found.asked, by=found.rival, at=TODAY, remarks="CANARY-READ")
    make.read(of=found.target, by=found.logger, at=TODAY, remarks="CANARY-REPORT")
    _decide(found)
    _send(found, corrected)


def _decide(found: BlindedCase) -> None:
    facts = {
        "by": found.decider,
        "at": TODAY,
        "opened_at": TODAY,
        "findings": [FindingEntry("leak", ("epidural",)), FindingEntry("malposition")],
        "reason": "CANARY-DECISION",
    }
    first = rooms.adjudicate(found.decided, **facts)
    rooms.adjudicate(
        found.decided, supersedes=first, correction_reason="CANARY-CORRECTION", **facts
    )


def _send(found: BlindedCase, read: Read) -> None:
    archive = remote_archives.register(
        name="canary-archive",
        centre_code=found.centre.code,
        base_url="https://canary.example/dicom-web",
        authentication=RemoteArchive.Authentication.BEARER,
        credential="CANARY-TOKEN",
        private_address_allowed=False,
        receives=RemoteArchive.Receives.IMAGES,
        by=None,
        at=TODAY,
    )
    sending = actions.read_sendings.begin(
        read=read, archive=archive, with_images=True, by=found.manager, at=TODAY
    )
    actions.read_sendings.finish(
        sending=sending,
        files=[
            {"sop_instance_uid": "2.25.7", "kind": "sr", "result": "failed", "reason": "CANARY"}
        ],
        problem="CANARY-PROBLEM",
        by=found.manager,
        at=TODAY,
    )
    actions.read_exports.note(read=read, form="report.dcm", by=found.manager, at=TODAY)


def _an_operation(found: BlindedCase) -> None:
    surgery = actions.surgeries.log(
        case=found.case,
        by=found.logger,
        at=TODAY,
        fields={
            "performed_on": date(2024, 3, 12),
            "indication": "catheter_occlusion",
            "secondary_indication": "battery_eri",
            "planned": "unplanned",
            "urgency": "emergency",
            "imaging_known": "not_known",
            "approach": "other",
            "approach_text": "CANARY-APPROACH",
            "remarks": "CANARY-OPERATION",
        },
        procedures=["catheter_full_replacement"],
        techniques=["vancomycin_wash"],
        integrity_tests=["csf_backflow"],
        findings=[
            IntraoperativeEntry(
                component="connector",
                status="confirmed",
                code="disconnection",
                site="pump_connector",
                how_proven="inspection",
                note="CANARY-FOUND",
            )
        ],
    )
    _what_followed(found, surgery)
    make.component(
        of=found.patient,
        by=found.logger,
        kind="spinal_segment",
        model_text="CANARY-MODEL",
        serial_number="CANARY-SERIAL",
        lot_number="CANARY-LOT",
        udi="+A123CANARYUDI1K",
        manufactured_on=date(2018, 5, 4),
        expires_on=date(2021, 5, 4),
        implanted_on=date(2019, 5, 1),
        implanted_on_precision="month",
        removed_on=date(2024, 3, 12),
        removal_reason="catheter_occlusion",
        placed_by=surgery,
        removed_by=surgery,
        length_cm=71,
        trimmed_cm=9,
        grafted_cm=3,
        ml_per_cm="0.00221",
        reservoir_ml=None,
        entry_level="l2",
        tip_level="t9",
        as_designed="revised",
    )
    actions.components.edit(
        component=found.component,
        edition=found.component.edition,
        by=found.logger,
        at=TODAY,
        changes={
            "model": "medtronic_8626_10",
            "reservoir_ml": 20,
            "second_pump_declared": True,
            "udi": "+A123CANARYUDI1K",
        },
    )
    _the_drug(found)


def _the_drug(found: BlindedCase) -> None:
    """Screening, doses and a refill, each with a doubt that was confirmed; and an advisory."""
    of = {"patient": found.patient, "by": found.logger, "at": TODAY}
    test = actions.screening_tests.log(
        **of,
        fields={
            "performed_on": date(2019, 3, 4), "bolus_ug": Decimal(60), "responded": "yes",
            "effect_hours": Decimal("6.5"), "remarks": "CANARY-SCREENING",
        },
        confirmed=["unusual_screening_bolus"],
    )  # fmt: skip
    setting = actions.dose_settings.log(
        **of,
        fields={
            "set_on": date(2024, 1, 10), "mode": "flex", "dose_ug_per_day": Decimal(2345),
            "concentration_ug_per_ml": Decimal(1234), "steps_per_day": 11,
            "remarks": "CANARY-DOSE",
        },
        confirmed=["unusual_dose", "unusual_concentration"],
    )  # fmt: skip
    actions.dose_settings.log(
        **of,
        fields={
            "set_on": date(2024, 3, 5),
            "mode": "prime_bolus",
            "bolus_ug": Decimal(352),
        },
    )
    refill = actions.refills.log(
        **of,
        fields={
            "performed_on": date(2024, 2, 10), "expected_ml": Decimal("5.5"),
            "aspirated_ml": Decimal("6.5"), "filled_ml": Decimal("19.5"),
            "concentration_ug_per_ml": Decimal(1234), "drug_on_label": "no", "compounded": "yes",
            "remarks": "CANARY-REFILL",
        },
        confirmed=["unusual_concentration"],
    )  # fmt: skip
    once_more = {"edition": 1, "by": found.logger, "at": TODAY, "changes": {}}
    actions.screening_tests.edit(test=test, confirmed=["unusual_screening_bolus"], **once_more)
    doubted = ["unusual_dose", "unusual_concentration"]
    actions.dose_settings.edit(setting=setting, confirmed=doubted, **once_more)
    actions.refills.edit(refill=refill, confirmed=["unusual_concentration"], **once_more)
    advisory = actions.advisories.add(
        centre=found.centre,
        by=found.manager,
        at=TODAY,
        models=["medtronic_8626_10"],
        fields={
            "title": "CANARY-ADVISORY", "issued": "CANARY-ISSUED", "what": "CANARY-WHAT",
            "source": "CANARY-SOURCE", "serial_from": "CANARY-1", "serial_to": "CANARY-9",
            "lots": "CANARY-LOT", "lots_unknown": True, "manufactured_from": date(2018, 5, 4),
            "manufactured_until": date(2019, 4, 5), "implanted_from": date(2018, 5, 4),
            "implanted_until": date(2019, 4, 5),
        },
    )  # fmt: skip
    actions.advisories.retire(advisory=advisory, by=found.manager, at=TODAY)


def _what_followed(found: BlindedCase, surgery: RevisionSurgery) -> None:
    make.complication(
        of=found.patient,
        by=found.logger,
        case=found.case,
        surgery=surgery,
        occurred_on=date(2024, 3, 13),
        code="rigidity",
        code_text="CANARY-COMPLICATION",
        grade="grade_iva",
        withdrawal_severity="severe",
        hospitalisation="icu",
        hospital_nights=17,
        icu_nights=11,
        needed_surgery="yes",
        serious="yes",
        resolved_on=date(2024, 3, 29),
        remarks="CANARY-COMPLICATION",
        relations=["therapy"],
    )
    make.review(
        of=found.case,
        by=found.logger,
        surgery=surgery,
        dose_before_ug_per_day="417.5",
        dose_after_ug_per_day="288.5",
        repeat_study="yes",
        revised_again="yes",
        revised_again_on=date(2024, 4, 9),
        revised_same_site="no",
        caregiver_satisfied="no",
        would_repeat="no",
        confirmed_doubts=["canary"],
        remarks="CANARY-REVIEW",
    )


def _assessments(found: BlindedCase) -> None:
    make.assessment(
        of=found.patient,
        by=found.logger,
        version="CANARY-VERSION",
        language="CANARY-LANGUAGE",
        assessor="CANARY-ASSESSOR",
        remarks="CANARY-ASSESSED",
    )
    make.assessment(
        of=found.patient,
        by=found.logger,
        instrument="cpchild",
        grades={"total": "59.3"},
        version="CANARY-2006",
        direction="higher_worse",
    )
    make.assessment(
        of=found.patient,
        by=found.logger,
        instrument="gmfcs",
        grades={"level": "level_v"},
        age_band="from_12_to_18",
    )


def _facts_change(found: BlindedCase) -> None:
    by = {"by": found.logger, "at": TODAY}
    actions.patients.edit(
        patient=found.patient,
        edition=found.patient.edition,
        changes={
            "sex": "male", "birth_year": 2008, "diagnosis": "cp_mixed", "origin": "both",
            "tone_pattern": "mixed", "gmfcs": "level_iv", "ambulatory": "no", "gastrostomy": "yes",
            "epilepsy": "yes", "spinal_fusion": "yes", "weight_kg": "41.5", "consent": "waived",
            "died_on": date(2024, 7, 20),
        },
        **by,
    )  # fmt: skip
    actions.patients.look_at_identity(patient=found.patient, **by)
    actions.contrast_studies.edit(
        study=found.target,
        edition=found.target.edition,
        changes={
            "performed_on": date(2024, 3, 6), "modality": "cap_fluoroscopy_and_ct",
            "guidance": "ultrasound", "needle": "other", "aspiration": "slow",
            "aspirated_ml": "2.25", "contrast_product": "iohexol_240", "mg_iodine_per_ml": 240,
            "contrast_ml": "3.75", "delay_min": 95, "delayed_min": 190,
            "second_delayed_min": 287, "third_delayed_min": 389,
            "port_access": "reached", "needle_text": "CANARY-NEEDLE", "csf_confirmed": "yes",
            "concentration_ug_per_ml": 1950, "daily_dose_ug": "333.5",
            "catheter_volume_ml": "0.187", "contrast_product_text": "CANARY-PRODUCT",
            "contrast_lot": "CANARY-LOT", "prime_bolus_given": "yes", "prime_bolus_ml": "0.191",
            "prime_bolus_ug": "377.5", "confirmed_doubts": ["canary"],
            "next_step_text": "CANARY-NEXT",
            "adverse_event": "headache", "adverse_event_text": "CANARY-EVENT",
            "next_step": "search_pump_cause",
        },
        **by,
    )  # fmt: skip
    newcomer = actions.patients.add(
        centre=found.centre,
        fields={"sex": "male", "birth_year": 2011, "diagnosis": "cp_mixed"},
        local_number="CANARY-OTHER",
        birth_date=date(2011, 11, 3),
        **by,
    )
    make.case(of=newcomer, by=found.logger, remarks="CANARY-OTHER")
    make.stopped_study(
        of=found.case,
        by=found.logger,
        outcome="stopped_other",
        aspiration="not_tried",
        stop_reason="other",
        stop_reason_text="CANARY-STOPPED",
    )
    case = actions.cases.edit(
        case=found.case,
        edition=found.case.edition,
        changes={
            "opened_on": date(2024, 2, 28), "trigger": "infection",
            "withdrawal_severity": "severe", "remarks": "CANARY-CASE",
        },
        presenting_signs=["hallucinations"],
        workup=[
            WorkupEntry(
                "rotor_study", date(2024, 3, 3), "abnormal", "CANARY-WORKUP",
                performed_at=time(10, 7), rotor_result="not_moved",
            ),
            WorkupEntry(
                "reservoir_check", date(2024, 3, 3), "abnormal",
                expected_residual_ml=Decimal("7.1"), aspirated_residual_ml=Decimal("13.7"),
            ),
            WorkupEntry("interrogation", date(2024, 3, 3), "abnormal", alarms=["motor_stall"]),
            WorkupEntry(
                "plain_radiograph", date(2024, 3, 3), "abnormal", radiograph_findings=["kink"]
            ),
        ],
        **by,
    )  # fmt: skip
    actions.cases.close(
        case=case,
        edition=case.edition,
        closed_on=date(2024, 7, 20),
        outcome="therapy_ended",
        **by,
    )


def _the_intake_goes_on(found: BlindedCase) -> None:
    code, by = found.centre.code, {"by": found.manager, "at": TODAY}
    run = _refused(code)
    intake_patients.confirm_patients(run=run, **by)
    kept = run.files.filter(result=IngestedFile.Result.QUARANTINED).first()
    assert kept is not None
    quarantine.look(file=kept, **by)
    quarantine.discard(file=kept, reason="CANARY-DISCARDED", **by)
    upload = imaging_actions.start_run(
        centre_code=code, source=IngestRun.Source.UPLOAD, expected_files=9, **by
    )
    partial = imaging_actions.begin_partial_upload(
        run=upload, position=1, name="CANARY.zip", size_bytes=10**6, **by
    )
    imaging_actions.end_partial_upload(upload=partial, taken_in=False, **by)
    imaging_actions.count_ignored(run=upload, positions=[2])
    imaging_actions.finish_run(run=upload, **by)
    rule = exclusion_rules.add(
        centre_code=code, keyword="StationName", match="word", text="CANARY", **by
    )
    exclusion_rules.retire(rule=rule, **by)
    scanner = peers.register_dimse(
        name="canary-scanner", centre_code=code, calling_ae_title="CANARY",
        called_ae_title="CANARY2", network="192.0.2.1", **by,
    )  # fmt: skip
    peers.retire(peer=scanner, **by)
    program, _ = dicomweb_peers.register(
        name="canary-program", centre_code=code, may_send=False, may_read=True, **by
    )
    assert isinstance(program, Peer)
    study_retrievals.note(study=images_of(found.target), peer=program, at=TODAY)


def _refused(code: str) -> IngestRun:
    """A delivery of which nothing is stored: a screenshot that is kept apart."""
    with tempfile.TemporaryDirectory(prefix="CANARY") as folder, suppress(SystemExit):
        ct_instance(
            Path(folder) / "CANARY.dcm",
            SOPClassUID="1.2.840.10008.5.1.4.1.1.7",
            StudyInstanceUID="1.2.826.0.1.99",
        )
        call_command("ingest", folder, centre=code, workers=1, stdout=StringIO())
    return IngestRun.objects.latest("pk")


def _people_and_reports(found: BlindedCase) -> None:
    administrator = make.user(
        at_centre=found.centre, roles=[Role.ADMINISTRATOR], name="canary-administrator"
    )
    actions.people.add(
        username="canary-new", password=make.PASSWORD, by=administrator, at=TODAY,
        first_name="Canary", last_name="Canary", centre=found.centre, roles=[Role.READER],
        one_time=True,
    )  # fmt: skip
    report = make.report(of=found.centre, by=found.manager, title="CANARY-TITLE")
    actions.reports.export_bundle(report=report, by=found.manager, at=TODAY)
    _scheduled(found, report)


def _scheduled(found: BlindedCase, report: AuditReport) -> None:
    """A schedule that was paused; one due day has its report and a mail, one a problem."""
    now: dict[str, Any] = {"by": found.manager, "at": TODAY}
    schedule = make.report_schedule(
        of=found.centre, by=found.manager, title="CANARY-SCHEDULE",
        limits=PatientLimits(diagnoses=("cp_spastic",)), at=TODAY - timedelta(days=70),
    )  # fmt: skip
    first, second, *_ = actions.report_schedules.fall_due(schedule=schedule, **now)
    actions.report_schedules.attach(issue=first, report=report, **now)
    actions.report_schedules.note_problem(issue=second, problem="CANARY-PROBLEM", **now)
    notice = ReportNotice.objects.get()
    actions.report_schedules.begin_notice(notice=notice, **now)
    actions.report_schedules.finish_notice(
        notice=notice, outcome="refused", problem="CANARY-REFUSED", **now
    )
    actions.report_schedules.change_state(
        schedule=schedule, state="paused", reason="CANARY-PAUSE", **now
    )


def _the_lists(found: BlindedCase) -> None:
    """Numbers are merged, told apart and offered to another centre; a search is kept."""
    by: dict[str, Any] = {"by": found.manager, "at": TODAY}
    kept, gone, leaving = (make.patient(by=found.logger, at_centre=found.centre) for _ in range(3))
    merge = actions.patient_merges.merge(kept=kept, merged=gone, reason="CANARY-MERGE", **by)
    actions.patient_merges.undo(merge=merge, reason="CANARY-UNDO", **by)
    actions.patient_merges.tell_apart(one=kept, other=gone, reason="CANARY-APART", **by)
    offers = [
        actions.patient_transfers.offer(
            patient=patient,
            to_centre=Centre.objects.get(code="SOUTH"),
            transferred_on=TODAY.date(),
            reason="CANARY-TRANSFER",
            **by,
        )
        for patient in (leaving, gone)
    ]
    actions.patient_transfers.decline(transfer=offers[0], **by)
    actions.saved_filters.keep(
        centre=found.centre, page="search", name="CANARY-FILTER", query="q=CANARY",
        is_shared=True, **by,
    )  # fmt: skip
