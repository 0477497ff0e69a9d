"""Kaplan-Meier with interval and delayed entry as lifelines and statsmodels compute it.

Runs in the environment of the benchmark's own packages (`make bench` makes it), by path, with
nothing of ours: survival_peers.py PEER FOLDER ROUNDS. Prints processor seconds of each round and
survival at five years as JSON.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np

FIVE_YEARS = 1826


def lifelines(entry, leave, event):
    from lifelines import KaplanMeierFitter

    # It warns of small early risk sets, which is not what is measured.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = KaplanMeierFitter().fit(leave, event, entry=entry)
    assert len(fitted.confidence_interval_) == len(fitted.survival_function_)
    return float(fitted.predict(FIVE_YEARS))


def statsmodels(entry, leave, event):
    from statsmodels.duration.survfunc import SurvfuncRight

    # Where nobody is left at the end its variance divides by 0.
    with np.errstate(all="ignore"):
        fitted = SurvfuncRight(leave, event, entry=entry)
        survival, error = fitted.surv_prob, fitted.surv_prob_se
        spread = 1.959963984540054 * error / (survival * np.log(survival))
        limits = survival ** np.exp(spread), survival ** np.exp(-spread)
    assert len(limits[0]) == len(survival)
    before = np.searchsorted(fitted.surv_times, FIVE_YEARS, side="right") - 1
    return float(survival[before])


def main() -> None:
    peer = {"lifelines": lifelines, "statsmodels": statsmodels}[sys.argv[1]]
    folder, rounds = Path(sys.argv[2]), int(sys.argv[3])
    arrays = [np.load(folder / f"{name}.npy") for name in ("entry", "exit", "event")]
    peer(*(array[:1000] for array in arrays))
    seconds, survival = [], None
    for _ in range(rounds):
        start = time.process_time()
        survival = peer(*arrays)
        seconds.append(time.process_time() - start)
    print(json.dumps({"seconds": seconds, "survival": survival}))


if __name__ == "__main__":
    main()
