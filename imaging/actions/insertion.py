"""Insert many rows in one statement.

`bulk_create` resolves an expression for each value, which takes most of the time of recording a
batch; here each value is prepared by its field and handed to the database as it is.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

PLAIN_FIELDS = (
    models.CharField,
    models.SlugField,
    models.ForeignKey,
    models.IntegerField,
    models.BigIntegerField,
    models.PositiveIntegerField,
)
PLAIN_VALUES = (str, int)
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
    for one, id_ in zip(
        objects, insert_rows(type(objects[0]), [vars(one) for one in objects]), strict=True
    ):
        one.pk = id_
        one._state.adding = False


def insert_rows(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The same from values by column attribute; what is not named is empty. Returns the ids."""
    if not rows:
        return []
    beginning, places, fields = _statement(model)
    database = connections[DEFAULT_DB_ALIAS]
    values: list[Any] = []
    for row in rows:
        for attname, field, is_plain in fields:
            value = row.get(attname)
            if value is None or (is_plain and type(value) in PLAIN_VALUES):
                values.append(value)
            else:
                values.append(field.get_db_prep_save(value, connection=database))
    with database.cursor() as cursor:
        cursor.execute(f"{beginning} {', '.join([places] * len(rows))} RETURNING id", values)
        return [id_ for (id_,) in cursor.fetchall()]


@cache
def _statement(
    model: type[models.Model],
) -> tuple[str, str, tuple[tuple[str, "models.Field[Any, Any]", bool], ...]]:
    """The statement up to its values, the places of one row, and the fields by attribute."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name  # the same on both databases
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES",
        f"({', '.join(['%s'] * len(fields))})",
        tuple((field.attname, field, type(field) in PLAIN_FIELDS) for field in fields),
    )
