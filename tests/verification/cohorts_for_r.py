"""Writes cohorts.csv and recurrent.csv beside this file: what both we and R estimate from.

    .venv/bin/python -m tests.verification.cohorts_for_r

200 random cohorts each. Ties (days in steps), delayed entry (every second cohort), competing
events and heavy censoring (two cohorts of four lose four in five). Frozen, since a newer numpy
may draw other numbers. Covariates: `metal` yes or no, `age` in years. Nobody in it lives.
"""

import csv
from pathlib import Path

import numpy as np

COHORTS = 200
HERE = Path(__file__).parent


def rows():
    random = np.random.default_rng(5271991)
    for cohort in range(COHORTS):
        size = int(random.integers(12, 70))
        delayed = cohort % 2 == 1
        heavily_censored = cohort % 4 >= 2
        step = (1, 7, 30, 182)[cohort % 4 if cohort < 100 else int(random.integers(4))]
        for _ in range(size):
            group = "abc"[int(random.integers(2 + (cohort % 3 == 0)))]
            metal, age = int(random.random() < 0.4), round(float(random.normal(11, 4)), 1)
            entry = int(random.integers(0, 600)) * int(random.random() < 0.6) if delayed else 0
            hazard = np.exp(0.4 * (group == "b") + 0.5 * metal - 0.03 * age)
            last = entry + 1 + int(random.exponential(900 / hazard))
            last = -(-last // step) * step
            cause = int(random.choice([0, 1, 2], p=[0.3, 0.45, 0.25]))
            if heavily_censored and random.random() < 0.8:
                cause = 0
            yield cohort, entry, last, cause, group, metal, age


def recurrent_rows():
    """One row per member; some have no event, some one on each of several days."""
    random = np.random.default_rng(82210)
    for cohort in range(COHORTS):
        step = int(random.choice([1, 5, 60]))
        for _ in range(int(random.integers(5, 26))):
            entry = int(random.integers(0, 300)) if cohort % 2 else 0
            last = entry + int(random.integers(1, 900))
            tried = random.integers(entry + 1, 1200, size=int(random.poisson(1.2))) // step * step
            days = sorted({int(day) for day in tried if entry < day <= last})
            yield cohort, entry, last, " ".join(map(str, days))


def main() -> None:
    write("cohorts.csv", "cohort entry exit cause group metal age", rows())
    write("recurrent.csv", "cohort entry exit days", recurrent_rows())


def write(name, columns, lines) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(lines)


if __name__ == "__main__":
    main()
