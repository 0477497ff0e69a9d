"""How much memory and processor time a process took, as the kernel counts."""

import os
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def forget_peak(pid: int) -> None:
    """Let the peak begin anew at what the process has now (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_kib(pid: int) -> int:
    return _status(pid, "VmHWM")


def resident_kib(pid: int) -> int:
    return _status(pid, "VmRSS")


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def children(pid: int) -> list[int]:
    """Every process below this one."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found + [below for child in found for below in children(child)]


def _status(pid: int, name: str) -> int:
    with Path(f"/proc/{pid}/status").open() as status:
        # A process that has ended has no such line any more.
        return next((int(line.split()[1]) for line in status if line.startswith(name)), 0)
