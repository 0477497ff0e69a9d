"""Sealed text: unreadable without the key, and loud about a wrong one."""

import pytest
from django.conf import LazySettings

from imaging.models import IngestedFile
from imaging.sealing import SealedTextField, UnsealError

NAME = "DOE^JOHN_1953-07-17.dcm"


@pytest.fixture
def field() -> SealedTextField:
    return SealedTextField(null=True)


def test_text_comes_back_and_is_not_stored_in_clear(field: SealedTextField):
    sealed = field.get_prep_value(NAME)
    assert sealed is not None
    assert b"DOE^" not in sealed
    assert field.from_db_value(sealed) == NAME


def test_the_same_text_is_sealed_differently_each_time(field: SealedTextField):
    assert field.get_prep_value(NAME) != field.get_prep_value(NAME)


def test_nothing_stays_nothing(field: SealedTextField):
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None) is None


def test_another_key_is_an_error_and_not_an_empty_name(
    field: SealedTextField, settings: LazySettings
):
    sealed = field.get_prep_value(NAME)
    settings.CRESCENT_DEID_KEY = "another key that is long enough to be accepted"
    with pytest.raises(UnsealError):
        field.from_db_value(sealed)


def test_a_sealed_field_is_never_serialised(field: SealedTextField):
    with pytest.raises(TypeError):
        field.value_to_string(IngestedFile())
