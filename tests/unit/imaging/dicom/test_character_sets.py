"""A number in any character set is the number somebody types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.charset import encode_string, python_encoding

from imaging.dicom.character_sets import text_of


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        (b"", "KÖ-12"),
        (b"ISO_IR 100", "KÖ-12"),
        (b"ISO_IR 192", "ΑΒΓ-12"),
        (b"ISO_IR 126", "ΑΒΓ-12"),
        (b"ISO_IR 144 ", "ЖД-12"),
        (b"ISO_IR 13", "ﾔﾏ-12"),
        (b"GB18030", "王-12"),
        (b"\\ISO 2022 IR 87", "山田-12"),
        (b"\\ISO 2022 IR 149", "김-12"),
        (b"ISO 2022 IR 100\\ISO 2022 IR 126", "Ö-ΑΒ"),
    ],
)
def test_the_declared_character_set_is_read(declared, text):
    encodings = [python_encoding[term] for term in declared.decode().strip().split("\\")]
    value = text.encode(encodings[0]) if len(encodings) == 1 else encode_string(text, encodings)
    assert text_of(value, declared=declared) == text


@pytest.mark.parametrize("declared", [b"", b"ISO_IR 100", b"ISO_IR 126", b"ISO_IR 999", b"\xff"])
@pytest.mark.parametrize("text", ["KÖ-12", "山田-12"])
def test_utf_8_under_a_wrong_name_is_read_where_the_name_cannot_hold(declared, text):
    read = text_of(text.encode(), declared=declared)
    assert read == text or declared == b"ISO_IR 126"


@given(value=st.binary(max_size=80), declared=st.sampled_from(sorted(python_encoding)))
def test_any_bytes_are_some_text(value, declared):
    """Never an exception, never a character that stands for a lost one."""
    assert "\N{REPLACEMENT CHARACTER}" not in text_of(value, declared=declared.encode()) or (
        "\N{REPLACEMENT CHARACTER}".encode() in value
    )


@given(value=st.binary(max_size=80), declared=st.binary(max_size=40))
def test_any_declaration_is_read_over(value, declared):
    assert isinstance(text_of(value, declared=declared), str)
