"""Each planted bug still fits the code; `python -m tests.faults.planted_bugs` runs them."""

import shutil
from pathlib import Path

import pytest

from tests.faults.installation import PROJECT
from tests.faults.planted_bugs.bug import Bug, NotApplicableError
from tests.faults.planted_bugs.bugs import BUGS

FEWEST = 20


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_changes_the_code_and_names_tests_that_exist(bug: Bug, tmp_path: Path):
    target = tmp_path / bug.file
    target.parent.mkdir(parents=True)
    shutil.copy2(PROJECT / bug.file, target)
    bug.plant(tmp_path)
    changed = target.read_text()
    assert changed != (PROJECT / bug.file).read_text()
    if target.suffix == ".py":
        compile(changed, bug.file, "exec")
    assert bug.tests
    for test in bug.tests:
        assert (PROJECT / test.partition("::")[0]).is_file()


def test_there_are_twenty_and_their_names_differ():
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= FEWEST


def test_a_bug_that_no_longer_fits_is_told(tmp_path: Path):
    (tmp_path / "code.py").write_text("other = 1\n")
    bug = Bug("moved", "code.py", "value = 1\n", "value = 2\n", ("tests/conftest.py",))
    with pytest.raises(NotApplicableError):
        bug.plant(tmp_path)
