"""What a constraint of the database refuses, in words and beside the answer it is about."""

from collections import defaultdict
from typing import Any, Final

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "advisory_implant_in_order": ("implanted_until", _("The end lies before the beginning.")),
    "advisory_manufacture_in_order": (
        "manufactured_until",
        _("The end lies before the beginning."),
    ),
    "advisory_serials_from_and_to": ("serial_to", _("Give the first and the last number.")),
    "case_closed_after_opened": ("closed_on", _("The case ended before it was opened.")),
    "complication_resolved_after_occurred": (
        "resolved_on",
        _("It cannot be resolved before it was noticed."),
    ),
    "component_expires_after_manufactured": ("expires_on", _("It expires before it was made.")),
    "component_implanted_after_manufactured": (
        "implanted_on",
        _("It was implanted before it was made."),
    ),
    "component_one_pump_at_a_time": (
        "kind",
        _(
            "The patient has a pump in place. Log first that it was taken out, or say that this "
            "really is a second one."
        ),
    ),
    "component_removed_after_implanted": (
        "removed_on",
        _("It was taken out before it was implanted."),
    ),
    "component_trimmed_less_than_length": (
        "trimmed_cm",
        _("More was trimmed than the catheter is long."),
    ),
    "review_once_after_surgery": (
        "time",
        _("This operation has a review of this time already. Correct that one."),
    ),
    "review_once_without_surgery": (
        "time",
        _("The case has a review of this time already. Correct that one."),
    ),
    "theatre_list_days_in_order": ("covers_to", _("The end lies before the beginning.")),
    "workup_step_once_a_day": (
        "workup",
        _("One examination is logged twice on one day."),
    ),
}
"""Name of a constraint that answers can break → the field and what to say of it."""


def require_constraints(record: Any) -> None:
    """Ask the constraints one by one which of them refuses.

    Raises
    ------
    ValidationError
        By field; those without a sentence of ours under `NON_FIELD_ERRORS`.
    """
    errors: dict[str, list[str]] = defaultdict(list)
    for model, constraints in record.get_constraints():
        for constraint in constraints:
            try:
                constraint.validate(model, record)
            except ValidationError as refusal:
                if said := SENTENCES.get(constraint.name):
                    errors[said[0]].append(gettext(said[1]))
                else:
                    errors[NON_FIELD_ERRORS] += refusal.messages
    if errors:
        raise ValidationError(errors)
