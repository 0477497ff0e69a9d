"""Insert many rows in one statement.

`bulk_create` resolves an expression for each value, which takes most of the time of recording a
batch; here each value is prepared by its field and handed to the database as it is.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model and give them their ids.

    Raises
    ------
    IntegrityError
        A constraint of the database does not hold; the caller's transaction is void.
    """
    if not objects:
        return
    meta = objects[0]._meta
    fields: list[models.Field[Any, Any]] = [
        field for field in meta.concrete_fields if not field.primary_key
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    values: list[Any] = []
    for one in objects:
        values += [
            field.get_db_prep_save(field.pre_save(one, True), connection=connection)
            for field in fields
        ]
    with connection.cursor() as cursor:
        cursor.execute(
            # names of our own tables and columns, quoted; values travel apart
            f"INSERT INTO {quote(meta.db_table)} ({columns}) "  # noqa: S608
            f"VALUES {', '.join([row] * len(objects))} RETURNING {quote('id')}",
            values,
        )
        ids = [id_ for (id_,) in cursor.fetchall()]
    for one, id_ in zip(objects, ids, strict=True):
        one.pk = id_
        one._state.adding = False
