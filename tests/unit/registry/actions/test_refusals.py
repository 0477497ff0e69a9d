"""Whoever is refused by the database reads a sentence beside the answer, no name of a rule."""

from datetime import date

import pytest
from django.apps import apps

from registry.actions.errors import InvalidRecordError
from registry.actions.refusals import SENTENCES
from tests.factories import registry_records as make

ROWS_OF_A_FORM = {"workup"}
"""Questions whose answers are rows of their own."""


def test_each_sentence_is_of_a_constraint_and_beside_a_field_of_its_model():
    models = {
        constraint.name: model
        for model in apps.get_app_config("registry").get_models()
        for constraint in model._meta.constraints
    }
    for name, (field, _sentence) in SENTENCES.items():
        assert field in ROWS_OF_A_FORM or models[name]._meta.get_field(field), name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"removed_on": date(2018, 1, 1)}, "removed_on"),
        ({"manufactured_on": date(2020, 1, 1)}, "implanted_on"),
        ({"manufactured_on": date(2019, 1, 1), "expires_on": date(2018, 1, 1)}, "expires_on"),
        ({"removed_on": None}, "kind"),
    ],
    ids=["out before in", "in before made", "expires before made", "a second pump"],
)
def test_a_component_that_cannot_be_is_refused_in_words(fields, refused):
    centre = make.centre()
    surgeon = make.user(at_centre=centre)
    patient = make.patient(by=surgeon, at_centre=centre)
    make.component(of=patient, by=surgeon)
    with pytest.raises(InvalidRecordError) as error:
        make.component(of=patient, by=surgeon, **{"removed_on": date(2024, 1, 1)} | fields)
    (sentences,) = error.value.errors.values()
    assert set(error.value.errors) == {refused}
    assert "onstraint" not in sentences[0]
