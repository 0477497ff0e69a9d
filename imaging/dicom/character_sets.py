"""Text in the character set a source declares.

References
----------
DICOM PS3.3 C.12.1.1.2 (Specific Character Set), PS3.5 section 6.1.2 (code extensions).
"""

import warnings
from typing import Final

from pydicom.charset import decode_bytes, python_encoding
from pydicom.valuerep import TEXT_VR_DELIMS

_ESCAPE: Final = 0x1B
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"
_DEFAULTS: Final = frozenset({"", "ISO_IR 6", "ISO_IR 100", "ISO_IR 192"})
"""What is also declared where something else was written: UTF-8 and Latin-1 are told apart."""


def text_of(value: bytes, *, declared: bytes) -> str:
    """The text of an LO value; one that is not of the character set declared is still a text.

    Parameters
    ----------
    declared
        The value of (0008,0005), with its padding; b"" where there is none.
    """
    if value.isascii() and _ESCAPE not in value:
        return value.decode("ascii")
    terms = [term.strip(" \0") for term in declared.decode("latin-1").split("\\")]
    if len(terms) == 1 and terms[0] in _DEFAULTS:
        return undeclared_text(value)
    if not all(term in python_encoding for term in terms):
        return undeclared_text(value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = decode_bytes(value, [python_encoding[term] for term in terms], TEXT_VR_DELIMS)
    return undeclared_text(value) if _REPLACED in text else text


def undeclared_text(value: bytes) -> str:
    """Text of undeclared or wrongly declared character set: UTF-8 if it is that, else Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
