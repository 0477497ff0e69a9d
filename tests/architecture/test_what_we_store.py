"""The page of what is stored is the code's, and the code is all of it."""

from imaging.dicom.kept_attributes import KEPT_ATTRIBUTES
from tests.architecture.what_we_store_page import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run `python -m tests.architecture.what_we_store_page`"
    )


def test_the_page_names_every_element_that_stays():
    text = page()
    for kept in KEPT_ATTRIBUTES.values():
        assert f"| ({kept.tag >> 16:04X},{kept.tag & 0xFFFF:04X}) {kept.keyword} |" in text
