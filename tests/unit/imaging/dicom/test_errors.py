"""The closed list of reasons."""

import pickle

import pytest

from imaging.dicom import errors
from imaging.dicom.errors import REASONS, DicomError


def _classes() -> list[type[DicomError]]:
    return [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, DicomError) and value is not DicomError
    ]


def test_every_error_class_has_a_reason_code_of_its_own():
    codes = [error.reason_code for error in _classes()]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(REASONS)


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS.keys())
def test_every_reason_says_what_is_wrong_and_what_to_do(reason):
    assert reason.disposition in ("rejected", "quarantined")
    assert reason.sentence.endswith(".")
    assert reason.remedy.endswith(".")
    assert reason.reason_code == reason.reason_code.lower()


@pytest.mark.parametrize("error", _classes(), ids=lambda error: error.reason_code)
def test_an_error_survives_the_way_out_of_a_child_process(error):
    original = error("(0028,0010) Rows")
    copy = pickle.loads(pickle.dumps(original))
    assert type(copy) is error
    assert copy.detail == original.detail
    assert "(0028,0010) Rows" in str(copy)


def test_what_may_be_an_attack_or_show_a_person_is_quarantined():
    quarantined = {code for code, reason in REASONS.items() if reason.disposition == "quarantined"}
    assert quarantined == {
        "burned_in_annotation",
        "executable_preamble",
        "overlay_in_pixels",
        "pulled_other_than_asked",
        "residual_identifier",
        "sop_class_needs_review",
        "test_image",
        "transfer_syntax_unknown",
        "uid_leading_zero",
    }


def test_only_what_looking_at_the_image_can_settle_may_be_released():
    """A text left over, a report or hidden bits stay a risk whoever has looked."""
    assert {code for code, reason in REASONS.items() if reason.releasable} == {
        "burned_in_annotation",
        "executable_preamble",
        "test_image",
        "uid_leading_zero",
    }


def test_nothing_that_is_rejected_can_be_released():
    """Nothing is kept of it."""
    assert not [
        code
        for code, reason in REASONS.items()
        if reason.releasable and reason.disposition != "quarantined"
    ]
