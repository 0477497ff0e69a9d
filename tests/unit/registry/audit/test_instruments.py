"""What each instrument grades."""

from fractions import Fraction

import pytest

from registry.audit.instruments import (
    BFM_ABILITIES,
    BFM_REGIONS,
    LEVELS,
    MODIFIED_ASHWORTH_VALUES,
    Instrument,
    grade_words,
    items_of,
)

each_instrument = pytest.mark.parametrize("instrument", list(Instrument))

LICENSED = (
    Instrument.BRIEF_PAIN,
    Instrument.EPWORTH,
    Instrument.FATIGUE_SEVERITY,
    Instrument.LISAT_9,
    Instrument.LISAT_11,
    Instrument.DIENER_SWLS,
    Instrument.COPM,
    Instrument.CPCHILD,
)


@each_instrument
def test_an_instrument_has_items_with_codes_of_their_own(instrument):
    codes = [item.code for item in items_of(instrument)]
    assert codes
    assert len(set(codes)) == len(codes)
    assert all(len(code) <= 32 for code in codes)


@pytest.mark.parametrize("instrument", LICENSED)
def test_items_of_a_licensed_instrument_are_numbered_and_carry_no_text(instrument):
    """Domain reference 5: ship no copyrighted item text."""
    words = {"Severity", "Interference", "Item", "Domain", "Total", "Problem"}
    for item in items_of(instrument):
        first, *rest = item.label.split(": ")[0].split()
        assert first in words
        assert all(part.isdigit() for part in rest)


@pytest.mark.parametrize(
    ("instrument", "items"),
    [
        (Instrument.BARRY_ALBRIGHT, 8),
        (Instrument.BRIEF_PAIN, 11),
        (Instrument.EPWORTH, 8),
        (Instrument.FATIGUE_SEVERITY, 9),
        (Instrument.LISAT_9, 9),
        (Instrument.LISAT_11, 11),
        (Instrument.DIENER_SWLS, 5),
        (Instrument.BFM_MOVEMENT, 18),
    ],
)
def test_an_instrument_has_as_many_items_as_the_domain_reference_says(instrument, items):
    assert len(items_of(instrument)) == items


def test_burke_fahn_marsden_weights_and_grades_give_the_published_ranges():
    """Movement 0 to 120, disability 0 to 30, domain reference 5."""
    assert sum(4 * 4 * weight for _, weight in BFM_REGIONS.values()) == 120
    assert sum(highest for _, highest in BFM_ABILITIES.values()) == 30


def test_one_plus_lies_between_one_and_two_and_is_neither():
    assert MODIFIED_ASHWORTH_VALUES["1+"] == Fraction(3, 2)
    assert "1+" not in {
        grade
        for instrument in (Instrument.ASHWORTH_0_4, Instrument.ASHWORTH_1_5)
        for item in items_of(instrument)
        for grade in item.grades
    }


def test_grades_read_as_people_write_them():
    assert [grade_words(level) for level in LEVELS] == ["I", "II", "III", "IV", "V"]
    assert grade_words("1+") == "1+"
    assert grade_words("not_assessed") == "not assessed"
