"""Opening an account, and what it may do."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.forms.base import RecordForm
from registry.forms.fields import text
from registry.models import Centre, Role


class RolesForm(RecordForm):
    roles = forms.MultipleChoiceField(
        choices=lambda: [(role.value, role.label.capitalize()) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("Roles"),
        help_text=_("No role means no access. A reader who has no other role reads blind."),
    )


class NewPersonForm(RolesForm):
    centre = forms.ModelChoiceField(queryset=None, label=_("Centre"), empty_label=None)
    username = text(_("User name"), max_length=150, required=True)
    first_name = text(_("First name"), max_length=150)
    last_name = text(_("Last name"), max_length=150)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. The person changes it after signing in."),
    )

    field_order = ["centre", "username", "first_name", "last_name", "password", "roles"]

    def __init__(self, *args: Any, centres: QuerySet[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = centres
