"""Write the planned cohort through the registry's own actions, all or nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from config.demo.marks import RECORDS_LOADED, mark
from config.demo.people import DEMO, OTHER, open_accounts, open_centres
from config.demo.plan import EpisodePlan, Fields, PatientPlan, ReadPlan, StudyPlan, SurgeryPlan
from config.demo.provenance import synthetic_fields
from registry import actions
from registry.actions.reads import FindingEntry
from registry.models import (
    Centre,
    Complication,
    Component,
    ContrastStudy,
    Patient,
    Read,
    RevisionCase,
    RevisionSurgery,
    User,
)
from registry.vocabulary import InformationShown, ReadAdequacy, ReadSource

READING_TIME = timedelta(minutes=6)

REGISTRAR_OF = {DEMO: "registrar", OTHER: "surgeon-other"}
SURGEON_OF = {DEMO: "surgeon", OTHER: "surgeon-other"}
ABSTRACTER_OF = {DEMO: "manager", OTHER: "surgeon-other"}
"""Who logged patients and studies, who operations, who took the findings from the reports."""


def load_records(plans: Iterable[PatientPlan], *, at: datetime) -> None:
    """Open centres and accounts and log every patient, in one transaction.

    Raises
    ------
    InvalidRecordError
        A centre or an account of the demonstration exists already; nothing was written.
    """
    with transaction.atomic(), actions.list_entries.once_each():
        centres = open_centres(at=at)
        people = open_accounts(centres=centres, at=at)
        for plan in plans:
            _Writer(centre=centres[plan.centre_code], people=people, at=at).write(plan)
        mark(RECORDS_LOADED, centre=centres[DEMO], at=at)


def sign_read(
    plan: ReadPlan,
    *,
    study: ContrastStudy,
    source: ReadSource,
    by: User,
    at: datetime,
    marks: Mapping[str, Any] | None = None,
) -> Read:
    """Sign the planned read, from a report or from the images here with what was drawn on them."""
    from_report = source is ReadSource.REPORT_ABSTRACTED
    shown = InformationShown.ORIGINAL_REPORT if from_report else InformationShown.IMAGES_ONLY
    adequacy = ReadAdequacy.NOT_ASSESSED if from_report else ReadAdequacy.ADEQUATE
    return actions.reads.sign(
        contrast_study=study,
        by=by,
        at=at,
        opened_at=at - READING_TIME,
        source=source.value,
        information_shown=[shown.value],
        adequacy=adequacy.value,
        findings=[FindingEntry(code=plan.finding, sites=plan.sites)],
        certainty=plan.certainty,
        tip_level=plan.tip_level,
        synthetic_fields=synthetic_fields(Read, stated=plan.stated),
        **(marks or {}),
    )


class _Writer:
    """Logs one patient on behalf of the people of the centre."""

    def __init__(self, *, centre: Centre, people: Mapping[str, User], at: datetime) -> None:
        self._centre = centre
        self._registrar = people[REGISTRAR_OF[centre.code]]
        self._surgeon = people[SURGEON_OF[centre.code]]
        self._abstracter = people[ABSTRACTER_OF[centre.code]]
        self._at = at

    def write(self, plan: PatientPlan) -> None:
        patient = actions.patients.add(
            centre=self._centre,
            by=self._registrar,
            at=self._at,
            fields=plan.fields,
            local_number=plan.local_number,
            name=plan.name,
            birth_date=plan.birth_date,
            synthetic_fields=synthetic_fields(Patient),
        )
        in_place = {
            fields["kind"]: self._add_component(patient, fields) for fields in plan.components
        }
        for episode in plan.episodes:
            self._write_episode(patient, episode, in_place)

    def _write_episode(
        self, patient: Patient, plan: EpisodePlan, in_place: dict[str, Component]
    ) -> None:
        case = actions.cases.open_case(
            patient=patient,
            by=self._registrar,
            at=self._at,
            fields=plan.fields,
            presenting_signs=plan.presenting_signs,
            workup=plan.workup,
            synthetic_fields=synthetic_fields(RevisionCase),
        )
        if plan.study is not None:
            self._write_study(case, plan.study)
        for surgery in plan.surgeries:
            self._write_surgery(patient, case, surgery, in_place)
        for complication in plan.complications:
            actions.complications.log(
                patient=patient,
                by=self._surgeon,
                at=self._at,
                fields={**complication.fields, "case": case},
                relations=complication.relations,
                synthetic_fields=synthetic_fields(Complication),
            )
        if plan.closed_on is not None:
            actions.cases.close(
                case=case,
                edition=case.edition,
                by=self._registrar,
                at=self._at,
                closed_on=plan.closed_on,
                outcome=plan.outcome,
            )

    def _write_study(self, case: RevisionCase, plan: StudyPlan) -> None:
        study = actions.contrast_studies.log(
            case=case,
            by=self._registrar,
            at=self._at,
            fields=plan.fields,
            synthetic_fields=synthetic_fields(ContrastStudy, stated=plan.stated),
        )
        read_here = plan.image is not None and plan.image.read_here
        if plan.read is not None and not read_here:
            sign_read(
                plan.read,
                study=study,
                source=ReadSource.REPORT_ABSTRACTED,
                by=self._abstracter,
                at=self._at,
            )

    def _write_surgery(
        self,
        patient: Patient,
        case: RevisionCase,
        plan: SurgeryPlan,
        in_place: dict[str, Component],
    ) -> None:
        surgery = actions.surgeries.log(
            case=case,
            by=self._surgeon,
            at=self._at,
            fields=plan.fields,
            procedures=plan.procedures,
            findings=plan.findings,
            synthetic_fields=synthetic_fields(RevisionSurgery, stated=plan.stated),
        )
        placed = {fields["kind"]: fields for fields in plan.replacements}
        for old in [in_place.pop(kind, None) for kind in (*placed, *plan.explanted)]:
            if old is None:
                continue
            actions.components.edit(
                component=old,
                edition=old.edition,
                by=self._surgeon,
                at=self._at,
                changes={
                    "removed_on": surgery.performed_on,
                    "removal_reason": surgery.indication,
                    "removed_by": surgery,
                },
            )
        for kind, fields in placed.items():
            in_place[kind] = self._add_component(patient, {**fields, "placed_by": surgery})

    def _add_component(self, patient: Patient, fields: Fields) -> Component:
        return actions.components.add(
            patient=patient,
            by=self._registrar,
            at=self._at,
            fields=fields,
            synthetic_fields=synthetic_fields(Component),
        )
