"""Text that a spreadsheet program must not run as a formula.

A cell that begins with one of ``= + - @`` (or their full-width forms), with a tab or a line break
is a formula to one program or another, also after leading white space, after a line break inside
the cell and after a separator that a program splits at. Such text gets an apostrophe in front;
numbers are written as numbers and never pass through here.

References
----------
OWASP ASVS 5.0, 1.2.10.
"""

import re

PREFIX = "'"

_STARTS = "=+\\-@\uff1d\uff0b\uff0d\uff20\N{MINUS SIGN}"
_BLANKS = r"\s\u00a0\u200b\u200e\u200f\u2060\ufeff\x00-\x1f"
_DANGEROUS = re.compile(
    rf"""
    \A[\t\r\n]                          # a control character first
    | (?:\A|[\n\r;,\t|])                # the start of the cell, or of a part a program splits off
      [{_BLANKS}"']* [{_STARTS}|]       # blanks and quotes do not disarm it; | starts a DDE link
    """,
    re.VERBOSE,
)
_ESCAPED = re.compile(rf"\A{PREFIX}+")


def escape(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet program could run it.

    Text that begins with apostrophes and would be dangerous without them gets one more, so that
    `unescape` always gives back what went in.
    """
    return PREFIX + text if _needs_prefix(text) else text


def unescape(text: str) -> str:
    """What `escape` was given: removes exactly the apostrophe that was put in front."""
    if text.startswith(PREFIX) and _needs_prefix(text[1:]):
        return text[1:]
    return text


def _needs_prefix(text: str) -> bool:
    return bool(_DANGEROUS.search(_ESCAPED.sub("", text)))
