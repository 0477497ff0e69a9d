"""What a scheduled report is to show, when, and whom it is told."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from registry.audit.protocols import PROTOCOLS
from registry.audit.rhythm import LATEST_DAY
from registry.forms.base import RecordForm, Section
from registry.forms.fields import number, text
from registry.forms.patient_limits import LIMITS, PatientLimitsForm
from registry.models import Centre, ReportSchedule, User


class ReportScheduleForm(PatientLimitsForm, RecordForm):
    title = text(
        _("Title"),
        max_length=80,
        required=True,
        help_text=_("It stands in the mail and on the report: nothing of a patient."),
    )
    day = number(_("On day"), unit=_("of the month"), smallest=1, largest=LATEST_DAY, required=True)

    day.error_messages["max_value"] = format_lazy(
        _("Choose a day up to the {latest}th: not every month has the days after it."),
        latest=LATEST_DAY,
    )

    sections = (
        Section("", ("protocol", "title", "centre")),
        Section(_("When"), ("rhythm", "day", "look_back"), columns=3),
        Section(
            _("Patients and components"),
            LIMITS,
            words=_("As on the page of the audit; what is left empty limits nothing."),
            columns=3,
        ),
        Section(
            _("Whom a mail tells"),
            ("recipients",),
            words=_(
                "A mail holds the title and a link. Whoever may not audit all of the centres on "
                "that day gets none."
            ),
        ),
    )

    def __init__(
        self, *args: Any, centres: Sequence[Centre], people: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.centres = {centre.code: centre for centre in centres}
        self.people = {str(person.public_id): person for person in people}
        choice, several = forms.ChoiceField, forms.MultipleChoiceField
        made: dict[str, forms.Field] = {
            "protocol": choice(
                label=_("Audit"), choices=[(one.key, one.title) for one in PROTOCOLS.values()]
            ),
            "centre": several(
                label=_("Centres"),
                choices=[(centre.code, centre.name) for centre in centres],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Choose among the centres you may audit.")},
            ),
            "rhythm": choice(label=_("How often"), choices=ReportSchedule.Rhythm.choices),
            "look_back": choice(label=_("Period"), choices=ReportSchedule.LookBack.choices),
            "recipients": several(
                label=_("Recipients"),
                choices=[(key, _named(person)) for key, person in self.people.items()],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Choose among the people shown.")},
            ),
        }
        for name in LIMITS:
            # What the answers mean stands where they are asked of a patient.
            self.fields[name].terms = ()
        for name, field in made.items():
            field.unit = field.source = ""
            self.fields[name] = field

    def answers(self) -> dict[str, Any]:
        """What `actions.report_schedules.set_up` takes."""
        said = self.cleaned_data
        return {
            "title": said["title"],
            "protocol_key": said["protocol"],
            "centres": [self.centres[code] for code in said["centre"]],
            "recipients": [self.people[key] for key in said["recipients"]],
            "rhythm": said["rhythm"],
            "look_back": said["look_back"],
            "day": int(said["day"]),
            "limits": self.limits(),
        }


class EmailForm(forms.Form):
    """Where the mails of one's own account go."""

    email = forms.EmailField(label=_("Your e-mail address"), required=False, max_length=254)


def _named(person: User) -> str:
    name = person.get_full_name() or person.get_username()
    return name if person.email else _("%(name)s (no e-mail address)") % {"name": name}
