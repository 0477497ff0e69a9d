"""Which peer a caller is."""

import pytest

from imaging.ingest.dimse.recognition import UnknownCallerError, loggable, recognise
from imaging.models import Peer


def peer(name, *, calling="CT2", called="CRESCENT", network="192.0.2.0/28", certificate=""):
    return Peer(
        name=name,
        calling_ae_title=calling,
        called_ae_title=called,
        network=network,
        certificate_sha256=certificate,
    )


def who(peers, *, calling="CT2", called="CRESCENT", address="192.0.2.5", certificate=""):
    return recognise(
        peers,
        calling_ae_title=calling,
        called_ae_title=called,
        address=address,
        certificate_sha256=certificate,
    ).name


def test_titles_and_address_together_tell_a_peer():
    assert who([peer("north"), peer("south", network="198.51.100.7")]) == "north"
    assert who([peer("north"), peer("south", calling="CT3")], calling="CT3") == "south"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"called": "OTHER"}, 7),
        ({"calling": "OTHER"}, 3),
        ({"calling": "ct2"}, 3),
        ({"address": "192.0.2.16"}, 3),
        ({"address": "::1"}, 3),
    ],
)
def test_whoever_differs_in_one_is_unknown(asked, reason):
    """PS3.8 table 9-21."""
    with pytest.raises(UnknownCallerError) as refused:
        who([peer("north")], **asked)
    assert refused.value.reason == reason


def test_the_title_of_one_centre_from_the_address_of_another_is_unknown():
    peers = [peer("north"), peer("south", calling="CT3", network="198.51.100.7")]
    with pytest.raises(UnknownCallerError):
        who(peers, calling="CT3", address="192.0.2.5")


def test_nobody_is_known_to_an_empty_list():
    with pytest.raises(UnknownCallerError):
        who([])


def test_a_certificate_is_asked_for_where_one_is_registered():
    bound = [peer("north", certificate="a" * 64)]
    assert who(bound, certificate="a" * 64) == "north"
    for other in ("", "b" * 64):
        with pytest.raises(UnknownCallerError):
            who(bound, certificate=other)


def test_two_peers_that_fit_are_one_too_many():
    with pytest.raises(UnknownCallerError, match="more than one"):
        who([peer("north"), peer("south", network="192.0.2.5")])


def test_an_ipv4_caller_of_an_ipv6_socket_keeps_its_address():
    assert who([peer("north")], address="::ffff:192.0.2.5") == "north"


def test_a_log_line_repeats_only_ordinary_titles():
    assert loggable("CT_2.a-b") == "CT_2.a-b"
    for title in ("../../x", "CT\n2", "<script>"):
        assert loggable(title) == "(unusual characters)"
