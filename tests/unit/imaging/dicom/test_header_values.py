"""A header as text."""

import pytest

from imaging.dicom.errors import DicomError
from imaging.dicom.header_values import LONGEST_VALUE, header_values
from tests.factories.dicom_files import ct_instance


def test_values_stand_by_the_path_that_a_manifest_uses(tmp_path):
    file = ct_instance(tmp_path / "one.dcm", PatientName="Müller^Ångström", Rows=32)
    values = {value.path: value for value in header_values(file)}
    assert (values["(0010,0010)"].keyword, values["(0010,0010)"].value) == (
        "PatientName",
        "Müller^Ångström",
    )
    assert values["(0028,0010)"].value == "32"
    assert values["(0008,1140)"].value == "1 item"
    assert values["(0008,1140)[].(0008,1155)"].keyword == "ReferencedSOPInstanceUID"
    assert "(7FE0,0010)" not in values


def test_a_name_is_shown_in_the_letters_it_was_written_in(tmp_path):
    file = ct_instance(
        tmp_path / "one.dcm", SpecificCharacterSet="ISO_IR 144", PatientName="Люкceмбypг"
    )
    (name,) = [value for value in header_values(file) if value.keyword == "PatientName"]
    assert name.value == "Люкceмбypг"


def test_a_long_value_is_cut_visibly_and_control_characters_are_none(tmp_path):
    file = ct_instance(tmp_path / "one.dcm", ImageComments="x\x1b[31m" + "y" * 500)
    (comment,) = [value for value in header_values(file) if value.keyword == "ImageComments"]
    assert len(comment.value) == LONGEST_VALUE + 1
    assert comment.value.startswith("x [31m")


def test_what_is_no_dicom_file_says_so(tmp_path):
    file = tmp_path / "letter"
    file.write_text("Dear colleague " * 20)
    with pytest.raises(DicomError):
        header_values(file)
