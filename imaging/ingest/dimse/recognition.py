"""Which registered peer a caller is. An AE title alone is no proof of anything."""

import ipaddress
import re
from collections.abc import Sequence

from imaging.models import Peer

CALLING_NOT_RECOGNISED, CALLED_NOT_RECOGNISED = 3, 7
"""Reasons of an A-ASSOCIATE-RJ by the service user (PS3.8 table 9-21)."""

_LOGGED_TITLE = re.compile(r"[A-Za-z0-9_.\- ]{1,16}")


class UnknownCallerError(Exception):
    """No peer, or more than one, fits.

    Attributes
    ----------
    reason
        For the A-ASSOCIATE-RJ.
    """

    def __init__(self, words: str, *, reason: int) -> None:
        super().__init__(words)
        self.reason = reason


def recognise(
    peers: Sequence[Peer],
    *,
    calling_ae_title: str,
    called_ae_title: str,
    address: str,
    certificate_sha256: str,
) -> Peer:
    """The one peer with these AE titles, this address and, where it has one, this certificate.

    Raises
    ------
    UnknownCallerError
    """
    called = [peer for peer in peers if peer.called_ae_title == called_ae_title]
    if not called:
        raise UnknownCallerError("called AE title not registered", reason=CALLED_NOT_RECOGNISED)
    titled = [peer for peer in called if peer.calling_ae_title == calling_ae_title]
    if not titled:
        raise UnknownCallerError("calling AE title not registered", reason=CALLING_NOT_RECOGNISED)
    caller = plain_address(address)
    near = [peer for peer in titled if caller in ipaddress.ip_network(peer.network)]
    if not near:
        raise UnknownCallerError("not from its registered address", reason=CALLING_NOT_RECOGNISED)
    fitting = [peer for peer in near if peer.certificate_sha256 in ("", certificate_sha256)]
    if not fitting:
        raise UnknownCallerError("not with its certificate", reason=CALLING_NOT_RECOGNISED)
    if len(fitting) > 1:
        raise UnknownCallerError("more than one peer fits", reason=CALLING_NOT_RECOGNISED)
    return fitting[0]


def plain_address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IPv4 caller stays one where the service listens on IPv6."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return getattr(parsed, "ipv4_mapped", None) or parsed


def loggable(ae_title: str) -> str:
    """An AE title as it may stand in a log line; anything unusual is left out."""
    return ae_title if _LOGGED_TITLE.fullmatch(ae_title) else "(unusual characters)"
