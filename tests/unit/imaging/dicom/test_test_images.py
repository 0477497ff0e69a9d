"""Images of phantoms and tests are recognised by rules."""

import pytest
from pydicom.datadict import dictionary_VR

from imaging.dicom.errors import PhantomOrTestImageError
from imaging.dicom.loading import load_header
from imaging.dicom.test_images import DEFAULT_RULES, KEYWORDS, Rule, check
from tests.factories.dicom_files import ct_instance


def _excluded(path, *rules, **overrides) -> bool:
    source = load_header(ct_instance(path, **overrides))
    try:
        check(source, rules)
    except PhantomOrTestImageError:
        return True
    return False


@pytest.mark.parametrize(
    ("rule", "value", "excluded"),
    [
        (Rule("PatientID", "equals", "qa-1"), "QA-1", True),
        (Rule("PatientID", "equals", "qa-1"), " QA-1 ", True),
        (Rule("PatientID", "equals", "qa-1"), "QA-10", False),
        (Rule("PatientID", "starts_with", "phan"), "PHANTOM 7", True),
        (Rule("PatientID", "starts_with", "phan"), "ELPHAN", False),
        (Rule("PatientID", "word", "qa"), "2024_QA", True),
        (Rule("PatientID", "word", "qa"), "QATAR-12", False),
        (Rule("PatientName", "equals", "phantom"), "PHANTOM^CT", True),
        (Rule("PatientName", "equals", "phantom^ct"), "Phantom^CT", True),
        (Rule("PatientName", "equals", "phantom"), "Phantomas^X", False),
        (Rule("PatientName", "starts_with", "water"), "GE^WATER 20CM", True),
        (Rule("PatientName", "word", "water phantom"), "The Water  Phantom^QA", True),
        (Rule("PatientName", "word", "water phantom"), "Phantom Water", False),
        (Rule("PatientName", "word", "straße"), "STRASSE^7", True),
        (Rule("ProtocolName", "word", "qa"), "Daily QA head", True),
        (Rule("StudyDescription", "starts_with", "daily check"), "DAILY  CHECK 3", True),
    ],
)
def test_a_rule_compares_without_case_and_blanks(tmp_path, rule, value, excluded):
    assert _excluded(tmp_path / "a.dcm", rule, **{rule.keyword: value}) is excluded


def test_each_of_several_values_is_compared(tmp_path):
    rule = Rule("PatientID", "equals", "QA")
    assert _excluded(tmp_path / "a.dcm", rule, PatientID="4711\\QA")


def test_an_absent_or_empty_element_matches_nothing(tmp_path):
    rule = Rule("PatientComments", "starts_with", "x")
    assert not _excluded(tmp_path / "a.dcm", rule, PatientComments=None)
    assert not _excluded(tmp_path / "a.dcm", rule, PatientComments="")


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_every_keyword_a_rule_may_ask_is_a_text_element(tmp_path, keyword):
    assert dictionary_VR(keyword) in {"LO", "PN", "LT", "SH", "CS"}
    rule = Rule(keyword, "word", "seeded")
    assert _excluded(tmp_path / "a.dcm", rule, **{keyword: "X SEEDED 1"})


@pytest.mark.parametrize(
    ("keyword", "match", "text"),
    [
        ("PixelData", "equals", "x"),
        ("PatientName", "regex", ".*"),
        ("PatientName", "starts_with", ""),
        ("PatientName", "word", " ^ "),
    ],
)
def test_a_rule_that_cannot_work_is_refused(keyword, match, text):
    with pytest.raises(ValueError):
        Rule(keyword, match, text)


@pytest.mark.parametrize("keyword", ["PatientName", "PatientID"])
@pytest.mark.parametrize("value", ["PHANTOM^CT", "TEST-1", "QA 2024-03-01", "Water^Phantom", "QC"])
def test_the_default_rules_know_usual_names_of_tests(tmp_path, keyword, value):
    assert _excluded(tmp_path / "a.dcm", *DEFAULT_RULES, **{keyword: value})


@pytest.mark.parametrize(
    "name", ["Tester^Anna", "Testa^Maria", "Qassim^Ali", "Phantomas^Jean", "Contest^Ugo"]
)
def test_the_default_rules_spare_names_that_only_resemble_a_test(tmp_path, name):
    assert not _excluded(tmp_path / "a.dcm", *DEFAULT_RULES, PatientName=name, PatientID="4711")


def test_a_person_can_overrule_a_rule_and_the_message_names_no_value(tmp_path):
    source = load_header(ct_instance(tmp_path / "a.dcm", PatientName="Test^Anna"))
    with pytest.raises(PhantomOrTestImageError) as caught:
        check(source, DEFAULT_RULES)
    assert "PatientName" in str(caught.value)
    assert "Anna" not in str(caught.value)
    check(source, DEFAULT_RULES, overridden=frozenset({"test_image"}))
    with pytest.raises(PhantomOrTestImageError):
        check(source, DEFAULT_RULES, overridden=frozenset({"burned_in_annotation"}))
