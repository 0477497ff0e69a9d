"""What follows from the numbers of a contrast study: bolus in the catheter, time without drug."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from registry.audit.drug_delivery import (
    bolus_of_catheter_ug,
    drug_free_hours,
    flow_ml_per_day,
    prime_bolus_ml,
    prime_bolus_ug,
)
from registry.audit.errors import QuantityError
from registry.models import Component, ContrastStudy, DoseSetting
from registry.models.component import CATHETER_KINDS
from registry.vocabulary import StudyOutcomeCode, YesNoUnknown


@dataclass(frozen=True)
class Drug:
    """What pump and catheter held and gave; `origin` says who knows."""

    ug_per_ml: Decimal | None
    ug_per_day: Decimal | None
    origin: str


def quantities(
    study: ContrastStudy,
    *,
    components: Iterable[Component],
    settings: Iterable[DoseSetting] = (),
) -> list[str]:
    """What was entered, and what follows from it where no number is missing.

    Parameters
    ----------
    settings
        The patient's doses: what ran on the day stands in for what was not entered.
    """
    volume_ml = study.catheter_volume_ml
    origin = _("as entered")
    if volume_ml is None:
        volume_ml = volume_in_place_ml(components, on=study.performed_on)
        origin = _("from the components")
    drug = _drug_of(study, settings)
    told = list(_words(drug))
    if volume_ml is None:
        return told
    told.append(
        _("catheter volume %(ml)s ml, %(origin)s") % {"ml": _ml(volume_ml), "origin": origin}
    )
    if drug.ug_per_ml is None:
        return told
    bolus_ug = bolus_of_catheter_ug(
        catheter_volume_ml=volume_ml, concentration_ug_per_ml=drug.ug_per_ml
    )
    values = {"ug": round(bolus_ug), "ml": _ml(volume_ml), "strength": _plain(drug.ug_per_ml)}
    if study.outcome == StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value:
        words = _("stopping avoided a bolus of %(ug)s µg (%(ml)s ml of %(strength)s µg/ml)")
    else:
        words = _("the catheter held %(ug)s µg (%(ml)s ml of %(strength)s µg/ml)")
    told.append(words % values)
    if study.aspirated_ml:
        prime_ml = prime_bolus_ml(catheter_volume_ml=volume_ml)
        prime_ug = prime_bolus_ug(prime_bolus_ml=prime_ml, concentration_ug_per_ml=drug.ug_per_ml)
        told.append(
            _("filling the emptied catheter takes a prime bolus of %(ug)s µg (%(ml)s ml)")
            % {"ug": round(prime_ug), "ml": _ml(prime_ml)}
        )
    primed = study.prime_bolus_given == YesNoUnknown.YES.value
    if study.aspirated_ml and drug.ug_per_day and not primed:
        hours = drug_free_hours(
            catheter_volume_ml=volume_ml,
            ml_per_day=flow_ml_per_day(
                dose_ug_per_day=drug.ug_per_day, concentration_ug_per_ml=drug.ug_per_ml
            ),
        )
        told.append(_("without a prime bolus no drug at the tip for %s h") % f"{hours:.1f}")
    return told


def _drug_of(study: ContrastStudy, settings: Iterable[DoseSetting]) -> Drug:
    """As entered with the study; where nothing was, as the dose course has it for the day."""
    entered = (study.concentration_ug_per_ml, study.daily_dose_ug)
    if entered != (None, None):
        strength = None if entered[0] is None else Decimal(entered[0])
        return Drug(strength, entered[1], "")
    running = [one for one in settings if one.set_on <= study.performed_on and one.dose_ug_per_day]
    if not running:
        return Drug(None, None, "")
    latest = max(running, key=lambda one: (one.set_on, one.pk))
    origin = _(" by the dose set on %s") % latest.set_on
    return Drug(latest.concentration_ug_per_ml, latest.dose_ug_per_day, origin)


def _words(drug: Drug) -> Iterable[str]:
    if drug.ug_per_ml is not None:
        yield _("drug of %s µg/ml") % _plain(drug.ug_per_ml) + drug.origin
    if drug.ug_per_day is not None:
        yield _("%s µg/day") % _plain(drug.ug_per_day)


def volume_in_place_ml(components: Iterable[Component], *, on: date) -> Decimal | None:
    """Volume of the catheter that lay on that day; None where a length, what was
    trimmed off or the ml/cm is not recorded.

    On the day of a revision it is the catheter of the morning: the study came before.
    """
    parts = [
        part
        for part in components
        if part.kind in CATHETER_KINDS
        and (part.implanted_on is None or part.implanted_on <= on)
        and (part.removed_on is None or part.removed_on >= on)
    ]
    of_the_morning = [part for part in parts if part.implanted_on is None or part.implanted_on < on]
    volumes = [_volume_ml(part) for part in of_the_morning or parts]
    known = [volume for volume in volumes if volume is not None]
    if not known or len(known) < len(volumes):
        return None
    return sum(known, Decimal(0))


def _volume_ml(part: Component) -> Decimal | None:
    try:
        return part.volume_ml
    except QuantityError:
        # More was trimmed than there was: the contradiction is a task of its own.
        return None


def _ml(volume_ml: Decimal) -> str:
    return f"{volume_ml:.3f}"


def _plain(value: Decimal) -> str:
    """Without the zeros that the column adds."""
    return format(value.normalize(), "f")
