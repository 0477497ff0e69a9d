"""What counts as an identifier that is still there."""

import pytest
from pydicom.datadict import tag_for_keyword

from imaging.dicom.identifiers import IDENTIFYING_KEYWORDS, Identifiers, identifiers_of
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import IDENTIFYING_VALUES, ct_instance, element


def _identifiers(tmp_path, **overrides) -> Identifiers:
    return identifiers_of(load_header(ct_instance(tmp_path / "a.dcm", **overrides)).dataset)


def test_tokens_come_from_whole_values_and_words(tmp_path):
    found = _identifiers(tmp_path, PatientName="Smith-Jones^Anne^^Dr", PatientID="AB 123456")
    assert {"SMITH", "JONES", "ANNE", "AB 123456"} <= found.words
    assert "123456" in found.numbers
    assert "DR" not in found.words


def test_names_are_found_in_every_person_name_element(tmp_path):
    found = _identifiers(tmp_path, VerifyingObserverName="Quaglia^Ugo")
    assert "QUAGLIA" in found.words


def test_umlauts_give_the_spellings_a_scanner_may_have_written(tmp_path):
    found = _identifiers(tmp_path, PatientName="Müller^Zoë")
    assert {"MULLER", "MUELLER", "ZOE"} <= found.words


def test_descriptions_give_no_tokens(tmp_path):
    found = _identifiers(tmp_path, StudyDescription="Head", SeriesDescription="spine axial")
    assert not found.occurs_in("HEAD")
    assert not found.occurs_in("SPINE")


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("ANNE", True),
        ("SMITH", True),
        ("XSMITHX", True),
        ("B30 ANNE", True),
        ("ROXANNE", True),
        ("77", False),
        ("771", True),
        ("A771B", False),
        ("A4711999B", True),
        ("ORIGINAL", False),
        ("AXIAL", False),
        ("B30F", False),
    ],
)
def test_the_rule_for_short_texts(text, hit):
    found = Identifiers(words={"SMITH", "ANNE", "ORIGINAL", "AXI"}, numbers={"771", "4711999"})
    assert found.occurs_in(text) is hit


@pytest.mark.parametrize(
    ("text", "hit"),
    [("1", False), ("12345", False), ("512", False), ("4711999", True), ("47119990", False)],
)
def test_the_rule_for_numbers(text, hit):
    found = Identifiers(numbers={"1", "12345", "512", "4711999"})
    assert found.equals_number(text) is hit


def test_a_date_equal_to_the_birth_date_is_a_hit_except_for_a_newborn():
    assert Identifiers(birth_date="19530717", study_date="20240305").is_birth_date("19530717")
    assert Identifiers(birth_date="19530717", study_date="20240305").is_birth_date("19530717101500")
    assert not Identifiers(birth_date="20240305", study_date="20240305").is_birth_date("20240305")


@pytest.mark.parametrize(
    ("birth_date", "text"),
    [
        ("19530717", "DOB19530717"),
        ("19530717", "1953-07-17"),
        ("19530717", "17.07.1953"),
        ("19530717", "B 07171953"),
        ("19530717", "170753"),
        ("1953.07.17", "19530717"),
    ],
)
def test_a_short_text_with_the_birth_date_is_a_hit(tmp_path, birth_date, text):
    path = ct_instance(tmp_path / "a.dcm", PatientBirthDate="19530717")
    content = path.read_bytes()
    at = content.index(b"\x10\x00\x30\x00DA\x08\x00")
    path.write_bytes(
        content[:at] + element(0x00100030, "DA", birth_date.encode()) + content[at + 16 :]
    )
    found = identifiers_of(load_header(path).dataset)
    assert found.occurs_in(text)
    assert not found.occurs_in("B30F")
    assert found.is_birth_date("19530717")


@pytest.mark.parametrize("text", ["12-34-56", "123456", "K 12-34-56"])
def test_a_patient_number_of_short_groups_of_digits_is_a_hit(tmp_path, text):
    assert _identifiers(tmp_path, PatientID="12-34-56").occurs_in(text)


def test_the_search_of_the_header_leaves_own_texts_and_standard_terms_out():
    found = Identifiers(words={"PROFILE", "ORIGIN", "SMITH"}, uids={b"1.2.3.4.5"})
    own = (b"PS3.15 Basic Profile",)
    assert not found.found_in(b"..PS3.15 Basic Profile..ORIGINAL..", written=own)
    assert found.found_in(b"..ORIGINAL..smith..", written=own)
    assert found.found_in(b"..1.2.3.4.5\0..", written=own)
    assert not found.found_in(b"..1.2.3.4.55\0..", written=own)


def test_every_identifying_keyword_is_a_known_attribute():
    assert all(tag_for_keyword(keyword) for keyword in IDENTIFYING_KEYWORDS)
    assert len(set(IDENTIFYING_KEYWORDS)) == len(IDENTIFYING_KEYWORDS)
    direct = {"PatientName", "PatientID", "AccessionNumber", "StationName", "InstitutionName"}
    assert direct <= set(IDENTIFYING_KEYWORDS)
    assert direct <= set(IDENTIFYING_VALUES)
