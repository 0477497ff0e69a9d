"""Ids made by the database read as Python writes them."""

from registry.models import Component, ContrastStudy
from registry.queries.text_ids import TextId


def test_an_id_is_written_as_python_writes_it(north):
    (found,) = ContrastStudy.objects.values_list(TextId("public_id"), flat=True)
    assert found == str(north.study.public_id)
    (found,) = ContrastStudy.objects.values_list(TextId("case__patient__public_id"), flat=True)
    assert found == str(north.patient.public_id)


def test_nobody_is_nobody(north):
    assert list(Component.objects.values_list(TextId("removed_by__public_id"), flat=True)) == [None]
