"""Peers that store or read over HTTP."""

from typing import Any

from django.db import connection

from imaging.models import Peer

_COLUMNS = ("id", "public_id", "name", "centre_code", "may_send", "may_read")


def of_token(token_sha256: str) -> Peer | None:
    """The registered peer with the token, unless it was retired.

    Asked with each frame that a program fetches, so the statement is written down and not
    compiled each time; the other fields are read when they are needed.
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(map(quote, _COLUMNS))} FROM {quote(Peer._meta.db_table)}"  # noqa: S608 - our own names
            " WHERE token_sha256 = %s AND kind = %s AND retired_at IS NULL",
            [token_sha256, Peer.Kind.DICOMWEB.value],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    fields: Any = [Peer._meta.get_field(name) for name in _COLUMNS]
    values = [field.to_python(value) for field, value in zip(fields, row, strict=True)]
    return Peer.from_db(connection.alias, _COLUMNS, values)
