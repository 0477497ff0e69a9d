"""An archive on the loopback that answers whatever a test wants, also what no archive should."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = bytes | Iterable[bytes]
BOUNDARY = "edge"


def answer(
    body: bytes, *, content_type: str, status: str = "200 OK", headers: Iterable[str] = ()
) -> bytes:
    """A whole HTTP answer with its length."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def found(*studies: dict[str, Any]) -> bytes:
    """The answer to a search: attributes by tag."""
    plain = [
        {tag: {"vr": "LO", "Value": [value]} for tag, value in study.items()} for study in studies
    ]
    return answer(json.dumps(plain).encode(), content_type="application/dicom+json")


def parts(*contents: bytes, part_type: str = "application/dicom", end: bytes = b"--") -> bytes:
    """The answer to a retrieval."""
    body = (
        b"".join(
            f"--{BOUNDARY}\r\nContent-Type: {part_type}\r\n\r\n".encode() + content + b"\r\n"
            for content in contents
        )
        + f"--{BOUNDARY}".encode()
        + end
    )
    return answer(
        body, content_type=f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'
    )


class FakeArchive:
    """Counts its connections and keeps the requests it got."""

    def __init__(self, reply: Callable[[str], Reply], *, host: str = "127.0.0.1", port: int = 0):
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._reply = reply
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family)
        self.host, self.port = self._listener.getsockname()[:2]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/dicom-web"

    def query(self, number: int = 0) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.requests[number].split(" ")[1]).query)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                received = connection.recv(65536)
                if not received:
                    return
                request += received
            head, _, body = request.partition(b"\r\n\r\n")
            length = re.search(rb"(?im)^content-length: *(\d+)", head)
            while length and len(body) < int(length[1]):
                received = connection.recv(65536)
                if not received:
                    return
                body += received
            head += b"\r\n\r\n"
            self.bodies.append(body)
            self.requests.append(head.decode("latin-1"))
            reply = self._reply(head.decode("latin-1").split(" ")[1])
            for piece in [reply] if isinstance(reply, bytes) else reply:
                connection.sendall(piece)


@contextmanager
def fake_archive(
    reply: Callable[[str], Reply], *, host: str = "127.0.0.1", port: int = 0
) -> Iterator[FakeArchive]:
    archive = FakeArchive(reply, host=host, port=port)
    try:
        yield archive
    finally:
        archive.close()
