"""A form and the database refuse the same numbers: neither lets in what the other sends back."""

from decimal import Decimal

import pytest
from django import forms
from django.db.models import CheckConstraint, Q

from registry.forms.complication import ComplicationForm
from registry.forms.component import ComponentForm
from registry.forms.contrast_study import ContrastStudyForm
from registry.forms.outcome_review import OutcomeReviewForm
from registry.forms.patient import PatientForm
from registry.models import Complication, Component, ContrastStudy, OutcomeReview, Patient

FORMS = {
    Complication: ComplicationForm,
    Component: ComponentForm,
    ContrastStudy: ContrastStudyForm,
    OutcomeReview: OutcomeReviewForm,
    Patient: PatientForm,
}


def limits_in_database(model) -> dict[str, tuple[Decimal, Decimal]]:
    """Smallest and largest value of each field that `between` limits."""
    found: dict[str, dict[str, Decimal]] = {}

    def walk(condition: Q) -> None:
        for child in condition.children:
            if isinstance(child, Q):
                walk(child)
                continue
            if not isinstance(child, tuple):
                continue  # It limits what follows from several fields.
            name, _, lookup = child[0].rpartition("__")
            if lookup in {"gte", "lte"} and isinstance(child[1], int | float):
                found.setdefault(name, {})[lookup] = Decimal(str(child[1]))

    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            walk(constraint.condition)
    return {name: (limits["gte"], limits["lte"]) for name, limits in found.items()}


def limits_in_form(form) -> dict[str, tuple[Decimal, Decimal]]:
    return {
        name: (Decimal(field.min_value), Decimal(field.max_value))
        for name, field in form.base_fields.items()
        if isinstance(field, forms.IntegerField | forms.DecimalField)
        and field.max_value is not None
    }


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_form_and_database_agree_on_what_is_plausible(model):
    in_form, in_database = limits_in_form(FORMS[model]), limits_in_database(model)
    assert in_database
    assert in_form == in_database


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_a_number_that_the_form_takes_fits_its_column(model):
    for name, field in FORMS[model].base_fields.items():
        if isinstance(field, forms.DecimalField):
            column = model._meta.get_field(name)
            assert field.decimal_places <= column.decimal_places, name
            assert Decimal(field.max_value) < 10 ** (column.max_digits - column.decimal_places), (
                name
            )


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_words_that_the_form_takes_fit_their_column(model):
    for name, field in FORMS[model].base_fields.items():
        if isinstance(field, forms.CharField) and not isinstance(field, forms.ChoiceField):
            assert field.max_length == model._meta.get_field(name).max_length, name
