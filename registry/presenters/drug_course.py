"""The drug of a patient on one page: screening, doses, refills with what should have been left."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from registry import queries
from registry.audit.drug_delivery import (
    SYNCHROMED_II_TUBING_ML,
    ResidualFlag,
    bridge_bolus,
    days_to_low_reservoir,
)
from registry.audit.due_dates import DueDate, refill_due
from registry.audit.refill_course import Basis, Bolus, Fill, JudgedFill, Rate, judge
from registry.models import Component, DoseSetting, Patient, Refill, ScreeningTest, User
from registry.presenters.study_quantities import volume_in_place_ml
from registry.vocabulary import ComponentKind, DeviceModel

TUBING_ML = {
    DeviceModel.MEDTRONIC_8637_20.code: SYNCHROMED_II_TUBING_ML,
    DeviceModel.MEDTRONIC_8637_40.code: SYNCHROMED_II_TUBING_ML,
}
"""Of other pumps the volume of the tubing is not known here."""


@dataclass(frozen=True)
class DoseLine:
    """One setting, with its flow; `bridge` where it changed the concentration."""

    setting: DoseSetting
    flow: str
    bridge: str
    doubted: bool


@dataclass(frozen=True)
class RefillLine:
    """One refill in words; `flag` is "", "amber" or "red"."""

    refill: Refill
    expected: str
    computed: bool
    discrepancy: str
    ratio: str
    flag: str
    flag_words: str
    doubted: bool


@dataclass(frozen=True)
class Page:
    patient: Patient
    tests: list[ScreeningTest]
    doses: list[DoseLine]
    refills: list[RefillLine]
    facts: list[str]
    may_log: bool


def url(patient: Patient) -> str:
    return reverse("registry:drug-course", args=[patient.public_id])


def pumps(*, viewer: User, patient: Patient) -> list[Component]:
    """The patient's pumps, the newest last."""
    found = queries.components.visible(viewer=viewer).filter(patient=patient)
    return list(found.filter(kind=ComponentKind.PUMP.value))


def last_concentration(*, viewer: User, patient: Patient) -> dict[str, Decimal | None]:
    """What a new form may begin with: the strength that is in the pump."""
    setting = queries.dose_settings.visible(viewer=viewer).filter(patient=patient).last()
    refill = queries.refills.visible(viewer=viewer).filter(patient=patient).last()
    known = [
        (day, strength)
        for day, strength in (
            (setting.set_on, setting.concentration_ug_per_ml) if setting else (None, None),
            (refill.performed_on, refill.concentration_ug_per_ml) if refill else (None, None),
        )
        if day is not None and strength is not None
    ]
    return {"concentration_ug_per_ml": max(known)[1]} if known else {}


def page(*, viewer: User, patient: Patient, today: date) -> Page:
    settings = list(queries.dose_settings.visible(viewer=viewer).filter(patient=patient))
    refills = list(queries.refills.visible(viewer=viewer).filter(patient=patient))
    # Both are in the order of days and, on one day, of entry.
    judged = judged_fills(refills, settings)
    lines = [_refill_line(refill, one) for refill, one in zip(refills, judged, strict=True)]
    return Page(
        patient=patient,
        tests=list(queries.screening_tests.visible(viewer=viewer).filter(patient=patient)),
        doses=_dose_lines(
            settings,
            list(queries.components.visible(viewer=viewer).filter(patient=patient)),
        ),
        refills=lines[::-1],
        facts=_facts(settings, refills, today=today),
        may_log=viewer.has_perm("registry.log_case", patient),
    )


def judged_fills(refills: list[Refill], settings: list[DoseSetting]) -> list[JudgedFill]:
    """Each refill in order with what should have been left."""
    return judge(
        [_fill(refill) for refill in refills], rates=_rates(settings), boluses=_boluses(settings)
    )


def amount(value: Decimal) -> str:
    """Without the zeros that the column adds."""
    return format(value.normalize(), "f")


def _rates(settings: list[DoseSetting]) -> list[Rate]:
    return [Rate(one.set_on, one.ml_per_day) for one in settings if one.is_daily]


def _boluses(settings: list[DoseSetting]) -> list[Bolus]:
    return [
        Bolus(one.set_on, one.bolus_ug / one.concentration_ug_per_ml)
        if one.bolus_ug is not None and one.concentration_ug_per_ml is not None
        else Bolus(one.set_on, None)
        for one in settings
        if not one.is_daily
    ]


def _fill(refill: Refill) -> Fill:
    return Fill(
        pump=refill.pump_id,
        performed_on=refill.performed_on,
        aspirated_ml=refill.aspirated_ml,
        filled_ml=refill.filled_ml,
        programmer_ml=refill.expected_ml,
    )


