"""What one installation proves, another believes: SQLite here, PostgreSQL there, and back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from registry.audit.protocols import PROTOCOLS
from registry.exchange import fact_tables, report_signature
from registry.models import AuditReport
from tests.factories import frozen_of_each

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def on_postgresql(tmp_path):
    """The other installation; it is at work while this one is."""
    made, got = tmp_path / "made-there", tmp_path / "made-here"
    made.mkdir()
    got.mkdir()
    process = subprocess.Popen(
        [sys.executable, "tests/postgresql.py", sys.executable, "-m",
         "tests.integration.registry.other_installation", str(made), str(got)],
        cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    yield process, made, got
    process.communicate()


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_bundle_of_each_protocol_verifies_on_the_other_database(on_postgresql, capsys):
    process, made_there, made_here = on_postgresql
    assert connection.vendor == "sqlite"
    by = frozen_of_each.records()
    frozen_of_each.bundles(by=by, into=made_here, code_version=settings.CODE_VERSION)
    said, key = process.stdout.readline().split() or ("", "")
    assert said == "made", process.communicate()[1]
    process.stdin.write(f"{report_signature.own_public_key()}\n")
    process.stdin.flush()
    call_command("verify_report", *sorted(map(str, made_there.iterdir())), key=key)
    here = capsys.readouterr().out
    there, wrong = process.communicate()
    assert (process.returncode, wrong) == (0, "")
    for protocol in PROTOCOLS:
        for said in (here, there):
            assert f"/{protocol}.zip: Sound: {protocol}," in said
            assert f"/{protocol}.zip: Signed by key" in said
    # A new kind of fact is to be among the records: these two would need a transfer and a visit.
    tables = {
        table for report in AuditReport.objects.all() for table in fact_tables.tables(report.facts)
    }
    needed = {group.value for protocol in PROTOCOLS.values() for group in protocol.needs}
    assert needed - tables <= {"departures", "satisfaction", "second_looks"}
