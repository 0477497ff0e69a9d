"""After a delivery nothing of its patients is left anywhere: rows, images, logs, answers, spool.

PS3.15 is about the file; this is about the house around it.
"""

import io
import logging
import re
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from imaging.archive.configured import configured_archive
from imaging.models import IngestedFile, Instance
from tests.factories.hiding_places import HIDING_PLACES
from tests.factories.raw_dicom import write_raw
from tests.factories.seeded_patients import Person, SeededFile, seeded_ct
from tests.integration.imaging.conftest import Ingest

PSEUDONYMS = re.compile(rb"2\.25\.[0-9]+|[0-9a-f]{24,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PLACES = [place for place in HIDING_PLACES if place != "PatientID"]
"""Two numbers of one patient in one study would be a mix-up, and kept as it came."""

MOMENTS = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.+]+")
"""When a row was written; the clock knows no birth date."""


def _rows() -> bytes:
    """Every value of every table of ours, as the database holds it."""
    written = io.BytesIO()
    for label in ("imaging", "registry"):
        for model in apps.get_app_config(label).get_models():
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                for row in cursor.fetchall():
                    for value in row:
                        raw = (
                            value if isinstance(value, bytes | memoryview) else str(value).encode()
                        )
                        written.write(bytes(raw) + b"\n")
    return written.getvalue()


def _files() -> bytes:
    """Names and content of everything below the data folder."""
    written = io.BytesIO()
    for path in sorted(configured_archive().root.rglob("*")):
        written.write(str(path.relative_to(configured_archive().root)).encode() + b"\n")
        if path.is_file():
            written.write(path.read_bytes())
    return written.getvalue()


def _write(path: Path, file: SeededFile) -> Path:
    return write_raw(
        path, file.dataset, meta=file.meta, preamble=file.preamble, trailing=file.trailing
    )


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """Images of six patients in folders and a zip archive that are called after them."""
    folder = tmp_path / "sent"
    for seed in range(5):
        person = Person.make(seed)
        place = folder / f"{person.family}_{person.given}_{person.born:%Y%m%d}"
        place.mkdir(parents=True)
        for index in range(2):
            file = seeded_ct(person, seed, index, about=person, places=PLACES)
            _write(place / f"{person.number}_{index}.dcm", file)
    person = Person.make(5)
    image = _write(tmp_path / "zipped.dcm", seeded_ct(person, 5, 0, about=person, places=[]))
    with zipfile.ZipFile(folder / f"{person.family}.zip", "w") as archive:
        archive.comment = person.texts[7].encode()
        archive.write(image, f"{person.family}/{person.number}.dcm")
    (folder / f"{person.family}.txt").write_text(person.texts[0])
    return folder


def test_no_identifier_is_left_in_rows_files_logs_and_answers(
    delivery: Path,
    ingest: Ingest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    caplog.set_level(logging.DEBUG)
    answer = ingest(delivery)
    assert answer.counts["indexed"] == 11, answer.counts
    assert Instance.objects.count() == 11
    assert answer.counts["rejected"] == 1
    said = "\n".join([*answer.lines, caplog.text, *capfd.readouterr()]).encode()
    everything = PSEUDONYMS.sub(b"#", MOMENTS.sub(b"#", _rows() + said) + _files())
    for seed in range(6):
        needles = Person.make(seed).needles
        assert sorted(needle for needle in needles if needle in everything) == []


def test_the_names_of_the_files_are_kept_sealed(delivery: Path, ingest: Ingest):
    """They are there for whoever may see identities, and for nobody who reads the database."""
    ingest(delivery)
    names = [file.name or "" for file in IngestedFile.objects.all()]
    assert any(Person.make(0).family in name for name in names)
    assert Person.make(0).family.encode() not in _rows()
