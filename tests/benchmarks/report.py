"""Medians and ratios, for people and as JSON."""

import json
import os
import statistics
from collections.abc import Mapping, Sequence

CP = "cp -r, then sync"
ORTHANC_C_STORE = "storescu to Orthanc"
ORTHANC_ANONYMISED = "storescu to Orthanc, anonymised there"
ORTHANC_REST = "REST upload to Orthanc, 4 threads"
ORTHANC_STOW = "STOW-RS to Orthanc"
STORESCP = "storescu to storescp"
COMMAND_1 = "Crescent, command line, 1 worker"
COMMAND_ALL = "Crescent, command line, all cores"
C_STORE_1 = "Crescent, C-STORE"
C_STORE_4 = "Crescent, C-STORE, 4 associations"
STOW = "Crescent, STOW-RS"

AIMS = (
    (COMMAND_ALL, CP, 0.8),
    (COMMAND_ALL, ORTHANC_REST, 3.0),
    (C_STORE_1, ORTHANC_C_STORE, 1.0),
    (C_STORE_1, ORTHANC_ANONYMISED, 2.5),
    (STOW, ORTHANC_STOW, 1.2),
)
"""Who is compared with whom, and how many times as fast it is meant to be."""


def report(seconds: Mapping[str, Sequence[float]], *, slices: int) -> str:
    medians = {peer: statistics.median(times) for peer, times in seconds.items()}
    lines = [
        f"{slices} slices of 527 kB, {os.cpu_count()} cores, median (smallest, largest)",
        f"{'':38} {'seconds':>22} {'slices/s':>9}",
    ]
    for peer, times in seconds.items():
        spread = f"{medians[peer]:.2f} ({min(times):.2f}, {max(times):.2f})"
        lines.append(f"{peer:38} {spread:>22} {slices / medians[peer]:9.0f}")
    lines += ["", f"{'ratio of speeds':78} {'is':>6} {'aim':>5}"]
    for ours, theirs, aim in AIMS:
        if ours in medians and theirs in medians:
            ratio = medians[theirs] / medians[ours]
            lines.append(f"{ours + ' : ' + theirs:78} {ratio:6.2f} {aim:5.1f}")
    return "\n".join(lines)


def as_json(seconds: Mapping[str, Sequence[float]], *, slices: int) -> str:
    return json.dumps({"slices": slices, "cores": os.cpu_count(), "seconds": seconds}, indent=1)
