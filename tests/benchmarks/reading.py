"""How fast images are given out again, beside Orthanc's DICOMweb on the same study.

Both servers run at the same time and are asked in turn for the same, each request on a connection
that is kept. Everybody follows everybody equally often. Before that each is asked once for every
frame, which is reported apart: Crescent compares the hashes of the files then, and Orthanc fills
its caches. Crescent finds out who asks and what they may see for each request, once by the cookie
of a person and once by the token of a program; Orthanc asks nobody.
"""

import http.client
import itertools
import json
import sys
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from tests.benchmarks import crescent, peers
from tests.benchmarks.processes import LOOPBACK, free_port, server
from tests.benchmarks.reading_report import (
    FIRST_FRAME,
    FIRST_METADATA,
    FRAME,
    METADATA,
    ORTHANC,
    PERSON,
    PROGRAM,
)
from tests.benchmarks.stow import SECONDS_TO_ANSWER, post_each

FRAMES_PER_ROUND = 100
LONGEST_IDLE_SECONDS = 1.0
"""Servers close connections on which nothing comes."""

PASSWORD = "crescent-bench-2016"
DICOM_JSON = "application/dicom+json"

Milliseconds = dict[tuple[str, str], list[float]]
"""Of each request, by who was asked and for what."""


@dataclass
class Asked:
    """A server, the study in its words, and how we sign in."""

    connection: http.client.HTTPConnection
    headers: Mapping[str, str]
    series: str = ""
    instances: tuple[str, ...] = ()
    last_used: float = 0.0

    def get(self, path: str, *, accept: str = DICOM_JSON) -> bytes:
        self.connection.request("GET", path, headers={**self.headers, "Accept": accept})
        answer = self.connection.getresponse()
        content = answer.read()
        self.last_used = time.monotonic()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"GET {path}: {answer.status} {content[:500]!r}")
        return content

    def look_around(self) -> None:
        """Find the one series and its instances."""
        (series,) = json.loads(self.get("/dicom-web/series"))
        study_uid, series_uid = series["0020000D"]["Value"][0], series["0020000E"]["Value"][0]
        self.series = f"/dicom-web/studies/{study_uid}/series/{series_uid}"
        found = json.loads(self.get(f"{self.series}/instances"))
        found.sort(key=lambda instance: int(instance["00200013"]["Value"][0]))
        uids = (instance["00080018"]["Value"][0] for instance in found)
        self.instances = tuple(f"{self.series}/instances/{uid}" for uid in uids)


def measured(source: Path, run: Path, *, rounds: int) -> Milliseconds:
    """Milliseconds of every request."""
    times: Milliseconds = {}
    with _servers(source, run) as asked:
        for who, one in asked.items():
            one.look_around()
            first = _timed(one, f"{one.series}/metadata", accept=DICOM_JSON)
            times[who, FIRST_METADATA] = [first]
        for _ in range(rounds):
            for who, one in asked.items():
                took = _timed(one, f"{one.series}/metadata", accept=DICOM_JSON)
                times.setdefault((who, METADATA), []).append(took)
        for who, one in asked.items():
            times[who, FIRST_FRAME] = [_frame(one, place) for place in range(len(one.instances))]
        turns = list(itertools.permutations(asked.items()))
        for number in range(rounds):
            for place in range(number, FRAMES_PER_ROUND + number):
                for who, one in turns[place % len(turns)]:
                    times.setdefault((who, FRAME), []).append(_frame(one, place))
            print(f"reading, round {number + 1} of {rounds}", file=sys.stderr)
    return times


def _frame(one: Asked, place: int) -> float:
    path = f"{one.instances[place % len(one.instances)]}/frames/1"
    return _timed(one, path, accept="multipart/related; type=application/octet-stream")


def _timed(one: Asked, path: str, *, accept: str) -> float:
    if time.monotonic() - one.last_used > LONGEST_IDLE_SECONDS:
        one.connection.close()
        one.connection.connect()
    start = time.perf_counter()
    one.get(path, accept=accept)
    return (time.perf_counter() - start) * 1000


@contextmanager
def _servers(source: Path, run: Path) -> Iterator[dict[str, Asked]]:
    with ExitStack() as stack:
        asked = {}
        if peers.has_orthanc_dicomweb():
            peer = stack.enter_context(peers.orthanc(run))
            post_each(source, port=peer.http_port, path="/instances", threads=2)
            asked[ORTHANC] = Asked(_connection(peer.http_port), {})
        installation = crescent.Installation(run / "data")
        installation.manage("ingest", str(source), "--centre", "BENCH")
        token = installation.manage(
            "add_dicomweb_peer", "bench", "--centre", "BENCH", "--may", "read"
        ).strip()
        installation.manage(
            *("add_user", "bench", "--centre", "BENCH", "--role", "reader"), typed=PASSWORD
        )
        port = free_port()
        gunicorn = Path(sys.executable).with_name("gunicorn")
        stack.enter_context(
            server(
                [
                    *(str(gunicorn), "config.wsgi", "--bind", f"{LOOPBACK}:{port}"),
                    *("--workers", "2", "--threads", "4", "--log-level", "warning"),
                ],
                ports=[port],
                log=run / "gunicorn.log",
                environment=installation.environment,
                folder=crescent.ROOT,
            )
        )
        asked[PROGRAM] = Asked(_connection(port), {"Authorization": f"Bearer {token}"})
        asked[PERSON] = Asked(_connection(port), {"Cookie": _signed_in(port)})
        yield asked


def _connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS_TO_ANSWER)


def _signed_in(port: int) -> str:
    """The cookies of a person who signed in on the page."""
    connection = _connection(port)
    cookies: dict[str, str] = {}
    form = {"username": "bench", "password": PASSWORD}
    for method in ("GET", "POST"):
        connection.request(
            method,
            "/sign-in/",
            urllib.parse.urlencode(form) if method == "POST" else None,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": _header(cookies),
                "X-CSRFToken": cookies.get("csrftoken", ""),
            },
        )
        answer = connection.getresponse()
        answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            cookies[name] = value
    connection.close()
    return _header(cookies)


def _header(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
