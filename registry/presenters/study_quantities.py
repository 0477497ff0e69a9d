"""What follows from the numbers of a contrast study: bolus in the catheter, time without drug."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from registry.audit.drug_delivery import (
    bolus_of_catheter_ug,
    catheter_volume_ml,
    drug_free_hours,
    flow_ml_per_day,
    implanted_length_cm,
)
from registry.audit.errors import QuantityError
from registry.models import Component, ContrastStudy
from registry.models.component import CATHETER_KINDS
from registry.vocabulary import StudyOutcomeCode, YesNoUnknown


def quantities(study: ContrastStudy, *, components: Iterable[Component]) -> list[str]:
    """What was entered, and what follows from it where no number is missing."""
    volume_ml = study.catheter_volume_ml
    origin = _("as entered")
    if volume_ml is None:
        volume_ml = volume_in_place_ml(components, on=study.performed_on)
        origin = _("from the components")
    told = list(_drug(study))
    if volume_ml is None:
        return told
    told.append(
        _("catheter volume %(ml)s ml, %(origin)s") % {"ml": _ml(volume_ml), "origin": origin}
    )
    concentration = study.concentration_ug_per_ml
    if concentration is None:
        return told
    strength = Decimal(concentration)
    bolus_ug = bolus_of_catheter_ug(catheter_volume_ml=volume_ml, concentration_ug_per_ml=strength)
    values = {"ug": round(bolus_ug), "ml": _ml(volume_ml), "strength": concentration}
    if study.outcome == StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value:
        told.append(
            _("stopping avoided a bolus of %(ug)s µg (%(ml)s ml of %(strength)s µg/ml)") % values
        )
    else:
        told.append(_("the catheter held %(ug)s µg (%(ml)s ml of %(strength)s µg/ml)") % values)
    if study.aspirated_ml and study.daily_dose_ug:
        hours = drug_free_hours(
            catheter_volume_ml=volume_ml,
            ml_per_day=flow_ml_per_day(
                dose_ug_per_day=study.daily_dose_ug, concentration_ug_per_ml=strength
            ),
        )
        if hours is not None and study.prime_bolus_given != YesNoUnknown.YES.value:
            told.append(
                _("without a prime bolus no drug at the tip for %(hours)s h")
                % {"hours": f"{hours:.1f}"}
            )
    return told


def _drug(study: ContrastStudy) -> Iterable[str]:
    if study.concentration_ug_per_ml is not None:
        yield _("drug of %s µg/ml") % study.concentration_ug_per_ml
    if study.daily_dose_ug is not None:
        yield _("%s µg/day") % format(study.daily_dose_ug.normalize(), "f")


def volume_in_place_ml(components: Iterable[Component], *, on: date) -> Decimal | None:
    """Volume of the catheter that lay on that day; None where a length or its ml/cm is missing."""
    parts = [
        part
        for part in components
        if part.kind in CATHETER_KINDS
        and (part.implanted_on is None or part.implanted_on <= on)
        and (part.removed_on is None or part.removed_on >= on)
    ]
    volumes = [_volume_ml(part) for part in parts]
    known = [volume for volume in volumes if volume is not None]
    if not known or len(known) < len(volumes):
        return None
    return sum(known, Decimal(0))


def _volume_ml(part: Component) -> Decimal | None:
    if part.length_cm is None or part.ml_per_cm is None:
        return None
    try:
        length_cm = implanted_length_cm(
            label_length_cm=part.length_cm, trimmed_cm=[part.trimmed_cm or Decimal(0)]
        )
        return catheter_volume_ml(implanted_length_cm=length_cm, ml_per_cm=part.ml_per_cm)
    except QuantityError:
        # More was trimmed than there was: the contradiction is a task of its own.
        return None


def _ml(volume_ml: Decimal) -> str:
    return f"{volume_ml:.3f}"
