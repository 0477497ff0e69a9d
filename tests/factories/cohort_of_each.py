"""The cohort with which each audit is tested itself."""

from dataclasses import replace
from datetime import date

from registry.audit.centre_log_facts import CentreLogFacts
from registry.audit.facts import Cohort
from tests.factories import (
    accuracy_cohorts,
    case_cohorts,
    cohorts,
    complication_cohorts,
    component_cohorts,
    double_reads,
    founding_cohorts,
    quality_cohorts,
)


def logged_components():
    whole = component_cohorts.many_components()
    log = CentreLogFacts(complete_from=date(2005, 1, 1))
    return replace(
        whole, patients=tuple(replace(one, later=(*one.later, log)) for one in whole.patients)
    )


COHORTS = {
    "abousamra-2016": cohorts.abousamra_cohort,
    "ct-accuracy": accuracy_cohorts.delhaas_like,
    "device-survival": logged_components,
    "complications": complication_cohorts.counted_by_hand,
    "reader-agreement": lambda: Cohort(
        tuple(
            double_reads.read_twice(f"p{n}", "leak", "leak" if n % 2 else "occlusion")
            for n in range(8)
        )
    ),
    "time-to-treatment": case_cohorts.counted_by_hand,
    "centre-comparison": cohorts.abousamra_cohort,
    "ford-1996": founding_cohorts.ford_cohort,
    "dose-titration": founding_cohorts.titration_cohort,
    "mccormick-2016": founding_cohorts.mccormick_cohort,
    "data-quality": quality_cohorts.listed_by_hand,
}
