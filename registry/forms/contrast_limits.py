"""What the label of a contrast product allows for myelography: asked back about, not refused.

A contrast study through the access port uses far less. Limits of the label: [S23] [S24].
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.actions.doubts import Doubt
from registry.vocabulary import ContrastProduct, IntrathecalLabel

STRONGEST_MGI_PER_ML = 300
"""Strongest contrast for a myelogram by the label [S23] [S24]; asked back about [proposal]."""

NOT_FOR_INTRATHECAL = (IntrathecalLabel.FORBIDDEN, IntrathecalLabel.BY_PRODUCT)

CHILD_MGI_PER_ML = 180
CHILD_MOST_IODINE_MG = 2700
CHILD_OLDEST_YEARS = 18
CHILD_MOST_ML = ((2, 8), (6, 10), (12, 12), (CHILD_OLDEST_YEARS, 15))
"""For a myelogram of a child by the label [S24]: up to which completed year of life, and the most
ml. Only the year of birth is known, so the older of two possible ages counts; asked back about
[proposal]."""


def mgi_per_ml(answers: Mapping[str, Any]) -> int | None:
    """Of the product, else as it was typed."""
    product = answers.get("contrast_product")
    known = ContrastProduct.get(product).mgi_per_ml if product else None
    return known or answers.get("mg_iodine_per_ml")


def iodine_doubts(answers: Mapping[str, Any], *, birth_year: int | None) -> Iterable[Doubt]:
    """What the label of the contrast allows for myelography, asked back about [proposal]."""
    strength, contrast_ml = mgi_per_ml(answers), answers.get("contrast_ml")
    field = "mg_iodine_per_ml" if answers.get("mg_iodine_per_ml") else "contrast_product"
    code = answers.get("contrast_product")
    # The product itself is asked back about already.
    is_asked = bool(code) and ContrastProduct.get(code).intrathecal in NOT_FOR_INTRATHECAL
    if strength and strength > STRONGEST_MGI_PER_ML and not is_asked:
        words = _("%(given)s mgI/ml is stronger than the label allows: %(most)s mgI/ml.")
        values = {"given": strength, "most": STRONGEST_MGI_PER_ML}
        yield Doubt("iodine_too_strong", field, words % values)
    performed_on: date | None = answers.get("performed_on")
    if birth_year is None or performed_on is None:
        return
    years = performed_on.year - birth_year
    if years > CHILD_OLDEST_YEARS:
        return
    if strength and strength > CHILD_MGI_PER_ML and not is_asked:
        words = _("%(given)s mgI/ml: the label gives children %(most)s mgI/ml [S24].")
        values = {"given": strength, "most": CHILD_MGI_PER_ML}
        yield Doubt("iodine_too_strong_for_child", field, words % values)
    if contrast_ml is None:
        return
    most_ml = next(most for oldest, most in CHILD_MOST_ML if years <= oldest)
    if contrast_ml > most_ml:
        words = _("%(given)s ml: the label gives at most %(most)s ml at this age [S24].")
        values = {"given": contrast_ml, "most": most_ml}
        yield Doubt("contrast_ml_of_child", "contrast_ml", words % values)
    if strength and strength * contrast_ml > CHILD_MOST_IODINE_MG:
        words = _("%(given)s mg iodine: the label allows children %(most)s mg [S24].")
        values = {"given": round(strength * contrast_ml), "most": CHILD_MOST_IODINE_MG}
        yield Doubt("iodine_of_child", "contrast_ml", words % values)
