"""Write the planned therapies through the registry's own actions, all or nothing."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from config.demo.marks import THERAPY_LOADED, mark
from config.demo.people import DEMO
from config.demo.plan import Fields, PatientPlan
from config.demo.provenance import synthetic_fields
from config.demo.records import REGISTRAR_OF, SURGEON_OF
from config.demo.therapy import TherapyPlan, therapy_of
from registry import actions, queries
from registry.models import (
    Assessment,
    Complication,
    Component,
    DoseSetting,
    OutcomeReview,
    Patient,
    Refill,
    RevisionSurgery,
    ScreeningTest,
    User,
)
from registry.vocabulary import ComponentKind


def load_therapy(plans: Iterable[PatientPlan], *, at: datetime) -> None:
    """Log tests, doses, refills, assessments, reviews and complications, in one transaction.

    A patient whom somebody has changed so far that nothing fits any more is left as they are.
    """
    with transaction.atomic(), actions.list_entries.once_each():
        for plan in plans:
            therapy = therapy_of(plan)
            registrar = queries.people.by_username(REGISTRAR_OF[plan.centre_code])
            found = therapy and queries.patients.by_number(
                viewer=registrar, permission="registry.log_case", number=plan.local_number
            )
            if therapy and found:
                _Writer(plan, found[0], registrar=registrar, at=at).write(therapy)
        mark(THERAPY_LOADED, centre=queries.centres.by_code(DEMO), at=at)


class _Writer:
    """Logs one patient's therapy on behalf of the people of the centre."""

    def __init__(
        self, plan: PatientPlan, patient: Patient, *, registrar: User, at: datetime
    ) -> None:
        self._patient = patient
        self._registrar = registrar
        self._surgeon = queries.people.by_username(SURGEON_OF[plan.centre_code])
        self._at = at
        self._pumps = {
            one.implanted_on: one
            for one in queries.components.visible(viewer=registrar).filter(
                patient=patient, kind=ComponentKind.PUMP.value
            )
        }
        self._case = queries.cases.visible(viewer=self._surgeon).filter(patient=patient).first()
        self._surgery: RevisionSurgery | None = (
            queries.surgeries.visible(viewer=self._surgeon).filter(case__patient=patient).first()
        )

    def write(self, plan: TherapyPlan) -> None:
        for fields in plan.tests:
            actions.screening_tests.log(
                patient=self._patient,
                by=self._registrar,
                at=self._at,
                fields=fields,
                synthetic_fields=synthetic_fields(ScreeningTest),
            )
        for fields in plan.doses:
            actions.dose_settings.log(
                patient=self._patient,
                by=self._registrar,
                at=self._at,
                fields={**fields, "pump": self._pump(plan, fields["set_on"])},
                synthetic_fields=synthetic_fields(DoseSetting),
            )
        for fields in plan.refills:
            actions.refills.log(
                patient=self._patient,
                by=self._registrar,
                at=self._at,
                fields={**fields, "pump": self._pump(plan, fields["performed_on"])},
                synthetic_fields=synthetic_fields(Refill),
            )
        for fields, grades in plan.assessments:
            actions.assessments.log(
                patient=self._patient,
                by=self._registrar,
                at=self._at,
                fields=fields,
                grades=grades,
                synthetic_fields=synthetic_fields(Assessment),
            )
        self._write_afterwards(plan)

    def _write_afterwards(self, plan: TherapyPlan) -> None:
        if self._case is None:
            return
        of_surgery: Fields = {"surgery": self._surgery}
        for fields in plan.reviews:
            actions.outcome_reviews.log(
                case=self._case,
                by=self._surgeon,
                at=self._at,
                fields={**fields, **of_surgery},
                synthetic_fields=synthetic_fields(OutcomeReview),
            )
        for fields, relations in plan.complications:
            actions.complications.log(
                patient=self._patient,
                by=self._surgeon,
                at=self._at,
                fields={**fields, "case": self._case},
                relations=relations,
                synthetic_fields=synthetic_fields(Complication),
            )

    def _pump(self, plan: TherapyPlan, day: date) -> Component | None:
        """The pump that was in place on a day."""
        began = [one for one in plan.pumps if one <= day]
        return self._pumps.get(began[-1]) if began else None
