"""Each constraint of the registry is broken once, past every form and action.

A new constraint fails the build until it has a row here.
"""

import re
import uuid
from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import CharField, CheckConstraint, UniqueConstraint

from imaging.models import RemoteArchive
from registry.models import (
    AdjudicatedFinding,
    AdjudicatedFindingSite,
    Adjudication,
    AdvisoryModel,
    AssessmentGrade,
    CaseImport,
    ComplicationRelation,
    DistinctPatients,
    FormDraft,
    HistoryChain,
    HistoryEvent,
    ImagingFinding,
    ImagingFindingSite,
    ImportedRecord,
    IntegrityTested,
    IntraoperativeFinding,
    MaskedReread,
    Membership,
    PatientMerge,
    PatientTransfer,
    PresentingSign,
    Procedure,
    Read,
    ReadDraft,
    ReadingAssignment,
    ReadingProtocol,
    ReadKeyImage,
    ReadMeasurement,
    ReadSending,
    ReportNotice,
    ReportSchedule,
    SavedFilter,
    ScheduledReport,
    SignalDisposition,
    TechniqueUsed,
    TheatreLine,
    TheatreList,
    WorkupAlarm,
    WorkupRadiographFinding,
    WorkupStep,
)
from tests.factories import registry_records as make
from tests.factories import stored_studies
from tests.one_world import built_once

pytestmark = pytest.mark.django_db

CONSTRAINTS = {
    constraint.name: constraint
    for model in apps.get_app_config("registry").get_models()
    for constraint in model._meta.constraints
}


