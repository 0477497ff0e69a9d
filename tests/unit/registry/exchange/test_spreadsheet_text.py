"""Text no spreadsheet program runs as a formula (OWASP ASVS 5.0, 1.2.10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.exchange.spreadsheet_text import PREFIX, escape, unescape

DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "   =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u200e=1+1",
    "\x00=1+1",
    "\tplain",
    "\rplain",
    "\nplain",
    "a\n=1+1",
    "a\r\n=1+1",
    "a\n =1+1",
    "a;=1+1",
    "a,=1+1",
    'a","=1+1',
    "a\t=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(A1)",
    "\N{MINUS SIGN}1+1",
    "|cmd",
    "=cmd|'/c calc'!A0",
    '"=1+1',
    "'=1+1",
    "-2+3+cmd|'/c calc'!A0",
]

HARMLESS = [
    "",
    "Leak",
    "Operated, of abnormal",
    "Normal, not operated",
    "a=b",
    "2+2",
    "e-mail@example.org",
    "DEMO, OTHER",
    "2024-03-01",
    "it's",
    "'quoted'",
    "pairing-1: an operation",
]


@pytest.mark.parametrize("text", DANGEROUS, ids=repr)
def test_dangerous_text_gets_an_apostrophe_in_front(text):
    assert escape(text) == PREFIX + text


@pytest.mark.parametrize("text", HARMLESS, ids=repr)
def test_harmless_text_stays_as_it_is(text):
    assert escape(text) == text


@given(st.text(alphabet="=+-@'\" \t\r\n,;|a1\u00a0\ufeff\uff1d") | st.text())
def test_reading_back_removes_exactly_our_apostrophe(text):
    assert unescape(escape(text)) == text


@given(st.text(alphabet="=+-@'\" \t\r\n,;|a1\u00a0\ufeff\uff1d"))
def test_no_escaped_text_begins_with_what_starts_a_formula(text):
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|"))
