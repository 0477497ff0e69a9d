"""Who the patients of a cohort are, where its facts do not say."""

from dataclasses import replace

from registry.audit.background_facts import BackgroundFacts
from registry.audit.facts import Cohort

SEXES = ("female", "male", "unknown")
DIAGNOSES = ("cp_spastic", "ms", "unknown", "stroke")


def with_background(cohort: Cohort) -> Cohort:
    """Each patient with a year of birth, sex and diagnosis, one after another from short lists."""
    return replace(
        cohort,
        patients=tuple(
            one if one.of(BackgroundFacts) else replace(one, later=(*one.later, _background(place)))
            for place, one in enumerate(cohort.patients)
        ),
    )


def _background(place: int) -> BackgroundFacts:
    born = None if place % 7 == 6 else 1950 + 9 * (place % 8)
    sex, diagnosis = SEXES[place % len(SEXES)], DIAGNOSES[place % len(DIAGNOSES)]
    return BackgroundFacts(born, sex, diagnosis)
