"""Questions to an archive: no detour, no second look-up, no endless answer."""

import ipaddress
import socket
import ssl
import threading
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from imaging.dicomweb import archive_connection
from imaging.dicomweb.archive_connection import (
    ArchiveAnswerError,
    ArchiveUnreachableError,
    Credentials,
    answer_to,
)
from imaging.dicomweb.endpoint import Endpoint
from tests.factories.fake_archive import answer, fake_archive

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
NO_CREDENTIALS = Credentials("none")
LOOPBACK = [ipaddress.ip_address("127.0.0.1")]


def ask(archive, *, most_bytes=10_000, credentials=NO_CREDENTIALS, host="archive.example"):
    endpoint = Endpoint(scheme="http", host=host, port=archive.port, path="/dicom-web")
    with answer_to(
        "/studies?x=1",
        endpoint=endpoint,
        addresses=LOOPBACK,
        credentials=credentials,
        accept="application/dicom+json",
        most_bytes=most_bytes,
    ) as found:
        return b"".join(iter(lambda: found.read(4096), b""))


def test_the_checked_address_is_asked_under_the_name_that_was_registered():
    with fake_archive(lambda _: answer(b"[]", content_type="application/dicom+json")) as archive:
        assert ask(archive) == b"[]"
        (request,) = archive.requests
    assert request.startswith("GET /dicom-web/studies?x=1 HTTP/1.1\r\n")
    assert f"Host: archive.example:{archive.port}\r\n" in request
    assert "Accept-Encoding: identity\r\n" in request


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (Credentials("basic", "me:secret"), "Authorization: Basic bWU6c2VjcmV0\r\n"),
        (Credentials("bearer", "secret"), "Authorization: Bearer secret\r\n"),
    ],
)
def test_the_credentials_are_shown_to_it_and_to_nobody_else(credentials, header):
    with fake_archive(lambda _: answer(b"[]", content_type="x/y")) as archive:
        ask(archive, credentials=credentials)
    assert header in archive.requests[0]
    assert "secret" not in repr(credentials)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
def test_nobody_is_followed_anywhere(status):
    with fake_archive(lambda _: b"") as canary:
        moved = answer(
            b"", content_type="x/y", status=status, headers=[f"Location: {canary.url}/studies"]
        )
        with fake_archive(lambda _: moved) as archive, pytest.raises(ArchiveAnswerError):
            ask(archive)
        assert canary.connections == 0


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_refused_credentials_are_named(status):
    reply = answer(b"", content_type="x/y", status=status)
    with (
        fake_archive(lambda _: reply) as archive,
        pytest.raises(ArchiveUnreachableError, match="credentials"),
    ):
        ask(archive)


def endless(start, piece):
    def reply(_):
        yield start
        while True:
            yield piece

    return reply


@pytest.mark.parametrize(
    "reply",
    [
        lambda _: b"",
        lambda _: b"nonsense\r\n\r\n",
        lambda _: b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
        lambda _: answer(b"x", content_type="x/y", headers=["Content-Encoding: gzip"]),
        lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort",
        lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nshort",
        lambda _: answer(b"x" * 20_000, content_type="x/y"),
        endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 5000),
        endless(CHUNKED, b"3e8\r\n" + b"x" * 1000 + b"\r\n"),
        endless(b"HTTP/1.1 200 OK\r\n", b"X-Header: y\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 5000),
    ],
)  # fmt: skip
def test_what_is_no_sound_answer_has_a_name_and_an_end(reply):
    with fake_archive(reply) as archive, pytest.raises(ArchiveAnswerError):
        ask(archive)


@pytest.mark.parametrize(
    "reply",
    [
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    ],
)
def test_an_archive_cannot_keep_us_busy_for_ever(reply, monkeypatch):
    monkeypatch.setattr(archive_connection, "LONGEST_BEGIN_SECONDS", 0.3)
    monkeypatch.setattr(archive_connection, "LONGEST_SECONDS", 0.3)
    with fake_archive(reply) as archive, pytest.raises(ArchiveAnswerError):
        ask(archive, most_bytes=10**12)


def test_where_nobody_listens_the_archive_does_not_answer():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = Endpoint("http", "archive.example", closed.getsockname()[1], "")
        with (
            pytest.raises(ArchiveUnreachableError, match="does not answer"),
            answer_to(
                "/x",
                endpoint=endpoint,
                addresses=LOOPBACK,
                credentials=Credentials("none"),
                accept="x/y",
                most_bytes=1,
            ),
        ):
            pass


class TestTls:
    @pytest.fixture
    def certificate(self, tmp_path):
        """A certificate for archive.example, signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "archive.example")])
        now = timezone.now()
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName("archive.example")]), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / "certificate.pem"
        path.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return path

    def ask(self, certificate, *, host, trusted):
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(certificate)
        names = []
        serving.sni_callback = lambda _socket, name, _context: names.append(name)
        listener = socket.create_server(("127.0.0.1", 0))

        def serve():
            connection, _ = listener.accept()
            with connection:
                try:
                    with serving.wrap_socket(connection, server_side=True) as talking:
                        talking.recv(65536)
                        talking.sendall(answer(b"[]", content_type="x/y"))
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        trust = ssl.create_default_context(cafile=str(certificate) if trusted else None)
        endpoint = Endpoint("https", host, listener.getsockname()[1], "")
        try:
            with answer_to(
                "/x",
                endpoint=endpoint,
                addresses=LOOPBACK,
                credentials=Credentials("none"),
                accept="x/y",
                most_bytes=10,
                tls=trust,
            ) as found:
                return found.read(10), names
        finally:
            thread.join(timeout=10)
            listener.close()

    def test_the_name_is_what_the_certificate_must_be_for(self, certificate):
        content, names = self.ask(certificate, host="archive.example", trusted=True)
        assert (content, names) == (b"[]", ["archive.example"])

    @pytest.mark.parametrize(
        ("host", "trusted"), [("archive.example", False), ("other.example", True)]
    )
    def test_another_machine_is_not_believed(self, certificate, host, trusted):
        with pytest.raises(ArchiveUnreachableError, match="certificate"):
            self.ask(certificate, host=host, trusted=trusted)
