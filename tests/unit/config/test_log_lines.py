"""A log line says where and what kind, and repeats nothing that was typed or stored."""

import logging

import pytest
from django.db import IntegrityError, OperationalError, connection

from config.log_lines import QuietFormatter
from registry.models import Patient
from tests.factories import registry_records as make

CANARY = "Canary, Carla"


def line_of(error):
    with pytest.raises(type(error)) as raised:
        raise error
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Fault: %s", ("/p/",), None)
    record.exc_info = (raised.type, raised.value, raised.tb)
    return QuietFormatter("%(levelname)s %(message)s").format(record)


def test_a_fault_is_named_with_its_place_and_without_its_words():
    line = line_of(ValueError(CANARY))
    assert line.startswith("ERROR Fault: /p/\n")
    assert "ValueError" in line
    assert "test_log_lines.py" in line
    assert CANARY not in line


def test_what_led_to_it_is_named_as_quietly():
    try:
        raise KeyError(CANARY)
    except KeyError as cause:
        error = RuntimeError(CANARY)
        error.__cause__ = cause
    line = line_of(error)
    assert line.index("KeyError") < line.index("which led to") < line.index("RuntimeError")
    assert CANARY not in line


@pytest.mark.parametrize("kind", [OSError, OperationalError])
def test_words_about_the_machine_are_kept(kind):
    assert "No space left on device" in line_of(kind("No space left on device"))


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_stays_out_of_the_log():
    """PostgreSQL quotes the whole row: "Failing row contains (…)"."""
    centre = make.centre()
    number = "-".join(["CR", "CANARY"])  # as a value, since a log shows lines of code
    patient = make.patient(by=make.user(at_centre=centre), at_centre=centre)
    with pytest.raises(IntegrityError) as refusal:
        Patient.objects.filter(pk=patient.pk).update(birth_year=1, registry_number=number)
    if connection.vendor == "postgresql":
        assert number in str(refusal.value)
    assert number not in line_of(refusal.value)


def test_a_uid_in_an_address_is_not_repeated():
    record = logging.LogRecord(
        "x", logging.WARNING, __file__, 1, "Not Found: %s", ("/studies/1.2.840.9.77/x",), None
    )
    assert QuietFormatter("%(message)s").format(record) == "Not Found: /studies/[UID]/x"


def test_every_handler_is_quiet(settings):
    formatters = settings.LOGGING["formatters"]
    used = {handler["formatter"] for handler in settings.LOGGING["handlers"].values()}
    assert {formatters[name]["()"] for name in used} == {"config.log_lines.QuietFormatter"}
