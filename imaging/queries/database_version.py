"""Whether anything was written to the database since it was last asked.

References
----------
SQLite, PRAGMA data_version: it changes with every commit of another connection, of this process
or of another one. The connection here never writes, so every commit is one of another.
"""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.db import connection


class DatabaseVersion:
    """May be used from any thread, and after a fork."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._owner: int | None = None
        self._connection: sqlite3.Connection | None = None
        self._opened = 0

    def current(self) -> tuple[int, int] | None:
        """What stays the same as long as nothing is written; None where nobody can tell.

        PostgreSQL does not say it. What SQLite counts is counted by each connection for itself, so
        another connection is another version.
        """
        with self._mutex:
            try:
                if self._connection is None or self._owner != os.getpid():
                    self._open()
                if self._connection is None:
                    return None
                with closing(self._connection.execute("PRAGMA data_version")) as rows:
                    (version,) = rows.fetchone()
            except sqlite3.Error:
                self._connection = None
                return None
            return self._opened, version

    def _open(self) -> None:
        self._connection = None
        name = str(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite" and Path(name).is_file():
            self._connection = sqlite3.connect(
                f"file:{quote(name)}?mode=ro", uri=True, check_same_thread=False, timeout=0
            )
            self._owner = os.getpid()
            self._opened += 1

    def close(self) -> None:
        with self._mutex:
            if self._connection is not None and self._owner == os.getpid():
                self._connection.close()
            self._connection = None