def one_of_each():
    """One record of each kind, none of them signed."""
    centre = make.centre()
    person = make.user(at_centre=centre)
    patient = make.patient(by=person, at_centre=centre, local_number="4711")
    case = make.case(of=patient, by=person)
    study = make.contrast_study(of=case, by=person)
    images = stored_studies.study(centre_code="NORTH")
    series = images.series.get()
    slice_seen = {"series": series, "instance": series.instances.first(), "frame": 0}
    read = a_read(of=study, by=person)
    masked_reread = MaskedReread.objects.create(
        public_id=uuid.uuid4(), first_read=read, queued_at=make.NOW, due_at=make.NOW
    )
    decision = Adjudication.objects.create(
        contrast_study=study, adjudicator=person, read_a=read,
        read_b=a_read(of=study, by=make.user(at_centre=centre)), vocabulary_version="1",
        adequacy="adequate", reason="why", opened_at=make.NOW, created_at=make.NOW,
        created_by=person,
    )  # fmt: skip
    decided = AdjudicatedFinding.objects.create(adjudication=decision, code="leak", is_primary=True)
    surgery = make.surgery(of=case, by=person)
    step = WorkupStep.objects.create(
        case=case, kind="rotor_study", performed_on=make.NOW.date(), result="abnormal"
    )
    complication = make.complication(of=patient, by=person, code="pruritus_no_rash")
    assessment = make.assessment(of=patient, by=person)
    twin = make.patient(by=person, at_centre=centre, local_number="4712")
    logged = {"created_at": make.NOW, "created_by": person}
    case_import = CaseImport.objects.create(
        centre=centre, file_name="x.csv", content="[]", mapping="{}", rows=1,
        sent_at=make.NOW, sent_by=person,
    )  # fmt: skip
    ImportedRecord.objects.create(
        case_import=case_import, table="case", record_id=case.public_id, place="row 2",
        was_there=False, edition=1,
    )  # fmt: skip
    schedule = ReportSchedule.objects.create(
        title="Monthly audit", protocol_key="ford-1996", rhythm="monthly", look_back="month",
        day=5, next_on="2024-04-05", **logged,
    )  # fmt: skip
    issue = ScheduledReport.objects.create(schedule=schedule, due_on="2024-04-05")
    theatre_list = TheatreList.objects.create(
        centre=centre, file_sha256="0" * 64, covers_from="2024-01-01", covers_to="2024-05-01",
        rows=1, left_out=0, sent_at=make.NOW, sent_by=person,
    )  # fmt: skip
    return SimpleNamespace(
        case_import=case_import,
        centre=centre,
        schedule=schedule,
        issue=issue,
        notice=ReportNotice.objects.create(issue=issue, recipient=person),
        disposition=SignalDisposition.objects.create(
            protocol_key="device-survival", protocol_version="2", signal_key="pump-x-revision",
            signal_label="Pump X", filters={}, audit_sha256="0" * 64, as_of="2024-01-01",
            facts_sha256="0" * 64, rule_version="signal-1", inputs={}, code_version="1",
            disposition="chance_watch", vocabulary_version="3", reason="why",
            decided_at=make.NOW, decided_by=person,
        ),
        theatre_list=theatre_list,
        theatre_line=TheatreLine.objects.create(theatre_list=theatre_list, row=2),
        entry=patient.list_entries.first(),
        tally=centre.tallies.first(),
        merge=PatientMerge.objects.create(
            kept=patient, merged=twin, reason="one person", moved={}, **logged
        ),
        distinct=DistinctPatients.objects.create(
            first=patient, second=twin, reason="two people", **logged
        ),
        transfer=PatientTransfer.objects.create(
            patient=patient, from_centre=centre, to_centre=make.centre("SOUTH"),
            transferred_on=make.NOW.date(), reason="moved house", **logged,
        ),
        saved_filter=SavedFilter.objects.create(
            centre=centre, page="search", name="leaks", query="finding=leak", **logged
        ),
        person=person,
        membership=person.memberships.first(),
        patient=patient,
        twin=twin,
        pump=make.component(of=patient, by=person),
        connector=make.component(of=patient, by=person, kind="connector", reservoir_ml=None),
        catheter=make.component(of=patient, by=person, kind="spinal_segment", reservoir_ml=None),
        case=case,
        sign=case.presenting_signs.get(),
        step=step,
        alarm=WorkupAlarm.objects.create(step=step, code="none"),
        radiograph_finding=WorkupRadiographFinding.objects.create(step=step, code="kink"),
        complication=complication,
        relation=complication.relations.get(),
        review=make.review(of=case, by=person, surgery=surgery),
        review_without_surgery=make.review(of=case, by=person),
        study=study,
        stopped=make.stopped_study(of=case, by=person),
        link=make.study_link(of=study, study=images, by=person, reason="why"),
        read=read,
        finding=ImagingFinding.objects.create(read=read, code="leak", is_primary=True),
        site=None,
        measurement=ReadMeasurement.objects.create(
            read=read, number=1, kind="probe", points_mm=[[0, 0, 0]], mean_hu=40, pixels=1,
            **slice_seen,
        ),
        key_image=ReadKeyImage.objects.create(
            read=read, number=1, window_centre_hu=40, window_width_hu=400, **slice_seen
        ),
        draft=ReadDraft.objects.create(
            room=study.public_id, contrast_study=study, reader=person, answers={}, marks={},
            opened_at=make.NOW, saved_at=make.NOW,
        ),
        form_draft=FormDraft.objects.create(
            form_id=uuid.uuid4(), author=person, page="/", answers="{}", saved_at=make.NOW
        ),
        second_look=a_read(of=study, by=person, masked_reread=masked_reread),
        protocol=ReadingProtocol.objects.create(
            centre=centre, created_at=make.NOW, created_by=person
        ),
        assignment=ReadingAssignment.objects.create(
            contrast_study=study, reader=person, created_at=make.NOW, created_by=person
        ),
        decision=decision,
        decided=decided,
        decided_site=AdjudicatedFindingSite.objects.create(
            finding=decided, code="pump_pocket_around_pump"
        ),
        sending=ReadSending.objects.create(
            read=read,
            with_images=False,
            begun_at=make.NOW,
            archive=RemoteArchive.objects.create(
                name="pacs",
                centre_code="NORTH",
                base_url="https://pacs.example.org",
                registered_at=make.NOW,
            ),
        ),
        screening_test=make.screening_test(of=patient, by=person),
        dose=make.dose_setting(of=patient, by=person),
        bolus=make.dose_setting(of=patient, by=person, mode="prime_bolus", dose_ug_per_day=None),
        refill=make.refill(of=patient, by=person),
        advisory=make.advisory(of=centre, by=person),
        surgery=surgery,
        procedure=surgery.procedures.get(),
        technique=TechniqueUsed.objects.create(surgery=surgery, code="pump_subfascial"),
        integrity_test=IntegrityTested.objects.create(surgery=surgery, code="csf_backflow"),
        confirmed=surgery.findings.get(status="confirmed"),
        assessment=assessment,
        grade=assessment.grades.first(),
    )  # fmt: skip


built = built_once(one_of_each)


@pytest.fixture
def world(built):
    return deepcopy(built)


def a_read(*, of, by, **facts):
    return Read.objects.create(
        contrast_study=of, reader=by, source="images_here", vocabulary_version="1",
        information_shown=["images_only"], adequacy="adequate", opened_at=make.NOW,
        created_at=make.NOW, created_by=by, **facts,
    )  # fmt: skip


def changed(name, /, **values):
    """Write the values into the record of that name, as raw as the ORM allows."""

    def break_it(world):
        record = getattr(world, name)
        type(record).objects.filter(pk=record.pk).update(**values)

    return break_it


def added(model, **values):
    """Insert a row; a value that is callable is asked for it."""

    def break_it(world):
        model.objects.create(
            **{name: value(world) if callable(value) else value for name, value in values.items()}
        )

    return break_it


def again(name, /, **values):
    """Insert the record of that name a second time, with these values."""

    def break_it(world):
        record = getattr(world, name)
        record.pk = None
        record._state.adding = True
        for field, value in {"public_id": uuid.uuid4(), **values}.items():
            setattr(record, field, value)
        record.save(force_insert=True)

    return break_it


