"""Keyed pseudonyms."""

import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.dicom.pseudonyms import derive_keys, pseudonymous_uid, subject_key

KEYS = derive_keys(b"a secret only for tests, 32 bytes")


def test_the_keys_follow_from_the_secret_and_differ_from_each_other():
    again = derive_keys(b"a secret only for tests, 32 bytes")
    assert again == KEYS
    assert KEYS.uid != KEYS.subject
    assert derive_keys(b"another secret") != KEYS
    assert "uid" not in repr(KEYS)
    with pytest.raises(ValueError, match="empty"):
        derive_keys(b"")


@given(st.text(alphabet="0123456789.", min_size=1, max_size=64))
def test_a_pseudonymous_uid_is_valid_and_always_the_same(original):
    uid = pseudonymous_uid(original, keys=KEYS, centre_code="DEMO")
    assert uid == pseudonymous_uid(original, keys=KEYS, centre_code="DEMO")
    assert re.fullmatch(r"2\.25\.[1-9][0-9]*", uid)
    assert len(uid) <= 64
    number = int(uid.removeprefix("2.25."))
    assert number < 2**128
    assert (number >> 76) & 0xF == 8
    assert (number >> 62) & 0b11 == 0b10


def test_two_centres_and_two_secrets_never_share_a_uid():
    other = derive_keys(b"another secret")
    assert (
        len(
            {
                pseudonymous_uid("1.2.3", keys=KEYS, centre_code="DEMO"),
                pseudonymous_uid("1.2.3", keys=KEYS, centre_code="OTHER"),
                pseudonymous_uid("1.2.3", keys=other, centre_code="DEMO"),
            }
        )
        == 3
    )


def test_a_subject_key_ignores_case_and_blanks_but_not_leading_zeros():
    def key(text):
        return subject_key(text, keys=KEYS, centre_code="DEMO")

    assert key("  ab  12 ") == key("AB 12")
    assert key("0012") != key("12")
    assert key("１２ ＡＢ") == key("12 ab")
    assert key("Ko\N{COMBINING DIAERESIS}12") == key("Kö12")
    assert key("AB12") != subject_key("AB12", keys=KEYS, centre_code="OTHER")
    assert key("") is None
    assert key("   ") is None
    assert key(None) is None
    assert re.fullmatch(r"[0-9a-f]{64}", key("AB12"))


def test_the_derivation_is_hkdf_of_rfc_5869_written_out():
    """Extract with a salt of zeros, expand one block with the label (RFC 5869 section 2)."""
    secret = b"a secret only for tests, 32 bytes"
    extracted = hmac.digest(bytes(32), secret, "sha256")
    for key, label in ((KEYS.uid, b"crescent/uid"), (KEYS.subject, b"crescent/subject")):
        assert key == hmac.digest(extracted, label + b"\x01", "sha256")


def test_a_uid_is_the_hmac_of_centre_and_original():
    digest = hmac.digest(KEYS.uid, b"DEMO|1.2.3", "sha256")
    number = int(pseudonymous_uid("1.2.3", keys=KEYS, centre_code="DEMO").removeprefix("2.25."))
    fixed = (0xF << 76) | (0b11 << 62)
    assert number & ~fixed == int.from_bytes(digest[:16], "big") & ~fixed
