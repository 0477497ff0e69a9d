"""Damaged files get an answer: done or a reason, in time, and the next file is read as before."""

import os
from pathlib import Path

import pytest

from imaging.dicom.acceptance import ACCEPTED_TRANSFER_SYNTAXES
from tests.faults.mutant_run import MutantRun
from tests.faults.mutations import MUTATIONS, mutant

pytestmark = [pytest.mark.faults, pytest.mark.one_database]

MUTANTS = int(os.environ.get("CRESCENT_MUTANTS", "3000"))
FEWEST_SEEDS = 30
NOT_WRITABLE_HERE = {"1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"}
"""HTJ2K with RPCL and lossy HTJ2K: no encoder is installed; mutants carry their UIDs."""


def test_every_mutant_is_answered_and_the_process_stays_of_use(tmp_path: Path):
    """None crashes the reading of headers; a code stream that crashes its decoder ends a child."""
    run = MutantRun(tmp_path)
    for number in range(MUTANTS):
        run.send(number)
    result = run.finish()
    assert result.wrong == []
    # Otherwise the mutants prove nothing: most are refused, some pass and are decoded.
    assert len(result.answers) > 15
    assert result.answers["done"] > MUTANTS / 20
    assert result.frames["done"] > MUTANTS / 50


def test_the_seeds_cover_every_transfer_syntax(tmp_path: Path):
    run = MutantRun(tmp_path)
    run.finish()
    assert len(run.seeds) >= FEWEST_SEEDS
    for uid in ACCEPTED_TRANSFER_SYNTAXES - NOT_WRITABLE_HERE:
        written = b"UI" + (len(uid) + len(uid) % 2).to_bytes(2, "little") + uid.encode()
        assert any(b"\2\0\x10\0" + written in seed.content for seed in run.seeds), uid


def test_every_mutation_changes_something_and_can_be_made_again(tmp_path: Path):
    run = MutantRun(tmp_path)
    run.finish()
    used = set()
    for number in range(1000):
        seed, steps, content = mutant(number, run.seeds)
        assert mutant(number, run.seeds) == (seed, steps, content)
        if content != seed.content:
            used |= set(steps)
    assert used == {mutation.__name__ for mutation in MUTATIONS}
