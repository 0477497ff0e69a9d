"""How much memory the C-STORE service takes while a long study arrives."""

import threading
from pathlib import Path

from tests.benchmarks.crescent import CALLED, receiving
from tests.benchmarks.generated_study import parts_of
from tests.benchmarks.processes import storescu

ASSOCIATIONS = 4
SECONDS_BETWEEN = 0.2
KIB_PER_MIB = 1024


def largest_pss_mib(source: Path, run: Path) -> float:
    """Proportional set size of the service with its reading processes: shared pages count once."""
    folders = parts_of(source, run / "parts", count=ASSOCIATIONS)
    sizes: list[int] = []
    done = threading.Event()
    with receiving(run) as (_, port, process_id):

        def watch() -> None:
            while not done.wait(SECONDS_BETWEEN):
                sizes.append(sum(_pss_kib(one) for one in _family(process_id)))

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            storescu(folders, port=port, called=CALLED)
        finally:
            done.set()
            watching.join()
    return max(sizes) / KIB_PER_MIB


def _family(process_id: int) -> list[int]:
    every = [process_id]
    for tasks in Path(f"/proc/{process_id}/task").iterdir():
        children = tasks / "children"
        every += [int(child) for child in children.read_text().split()]
    return every


def _pss_kib(process_id: int) -> int:
    try:
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
