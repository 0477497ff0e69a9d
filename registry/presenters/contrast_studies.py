"""A contrast study in words."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from registry.models import Component, ContrastStudy, DoseSetting, RevisionCase
from registry.models.contrast_study import DELAYED_FIELDS
from registry.presenters.labels import in_sentence
from registry.presenters.study_quantities import quantities
from registry.vocabulary import AccessGuidance, AccessNeedle, YesNoUnknown


def facts(
    study: ContrastStudy,
    *,
    components: Iterable[Component] = (),
    settings: Iterable[DoseSetting] = (),
) -> list[str]:
    """What was done at the port, in the order in which it was done.

    Parameters
    ----------
    components, settings
        Of the patient, whose catheter and dose say how much drug it held.
    """
    words = [
        study.get_modality_display(),
        *_access(study),
        _aspiration(study),
        *quantities(study, components=components, settings=settings),
    ]
    if study.stop_reason and study.outcome == "stopped_other":
        words.append(
            _("stopped: %(what)s")
            % {"what": study.stop_reason_text or study.get_stop_reason_display()}
        )
    words.append(_contrast(study))
    if study.contrast_lot:
        words.append(_("lot %s") % study.contrast_lot)
    if study.delay_min is not None:
        words.append(_("CT %(delay_min)s min after injection") % {"delay_min": study.delay_min})
    delayed = [f"{getattr(study, name)}" for name in DELAYED_FIELDS if getattr(study, name)]
    if delayed:
        words.append(_("delayed CT %s min after injection") % ", ".join(delayed))
    if study.prime_bolus_given:
        words.append(_prime_bolus(study))
    if study.adverse_event == "none":
        words.append(_("no adverse event"))
    elif study.adverse_event:
        words.append(
            _("adverse event: %(what)s")
            % {"what": study.adverse_event_text or study.get_adverse_event_display()}
        )
    if study.next_step:
        words.append(
            _("next step: %(what)s")
            % {"what": study.next_step_text or in_sentence(study.get_next_step_display())}
        )
    if study.confirmed_doubts:
        words.append(_("unusual values confirmed on entry"))
    return words


def order_questions(
    case: RevisionCase, *, studies: Sequence[date] = (), surgeries: Sequence[date] = ()
) -> list[str]:
    """Dates of an episode that usually come in another order; they are kept as entered."""
    asked = []
    if studies and min(studies) < case.opened_on:
        asked.append(
            _(
                "The contrast study of %(studies)s lies before the problem was first raised "
                "(%(opened_on)s). Is one of the dates mistaken?"
            )
            % {"studies": min(studies), "opened_on": case.opened_on}
        )
    if surgeries and min(surgeries) < case.opened_on:
        asked.append(
            _(
                "The operation of %(surgeries)s lies before the problem was first raised "
                "(%(opened_on)s). Is one of the dates mistaken?"
            )
            % {"surgeries": min(surgeries), "opened_on": case.opened_on}
        )
    if studies and surgeries and min(surgeries) < min(studies):
        asked.append(
            _(
                "The operation of %(surgeries)s lies before the contrast study of %(studies)s: "
                "it cannot verify that study. Is one of the dates mistaken?"
            )
            % {"surgeries": min(surgeries), "studies": min(studies)}
        )
    return asked


def _access(study: ContrastStudy) -> Iterable[str]:
    if study.port_access and study.port_access != "reached":
        yield _("port: %s") % in_sentence(study.get_port_access_display())
    if study.guidance and study.guidance != AccessGuidance.UNKNOWN.value:
        yield _("guided by %s") % in_sentence(study.get_guidance_display())
    if study.needle == AccessNeedle.OTHER.value and study.needle_text:
        yield _("needle: %s") % study.needle_text
    elif study.needle:
        yield _("needle: %s") % in_sentence(study.get_needle_display())


def _aspiration(study: ContrastStudy) -> str:
    words = _("aspiration: %(aspiration)s") % {
        "aspiration": in_sentence(study.get_aspiration_display())
    }
    if study.aspirated_ml is not None:
        words += _(", %(aspirated_ml)s ml") % {"aspirated_ml": _amount(study.aspirated_ml)}
    if study.csf_confirmed == YesNoUnknown.YES.value:
        words += _(", until CSF came")
    elif study.csf_confirmed == YesNoUnknown.NO.value:
        words += _(", no CSF came")
    return words


def _prime_bolus(study: ContrastStudy) -> str:
    words = _("prime bolus given: %(prime_bolus_given)s") % {
        "prime_bolus_given": in_sentence(study.get_prime_bolus_given_display())
    }
    amounts = [
        f"{_amount(amount)} {unit}"
        for amount, unit in ((study.prime_bolus_ml, "ml"), (study.prime_bolus_ug, "µg"))
        if amount is not None
    ]
    return ", ".join([words, *amounts])


def _amount(value: Decimal) -> str:
    """Without the zeros that the column adds."""
    return format(value.normalize(), "f")


def _contrast(study: ContrastStudy) -> str:
    if study.contrast_injected == "no":
        return _("no contrast injected")
    if study.contrast_injected == "unknown":
        return _("unknown whether contrast was injected")
    amount = (
        _("%(contrast_ml)s ml ") % {"contrast_ml": _amount(study.contrast_ml)}
        if study.contrast_ml is not None
        else ""
    )
    label = study.get_contrast_product_display() if study.contrast_product else ""
    product = study.contrast_product_text or in_sentence(label)
    if study.mg_iodine_per_ml and str(study.mg_iodine_per_ml) not in product:
        product = _("%(what)s %(mg_iodine_per_ml)s mgI/ml") % {
            "what": product or "contrast",
            "mg_iodine_per_ml": study.mg_iodine_per_ml,
        }
    return f"{amount}{product}".strip() or _("contrast injected, product not recorded")
