"""An import is begun once, and tells how far it is; of a process that died only that it died."""

import errno
import json
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from registry.exchange import import_progress
from tests.architecture.source_tree import ROOT
from tests.factories.registry_records import NOW


class Clock:
    """Every look at it is a second later."""

    def __init__(self):
        self.seconds = 0

    def __call__(self):
        self.seconds += 1
        return NOW + timedelta(seconds=self.seconds)


@pytest.fixture
def one():
    return uuid.UUID(int=5)


def hold(one, clock=None):
    return import_progress.hold(one, kind="take_in", clock=clock or Clock())


def test_who_holds_an_import_holds_it_alone_until_it_is_released(one):
    work = hold(one)
    assert hold(one) is None
    assert import_progress.progress(one).goes_on
    assert hold(uuid.UUID(int=6)) is not None, "another import is another one"
    work.release()
    again = hold(one)
    assert again is not None
    again.release()


def test_the_counts_tell_rows_and_the_time_left(one, crescent_data):
    clock = Clock()
    work = hold(one, clock)
    assert import_progress.progress(one).seconds_left is None
    work.begin()
    for done in range(1, 26):
        work.tell(done, 100)
    told = import_progress.progress(one)
    assert (told.done, told.of, told.rows_done(50)) == (25, 100, 12)
    assert told.seconds_left == 75
    (file,) = (crescent_data / import_progress.FOLDER).glob("*.json")
    assert set(json.loads(file.read_text())) == {
        "kind", "done", "of", "begun_at", "told_at", "said",
    }, "counts only"  # fmt: skip
    work.end()
    work.release()
    assert import_progress.progress(one) is None
    assert not list((crescent_data / import_progress.FOLDER).iterdir()), "nothing is left behind"


def test_what_was_refused_is_said_until_it_is_begun_again(one):
    work = hold(one)
    work.end("3 cells are refused.")
    work.release()
    left = import_progress.progress(one)
    assert (left.said, left.goes_on) == ("3 cells are refused.", False)
    work = hold(one)
    assert import_progress.progress(one).said == ""
    work.release()


def test_of_a_process_that_was_killed_the_page_learns_that_it_goes_on_no_more(one, crescent_data):
    """The kernel takes the lock back, whatever the process had in hand."""
    program = (
        "import os, signal, uuid, django; django.setup();"
        "from pathlib import Path;"
        "from django.conf import settings;"
        "from django.utils import timezone;"
        f"settings.CRESCENT_DATA = Path({str(crescent_data)!r});"
        "from registry.exchange import import_progress;"
        "work = import_progress.hold(uuid.UUID(int=5), kind='take_in', clock=timezone.now);"
        "work.tell(7, 7);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False, timeout=60)
    left = import_progress.progress(one)
    assert (left.done, left.goes_on, left.said) == (7, False, "")
    work = hold(one)
    assert work is not None, "it can be begun again"
    work.release()


def test_a_disk_that_was_full_keeps_nobody_out_once_it_has_room(one, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space left"):
            hold(one)
    again = hold(one)
    assert again is not None, "the lock went with the attempt"
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", full)
        with pytest.raises(OSError, match="No space left"):
            again.release()
    again = hold(one)
    assert again is not None
    again.release()


@pytest.mark.parametrize("left_there", ["", "{", '{"kind": "check"}'])
def test_a_file_that_a_power_cut_left_damaged_says_only_that_nothing_is_known(one, left_there):
    work = hold(one)
    work._path.write_text(left_there)
    work.release()
    assert import_progress.progress(one) is None


def test_imports_take_turns(crescent_data):
    with import_progress.turn(wait=True), import_progress.turn(wait=False) as has_come:
        assert not has_come
    with import_progress.turn(wait=False) as has_come:
        assert has_come
