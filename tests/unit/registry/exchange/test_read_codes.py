"""Codes of others are those of the standard's own tables; ours stand in the vocabulary."""

import pytest
from pydicom.sr.codedict import codes

from registry.exchange import read_codes
from registry.vocabulary import ALL_LISTS
from tests.factories.read_documents import word


@pytest.mark.parametrize(
    ("ours", "standard"),
    [
        (read_codes.LENGTH, codes.cid7470.Length),
        (read_codes.ANGLE, codes.SCT.Angle),
        (read_codes.AREA, codes.cid7469.Area),
        (read_codes.ATTENUATION, codes.cid7469.AttenuationCoefficient),
        (read_codes.MEAN, codes.cid7464.Mean),
        (read_codes.STANDARD_DEVIATION, codes.cid7464.StandardDeviation),
        (read_codes.MINIMUM, codes.cid7464.Minimum),
        (read_codes.MAXIMUM, codes.cid7464.Maximum),
        (read_codes.MILLIMETRE, codes.UCUM.Millimeter),
        (read_codes.SQUARE_MILLIMETRE, codes.UCUM.SquareMillimeter),
        (read_codes.DEGREE, codes.UCUM.Degree),
        (read_codes.HOUNSFIELD_UNIT, codes.UCUM.HounsfieldUnit),
        (read_codes.CT, codes.cid100.CTUnspecifiedBodyRegion),
        (read_codes.OF_INTEREST, codes.cid7010.OfInterest),
        (read_codes.REPORT_TITLE, codes.cid7021.ImagingMeasurementReport),
    ],
    ids=lambda code: code.value,
)
def test_a_code_of_the_standard_is_in_its_context_group(ours, standard):
    """As pydicom has read them from PS3.16."""
    assert (ours.value, ours.scheme_designator, ours.meaning) == (
        standard.value,
        standard.scheme_designator,
        standard.meaning,
    )


@pytest.mark.parametrize("members", ALL_LISTS, ids=lambda members: members.list_code)
def test_every_word_of_the_vocabulary_can_be_coded_and_read_back(members):
    for member in members:
        concept = read_codes.answer(word(member), version="2")
        assert read_codes.word(concept) == word(member)


@pytest.mark.parametrize("members", ALL_LISTS, ids=lambda members: members.list_code)
def test_labels_fit_the_meaning_of_a_code(members):
    """LO of 64 characters, PS3.5 6.2."""
    assert [member.label for member in members if len(member.label) > 64] == []
