"""Signing in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField

from registry.models import User


class SignInForm(AuthenticationForm):
    """Django's own, but a name longer than any account is refused before it is counted."""

    username = UsernameField(
        max_length=User._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
