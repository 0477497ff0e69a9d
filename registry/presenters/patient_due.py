"""What is due next for a patient, each date with the rule behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.audit.drug_delivery import ALARM_VOLUME_ML
from registry.audit.due_dates import (
    DueDate,
    DueState,
    adult_care_due,
    end_of_service,
    replacement_due,
    reviews_due,
)
from registry.models import Component, DoseSetting, Patient, Refill, RevisionCase
from registry.presenters.drug_course import amount, next_refill
from registry.vocabulary import ComponentKind, DeviceModel, PumpAlarm, ReviewTime

SHOWN_LATE = timedelta(days=730)
"""What is two years late is no longer asked for here; the working lists keep it [proposal]."""


@dataclass(frozen=True)
class DueLine:
    """One due date; `when` is its day or year, `basis` the rule in words with its mark."""

    due: DueDate
    state: DueState
    label: str
    basis: str
    url: str = ""

    @property
    def when(self) -> str:
        return str(self.due.on.year) if self.due.year_only else self.due.on.isoformat()

    @property
    def late(self) -> bool:
        return self.state is DueState.OVERDUE


def due_lines(
    *,
    patient: Patient,
    components: Sequence[Component],
    cases: Sequence[RevisionCase],
    doses: Sequence[DoseSetting],
    refills: Sequence[Refill],
    first_day: date,
    today: date,
) -> list[DueLine]:
    """Next first; nothing for who has died."""
    if patient.died_on is not None:
        return []
    found = [
        *_replacements(components, cases),
        *_refill(refills, doses, components, today=today),
        *_reviews(cases, today=today),
        *_adult_care(patient, first_day, today=today),
    ]
    return sorted(
        (
            DueLine(due, due.state(as_of=today), label, basis, url)
            for due, label, basis, url in found
        ),
        key=lambda line: line.due,
    )


def ends_of_service(components: Iterable[Component]) -> dict[int, date]:
    """Primary key of a pump → the end of its service life, where both are known."""
    return {
        pump.pk: end_of_service(implanted_on=pump.implanted_on, service_life_years=years)
        for pump in components
        if pump.kind == ComponentKind.PUMP.value and pump.implanted_on
        if (years := _service_life_years(pump)) is not None
    }


Found = tuple[DueDate, str, str, str]


def _replacements(components: Sequence[Component], cases: Sequence[RevisionCase]) -> list[Found]:
    lines = []
    for pump in components:
        if pump.kind != ComponentKind.PUMP.value or pump.removed_on is not None:
            continue
        years = _service_life_years(pump)
        indicator = _indicator_on(pump, cases)
        due = replacement_due(
            implanted_on=pump.implanted_on, service_life_years=years, indicator_on=indicator
        )
        if due is None:
            continue
        basis = (
            _("six months before the end of %(years)s years of service") % {"years": years}
            if years is not None
            else ""
        )
        if indicator is not None:
            seen = _("90 days from the replacement indicator of %(day)s") % {"day": indicator}
            basis = f"{basis}; {seen}" if basis else seen
        lines.append((due, _("Elective replacement of the pump"), basis, ""))
    return lines


def _service_life_years(pump: Component) -> int | None:
    return DeviceModel.get(pump.model).service_life_years if pump.model else None


def _indicator_on(pump: Component, cases: Sequence[RevisionCase]) -> date | None:
    """The first interrogation since implantation that found the replacement indicator."""
    days = [
        step.performed_on
        for case in cases
        for step in case.workup_steps.all()
        if any(alarm.code == PumpAlarm.ERI.value for alarm in step.alarms.all())
        if pump.implanted_on is None or step.performed_on >= pump.implanted_on
    ]
    return min(days, default=None)


def _refill(
    refills: Sequence[Refill],
    doses: Sequence[DoseSetting],
    components: Sequence[Component],
    *,
    today: date,
) -> list[Found]:
    """From the last filling and the doses since; nothing once the pump is out."""
    pumps = [part for part in components if part.kind == ComponentKind.PUMP.value]
    if pumps and all(pump.removed_on for pump in pumps):
        return []
    running = [one for one in doses if one.is_daily and one.set_on <= today]
    now = running[-1] if running else None
    due = next_refill(now, list(doses), list(refills))
    if now is None or now.ml_per_day is None or due is None:
        return []
    basis = _("%(ml)s ml filled on %(day)s, %(flow)s ml a day, alarm at %(alarm)s ml") % {
        "ml": amount(refills[-1].filled_ml or Decimal(0)),
        "day": refills[-1].performed_on,
        "flow": amount(round(now.ml_per_day, 3)),
        "alarm": amount(ALARM_VOLUME_ML),
    }
    url = reverse("registry:drug-course", args=[now.patient.public_id])
    return [(due, _("Refill"), basis, url)]


def _reviews(cases: Sequence[RevisionCase], *, today: date) -> list[Found]:
    """Reviews after each operation that nobody has logged; of the case, where it names none."""
    lines = []
    for case in cases:
        reviews = list(case.reviews.all())
        url = reverse("registry:case-detail", args=[case.public_id])
        for surgery in case.surgeries.all():
            done = {review.time for review in reviews if review.surgery_id in (None, surgery.pk)}
            for due in reviews_due(operated_on=surgery.performed_on):
                if due.kind.value in done or due.on < today - SHOWN_LATE:
                    continue
                label = _("Review at %(time)s") % {"time": ReviewTime.get(due.kind.value).label}
                basis = _("after the operation of %(day)s") % {"day": surgery.performed_on}
                lines.append((due, label, basis, url))
    return lines


def _adult_care(patient: Patient, first_day: date, *, today: date) -> list[Found]:
    due = adult_care_due(birth_year=patient.birth_year, known_since=first_day)
    if due is None or due.last_day < today - SHOWN_LATE:
        return []
    return [(due, _("Move to adult care"), _("the year of the 18th birthday"), "")]
