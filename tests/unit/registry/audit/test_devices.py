"""Words of the audit are those of the vocabulary, and materials those of its definitions."""

from registry.audit.devices import (
    KIND_LABELS,
    MATERIAL_LABELS,
    MATERIALS,
    MODEL_LABELS,
    model_label,
)
from registry.vocabulary import ComponentKind, DeviceModel


def test_kinds_and_models_are_called_as_in_the_vocabulary():
    assert {str(kind): label for kind, label in KIND_LABELS.items()} == {
        kind.code: kind.term.label for kind in ComponentKind
    }
    assert {model.code: model.term.label for model in DeviceModel} == MODEL_LABELS
    assert model_label("made_in_2050") == "made_in_2050"


def test_a_material_stands_where_the_definition_says_it_and_nowhere_else():
    said = {
        model.code: material
        for model in DeviceModel
        for material in MATERIAL_LABELS
        if material.replace("_", "-") in model.term.definition.lower()
    }
    assert said == MATERIALS
