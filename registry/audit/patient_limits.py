"""Which patients and components an audit is limited to, beyond centres and dates.

Patients are taken whole or not at all, so that no limit changes which study an operation verifies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, Self

from .background_facts import BackgroundFacts
from .component_facts import ComponentFacts
from .errors import FiltersError
from .fact_group import FactGroup
from .facts import Cohort, PatientFacts

LIMITS_RULE: Final = (
    "limits-1 [proposal]: patients are limited by age, sex, diagnosis and components as the "
    "filters say, each patient whole or not at all. Age is counted in calendar years, at the "
    "first contrast study of the period, or at its end where there is none; who was born in an "
    "unknown year is within no limit of age. A limit of components holds for patients of whom one "
    "component fits in kind, model and years of implantation together; one implanted on an "
    "unknown day fits no years. Where components are counted, only those that fit are."
)


@dataclass(frozen=True, slots=True)
class PatientLimits:
    """All inclusive; None is no limit. Codes are those of the registry's vocabulary.

    Raises
    ------
    FiltersError
        A limit ends before it begins.
    """

    age_from: int | None = None
    age_to: int | None = None
    sex: str | None = None
    diagnoses: tuple[str, ...] | None = None
    component: str | None = None
    model: str | None = None
    implanted_from: int | None = None
    implanted_to: int | None = None

    def __post_init__(self) -> None:
        for first, last, what in (
            (self.age_from, self.age_to, "age"),
            (self.implanted_from, self.implanted_to, "years of implantation"),
        ):
            if first is not None and last is not None and first > last:
                raise FiltersError(f"the limits of {what} end before they begin")
        if self.diagnoses is not None:
            object.__setattr__(self, "diagnoses", tuple(sorted(set(self.diagnoses))))

    def __bool__(self) -> bool:
        return bool(self.to_json())

    @property
    def of_background(self) -> bool:
        return any(
            one is not None for one in (self.age_from, self.age_to, self.sex, self.diagnoses)
        )

    @property
    def of_components(self) -> bool:
        said = (self.component, self.model, self.implanted_from, self.implanted_to)
        return any(one is not None for one in said)

    @property
    def needs(self) -> frozenset[FactGroup]:
        """The facts without which the limits cannot be judged."""
        asked = {FactGroup.BACKGROUND: self.of_background, FactGroup.COMPONENTS: self.of_components}
        return frozenset(group for group, wanted in asked.items() if wanted)

    def to_json(self) -> dict[str, Any]:
        """Only what is limited: filters that were stored before stay as they were."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.diagnoses is not None:
            said["diagnoses"] = list(self.diagnoses)
        return {name: value for name, value in said.items() if value is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        said = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        if "diagnoses" in said:
            said["diagnoses"] = tuple(said["diagnoses"])
        return cls(**said)

    def fits(self, component: ComponentFacts) -> bool:
        """Whether the component is of the kind, model and years that are asked for."""
        if self.component is not None and component.kind != self.component:
            return False
        if self.model is not None and component.model != self.model:
            return False
        day = component.implanted_on
        return _within(None if day is None else day.year, self.implanted_from, self.implanted_to)

    def hold(self, patient: PatientFacts, *, first: date | None, last: date) -> bool:
        """Whether the patient is within the limits, in a period from `first` to `last`."""
        if self.of_background and not any(
            self._fits_background(one, patient, first, last) for one in patient.of(BackgroundFacts)
        ):
            return False
        return not self.of_components or any(
            self.fits(one)
            for one in patient.of(ComponentFacts)
            if one.implanted_on is None or one.implanted_on <= last
        )

    def _fits_background(
        self, background: BackgroundFacts, patient: PatientFacts, first: date | None, last: date
    ) -> bool:
        if self.sex is not None and background.sex != self.sex:
            return False
        if self.diagnoses is not None and background.diagnosis not in self.diagnoses:
            return False
        age = age_of(patient, background, first=first, last=last)
        return _within(age, self.age_from, self.age_to)


def limited(cohort: Cohort, limits: PatientLimits, *, first: date | None, last: date) -> Cohort:
    """The patients within the limits; all where there is none.

    Theatre lists are left out then: a line says nothing of age, sex or diagnosis.
    """
    if not limits:
        return cohort
    return cohort.part(
        tuple([one for one in cohort.patients if limits.hold(one, first=first, last=last)]),
        theatre_lists=(),
    )


def age_of(
    patient: PatientFacts, background: BackgroundFacts, *, first: date | None, last: date
) -> int | None:
    """In calendar years at the first study of a period, or at its end; None if not recorded."""
    if background.birth_year is None:
        return None
    studied = [
        study.performed_on
        for study in patient.studies
        if (first is None or first <= study.performed_on) and study.performed_on <= last
    ]
    return min(studied, default=last).year - background.birth_year


def _within(number: int | None, first: int | None, last: int | None) -> bool:
    if first is None and last is None:
        return True
    return number is not None and (first or 0) <= number and (last is None or number <= last)
