"""What a filter asks for, in words: printed in every file that was made with it."""

from typing import Any

from django import forms
from django.utils.choices import flatten_choices


def printed(form: forms.Form) -> tuple[tuple[str, str], ...]:
    """Label and answer of each field that narrows the list; says so where none does.

    Answers that were not understood narrow nothing, and are left out.
    """
    given = form.cleaned_data if form.is_valid() else {}
    found = tuple(
        (str(form[name].label), _words(field, given[name]))
        for name, field in form.fields.items()
        if given.get(name) not in (None, "", [], ())
    )
    return found or (("filter", "none: everything"),)


def _words(field: forms.Field, value: Any) -> str:
    choices: Any = getattr(field, "choices", ())
    return str(dict(flatten_choices(choices)).get(value, value))
