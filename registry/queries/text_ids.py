"""Public ids as text, made by the database: a million of them are no million objects."""

from typing import Any

from django.db.models import Func, TextField

DASHES_AFTER = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
"""Where the digits of a UUID are parted: first digit and how many (RFC 9562, section 4)."""


class TextId(Func):
    """A UUID column as `str(uuid)` writes it; NULL stays NULL."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # SQLite keeps the digits only.
        column, params = compiler.compile(self.source_expressions[0])
        parts = [f"substr({column}, {first}, {count})" for first, count in DASHES_AFTER]
        return " || '-' || ".join(parts), tuple(params) * len(parts)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        return f"({column})::text", params
