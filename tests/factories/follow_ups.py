"""Follow-up for tests: the frozen cohorts that R knows, too, and random ones."""

import csv
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from registry.audit.follow_up import FollowUp

VERIFICATION = Path(__file__).parents[1] / "verification"


def frozen(name: str) -> list[dict[str, str]]:
    """Rows of a file in tests/verification."""
    with (VERIFICATION / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def frozen_cohorts() -> dict[str, list[dict[str, str]]]:
    """Rows of cohorts.csv by cohort."""
    cohorts: dict[str, list[dict[str, str]]] = {}
    for row in frozen("cohorts.csv"):
        cohorts.setdefault(row["cohort"], []).append(row)
    return cohorts


def follow_up_of(rows) -> FollowUp:
    def column(name):
        return np.array([int(row[name]) for row in rows], dtype=np.int64)

    return FollowUp.of(entry_day=column("entry"), exit_day=column("exit"), cause=column("cause"))


def groups_of(rows) -> dict[str, FollowUp]:
    names = sorted({row["group"] for row in rows})
    return {name: follow_up_of([row for row in rows if row["group"] == name]) for name in names}


@st.composite
def follow_ups(draw, *, delayed=True, largest=40) -> FollowUp:
    """Few days, so that many coincide; anybody may enter on the day they leave."""
    members = draw(
        st.lists(
            st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 2)), max_size=largest
        )
    )
    entries = [min(one, two) if delayed else 0 for one, two, _ in members]
    return FollowUp.of(
        entry_day=entries,
        exit_day=[max(one, two) for one, two, _ in members],
        cause=[cause for _, _, cause in members],
    )
