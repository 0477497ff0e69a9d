"""Seven patients whose pump systems went in every way that a lane can show."""

from datetime import date, timedelta

from registry.audit.departure_facts import DepartureFacts
from registry.audit.facts import Cohort
from registry.audit.procedure_facts import ProcedureFacts
from registry.audit.selection import Period
from tests.factories.component_cohorts import FIRST_DAY, component, patient


def day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


LAST = day(3650)
PERIOD = Period(None, LAST)


def lane_cohort() -> Cohort:
    return Cohort(
        (
            patient(
                "often",
                component("often-1", removed_on=day(400), removal_reason="battery_eri"),
                component(
                    "often-2",
                    implanted_on=day(400),
                    removed_on=day(900),
                    removal_reason="motor_stall",
                ),
                component("often-3", implanted_on=day(900)),
                component(
                    "often-s",
                    "spinal_segment",
                    removed_on=day(700),
                    removal_reason="infection_deep_pocket",
                ),
            ),
            patient(
                "moved",
                component("moved-1", removed_on=day(500)),
                ProcedureFacts("moved-s", day(300), "growth", ("pump_reposition",)),
            ),
            patient(
                "elsewhere",
                component("elsewhere-1", precision="year"),
                component(
                    "elsewhere-c",
                    "connector",
                    implanted_on=None,
                    removed_on=day(800),
                    removal_reason="catheter_disconnection_splice",
                ),
            ),
            patient(
                "late",
                component("late-1", removed_on=day(600)),
                component(
                    "late-2",
                    implanted_on=day(600),
                    removed_on=day(1500),
                    removal_reason="motor_stall",
                ),
                component("late-3", implanted_on=day(1500)),
                died_on=None,
            ),
            patient(
                "undated",
                component("undated-1"),
                component("undated-s", "spinal_segment", implanted_on=None),
            ),
            patient("died", component("died-1"), died_on=day(2000)),
            patient("gone", component("gone-1"), DepartureFacts("gone-case", day(1200))),
        )
    )
