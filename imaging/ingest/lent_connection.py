"""One database connection for whichever thread commits."""

import time
from types import TracebackType

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

IDLE_SECONDS = 60.0
"""After so long the server may have closed it."""


class LentConnection:
    """The connection of the block is this one, in whichever thread the block runs.

    To open one takes longer than to record a file, and one for each of 200 associations would be
    more than a server gives. Only one thread may be in the block at a time.
    """

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper | None = None
        self._used_at = 0.0

    def __enter__(self) -> None:
        if self._connection is None:
            self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
            self._connection.inc_thread_sharing()
        elif time.monotonic() - self._used_at > IDLE_SECONDS:
            self._connection.close()
        self._of_the_thread = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = self._connection

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        connections[DEFAULT_DB_ALIAS] = self._of_the_thread
        self._used_at = time.monotonic()
        if error is not None:
            # it may be what broke
            self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
