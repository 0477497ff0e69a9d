"""Names of arriving files are data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.ingest.names import LONGEST_KEPT_NAME, is_ignored, leads_out, printable


@pytest.mark.parametrize(
    "name",
    [
        "DICOMDIR", "cd/dicomdir", ".DS_Store", "a/b/Thumbs.db", "._0001.dcm", "autorun.inf",
        "__MACOSX/0001.dcm", "a\\__MACOSX\\b", "LICENSE", "README.md", "licence.txt", "viewer.EXE",
    ],
)  # fmt: skip
def test_companions_of_images_are_ignored(name: str):
    assert is_ignored(name)


@pytest.mark.parametrize(
    "name", ["0001.dcm", "IM0001", "license.dcm", "readme.jpg", "text.txt", "DICOMDIR.dcm", ""]
)
def test_anything_else_is_read(name: str):
    assert not is_ignored(name)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.dcm", "a/../../evil", "..\\evil", "a\\..\\..\\evil", "/etc/passwd",
        "\\\\host\\share", "C:\\evil", "c:evil", "a\0b", "..",
    ],
)  # fmt: skip
def test_names_that_lead_out_are_noticed(name: str):
    assert leads_out(name)


@pytest.mark.parametrize("name", ["a/b.dcm", "a\\b.dcm", "..dcm", "a..b", "CON", "x" * 300, "ä"])
def test_odd_names_that_stay_inside_are_only_names(name: str):
    assert not leads_out(name)


@given(st.binary(max_size=2000))
def test_any_name_can_be_stored_as_text(raw: bytes):
    text = printable(raw.decode("utf-8", "surrogateescape"))
    assert len(text) <= LONGEST_KEPT_NAME
    assert "\0" not in text
    text.encode("utf-8")
