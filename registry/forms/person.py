"""Opening an account, and what it may do."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from registry.forms.base import RecordForm
from registry.forms.fields import text
from registry.models import Centre, Role


class RolesForm(RecordForm):
    roles = forms.MultipleChoiceField(
        choices=[(role.value, role.label.capitalize()) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Roles",
        help_text="No role means no access. A reader who has no other role reads blind.",
    )


class NewPersonForm(RolesForm):
    centre = forms.ModelChoiceField(queryset=None, label="Centre", empty_label=None)
    username = text("User name", max_length=150, required=True)
    first_name = text("First name", max_length=150)
    last_name = text("Last name", max_length=150)
    password = forms.CharField(
        label="First password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. The person changes it after signing in.",
    )

    field_order = ["centre", "username", "first_name", "last_name", "password", "roles"]

    def __init__(self, *args: Any, centres: QuerySet[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = centres
