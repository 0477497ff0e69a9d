"""Logging and correcting a screening test."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.actions.doubts import Doubt
from registry.actions.screening_tests import doubts_of
from registry.forms.base import Section
from registry.forms.doubts import DoubtingForm
from registry.forms.fields import choice, day, edition, number, text
from registry.models import ScreeningTest
from registry.vocabulary import YesNoUnknown


class ScreeningTestForm(DoubtingForm):
    performed_on = day(_("Date of the test"))
    bolus_ug = number(
        _("Bolus"),
        unit="µg",
        smallest=5,
        largest=500,
        decimals=1,
        required=True,
        help_text=_(
            "50 µg, then 75 and 100 with a day between; 25 in very small patients (dosage "
            "reference; Boster 2016)."
        ),
    )
    responded = choice(YesNoUnknown, label=_("Did the patient respond?"))
    effect_hours = number(_("Duration of the effect"), unit="h", smallest=0, largest=72, decimals=1)
    remarks = text(_("Remarks"), max_length=200)

    sections = (Section("", ("performed_on", "bolus_ug", "responded", "effect_hours", "remarks")),)

    def doubts(self, answers: Mapping[str, Any]) -> Iterable[Doubt]:
        return doubts_of(answers.get("bolus_ug"))

    @classmethod
    def initial_of(cls, test: ScreeningTest) -> dict[str, Any]:
        return {name: getattr(test, name) for name in (*cls.base_fields, "confirmed_doubts")}


class ScreeningTestUpdateForm(ScreeningTestForm):
    edition = edition()
