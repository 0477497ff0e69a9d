"""`manage.py audit`: what it refuses, where it writes, and which day is today."""

import json
import stat
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import audited_records
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

KEY = "abousamra-2016"


@pytest.fixture
def north():
    north = make.centre("NORTH", time_zone="Pacific/Auckland")
    person = make.user(at_centre=north)
    audited_records.audited_patient(north, by=person, result="leak", operated=True)
    return north


def refused(*arguments):
    with pytest.raises(CommandError) as error:
        call_command("audit", KEY, *arguments)
    return str(error.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--centre", "NOSUCH"], "no centre NOSUCH"),
        (["--from", "yesterday"], "'yesterday' is no day"),
        (["--from", "2024-02-01", "--to", "2024-01-01"], "The period ends before it begins."),
        (["--as-of", "2999-01-01"], "cannot be cut in the future"),
        (["--format", "xml"], "No format xml"),
        (["--format", "pdf"], "Say where to"),
        (["--format", "bundle"], "Say where to"),
        (["--output", "/dev/null/report.json"], "Cannot write to /dev/null/report.json"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(north, arguments, words):
    assert words in refused(*arguments)


def test_today_is_the_day_it_is_at_the_centres_as_on_the_page(north, capsys, monkeypatch):
    """14:00 UTC on 1 June is 2 June in Auckland."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2024, 6, 1, 14, tzinfo=UTC))
    call_command("audit", KEY)
    assert json.loads(capsys.readouterr().out)["as_of"] == "2024-06-02"
    call_command("audit", KEY, "--as-of", "2024-06-02")
    assert "cannot be cut in the future" in refused("--as-of", "2024-06-03")


def test_an_output_that_ends_in_a_slash_is_a_folder(north, tmp_path):
    call_command("audit", KEY, "--as-of", "2025-01-01", "--output", f"{tmp_path}/reports/")
    assert (tmp_path / "reports" / f"{KEY}_2025-01-01.json").is_file()


def test_an_output_without_one_is_a_file_and_an_existing_folder_stays_one(north, tmp_path):
    call_command("audit", KEY, "--output", f"{tmp_path}/numbers")
    assert json.loads((tmp_path / "numbers").read_text())["flow"][0]["n"] == 1
    (tmp_path / "there").mkdir()
    call_command("audit", KEY, "--format", "csv", "--output", f"{tmp_path}/there")
    assert [path.suffix for path in (tmp_path / "there").iterdir()] == [".csv"]


def test_a_bundle_is_for_its_owner_only(north, tmp_path):
    path = tmp_path / "bundle.zip"
    path.touch(mode=0o644)
    call_command("audit", KEY, "--format", "bundle", "--output", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_installation_without_centres_counts_nobody(capsys):
    call_command("audit", KEY, as_of=date(2024, 1, 1))
    assert json.loads(capsys.readouterr().out)["flow"][0]["n"] == 0
