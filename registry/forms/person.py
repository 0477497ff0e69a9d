"""Opening an account, and what it may do."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm
from registry.forms.fields import text
from registry.models import Centre, Role


def _role_choices() -> list[tuple[str, str]]:
    return [(role.value, role.label.capitalize()) for role in Role]


class RolesForm(RecordForm):
    roles = forms.MultipleChoiceField(
        choices=_role_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("Roles"),
        help_text=_("No role means no access. A reader who has no other role reads blind."),
    )


class NewPersonForm(RecordForm):
    """Somebody new; or somebody of another centre, who keeps the account there is."""

    centre = forms.ModelChoiceField(queryset=None, label=_("Centre"), empty_label=None)
    username = text(_("User name"), max_length=150, required=True)
    first_name = text(_("First name"), max_length=150)
    last_name = text(_("Last name"), max_length=150)
    password = forms.CharField(
        label=_("First password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. The person changes it after signing in."),
    )
    roles = forms.MultipleChoiceField(
        choices=_role_choices,
        widget=forms.CheckboxSelectMultiple,
        label=_("Roles"),
        help_text=_("A reader who has no other role reads blind."),
        error_messages={"required": _("Choose at least one role: without one nothing opens.")},
    )
    known = forms.BooleanField(
        required=False,
        label=_("Has an account already, in another centre"),
        help_text=_("Keeps that name and password; the user name and the roles here are enough."),
    )

    field_order = ["centre", "username", "known", "first_name", "last_name", "password", "roles"]

    def __init__(self, *args: Any, centres: QuerySet[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = centres
        self.fields["username"].error_messages["required"] = _("Give a user name.")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if not (answers.get("known") or answers.get("password")):
            self.add_error("password", _("Give a first password of at least 12 characters."))
        return answers