def _dose_lines(settings: list[DoseSetting], components: list[Component]) -> list[DoseLine]:
    """The newest first."""
    lines: list[DoseLine] = []
    before: DoseSetting | None = None
    for setting in settings:
        lines.append(_dose_line(setting, bridge=_bridge(before, setting, components)))
        if setting.concentration_ug_per_ml is not None:
            before = setting
    return lines[::-1]


def _bridge(before: DoseSetting | None, setting: DoseSetting, components: list[Component]) -> str:
    """The bridge bolus of a new concentration; empty where there is none or a number is missing."""
    old = before.concentration_ug_per_ml if before else None
    new, dose = setting.concentration_ug_per_ml, setting.dose_ug_per_day
    if old is None or new is None or old == new or not dose:
        return ""
    volume_ml = volume_in_place_ml(components, on=setting.set_on)
    pump = next((one for one in components if one.pk == setting.pump_id), None)
    tubing_ml = TUBING_ML.get(pump.model) if pump else None
    if volume_ml is None or tubing_ml is None:
        return ""
    bolus = bridge_bolus(
        dose_ug_per_day=dose,
        old_concentration_ug_per_ml=old,
        new_concentration_ug_per_ml=new,
        catheter_volume_ml=volume_ml,
        pump_tubing_ml=tubing_ml,
    )
    return _(
        "bridge bolus: %(ug)s µg of the old drug (%(ml)s ml of %(strength)s µg/ml) at %(flow)s "
        "ml/day for %(hours)s h [own]"
    ) % {
        "ug": round(bolus.old_drug_ml * old),
        "ml": f"{bolus.old_drug_ml:.3f}",
        "strength": amount(old),
        "flow": f"{bolus.bridge_ml_per_day:.3f}",
        "hours": f"{bolus.duration_hours:.1f}",
    }


def _dose_line(setting: DoseSetting, *, bridge: str) -> DoseLine:
    flow = setting.ml_per_day if setting.is_daily else None
    return DoseLine(
        setting=setting,
        flow="" if flow is None else f"{flow:.3f}",
        bridge=bridge,
        doubted=bool(setting.confirmed_doubts),
    )


def _refill_line(refill: Refill, judged: JudgedFill) -> RefillLine:
    found = judged.discrepancy
    return RefillLine(
        refill=refill,
        expected="" if judged.expected_ml is None else f"{judged.expected_ml:.1f}",
        computed=judged.basis is Basis.COMPUTED,
        discrepancy="" if found is None else f"{found.delta_ml:+.1f}".replace("-", "−"),
        ratio="" if found is None or found.ratio is None else f"{found.ratio:.2f}",
        flag="" if judged.flag is ResidualFlag.NONE else judged.flag.value,
        flag_words=_meaning(judged),
        doubted=bool(refill.confirmed_doubts),
    )


def _meaning(judged: JudgedFill) -> str:
    """What too much or too little left can mean [own]; empty where nothing is flagged."""
    if judged.flag is ResidualFlag.NONE or judged.discrepancy is None:
        return ""
    if judged.discrepancy.delta_ml > 0:
        return _("too much left: stall, occlusion, programming, error of measurement")
    return _("too little left: over-infusion, pocket fill, leak of the septum, programming")


def _facts(settings: list[DoseSetting], refills: list[Refill], *, today: date) -> list[str]:
    """The dose now and the day the reservoir gets low."""
    facts = []
    now = next((one for one in reversed(settings) if one.is_daily), None)
    if now is not None and now.dose_ug_per_day is None:
        facts.append(_("stopped on %(day)s") % {"day": now.set_on})
    elif now is not None and now.dose_ug_per_day is not None:
        facts.append(
            _("%(dose)s µg a day since %(day)s")
            % {"dose": amount(now.dose_ug_per_day), "day": now.set_on}
        )
    low = next_refill(now, settings, refills)
    if low is not None:
        words = (
            _("reservoir low on %(day)s") if low.on >= today else _("reservoir low since %(day)s")
        )
        facts.append(words % {"day": low.on})
    return facts


def next_refill(
    now: DoseSetting | None, settings: list[DoseSetting], refills: list[Refill]
) -> DueDate | None:
    """When the alarm volume is reached at the rates since the last fill; None where not known."""
    last = refills[-1] if refills else None
    if now is None or last is None or last.filled_ml is None or now.ml_per_day is None:
        return None
    since = max(last.performed_on, now.set_on)
    probe = Fill(last.pump_id, since, None, None)
    left_ml: Decimal | None = last.filled_ml
    if since > last.performed_on:
        *_before, judged = judge(
            [_fill(last), probe], rates=_rates(settings), boluses=_boluses(settings)
        )
        left_ml = judged.expected_ml
    if left_ml is None:
        return None
    days = days_to_low_reservoir(volume_ml=left_ml, ml_per_day=now.ml_per_day)
    return refill_due(counted_from=since, days_to_alarm=None if days is None else float(days))
