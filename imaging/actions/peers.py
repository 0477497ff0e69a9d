"""Register and retire DICOM network peers: who may store with C-STORE, and for which centre."""

import ipaddress
import re
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from imaging.actions import history
from imaging.models import Peer

AE_TITLE = re.compile(r"(?! )[A-Za-z0-9_.\- ]{1,16}(?<! )")
"""Narrower than PS3.5 allows: what no log, page or command line could take for something else."""

NAME = re.compile(r"[A-Za-z0-9_\-]{1,64}")
SHA256_HEX = re.compile(r"[0-9a-f]{64}")


class InvalidPeerError(Exception):
    """Such a peer could not be told from another, or not be told at all."""


def register_dimse(
    *,
    name: str,
    centre_code: str,
    calling_ae_title: str,
    called_ae_title: str,
    network: str,
    certificate_sha256: str = "",
    by: AbstractBaseUser | None,
    at: datetime,
) -> Peer:
    """Register a sender for one centre, told by both AE titles and its address together.

    Parameters
    ----------
    network
        Address or CIDR network it calls from.
    certificate_sha256
        Fingerprint of its certificate, with or without colons; "": not asked for.

    Raises
    ------
    InvalidPeerError
        The sentence names what to change.
    """
    certificate_sha256 = certificate_sha256.replace(":", "").lower()
    _check(name, calling_ae_title, called_ae_title, certificate_sha256)
    network = str(_network(network))
    with transaction.atomic():
        if Peer.objects.filter(name=name).exists():
            raise InvalidPeerError(
                f"There is a peer {name!r} already, or was one. Choose another name."
            )
        for other in Peer.objects.select_for_update().filter(
            kind=Peer.Kind.DIMSE,
            calling_ae_title=calling_ae_title,
            called_ae_title=called_ae_title,
            retired_at=None,
        ):
            if _could_be_either(other, network, certificate_sha256):
                raise InvalidPeerError(
                    f"Peer {other.name!r} has the same AE titles and an address in common, so the "
                    "two could not be told apart. Give them different AE titles, networks or "
                    "certificates, or retire the other one."
                )
        peer = Peer.objects.create(
            name=name,
            kind=Peer.Kind.DIMSE,
            centre_code=centre_code,
            calling_ae_title=calling_ae_title,
            called_ae_title=called_ae_title,
            network=network,
            certificate_sha256=certificate_sha256,
            registered_at=at,
            registered_by_id=by.pk if by else None,
        )
        _tell(peer, action="register_peer", by=by, at=at)
    return peer


def retire(*, peer: Peer, by: AbstractBaseUser | None, at: datetime) -> None:
    """Refuse a sender from its next association on; what it sent stays.

    Retiring a retired peer changes nothing.
    """
    with transaction.atomic():
        peer = Peer.objects.select_for_update().get(pk=peer.pk)
        if peer.retired_at is not None:
            return
        peer.retired_at = at
        peer.save(update_fields=["retired_at"])
        _tell(peer, action="retire_peer", by=by, at=at)


def _check(name: str, calling: str, called: str, certificate_sha256: str) -> None:
    if not NAME.fullmatch(name):
        raise InvalidPeerError("A name has 1 to 64 letters, digits, - and _ only.")
    for title in (calling, called):
        if not AE_TITLE.fullmatch(title):
            raise InvalidPeerError(
                f"{title!r} is no AE title: 1 to 16 letters, digits, blanks, '.', '-' and '_', "
                "with no blank at either end."
            )
    if certificate_sha256 and not SHA256_HEX.fullmatch(certificate_sha256):
        raise InvalidPeerError(
            "A fingerprint has 64 hexadecimal digits. It is what `openssl x509 -noout -fingerprint "
            "-sha256 -in CERTIFICATE` prints."
        )


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise InvalidPeerError(
            f"{text!r} is no address and no network. Write 192.0.2.7, or 192.0.2.0/24 with no bit "
            "set behind the prefix."
        ) from error


def _could_be_either(other: Peer, network: str, certificate_sha256: str) -> bool:
    mine, theirs = ipaddress.ip_network(network), ipaddress.ip_network(other.network)
    if mine.version != theirs.version or not mine.overlaps(theirs):
        return False
    told_by_certificate = certificate_sha256 and other.certificate_sha256
    return not told_by_certificate or certificate_sha256 == other.certificate_sha256


def _tell(peer: Peer, *, action: str, by: AbstractBaseUser | None, at: datetime) -> None:
    facts = {"name": peer.name, "kind": peer.kind}
    if peer.kind == Peer.Kind.DIMSE:
        facts |= {
            "calling_ae_title": peer.calling_ae_title,
            "called_ae_title": peer.called_ae_title,
            "network": peer.network,
            "certificate_sha256": peer.certificate_sha256,
        }
    history.record(
        centre_code=peer.centre_code,
        at=at,
        by=by,
        action=action,
        object_type=peer._meta.label_lower,
        object_id=peer.public_id,
        facts=facts,
    )
