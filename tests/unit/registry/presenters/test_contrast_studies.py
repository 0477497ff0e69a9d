"""A contrast study in words."""

from datetime import date
from decimal import Decimal

import pytest

from registry.models import ContrastStudy, RevisionCase
from registry.presenters.contrast_studies import facts, order_questions


def a_study(**fields):
    fields = {
        "performed_on": date(2024, 3, 5),
        "modality": "cap_ct_myelography",
        "aspiration": "free",
        "outcome": "completed",
        "contrast_injected": "yes",
    } | fields
    return ContrastStudy(**fields)


def test_what_was_done_is_told_in_order_with_units():
    study = a_study(
        aspirated_ml=Decimal("0.40"),
        contrast_product="iohexol_240",
        mg_iodine_per_ml=240,
        contrast_ml=Decimal("2.00"),
        delay_min=15,
        adverse_event="none",
        next_step="connector_repair",
    )

    assert facts(study) == [
        "CT contrast study",
        "aspiration: free, 0.4 ml",
        "2 ml iohexol 240 mgI/mL",
        "CT 15 min after injection",
        "no adverse event",
        "next step: connector repair",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"contrast_injected": "no"}, "no contrast injected"),
        ({"contrast_injected": "unknown"}, "unknown whether contrast was injected"),
        ({}, "contrast injected, product not recorded"),
        ({"contrast_ml": Decimal("1.5"), "mg_iodine_per_ml": 200}, "1.5 ml contrast 200 mgI/ml"),
    ],
)
def test_contrast_is_given_not_given_unknown_or_not_recorded(fields, words):
    assert words in facts(a_study(**fields))


def test_dates_in_their_usual_order_raise_no_question():
    case = RevisionCase(opened_on=date(2024, 3, 1))

    assert order_questions(case, studies=[date(2024, 3, 1)], surgeries=[date(2024, 3, 1)]) == []


def test_each_unusual_order_is_asked_about():
    case = RevisionCase(opened_on=date(2024, 3, 1))

    asked = order_questions(case, studies=[date(2024, 2, 20)], surgeries=[date(2024, 2, 10)])

    assert len(asked) == 3
