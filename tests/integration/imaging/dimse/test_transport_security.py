"""N03: TLS with certificates on both sides, or nothing."""

import datetime
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from imaging.ingest.dimse.transport_security import UnusableCertificateError, server_context
from tests.factories.dimse import ECHO, associate_request, receive_pdu, status_of
from tests.integration.imaging.dimse.conftest import echoscu, register, results, slices, storescu

NOW = timezone.now()
DAY = datetime.timedelta(days=1)


@dataclass
class Issued:
    certificate: Path
    key: Path
    fingerprint: str
    serial: int


class Authority:
    def __init__(self, folder: Path, name: str = "authority") -> None:
        self.folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(self._name, self._key, days=10, is_authority=True)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, *, days: int = 10) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._sign(subject, key, days=days)
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return Issued(
            *paths, certificate.fingerprint(hashes.SHA256()).hex(), certificate.serial_number
        )

    def revoke(self, issued: Issued) -> Path:
        revoked = (
            x509.RevokedCertificateBuilder()
            .serial_number(issued.serial)
            .revocation_date(NOW - DAY)
            .build()
        )
        crl = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(NOW - DAY)
            .next_update(NOW + 10 * DAY)
            .add_revoked_certificate(revoked)
            .sign(self._key, hashes.SHA256())
        )
        path = self.folder / "revoked.pem"
        path.write_bytes(crl.public_bytes(serialization.Encoding.PEM))
        return path

    def _sign(self, subject, key, *, days, is_authority=False):
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 20 * DAY)
            .not_valid_after(NOW + days * DAY)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def own(authority):
    return authority.issue("crescent")


def context_for(own, authority, **given):
    return server_context(
        certificate=own.certificate, key=own.key, authorities=authority.file, **given
    )


def echo_over_tls(port, authority, issued=None, *, change=None):
    """The status of an echo; raises what a refused client sees."""
    context = ssl.create_default_context(cafile=authority.file)
    context.check_hostname = False
    if issued is not None:
        context.load_cert_chain(issued.certificate, issued.key)
    if change is not None:
        change(context)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
        context.wrap_socket(plain) as secure,
    ):
        secure.sendall(associate_request())
        kind, _ = receive_pdu(secure)
        if kind != 2:
            raise ConnectionError(f"answered by {kind}")
        secure.sendall(ECHO)
        return status_of(receive_pdu(secure)[1])


REFUSED = (ssl.SSLError, ConnectionError)


def test_dcmtk_sends_over_tls(serve, peer, authority, own, tmp_path):
    client = authority.issue("ct")
    options = ("+tls", str(client.key), str(client.certificate), "+cf", str(authority.file))
    with serve(tls=context_for(own, authority)) as service:
        assert echoscu(service.port, options=options).returncode == 0
        files = slices(tmp_path / "ct", 3, rows=256, columns=256)
        assert storescu(service.port, *files, options=options) == (0, ["Success"] * 3)
    assert results() == ["indexed"] * 3


def test_without_a_sound_certificate_nobody_is_answered(serve, peer, authority, own, tmp_path):
    other = Authority(tmp_path, "other")
    with serve(tls=context_for(own, authority)) as service:
        assert echo_over_tls(service.port, authority, authority.issue("ct")) == 0
        for issued in (None, authority.issue("expired", days=-5), other.issue("foreign")):
            with pytest.raises(REFUSED):
                echo_over_tls(service.port, authority, issued)
        with pytest.raises(REFUSED), pytest.warns(DeprecationWarning, match="TLS"):
            echo_over_tls(
                service.port,
                authority,
                authority.issue("old"),
                change=lambda context: setattr(context, "maximum_version", ssl.TLSVersion.TLSv1_1),
            )
        assert "Failed" in echoscu(service.port).stdout or echoscu(service.port).returncode != 0
        assert echo_over_tls(service.port, authority, authority.issue("ct2")) == 0


def test_a_failed_handshake_is_logged_once_in_a_while_and_names_no_patient(
    serve, peer, authority, own, tmp_path, caplog
):
    foreign = Authority(tmp_path, "other").issue("DOE^JOHN")
    with serve(tls=context_for(own, authority)) as service:
        for _ in range(3):
            with pytest.raises(REFUSED):
                echo_over_tls(service.port, authority, foreign)
        # Whoever only looks whether somebody listens is no line worth.
        socket.create_connection(("127.0.0.1", service.port)).close()
    assert [record.getMessage() for record in caplog.records] == [
        "A TLS handshake failed: 127.0.0.1, CERTIFICATE_VERIFY_FAILED"
    ]


def test_who_was_revoked_is_refused(serve, peer, authority, own):
    lost, kept = authority.issue("lost"), authority.issue("kept")
    crl = authority.revoke(lost)
    with serve(tls=context_for(own, authority, revoked=crl)) as service:
        assert echo_over_tls(service.port, authority, kept) == 0
        with pytest.raises(REFUSED):
            echo_over_tls(service.port, authority, lost)


def test_a_peer_bound_to_a_certificate_needs_that_one(serve, centre, authority, own):
    bound, another = authority.issue("bound"), authority.issue("another")
    register(certificate_sha256=bound.fingerprint)
    with serve(tls=context_for(own, authority)) as service:
        assert echo_over_tls(service.port, authority, bound) == 0
        with pytest.raises(REFUSED):
            echo_over_tls(service.port, authority, another)
    with serve() as service:
        assert "Calling AE Title Not Recognized" in echoscu(service.port).stdout


def test_who_is_silent_in_the_handshake_keeps_nobody_waiting(serve, peer, authority, own):
    with serve(tls=context_for(own, authority), request_seconds=1.0) as service:
        silent = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(50)]
        try:
            for connection in silent[:25]:
                connection.sendall(b"\x16\x03\x01")
            assert echo_over_tls(service.port, authority, authority.issue("ct")) == 0
            silent[0].settimeout(20)
            assert silent[0].recv(100) == b""
        finally:
            for connection in silent:
                connection.close()


def test_files_that_do_not_serve_are_named(authority, own, tmp_path):
    other = authority.issue("other")
    for certificate, key, authorities in [
        (own.certificate, other.key, authority.file),
        (tmp_path / "missing.pem", own.key, authority.file),
        (own.certificate, own.key, own.key),
        (own.key, own.key, authority.file),
    ]:
        with pytest.raises(UnusableCertificateError, match=r"\.(pem|key)"):
            server_context(certificate=certificate, key=key, authorities=authorities)


def test_a_key_with_a_password_does_not_wait_for_somebody(authority, own, tmp_path):
    locked = tmp_path / "locked.key"
    locked.write_bytes(
        serialization.load_pem_private_key(own.key.read_bytes(), None).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"password"),
        )
    )
    with pytest.raises(UnusableCertificateError):
        server_context(certificate=own.certificate, key=locked, authorities=authority.file)
