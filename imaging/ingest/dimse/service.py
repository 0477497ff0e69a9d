"""The service: one thread for those who wait, one for each association."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, connections

from imaging import actions
from imaging.archive.archive import Archive
from imaging.ingest.intake import Intake
from imaging.models import IngestRun
from imaging.queries.peers import open_network_deliveries

from . import pdu
from .association import BY_PRESENTATION, TRANSIENT, Association
from .quiet_log import QuietLog
from .surroundings import Surroundings
from .waiting_room import REQUEST_SECONDS, Caller, WaitingRoom

NETWORK_SECONDS = 60.0
MOST_ASSOCIATIONS = 200
SILENT_SECONDS = 1.0
"""When all places are taken, whoever has been silent for longest, and for so long, leaves."""

FINISHING_SECONDS = 30.0
CLOSED_AGAIN_SECONDS = 10.0
BACKLOG = 256

QUIET_TIME = timedelta(hours=4)
"""Longer than any message may take: a delivery without a file for so long has no association."""

LOCAL_LIMIT_EXCEEDED = 2
"""Reason of an A-ASSOCIATE-RJ by the presentation service (PS3.8 table 9-21)."""


class Service:
    """Receives objects on one address until it is stopped.

    Parameters
    ----------
    tls
        None: without encryption.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        tls: ssl.SSLContext | None,
        intake: Intake,
        archive: Archive,
        clock: Callable[[], datetime],
        network_seconds: float = NETWORK_SECONDS,
        request_seconds: float = REQUEST_SECONDS,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self.port: int = self._listener.getsockname()[1]
        self._clock = clock
        self._around = Surroundings(
            intake=intake,
            archive=archive,
            clock=clock,
            log=QuietLog(),
            left_open=self._close_later,
            network_seconds=network_seconds,
        )
        self._room = WaitingRoom(
            self._listener,
            tls=tls,
            hand_over=self._associate,
            at_every_turn=self._close_left_open,
            log=self._around.log,
            request_seconds=request_seconds,
        )
        self._mutex = threading.Lock()
        self._associations: dict[Association, threading.Thread] = {}
        self._left_open: list[IngestRun] = []
        self._close_at = 0.0

    @property
    def association_count(self) -> int:
        return len(self._associations)

    def run(self) -> None:
        """Serve until `stop`, then let what is coming in finish."""
        self._room.run()
        self._end_associations()
        self._close_at = 0.0
        self._close_left_open()

    def stop(self) -> None:
        """May be called from a signal handler."""
        self._room.stop()

    def _associate(self, caller: Caller) -> None:
        association = Association(caller, surroundings=self._around)
        thread = threading.Thread(
            target=self._serve, args=(association,), name="association", daemon=True
        )
        with self._mutex:
            has_place = len(self._associations) < MOST_ASSOCIATIONS or self._make_place()
            if has_place:
                self._associations[association] = thread
        if not has_place:
            self._turn_away(caller)
            return
        try:
            thread.start()
        except RuntimeError:
            # The system gives no more threads.
            self._forget(association)
            self._turn_away(caller)

    def _serve(self, association: Association) -> None:
        try:
            association.run()
        finally:
            self._forget(association)

    def _forget(self, association: Association) -> None:
        with self._mutex:
            del self._associations[association]

    def _make_place(self) -> bool:
        """End the association that has owed us something for longest; the caller holds the lock."""
        latest = time.monotonic() - SILENT_SECONDS
        silent = [
            (since, association)
            for association in self._associations
            if (since := association.waiting_since) is not None and since <= latest
        ]
        if not silent:
            return False
        _, longest = min(silent, key=lambda pair: pair[0])
        longest.waiting_since = None
        longest.cut()
        return True

    def _turn_away(self, caller: Caller) -> None:
        self._around.log.warn("All places are taken; turned away", caller.address)
        with suppress(OSError):
            caller.connection.send(
                pdu.reject(result=TRANSIENT, source=BY_PRESENTATION, reason=LOCAL_LIMIT_EXCEEDED)
            )
        caller.connection.close()

    def _end_associations(self) -> None:
        with self._mutex:
            left = list(self._associations.items())
        for association, _ in left:
            association.stop()
        deadline = time.monotonic() + FINISHING_SECONDS
        for association, thread in left:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                association.cut()
        for _, thread in left:
            # What was handed to the intake is answered or fails within its own limits.
            thread.join(FINISHING_SECONDS)

    def _close_later(self, run: IngestRun) -> None:
        with self._mutex:
            self._left_open.append(run)

    def _close_left_open(self) -> None:
        """Try again to close runs that the database would not close."""
        now = time.monotonic()
        if not self._left_open or now < self._close_at:
            return
        self._close_at = now + CLOSED_AGAIN_SECONDS
        with self._mutex:
            runs, self._left_open = self._left_open, []
        while runs:
            try:
                actions.finish_run(run=runs[0], by=None, at=self._clock())
            except DatabaseError as error:
                self._around.log.warn("Deliveries cannot be closed", error=error)
                with self._mutex:
                    self._left_open += runs
                break
            finally:
                connections.close_all()
            runs.pop(0)


def close_abandoned(*, clock: Callable[[], datetime]) -> int:
    """Close the runs whose receiving process died; returns their number."""
    runs = open_network_deliveries(quiet_since=clock() - QUIET_TIME)
    for run in runs:
        actions.finish_run(run=run, by=None, at=clock())
    return len(runs)
