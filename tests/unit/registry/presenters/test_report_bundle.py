"""A bundle holds what its issue asks for, and says who made it."""

import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest

from registry.audit.protocols import PROTOCOLS
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.exchange import report_signature
from registry.presenters import report_bundle
from registry.presenters.report_bundle import MalformedBundleError
from tests.factories.founding_cohorts import ford_cohort

KEY = "ford-1996"
MADE_AT = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def result():
    return run(KEY, ford_cohort(), filters=Filters(), as_of=date(2026, 1, 1), code_version="1")


@pytest.fixture(scope="module")
def content(result):
    return report_bundle.write_audit(result, ford_cohort(), PROTOCOLS[KEY], made_at=MADE_AT)


@pytest.fixture(scope="module")
def files(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_paper_numbers_rows_definitions_and_hashes(files):
    assert files["report.pdf"].startswith(b"%PDF-")
    assert {"results.json", "facts.json", "numbers.csv", "counted.csv", "definitions.json"} <= set(
        files
    )
    assert "rows/patients.csv" in files
    manifest = json.loads(files["manifest.json"])
    assert set(manifest["files"]) == set(files) - {"manifest.json", "signature.json"}
    assert (manifest["code_version"], manifest["written_by"]) == ("1", "1")
    assert manifest["protocol"] == {"key": KEY, "version": PROTOCOLS[KEY].version}


def test_it_is_signed_by_the_installation(files):
    signature = json.loads(files["signature.json"])
    assert signature["public_key"] == report_signature.own_public_key()
    assert report_signature.fits(
        files["manifest.json"],
        signature=signature["signature"],
        public_key=signature["public_key"],
    )


def test_the_same_result_makes_the_same_bytes(content, result):
    again = report_bundle.write_audit(result, ford_cohort(), PROTOCOLS[KEY], made_at=MADE_AT)
    assert again == content


def test_every_number_names_whom_it_counts(files, result):
    lines = files["counted.csv"].decode().splitlines()[1:]
    assert len(lines) == sum(len(members) for members in result.numbers().values())


def test_definitions_say_what_each_number_and_code_means(files, result):
    said = json.loads(files["definitions.json"])
    assert set(said["estimates"]) == {one.estimate.key for one in result.estimates}
    assert said["protocol"]["population"] == PROTOCOLS[KEY].population
    assert said["vocabulary"]["lists"]["diagnosis"]["codes"]["cp_spastic"]["definition"]


def test_the_paper_in_it_is_archivable(files):
    assert b"pdfaid" in files["report.pdf"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b"PK",
        b"PK\x03\x04",
        b'{"bundle_version":2}',
    ],
)
def test_what_is_no_bundle_is_said_to_be_none(content):
    with pytest.raises(MalformedBundleError):
        report_bundle.read(content)


def test_a_bundle_of_the_first_version_is_still_read(result):
    first = {
        "bundle_version": 1,
        "report": {"public_id": "00000000-0000-7000-8000-000000000000"},
        "results": {}, "results_sha256": "", "facts": {}, "facts_sha256": "",
    }  # fmt: skip
    bundle = report_bundle.read(json.dumps(first).encode())
    assert str(report_bundle.report_id(bundle)) == first["report"]["public_id"]
    with pytest.raises(MalformedBundleError, match="lacks facts"):
        report_bundle.read(json.dumps({k: v for k, v in first.items() if k != "facts"}).encode())