def a_second_site(world):
    for _ in range(2):
        ImagingFindingSite.objects.create(finding=world.finding, code="pump_pocket_around_pump")


def a_second_pump(world):
    world.pump.pk = None
    world.pump._state.adding = True
    type(world.pump).objects.create(
        patient=world.patient, kind="pump", created_at=make.NOW, created_by=world.person
    )


def a_correction_without_reason(world):
    changed("read", supersedes=world.read)(world)


def a_corrected_decision_without_reason(world):
    changed("decision", supersedes=world.decision)(world)


def an_event(sequence):
    return added(
        HistoryEvent,
        chain=lambda world: HistoryChain.objects.get(code="NORTH"),
        sequence=sequence,
        at=make.NOW,
        object_id=lambda world: world.case.public_id,
    )


NO_CODE = "no code"
BREAKS = {
    "case_import_checked_at_some_time": changed("case_import", checked_at=make.NOW),
    "case_import_imported_by_somebody": changed("case_import", imported_at=make.NOW),
    "case_import_undone_by_somebody": lambda world: changed(
        "case_import", undone_at=make.NOW, imported_at=make.NOW, imported_by=world.person
    )(world),
    "case_import_undone_after_imported": lambda world: changed(
        "case_import", undone_at=make.NOW, undone_by=world.person
    )(world),
    "imported_record_once": added(
        ImportedRecord,
        case_import=lambda world: world.case_import,
        table="case",
        record_id=lambda world: world.case.public_id,
        place="row 3",
        was_there=False,
        edition=1,
    ),
    "read_sending_outcome_known": changed("sending", finished_at=make.NOW, outcome=NO_CODE),
    "read_sending_outcome_when_finished": changed("sending", outcome="sent"),
    "read_sending_finished_after_begun": changed(
        "sending", outcome="sent", finished_at=make.NOW - timedelta(seconds=1)
    ),
    "centre_code_well_formed": changed("centre", code="No"),
    "patient_once_per_centre": lambda world: changed("twin", subject_key=world.patient.subject_key)(
        world
    ),
    "patient_birth_year_plausible": changed("patient", birth_year=1899),
    "patient_weight_kg_plausible": changed("patient", weight_kg=301),
    "patient_sex_known": changed("patient", sex=NO_CODE),
    "patient_diagnosis_known": changed("patient", diagnosis=NO_CODE),
    "patient_origin_known": changed("patient", origin=NO_CODE),
    "patient_tone_pattern_known": changed("patient", tone_pattern=NO_CODE),
    "patient_gmfcs_known": changed("patient", gmfcs=NO_CODE),
    "patient_ambulatory_known": changed("patient", ambulatory=NO_CODE),
    "patient_gastrostomy_known": changed("patient", gastrostomy=NO_CODE),
    "patient_epilepsy_known": changed("patient", epilepsy=NO_CODE),
    "patient_spinal_fusion_known": changed("patient", spinal_fusion=NO_CODE),
    "patient_consent_known": changed("patient", consent=NO_CODE),
    "component_kind_known": changed("connector", kind=NO_CODE),
    "component_model_known": changed("pump", model=NO_CODE),
    "component_removal_reason_known": changed("pump", removal_reason=NO_CODE),
    "component_implanted_on_precision_known": changed("pump", implanted_on_precision=NO_CODE),
    "component_entry_level_known": changed("pump", entry_level=NO_CODE),
    "component_tip_level_known": changed("pump", tip_level=NO_CODE),
    "component_as_designed_known": changed("pump", as_designed=NO_CODE),
    "component_removed_after_implanted": changed("pump", removed_on="2018-01-01"),
    "component_one_pump_at_a_time": a_second_pump,
    "component_reservoir_of_pump": changed("connector", reservoir_ml=20),
    "component_length_of_catheter": changed("connector", length_cm=20),
    "component_length_cm_plausible": changed("catheter", length_cm=201),
    "component_trimmed_cm_plausible": changed("catheter", trimmed_cm=201),
    "component_ml_per_cm_plausible": changed("catheter", ml_per_cm="0.005"),
    "component_reservoir_ml_plausible": changed("pump", reservoir_ml=61),
    "component_grafted_cm_plausible": changed("catheter", grafted_cm=201),
    "component_expires_after_manufactured": changed(
        "pump", manufactured_on="2018-01-01", expires_on="2017-01-01"
    ),
    "component_implanted_after_manufactured": changed("pump", manufactured_on="2019-05-03"),
    "component_trimmed_less_than_length": changed("catheter", length_cm=80, trimmed_cm=80),
    "screening_test_responded_known": changed("screening_test", responded=NO_CODE),
    "screening_test_bolus_ug_plausible": changed("screening_test", bolus_ug=501),
    "screening_test_effect_hours_plausible": changed("screening_test", effect_hours=73),
    "dose_setting_mode_known": changed("bolus", mode=NO_CODE),
    "dose_setting_dose_iff_daily": changed("dose", dose_ug_per_day=None),
    "dose_setting_bolus_of_its_mode": changed("dose", bolus_ug=50),
    "dose_setting_steps_of_flex": changed("dose", steps_per_day=4),
    "dose_setting_dose_ug_per_day_plausible": changed("dose", dose_ug_per_day="0.3"),
    "dose_setting_concentration_plausible": changed("dose", concentration_ug_per_ml=2),
    "dose_setting_bolus_ug_plausible": changed("bolus", bolus_ug=2001),
    "dose_setting_steps_plausible": changed("dose", mode="flex", steps_per_day=14),
    "refill_expected_ml_plausible": changed("refill", expected_ml=61),
    "refill_aspirated_ml_plausible": changed("refill", aspirated_ml=61),
    "refill_filled_ml_plausible": changed("refill", filled_ml=61),
    "refill_concentration_plausible": changed("refill", concentration_ug_per_ml=2),
    "refill_drug_on_label_known": changed("refill", drug_on_label=NO_CODE),
    "refill_compounded_known": changed("refill", compounded=NO_CODE),
    "advisory_status_known": changed("advisory", status=NO_CODE),
    "advisory_has_title": changed("advisory", title=""),
    "advisory_manufacture_in_order": changed(
        "advisory", manufactured_from="2019-01-01", manufactured_until="2018-01-01"
    ),
    "advisory_implant_in_order": changed(
        "advisory", implanted_from="2019-01-01", implanted_until="2018-01-01"
    ),
    "advisory_serials_from_and_to": changed("advisory", serial_from="A1"),
    "advisory_model_known": added(
        AdvisoryModel, advisory=lambda world: world.advisory, code=NO_CODE
    ),
    "advisory_model_once": added(
        AdvisoryModel,
        advisory=lambda world: world.advisory,
        code=lambda world: world.advisory.models.get().code,
    ),
    "case_trigger_known": changed("case", trigger=NO_CODE),
    "case_outcome_known": changed("case", outcome=NO_CODE, closed_on="2024-05-01"),
    "case_withdrawal_severity_known": changed("case", withdrawal_severity=NO_CODE),
    "case_closed_after_opened": changed(
        "case", outcome="resolved_by_surgery", closed_on="2024-02-01"
    ),
    "case_closed_with_outcome": changed("case", closed_on="2024-05-01"),
    "presenting_sign_once": added(
        PresentingSign, case=lambda world: world.case, code=lambda world: world.sign.code
    ),
    "presenting_sign_known": changed("sign", code=NO_CODE),
    "workup_step_once_a_day": added(
        WorkupStep,
        case=lambda world: world.case,
        kind="rotor_study",
        performed_on=make.NOW.date(),
        result="normal",
    ),
    "workup_step_kind_known": changed("step", kind=NO_CODE),
    "workup_step_result_known": changed("step", result=NO_CODE),
    "workup_step_rotor_result_known": changed("step", rotor_result=NO_CODE),
    "workup_step_rotor_result_of_rotor_study": changed("step", kind="mri", rotor_result="moved"),
    "workup_step_residual_of_reservoir_check": changed("step", expected_residual_ml=5),
    "workup_step_expected_residual_plausible": changed(
        "step", kind="reservoir_check", expected_residual_ml=61
    ),
    "workup_step_aspirated_residual_plausible": changed(
        "step", kind="reservoir_check", aspirated_residual_ml=61
    ),
    "workup_alarm_known": changed("alarm", code=NO_CODE),
    "workup_alarm_once": added(WorkupAlarm, step=lambda world: world.step, code="none"),
    "workup_radiograph_finding_known": changed("radiograph_finding", code=NO_CODE),
    "workup_radiograph_finding_once": added(
        WorkupRadiographFinding, step=lambda world: world.step, code="kink"
    ),
    "contrast_study_port_access_known": changed("study", port_access=NO_CODE),
    "contrast_study_csf_confirmed_known": changed("study", csf_confirmed=NO_CODE),
    "contrast_study_without_access_nothing_aspirated": changed("study", port_access="no_port"),
    "contrast_study_prime_bolus_only_when_given": changed("study", prime_bolus_ug=200),
    "contrast_study_concentration_plausible": changed("study", concentration_ug_per_ml=2),
    "contrast_study_daily_dose_plausible": changed("study", daily_dose_ug="0.3"),
    "contrast_study_catheter_volume_plausible": changed("study", catheter_volume_ml="1.1"),
    "contrast_study_prime_bolus_ml_plausible": changed(
        "study", prime_bolus_given="yes", prime_bolus_ml="2.1"
    ),
    "contrast_study_prime_bolus_ug_plausible": changed(
        "study", prime_bolus_given="yes", prime_bolus_ug=5001
    ),
    "contrast_study_delayed_min_plausible": changed("study", delayed_min=2881),
    "contrast_study_delayed_after_first": changed("study", delay_min=30, delayed_min=29),
    "contrast_study_second_delayed_plausible": changed(
        "study", delayed_min=60, second_delayed_min=2881
    ),
    "contrast_study_third_delayed_plausible": changed(
        "study", delayed_min=60, second_delayed_min=120, third_delayed_min=2881
    ),
    "contrast_study_second_delayed_after": changed("study", delayed_min=60, second_delayed_min=59),
    "contrast_study_third_delayed_after": changed(
        "study", delayed_min=60, second_delayed_min=120, third_delayed_min=119
    ),
    "contrast_study_second_delayed_after_a_first": changed("study", second_delayed_min=60),
    "contrast_study_third_delayed_after_a_second": changed(
        "study", delayed_min=60, third_delayed_min=60
    ),
    "contrast_study_iodine_within_label": changed("study", contrast_ml=11, mg_iodine_per_ml=300),
    "contrast_study_modality_known": changed("study", modality=NO_CODE),
    "contrast_study_aspiration_known": changed("study", aspiration=NO_CODE),
    "contrast_study_outcome_known": changed("study", outcome=NO_CODE, stop_reason="not_aspirable"),
    "contrast_study_injected_known": changed("stopped", contrast_injected=NO_CODE),
    "contrast_study_product_known": changed("study", contrast_product=NO_CODE),
    "contrast_study_guidance_known": changed("study", guidance=NO_CODE),
    "contrast_study_needle_known": changed("study", needle=NO_CODE),
    "contrast_study_prime_bolus_given_known": changed("study", prime_bolus_given=NO_CODE),
    "contrast_study_adverse_event_known": changed("study", adverse_event=NO_CODE),
    "contrast_study_next_step_known": changed("study", next_step=NO_CODE),
    "contrast_study_contrast_only_when_injected": changed("stopped", contrast_ml=3),
    "contrast_study_completed_means_injected": changed("study", contrast_injected="unknown"),
    "contrast_study_not_aspirable_means_not_injected": changed("stopped", aspiration="free"),
    "contrast_study_stop_reason_known": changed("stopped", stop_reason=NO_CODE),
    "contrast_study_reason_iff_stopped": changed("study", stop_reason="not_aspirable"),
    "contrast_study_aspirated_ml_plausible": changed("study", aspirated_ml=21),
    "contrast_study_contrast_ml_plausible": changed("study", contrast_ml=21),
    "contrast_study_iodine_plausible": changed("study", mg_iodine_per_ml=139),
    "contrast_study_delay_min_plausible": changed("study", delay_min=2881),
    "study_link_subject_known": changed("link", subject_agrees=NO_CODE),
    "study_link_mismatch_has_reason": changed("link", subject_agrees="no", override_reason=""),
    "history_event_sequence": an_event(sequence=1),
    "history_event_from_one": an_event(sequence=0),
    "membership_once": added(
        Membership,
        user=lambda world: world.person,
        centre=lambda world: world.centre,
        role=lambda world: world.membership.role,
    ),
    "membership_role_known": changed("membership", role="king"),
    "read_source_known": changed("read", source=NO_CODE),
    "read_adequacy_known": changed("read", adequacy=NO_CODE),
    "read_tip_level_known": changed("read", tip_level="T13"),
    "read_certainty_one_to_five": changed("read", certainty=6),
    "read_signed_after_opened": changed("read", signed_at=make.NOW - timedelta(seconds=1)),
    "read_correction_has_reason": a_correction_without_reason,
    "read_one_per_reader": again("read"),
    "read_one_per_masked_reread": again("second_look"),
    "read_extent_from_level_known": changed(
        "read", extent_from_level=NO_CODE, extent_to_level="t12"
    ),
    "read_extent_to_level_known": changed("read", extent_from_level="t9", extent_to_level=NO_CODE),
    "read_extent_has_both_levels": changed("read", extent_from_level="t9"),
    "read_extent_mm_plausible": changed("read", extent_mm=1001),
    "read_measurement_kind_known": changed("measurement", kind=NO_CODE),
    "read_measurement_frame_of_instance": changed("measurement", frame=None),
    "read_measurement_hu_of_pixels": changed("measurement", pixels=None),
    "read_measurement_hu_or_reason": changed("measurement", hu_undefined_reason="why"),
    "read_measurement_number": again("measurement"),
    "read_key_image_window_has_width": changed("key_image", window_width_hu=0),
    "read_key_image_number": again("key_image", frame=1),
    "read_key_image_once": again("key_image", number=2),
    "read_draft_one_per_room": again("draft"),
    "reading_protocol_one_or_two_reads": changed("protocol", reads_per_study=3),
    "reading_protocol_share_is_a_percentage": changed("protocol", reread_share_percent=101),
    "reading_protocol_days_plausible": changed("protocol", reread_after_days=731),
    "reading_assignment_once": again("assignment"),
    "adjudication_adequacy_known": changed("decision", adequacy=NO_CODE),
    "adjudication_signed_after_opened": changed(
        "decision", signed_at=make.NOW - timedelta(seconds=1)
    ),
    "adjudication_of_two_reads": lambda world: changed("decision", read_b=world.read)(world),
    "adjudication_has_reason": changed("decision", reason=""),
    "adjudication_correction_has_reason": a_corrected_decision_without_reason,
    "adjudication_one_per_study": again("decision"),
    "adjudicated_finding_known": changed("decided", code=NO_CODE),
    "adjudicated_finding_once": again("decided", is_primary=False),
    "adjudicated_finding_one_primary": again("decided", code="occlusion"),
    "adjudicated_finding_site_known": changed("decided_site", code=NO_CODE),
    "adjudicated_finding_site_once": again("decided_site"),
    "imaging_finding_known": changed("finding", code=NO_CODE),
    "imaging_finding_once": added(
        ImagingFinding, read=lambda world: world.read, code="leak", is_primary=False
    ),
    "imaging_finding_one_primary": added(
        ImagingFinding, read=lambda world: world.read, code="occlusion", is_primary=True
    ),
    "imaging_finding_site_known": added(
        ImagingFindingSite, finding=lambda world: world.finding, code=NO_CODE
    ),
    "imaging_finding_site_once": a_second_site,
    "surgery_indication_known": changed("surgery", indication=NO_CODE),
    "surgery_planned_known": changed("surgery", planned=NO_CODE),
    "surgery_imaging_known_known": changed("surgery", imaging_known=NO_CODE),
    "surgery_secondary_indication_known": changed("surgery", secondary_indication=NO_CODE),
    "surgery_urgency_known": changed("surgery", urgency=NO_CODE),
    "surgery_two_different_indications": lambda world: changed(
        "surgery", secondary_indication=world.surgery.indication
    )(world),
    "surgery_approach_known": changed("surgery", approach=NO_CODE),
    "technique_known": changed("technique", code=NO_CODE),
    "technique_once": added(
        TechniqueUsed, surgery=lambda world: world.surgery, code="pump_subfascial"
    ),
    "integrity_test_known": changed("integrity_test", code=NO_CODE),
    "integrity_test_once": added(
        IntegrityTested, surgery=lambda world: world.surgery, code="csf_backflow"
    ),
    "complication_known": changed("complication", code=NO_CODE, withdrawal_severity=""),
    "complication_grade_known": changed("complication", grade=NO_CODE),
    "complication_withdrawal_severity_known": changed("complication", withdrawal_severity=NO_CODE),
    "complication_hospitalisation_known": changed("complication", hospitalisation=NO_CODE),
    "complication_needed_surgery_known": changed("complication", needed_surgery=NO_CODE),
    "complication_serious_known": changed("complication", serious=NO_CODE),
    "complication_resolved_after_occurred": changed("complication", resolved_on="2024-03-01"),
    "complication_after_one_event": lambda world: changed(
        "complication", surgery=world.surgery, contrast_study=world.study
    )(world),
    "complication_other_in_words": changed("complication", code="other"),
    "complication_death_is_grade_v": changed("complication", code="death", grade="grade_ii"),
    "complication_severity_of_withdrawal": changed(
        "complication", code="kink", withdrawal_severity="mild"
    ),
    "complication_nights_when_admitted": changed(
        "complication", hospitalisation="ed_only", hospital_nights=2
    ),
    "complication_icu_nights_in_icu": changed("complication", hospitalisation="ward", icu_nights=2),
    "complication_nights_plausible": changed(
        "complication", hospitalisation="ward", hospital_nights=3651
    ),
    "complication_icu_nights_plausible": changed(
        "complication", hospitalisation="icu", icu_nights=3651
    ),
    "complication_icu_nights_in_hospital": changed(
        "complication", hospitalisation="icu", hospital_nights=2, icu_nights=3
    ),
    "complication_relation_known": changed("relation", code=NO_CODE),
    "complication_relation_once": added(
        ComplicationRelation,
        complication=lambda world: world.complication,
        code=lambda world: world.relation.code,
    ),
    "review_time_known": changed("review", time=NO_CODE),
    "review_symptoms_known": changed("review", symptoms=NO_CODE),
    "review_therapy_known": changed("review", therapy=NO_CODE),
    "review_repeat_study_known": changed("review", repeat_study=NO_CODE),
    "review_revised_again_known": changed("review", revised_again=NO_CODE),
    "review_revised_same_site_known": changed(
        "review", revised_again="yes", revised_same_site=NO_CODE
    ),
    "review_caregiver_satisfied_known": changed("review", caregiver_satisfied=NO_CODE),
    "review_would_repeat_known": changed("review", would_repeat=NO_CODE),
    "review_once_after_surgery": again("review"),
    "review_once_without_surgery": again("review_without_surgery"),
    "review_revision_only_when_revised": changed("review", revised_same_site="no"),
    "review_after_it_was_revised_again": changed(
        "review", revised_again="yes", revised_again_on="2024-05-02"
    ),
    "review_dose_while_therapy_goes_on": changed(
        "review", therapy="explanted", dose_after_ug_per_day=300
    ),
    "review_continued_at_the_same_dose": changed(
        "review", therapy="continued", dose_before_ug_per_day=300, dose_after_ug_per_day=350
    ),
    "review_changed_to_another_dose": changed(
        "review", therapy="dose_changed", dose_before_ug_per_day=300, dose_after_ug_per_day=300
    ),
    "review_dose_before_plausible": changed("review", dose_before_ug_per_day="0.3"),
    "review_dose_after_plausible": changed("review", dose_after_ug_per_day=5001),
    "procedure_known": changed("procedure", code=NO_CODE),
    "procedure_once": added(
        Procedure,
        surgery=lambda world: world.surgery,
        code=lambda world: world.procedure.code,
    ),
    "intraoperative_component_known": changed("confirmed", component=NO_CODE),
    "intraoperative_status_known": changed("confirmed", status=NO_CODE, code=None),
    "intraoperative_finding_known": changed("confirmed", code=NO_CODE),
    "intraoperative_site_known": changed("confirmed", site=NO_CODE),
    "intraoperative_how_proven_known": changed("confirmed", how_proven=NO_CODE),
    "intraoperative_finding_iff_confirmed": added(
        IntraoperativeFinding,
        surgery=lambda world: world.surgery,
        component="pump",
        status="excluded",
        code="disconnection",
    ),
    "assessment_instrument_known": changed("assessment", instrument=NO_CODE),
    "assessment_direction_known": changed(
        "assessment", instrument="cpchild", version="1", direction=NO_CODE
    ),
    "assessment_age_band_known": changed("assessment", instrument="gmfcs", age_band=NO_CODE),
    "assessment_assessor_role_known": changed("assessment", assessor_role=NO_CODE),
    "assessment_direction_iff_cpchild": changed("assessment", direction="higher_worse"),
    "assessment_cpchild_has_version": changed(
        "assessment", instrument="cpchild", direction="unknown"
    ),
    "assessment_age_band_of_gmfcs": changed("assessment", age_band="before_2"),
    "assessment_grade_once_an_item": added(
        AssessmentGrade,
        assessment=lambda world: world.assessment,
        instrument="modified_ashworth",
        item=lambda world: world.grade.item,
        grade="2",
    ),
    "assessment_grade_of_its_instrument": changed("grade", instrument="ashworth_0_4"),
    "patient_not_merged_into_itself": lambda world: changed("patient", merged_into=world.patient)(
        world
    ),
    "list_entry_once": again("entry"),
    "list_entry_has_term": changed("entry", term=""),
    "centre_tally_once": again("tally"),
    "centre_tally_unanswered_were_asked": changed("tally", asked=0, unanswered=1),
    "merge_of_two_patients": lambda world: changed("merge", merged=world.patient)(world),
    "merge_has_reason": changed("merge", reason=""),
    "merge_undone_by_somebody": changed("merge", undone_at=make.NOW, undo_reason="why"),
    "merge_undone_with_reason": lambda world: changed(
        "merge", undone_at=make.NOW, undone_by=world.person
    )(world),
    "merge_once_at_a_time": again("merge"),
    "distinct_patients_once": again("distinct"),
    "distinct_patients_in_order": lambda world: changed(
        "distinct", first=world.twin, second=world.patient
    )(world),
    "distinct_patients_have_reason": changed("distinct", reason=""),
    "transfer_between_two_centres": lambda world: changed("transfer", to_centre=world.centre)(
        world
    ),
    "transfer_has_reason": changed("transfer", reason=""),
    "transfer_answer_known": lambda world: changed(
        "transfer", answer=NO_CODE, answered_at=make.NOW, answered_by=world.person
    )(world),
    "transfer_answered_whole": changed("transfer", answer="accepted"),
    "transfer_one_at_a_time": again("transfer"),
    "saved_filter_name_once": again("saved_filter"),
    "saved_filter_page_known": changed("saved_filter", page=NO_CODE),
    "saved_filter_has_name": changed("saved_filter", name=""),
    "user_never_superuser": changed("person", is_superuser=True),
    "user_language_known": changed("person", language=NO_CODE),
    "form_draft_once": again("form_draft"),
    "report_schedule_has_title": changed("schedule", title=""),
    "report_schedule_rhythm_known": changed("schedule", rhythm=NO_CODE),
    "report_schedule_look_back_known": changed("schedule", look_back=NO_CODE),
    "report_schedule_state_known": changed("schedule", state=NO_CODE, state_reason="why"),
    "report_schedule_day_of_every_month": changed("schedule", day=29),
    "report_schedule_stopped_with_reason": changed("schedule", state="paused"),
    "scheduled_report_once": again("issue"),
    "scheduled_report_or_problem": lambda world: changed(
        "issue", report=make.report(of=world.centre, by=world.person), problem="late"
    )(world),
    "report_notice_once": again("notice"),
    "report_notice_outcome_known": changed("notice", outcome=NO_CODE, finished_at=make.NOW),
    "report_notice_outcome_when_finished": changed("notice", finished_at=make.NOW),
    "report_notice_begun_before_sent": changed("notice", outcome="sent", finished_at=make.NOW),
    "report_notice_finished_after_begun": changed(
        "notice",
        outcome="sent",
        begun_at=make.NOW,
        finished_at=make.NOW - timedelta(seconds=1),
    ),
    "signal_disposition_disposition_known": again(
        "disposition", audit_sha256="1" * 64, disposition=NO_CODE
    ),
    "signal_disposition_has_reason": again("disposition", audit_sha256="1" * 64, reason=" "),
    "signal_disposition_one_first_per_question": again("disposition"),
    "theatre_list_days_in_order": changed("theatre_list", covers_to="2023-01-01"),
    "theatre_list_withdrawn_by_somebody": changed(
        "theatre_list", withdrawn_at=make.NOW, withdrawal_reason="why"
    ),
    "theatre_list_withdrawn_for_a_reason": lambda world: changed(
        "theatre_list", withdrawn_at=make.NOW, withdrawn_by=world.person
    )(world),
    "theatre_list_once": again("theatre_list"),
    "theatre_line_once": lambda world: TheatreLine.objects.create(
        theatre_list=world.theatre_list, row=2
    ),
}


