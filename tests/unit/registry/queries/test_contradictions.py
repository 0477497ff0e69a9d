"""What cannot both be true of one patient."""

from datetime import date
from types import SimpleNamespace

import pytest

from registry.models import Component, Patient
from registry.queries.contradictions import SENTENCES, contradictions
from registry.queries.patient_records import PatientRecords
from tests.factories import registry_records as make

DAY = make.NOW.date()


class Rows(list):
    def all(self):
        return self


def records(*, cases=(), components=(), **patient):
    return PatientRecords(Patient(created_at=make.NOW, **patient), list(cases), list(components))


def event(on):
    return SimpleNamespace(performed_on=on, public_id=f"on {on}")


def case(*, opened_on=date(2020, 3, 1), closed_on=None, outcome=None, studies=(), surgeries=()):
    return SimpleNamespace(
        pk=1,
        public_id="case",
        opened_on=opened_on,
        closed_on=closed_on,
        outcome=outcome,
        contrast_studies=Rows(studies),
        surgeries=Rows(surgeries),
    )


def pump(implanted_on, removed_on=None, **fields):
    return Component(
        kind="pump", implanted_on=implanted_on, removed_on=removed_on, created_at=make.NOW, **fields
    )


before, day, after = date(2020, 2, 1), date(2020, 3, 5), date(2020, 6, 1)

CONTRADICTIONS = {
    "study_before_case": records(cases=[case(studies=[event(before)])]),
    "study_after_case": records(cases=[case(closed_on=day, studies=[event(after)])]),
    "surgery_before_case": records(cases=[case(surgeries=[event(before)])]),
    "surgery_after_case": records(cases=[case(closed_on=day, surgeries=[event(after)])]),
    "after_death": records(died_on=date(2020, 3, 3), cases=[case(studies=[event(day)])]),
    "before_birth": records(birth_year=2021, cases=[case()]),
    "died_without_day": records(cases=[case(outcome="died", closed_on=day)]),
    "resolved_without_operation": records(
        cases=[case(outcome="resolved_by_surgery", closed_on=day)]
    ),
    "resolved_despite_operation": records(
        cases=[case(outcome="resolved_without_surgery", closed_on=day, surgeries=[event(day)])]
    ),
    "pumps_overlap": records(components=[pump(before), pump(day)]),
    "study_without_pump": records(
        components=[pump(before, date(2020, 3, 2))], cases=[case(studies=[event(day)])]
    ),
    "trimmed_longer": records(
        components=[
            Component(
                kind="spinal_segment", implanted_on=day, length_cm=10, trimmed_cm=11,
                created_at=make.NOW,
            )
        ]
    ),
    "walks_at_gmfcs_v": records(ambulatory="yes", gmfcs="level_v"),
}  # fmt: skip


@pytest.mark.parametrize("code", CONTRADICTIONS)
def test_each_is_found_alone(code):
    assert {found.code for found in contradictions(CONTRADICTIONS[code])} == {code}


def test_every_contradiction_has_a_sentence_and_a_test():
    with_operation = {"implanted_on_another_day", "removed_on_another_day"}
    assert set(SENTENCES) == set(CONTRADICTIONS) | with_operation


@pytest.mark.django_db
def test_a_component_goes_in_and_out_on_the_days_of_its_operations(north):
    part = Component(
        kind="connector", implanted_on=date(2024, 3, 1), removed_on=date(2024, 3, 2),
        placed_by=north.surgery, removed_by=north.surgery, created_at=make.NOW,
    )  # fmt: skip
    assert [found.code for found in contradictions(records(components=[part]))] == [
        "implanted_on_another_day",
        "removed_on_another_day",
    ]
    part.implanted_on_precision = "month"
    part.removed_on = north.surgery.performed_on
    assert list(contradictions(records(components=[part]))) == []


@pytest.mark.parametrize(
    "sound",
    [
        records(),
        records(ambulatory="yes", gmfcs="level_iv"),
        records(died_on=day, birth_year=2020, cases=[case(studies=[event(day)])]),
        records(components=[pump(before, day), pump(day)], cases=[case(studies=[event(day)])]),
        records(components=[pump(before), pump(day, second_pump_declared=True)]),
        records(components=[pump(None)], cases=[case(studies=[event(day)])]),
        records(cases=[case(outcome="resolved_by_surgery", closed_on=day, surgeries=[event(day)])]),
    ],
)
def test_what_can_be_true_is_no_contradiction(sound):
    """Two things on one day are in order, and what is not known contradicts nothing."""
    assert list(contradictions(sound)) == []
