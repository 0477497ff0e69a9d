"""Who holds the history key signs; anybody can check it; nobody else can."""

from registry.exchange import report_signature

WORDS = b"what was found"


def test_a_signature_fits_what_was_signed_and_the_key_that_signed(settings):
    key, signature = report_signature.own_public_key(), report_signature.sign(WORDS)
    assert report_signature.fits(WORDS, signature=signature, public_key=key)
    assert report_signature.sign(WORDS) == signature
    assert not report_signature.fits(WORDS + b".", signature=signature, public_key=key)
    settings.CRESCENT_HISTORY_KEY = "another key, long enough to be one"
    assert report_signature.own_public_key() != key
    other = report_signature.sign(WORDS)
    assert not report_signature.fits(WORDS, signature=other, public_key=key)


def test_what_is_no_signature_does_not_fit():
    own = report_signature.own_public_key()
    for signature, key in (("", ""), ("zz", own), ("00" * 64, own), ("é", own), ("00" * 64, "é")):
        assert not report_signature.fits(WORDS, signature=signature, public_key=key)


def test_the_private_key_is_not_the_history_key(settings):
    settings.CRESCENT_HISTORY_KEY = "0123456789abcdef0123456789abcdef"
    assert settings.CRESCENT_HISTORY_KEY.encode().hex() != report_signature.own_public_key()
    # RFC 5869 and RFC 8032, computed once: a frozen bundle must verify for good.
    assert report_signature.own_public_key() == (
        "01483110dcb6a592ec83e916c77f8feb2c651da77724e31055c258afc973d034"
    )


def test_a_signature_is_taken_in_one_spelling_only():
    key, signature = report_signature.own_public_key(), report_signature.sign(WORDS)
    for one, other in (
        (signature.upper(), key),
        (signature, key.upper()),
        (f"{signature[:2]} {signature[2:]}", key),
        (f"{signature}\n", key),
    ):
        assert not report_signature.fits(WORDS, signature=one, public_key=other)
