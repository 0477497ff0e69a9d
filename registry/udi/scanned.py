"""What scanners, cameras and hands send, brought into one form and read.

A keyboard wedge sends the group separator as the character itself, as a picture of it, or in words;
some put an identifier of the symbology in front.
"""

import re
from typing import Final

from . import gs1, hibcc, iccbba
from .identifier import Identifier, NotAUdiError

SYMBOLOGY: Final = re.compile(r"^\][A-Za-z][0-9]")
"""What a scanner may send first (ISO/IEC 15424): ]d2 for GS1 Data Matrix, ]C1 for GS1-128."""

SEPARATOR: Final = re.compile(
    r"[\u241d\u001d]|<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\[FNC1\]|\^\]|\\x1d|\\u001d|\\F|&#29;"
    r"|\\029",
    re.IGNORECASE,
)
UNPRINTABLE: Final = re.compile(r"[\x00-\x1c\x1e\x1f\x7f]")
MOST_CHARACTERS: Final = 200


def read(sent: str) -> Identifier:
    """Read a UDI of any issuing agency.

    Raises
    ------
    UdiError
        The sentence of its `words` says what is wrong.
    """
    text = sent.strip("\r\n\t ")
    if not text or len(text) > MOST_CHARACTERS:
        raise NotAUdiError
    text = SYMBOLOGY.sub("", UNPRINTABLE.sub("", text))
    if text.startswith(("+", "*+")):
        return hibcc.read(text)
    if text.startswith(("=", "&")):
        return iccbba.read(text)
    text = SEPARATOR.sub(gs1.SEPARATOR, text).lstrip(gs1.SEPARATOR)
    if text[:1] == "(" or (text[:1].isascii() and text[:2].isdigit()):
        return gs1.read(text.replace(" ", ""))
    raise NotAUdiError
