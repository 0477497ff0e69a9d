"""Logging and correcting what the pump was programmed to give."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.actions.dose_settings import doubts_of
from registry.actions.doubts import Doubt
from registry.forms.base import Section
from registry.forms.fields import choice, day, edition, number, text, when
from registry.forms.pump_choice import PumpForm
from registry.models import DoseSetting
from registry.models.dose_setting import BOLUS_MODES, DAILY_MODES
from registry.vocabulary import DeliveryMode

DOUBTED = ("set_on", "dose_ug_per_day", "concentration_ug_per_ml")


class DoseSettingForm(PumpForm):
    set_on = day(_("From"))
    mode = choice(DeliveryMode, initial=DeliveryMode.SIMPLE_CONTINUOUS.value)
    dose_ug_per_day = number(
        _("Daily dose"),
        unit="µg/day",
        smallest=5,
        largest=5000,
        decimals=1,
        required=True,
        help_text=_("The whole day, all steps and boluses of the mode together."),
        applies=when("mode", *DAILY_MODES),
    )
    steps_per_day = number(
        _("Steps a day"), smallest=1, largest=13, applies=when("mode", DeliveryMode.FLEX.value)
    )
    bolus_ug = number(
        _("Bolus"),
        unit="µg",
        smallest=1,
        largest=2000,
        decimals=1,
        applies=when("mode", *BOLUS_MODES),
    )
    concentration_ug_per_ml = number(
        _("Concentration"),
        unit="µg/ml",
        smallest=50,
        largest=5000,
        help_text=_("500, 1000 or 2000. With it the flow and the next refill can be computed."),
        applies=when("mode", *DAILY_MODES, *BOLUS_MODES),
    )
    remarks = text(_("Remarks"), max_length=200)

    sections = (
        Section(
            "",
            (
                "pump", "set_on", "mode", "dose_ug_per_day", "steps_per_day", "bolus_ug",
                "concentration_ug_per_ml", "remarks",
            ),
        ),
    )  # fmt: skip

    def doubts(self, answers: Mapping[str, Any]) -> Iterable[Doubt]:
        wanted = DoseSetting(
            pump=self.pump(answers), **{name: answers.get(name) for name in DOUBTED}
        )
        return doubts_of(wanted)

    @classmethod
    def initial_of(cls, setting: DoseSetting) -> dict[str, Any]:
        names = (*cls.base_fields, "confirmed_doubts")
        pump = str(setting.pump.public_id) if setting.pump else ""
        return {name: getattr(setting, name) for name in names} | {"pump": pump}


class DoseSettingUpdateForm(DoseSettingForm):
    edition = edition()
