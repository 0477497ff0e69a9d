"""kill -9 of a service while real clients send: what they were told is true afterwards.

`CRESCENT_SERVICE_KILLS` is the number for each way in; `python -m tests.faults.kill_run` does many
and prints what it saw.
"""

import os
from pathlib import Path

import pytest

from tests.faults.installation import Installation
from tests.faults.kill_run import KillRun
from tests.faults.routes import ROUTES

pytestmark = pytest.mark.faults

KILLS = int(os.environ.get("CRESCENT_SERVICE_KILLS", "4"))
SEED = 20240602


@pytest.mark.parametrize("name", ROUTES)
def test_nothing_acknowledged_is_lost_when_a_service_is_killed(
    name: str, service: Installation, tmp_path: Path
):
    """Each killed service is followed by the next one, which also gets what was not confirmed."""
    run = KillRun(service, {name: ROUTES[name](service)}, folder=tmp_path / "sent", seed=SEED)
    for _ in range(KILLS):
        run.kill()
    run.finish()
    # Otherwise the moments prove nothing.
    assert run.killed_midway[name] >= KILLS // 5
