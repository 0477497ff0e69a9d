"""Medians, 95th percentiles and ratios of what was read."""

import statistics
from collections.abc import Mapping, Sequence

ORTHANC = "Orthanc, DICOMweb, no log-in"
PROGRAM = "Crescent, token"
PERSON = "Crescent, signed in"

FRAME = "frame"
FIRST_FRAME = "frame, the first time"
METADATA = "metadata of the series"
FIRST_METADATA = "metadata, the first time"

AIMS = {FRAME: 2.0, METADATA: 10.0}
"""How many times as fast as Orthanc it is meant to be, at the median and the 95th percentile."""


def report(milliseconds: Mapping[tuple[str, str], Sequence[float]], *, slices: int) -> str:
    lines = [
        f"reading a series of {slices} slices",
        f"{'':38} {'':26} {'median ms':>10} {'95th ms':>9} {'ratios to Orthanc':>18} {'aim':>5}",
    ]
    for what in (FRAME, FIRST_FRAME, METADATA, FIRST_METADATA):
        theirs = milliseconds.get((ORTHANC, what))
        for who in (ORTHANC, PROGRAM, PERSON):
            times = milliseconds.get((who, what))
            if times is None:
                continue
            line = f"{who:38} {what:26} {_median(times):10.2f} {_95th(times):9.2f}"
            if theirs is not None and who != ORTHANC:
                ratios = (
                    f"{_median(theirs) / _median(times):.2f}, {_95th(theirs) / _95th(times):.2f}"
                )
                aim = f"{AIMS[what]:.1f}" if what in AIMS else ""
                line += f" {ratios:>18} {aim:>5}"
            lines.append(line)
    return "\n".join(lines)


def _median(times: Sequence[float]) -> float:
    return statistics.median(times)


def _95th(times: Sequence[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]
