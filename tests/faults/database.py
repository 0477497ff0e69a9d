"""The database of an installation under test, looked at from outside Django."""

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg


class Database(Protocol):
    """Where an installation keeps its rows."""

    url: str

    def create(self) -> None: ...
    def copy_to(self, data: Path) -> "Database": ...
    def drop(self) -> None: ...
    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]: ...
    def assert_sound(self) -> None: ...


def database_below(data: Path) -> Database:
    """A database of its own: on the server the suite runs against, else a file in the folder."""
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith("postgres"):
        return PostgreSqlDatabase(server, name=_name(data))
    return SqliteDatabase(data)


class SqliteDatabase:
    """A file in the data folder; copying the folder copies it."""

    def __init__(self, data: Path) -> None:
        self._path = data / "crescent.sqlite3"
        self.url = f"sqlite:///{self._path}"

    def create(self) -> None:
        """Migrations make the file."""

    def copy_to(self, data: Path) -> Database:
        return SqliteDatabase(data)

    def drop(self) -> None:
        """It goes with its folder."""

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._connection() as connection:
            return connection.execute(question, values).fetchall()

    def assert_sound(self) -> None:
        [[integrity]] = self.rows("PRAGMA integrity_check")
        assert integrity == "ok"
        assert self.rows("PRAGMA foreign_key_check") == []

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=20)) as connection:
            # Constraints of the registry use it; Django brings it along elsewhere.
            connection.create_function(
                "REGEXP", 2, lambda pattern, text: bool(re.search(pattern, str(text)))
            )
            yield connection


class PostgreSqlDatabase:
    """A database of its own on the server that DATABASE_URL names."""

    def __init__(self, server: str, *, name: str) -> None:
        self._server = server
        self._name = name
        self.url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))

    def create(self) -> None:
        self._on_server(f"CREATE DATABASE {self._name}")

    def copy_to(self, data: Path) -> Database:
        copy = PostgreSqlDatabase(self._server, name=_name(data))
        self._on_server(f"CREATE DATABASE {copy._name} TEMPLATE {self._name}")
        return copy

    def drop(self) -> None:
        self._on_server(f"DROP DATABASE {self._name} WITH (FORCE)")

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(question.replace("?", "%s"), values).fetchall()

    def execute(self, command: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(command)

    def assert_sound(self) -> None:
        """Its own server checks it; that it answers is all to be seen from here."""
        assert self.rows("SELECT 1") == [(1,)]

    def _on_server(self, command: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(command)


def _name(data: Path) -> str:
    """A name for the database of a data folder, the same each time."""
    return f"faults_{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"