def test_every_constraint_is_broken_here():
    assert set(BREAKS) == set(CONSTRAINTS)


COLUMNS_OF_CLOSED_LISTS = [
    field
    for model in apps.get_app_config("registry").get_models()
    for field in model._meta.concrete_fields
    if field.choices and isinstance(field, CharField)
]


@pytest.mark.parametrize("field", COLUMNS_OF_CLOSED_LISTS, ids=str)
def test_the_database_knows_the_codes_of_the_column(field):
    """A check that forms alone make is passed by whatever comes next to them."""
    codes = {code for code, _ in field.flatchoices}
    if field.blank and not field.null:
        codes.add("")
    conditions = [
        constraint.condition.children
        for constraint in field.model._meta.constraints
        if isinstance(constraint, CheckConstraint)
    ]
    allowed = [
        set(alone[1])
        for alone, *others in conditions
        if not others and isinstance(alone, tuple) and alone[0] == f"{field.name}__in"
    ]
    assert allowed == [codes]


@pytest.mark.parametrize("code", ["A", "NORTH\n", "1NORTH", "NORTH-1", "N" * 17, ""])
def test_a_centre_is_named_by_capitals_and_digits(world, code):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        changed("centre", code=code)(world)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_keeps(world, name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        BREAKS[name](world)
    # SQLite names the columns of a unique constraint instead of the constraint, and asks the
    # triggers of the history before.
    names_columns = connection.vendor == "sqlite" and isinstance(
        CONSTRAINTS[name], UniqueConstraint
    )
    expected = r"UNIQUE|append-only|stays as it was" if names_columns else name
    assert re.search(expected, str(refusal.value))


GRADES_REFUSED = {
    "a grade of another instrument": {"grade": "5"},
    "1+ as the number that stands for it": {"grade": "1.5"},
    "an item of another instrument": {"item": "frequency"},
    "no grade": {"grade": ""},
    "a score where a grade belongs": {"grade": "", "points": 2},
    "a score beside a grade": {"points": 2},
    "a domain score beyond its range": {
        "instrument": "cpchild", "item": "total", "grade": "", "points": "100.1",
    },
    "a domain score as text": {"instrument": "cpchild", "item": "total", "grade": "50"},
}  # fmt: skip


@pytest.mark.parametrize("values", GRADES_REFUSED.values(), ids=GRADES_REFUSED)
def test_the_database_takes_the_grades_of_an_instrument_only(world, values):
    """MAS 1+ and the two Ashworth scales are never mixed, whatever writes them."""
    with pytest.raises(IntegrityError), transaction.atomic():
        changed("grade", **values)(world)


@pytest.mark.parametrize(
    "values",
    [
        {"grade": "1+"},
        {"grade": "not_assessed"},
        {"instrument": "ashworth_1_5", "grade": "5"},
        {"instrument": "gmfcs", "item": "level", "grade": "level_v"},
        {"instrument": "cpchild", "item": "domain_6", "grade": "", "points": "59.3"},
    ],
    ids=str,
)
def test_the_database_takes_every_kind_of_grade(world, values):
    changed("grade", **values)(world)
