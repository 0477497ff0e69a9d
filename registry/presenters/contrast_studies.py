"""A contrast study in words, with what its label warnings say."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from registry.models import ContrastStudy, RevisionCase
from registry.presenters.labels import in_sentence
from registry.vocabulary import ContrastProduct, IntrathecalLabel

MORE_THAN_USUAL_ML = 3
"""Contrast studies use 1 to 2 ml [S10]; a limit to ask back at is a proposal of the project."""


def facts(study: ContrastStudy) -> list[str]:
    """What was done at the port, in the order in which it was done."""
    words = [
        study.get_modality_display(),
        f"aspiration: {in_sentence(study.get_aspiration_display())}",
    ]
    if study.aspirated_ml is not None:
        words[-1] += f", {_amount(study.aspirated_ml)} ml"
    if study.stop_reason and study.outcome == "stopped_other":
        words.append(f"stopped: {study.stop_reason_text or study.get_stop_reason_display()}")
    words.append(_contrast(study))
    if study.delay_min is not None:
        words.append(f"CT {study.delay_min} min after injection")
    if study.prime_bolus_given:
        words.append(f"prime bolus given: {in_sentence(study.get_prime_bolus_given_display())}")
    if study.adverse_event == "none":
        words.append("no adverse event")
    elif study.adverse_event:
        words.append(
            f"adverse event: {study.adverse_event_text or study.get_adverse_event_display()}"
        )
    if study.next_step:
        words.append(f"next step: {in_sentence(study.get_next_step_display())}")
    return words


def questions(study: ContrastStudy) -> list[str]:
    """What to ask back about a study that was saved as entered."""
    asked = []
    product = ContrastProduct.get(study.contrast_product) if study.contrast_product else None
    if product and product.intrathecal is IntrathecalLabel.FORBIDDEN:
        asked.append(
            f"{product.label}: {product.definition} It was recorded as entered; was the product "
            "mistaken?"
        )
    if study.contrast_ml is not None and study.contrast_ml > MORE_THAN_USUAL_ML:
        asked.append(
            f"{_amount(study.contrast_ml)} ml of contrast is more than contrast studies use (1 to "
            "2 ml). It was recorded as entered; was the number mistaken?"
        )
    return asked


def order_questions(
    case: RevisionCase, *, studies: Sequence[date] = (), surgeries: Sequence[date] = ()
) -> list[str]:
    """Dates of an episode that usually come in another order; they are kept as entered."""
    asked = []
    if studies and min(studies) < case.opened_on:
        asked.append(
            f"The contrast study of {min(studies)} lies before the problem was first raised "
            f"({case.opened_on}). Is one of the dates mistaken?"
        )
    if surgeries and min(surgeries) < case.opened_on:
        asked.append(
            f"The operation of {min(surgeries)} lies before the problem was first raised "
            f"({case.opened_on}). Is one of the dates mistaken?"
        )
    if studies and surgeries and min(surgeries) < min(studies):
        asked.append(
            f"The operation of {min(surgeries)} lies before the contrast study of {min(studies)}: "
            "it cannot verify that study. Is one of the dates mistaken?"
        )
    return asked


def _amount(value: Decimal) -> str:
    """Without the zeros that the column adds."""
    return format(value.normalize(), "f")


def _contrast(study: ContrastStudy) -> str:
    if study.contrast_injected == "no":
        return "no contrast injected"
    if study.contrast_injected == "unknown":
        return "unknown whether contrast was injected"
    amount = f"{_amount(study.contrast_ml)} ml " if study.contrast_ml is not None else ""
    label = study.get_contrast_product_display() if study.contrast_product else ""
    product = in_sentence(label)
    if study.mg_iodine_per_ml and str(study.mg_iodine_per_ml) not in product:
        product = f"{product or 'contrast'} {study.mg_iodine_per_ml} mgI/ml"
    return f"{amount}{product}".strip() or "contrast injected, product not recorded"
