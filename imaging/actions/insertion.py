"""Insert many rows in one statement.

`bulk_create` resolves an expression for each value, which takes most of the time of recording a
batch; here each value is prepared by its field and handed to the database as it is.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

PLAIN_FIELDS = (
    models.CharField,
    models.SlugField,
    models.ForeignKey,
    models.IntegerField,
    models.BigIntegerField,
    models.PositiveIntegerField,
)
PLAIN_VALUES = (str, int, type(None))
"""Such a value of such a field needs no preparation on either database."""


def insert(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model and give them their ids.

    Raises
    ------
    IntegrityError
        A constraint of the database does not hold; the caller's transaction is void.
    """
    if not objects:
        return
    beginning, row, fields = _statement(type(objects[0]))
    values: list[Any] = []
    for one in objects:
        for attname, field in fields:
            value = getattr(one, attname)
            if type(value) in PLAIN_VALUES and type(field) in PLAIN_FIELDS:
                values.append(value)
            else:
                values.append(field.get_db_prep_save(value, connection=connection))
    with connection.cursor() as cursor:
        cursor.execute(f"{beginning} {', '.join([row] * len(objects))} RETURNING id", values)
        ids = [id_ for (id_,) in cursor.fetchall()]
    for one, id_ in zip(objects, ids, strict=True):
        one.pk = id_
        one._state.adding = False


@cache
def _statement(
    model: type[models.Model],
) -> tuple[str, str, tuple[tuple[str, "models.Field[Any, Any]"], ...]]:
    """The statement up to its values, the places of one row, and the fields by attribute."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name  # the same on both databases
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES",
        f"({', '.join(['%s'] * len(fields))})",
        tuple((field.attname, field) for field in fields),
    )
