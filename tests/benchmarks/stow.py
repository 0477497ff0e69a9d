"""Send a folder over STOW-RS, and files one by one over HTTP, with the standard library."""

import http.client
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

from tests.benchmarks.processes import LOOPBACK

INSTANCES_PER_REQUEST = 40
BOUNDARY = "crescent-benchmark-boundary"
SECONDS_TO_ANSWER = 120.0
CONTENT_TYPE = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'


def stow(source: Path, *, port: int, path: str, headers: Mapping[str, str] | None = None) -> float:
    """Seconds for all instances, some in each request, one request after the other."""
    files = sorted(source.iterdir())
    start = time.perf_counter()
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS_TO_ANSWER)
    for first in range(0, len(files), INSTANCES_PER_REQUEST):
        body = _body(files[first : first + INSTANCES_PER_REQUEST])
        _post(connection, path, body, {"Content-Type": CONTENT_TYPE, **(headers or {})})
    connection.close()
    return time.perf_counter() - start


def post_each(source: Path, *, port: int, path: str, threads: int) -> float:
    """Seconds for all files, each a request of its own, several at a time."""
    files = sorted(source.iterdir())
    start = time.perf_counter()

    def send(some: Sequence[Path]) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS_TO_ANSWER)
        for file in some:
            _post(connection, path, file.read_bytes(), {"Content-Type": "application/dicom"})
        connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(send, [files[number::threads] for number in range(threads)]))
    return time.perf_counter() - start


def _body(files: Sequence[Path]) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    parts = [part for file in files for part in (head, file.read_bytes(), b"\r\n")]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def _post(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: Mapping[str, str]
) -> None:
    connection.request("POST", path, body, {"Accept": "application/dicom+json", **headers})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"POST {path}: {answer.status} {content[:500]!r}")
