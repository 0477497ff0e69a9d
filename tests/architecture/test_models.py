"""Closed lists about the models: nobody has to remember, the suite asks."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField
from django.db.models.deletion import PROTECT

OURS = [*apps.get_app_config("registry").get_models(), *apps.get_app_config("imaging").get_models()]
IMMUTABLE = {
    "HistoryEvent", "AuditReport", "Read", "ImagingFinding", "ImagingFindingSite",
    "ReadMeasurement", "ReadKeyImage", "Adjudication", "AdjudicatedFinding",
    "AdjudicatedFindingSite", "SignalDisposition",
}  # fmt: skip


def fields_of(model):
    return {field.name for field in model._meta.get_fields() if field.concrete}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_field_is_declared_identifying_or_not(model):
    identifying, other = set(model.IDENTIFYING), set(model.NOT_IDENTIFYING)
    assert identifying & other == set()
    assert identifying | other == fields_of(model)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_nothing_cascades(model):
    inherited = {"groups", "user_permissions"}
    keys = [
        field
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField) and field.name not in inherited
    ]
    assert [key.name for key in keys if key.remote_field.on_delete is not PROTECT] == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_its_words_say_nothing_of_a_person(model):
    """`__str__` ends up in logs and error pages."""
    instance = model()
    for name in model.IDENTIFYING:
        field = model._meta.get_field(name)
        if not field.is_relation and field.get_internal_type() in {"CharField", "TextField"}:
            setattr(instance, name, "CANARY")
    if model.__name__ != "User":
        assert "CANARY" not in str(instance)


def test_what_is_immutable_has_triggers():
    from importlib import import_module

    append_only = import_module("registry.migrations.0003_append_only")
    marks = import_module("registry.migrations.0008_read_marks_and_drafts")
    second = import_module("registry.migrations.0009_second_reads")
    guarded = {*(table for table, *_ in append_only.REFUSALS), *marks.MARKS}
    signals = import_module("registry.migrations.0023_signal_dispositions")
    guarded |= {signals.DISPOSITION, second.ADJUDICATION, second.FINDING, second.SITE}
    assert {model._meta.db_table for model in OURS if model.__name__ in IMMUTABLE} <= guarded
