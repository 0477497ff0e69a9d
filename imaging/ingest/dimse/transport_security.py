"""TLS with certificates on both sides.

References
----------
DICOM PS3.15 annex B (secure transport connection profiles), BCP 195.
"""

import hashlib
import ssl
from collections.abc import Callable
from pathlib import Path


class UnusableCertificateError(Exception):
    """A file of the service's own configuration does not serve."""


def server_context(
    *, certificate: Path, key: Path, authorities: Path, revoked: Path | None = None
) -> ssl.SSLContext:
    """TLS 1.2 or newer; callers need a certificate that one of the authorities signed.

    Parameters
    ----------
    revoked
        Certificate revocation list of the authorities; None: nothing is looked up.

    Raises
    ------
    UnusableCertificateError
        The sentence names the file.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    # An encrypted key would make the service wait for a person at every start.
    _load(lambda: context.load_cert_chain(certificate, key, password=lambda: ""), certificate, key)
    _load(lambda: context.load_verify_locations(authorities), authorities)
    if revoked is not None:
        _load(lambda: context.load_verify_locations(revoked), revoked)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context


def certificate_sha256(connection: ssl.SSLSocket) -> str:
    """Fingerprint of the certificate the caller proved to have."""
    return hashlib.sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()


def _load(load: Callable[[], None], *paths: Path) -> None:
    try:
        load()
    except (OSError, ValueError) as error:
        names = " and ".join(str(path) for path in paths)
        raise UnusableCertificateError(
            f"{names} cannot be used for TLS ({_reason(error)}). Give files in PEM format that "
            "belong together and can be read by this account, the key without a password."
        ) from error


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
