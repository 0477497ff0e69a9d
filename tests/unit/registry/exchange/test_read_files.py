"""Files of stored reads: sound, the same each time, and never other than the registry."""

import subprocess
import sys
from dataclasses import replace

import pytest

from registry.exchange import key_objects, read_files, structured_report_reader
from registry.exchange.read_files import NotReadBackError
from registry.exchange.signed_read import document_of
from tests.factories.dicom_checks import require_sound
from tests.factories.exported_reads import CANARY, of_images, person


@pytest.fixture
def read(db):
    return of_images(by=person())[0]


def test_both_files_of_a_stored_read_are_sound_and_come_back_equal(read, tmp_path):
    document = document_of(read)
    report, selection = read_files.report(read), read_files.key_images(read)
    require_sound(report.content, tmp_path)
    require_sound(selection.content, tmp_path)
    assert structured_report_reader.read(report.content) == document
    assert key_objects.read(selection.content) == key_objects.selected(document)
    assert CANARY.encode() not in report.content + selection.content


def test_made_again_they_are_the_same_files(read):
    assert read_files.report(read) == read_files.report(read)
    assert read_files.key_images(read) == read_files.key_images(read)


def test_a_read_without_key_images_has_no_selection(db):
    read, _ = of_images(by=person(), key_images=[])
    assert read_files.key_images(read) is None


def test_a_file_that_says_something_else_is_given_to_nobody(read, monkeypatch):
    """As a fault of the library would make it."""
    honest = structured_report_reader.read
    monkeypatch.setattr(
        structured_report_reader, "read", lambda content: replace(honest(content), extent_mm=1)
    )
    with pytest.raises(NotReadBackError):
        read_files.report(read)


def test_nothing_waits_for_highdicom_until_a_file_is_written():
    """Its import takes a fifth of a second, at each start of each process."""
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; "
        "django.setup(); import config.urls; sys.exit('highdicom' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
