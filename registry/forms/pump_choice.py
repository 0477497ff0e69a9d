"""Which pump of the patient: asked where there are several, taken where there is one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.doubts import DoubtingForm
from registry.models import Component

FIELD = "pump"


class PumpForm(DoubtingForm):
    """A form about what one of the patient's pumps did."""

    def __init__(
        self,
        *args: Any,
        pumps: Sequence[Component],
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.pumps = {str(pump.public_id): pump for pump in pumps}
        initial = {FIELD: self._likely(), **(initial or {})}
        super().__init__(*args, initial=initial, **kwargs)
        if len(pumps) < 2:
            return
        field = forms.TypedChoiceField(
            label=_("Pump"),
            choices=[("", _("Not recorded")), *((key, _name(p)) for key, p in self.pumps.items())],
            required=False,
        )
        field.unit = field.source = ""
        self.fields[FIELD] = field

    def pump(self, answers: Mapping[str, Any]) -> Component | None:
        """The pump of these answers; the only one where nothing was asked."""
        return self.pumps.get(str(answers.get(FIELD) or ("" if self._asked else self._likely())))

    @property
    def _asked(self) -> bool:
        return FIELD in self.fields

    def _likely(self) -> str:
        """The newest in place, else the newest."""
        newest = sorted(
            self.pumps, key=lambda key: (self.pumps[key].removed_on is None, self.pumps[key].pk)
        )
        return newest[-1] if newest else ""

    def facts(self) -> dict[str, Any]:
        """The answers by model field."""
        return super().facts() | {FIELD: self.pump(self.cleaned_data)}


def _name(pump: Component) -> str:
    model = pump.model_text or pump.get_model_display() or _("Pump")
    since = pump.implanted_on or _("unknown")
    if pump.removed_on is None:
        return _("%(model)s, since %(since)s") % {"model": model, "since": since}
    return _("%(model)s, %(since)s to %(until)s") % {
        "model": model,
        "since": since,
        "until": pump.removed_on,
    }
