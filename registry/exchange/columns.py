"""The columns of a table that leaves or enters the registry, derived from its model.

Nothing is written twice: the label, the closed list, the plausible range and whether an answer is
mandatory or identifying all come from the model, its constraints and the vocabulary. Export,
import, codebook and data dictionary read the same columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

from django.db import models
from django.db.models import CheckConstraint, Q

from registry.models.record import Record
from registry.vocabulary import ClosedList

Kind = Literal[
    "text", "code", "codes", "day", "moment", "clock", "integer", "decimal", "yes_no", "id"
]

NOT_EXPORTED = {"id", "created_by", "edition", "public_id"}
"""Row numbers and what only an edit needs; `public_id` is the id column of the table."""

UNITS = {
    "ug_per_ml": "µg/ml",
    "ug_per_day": "µg/day",
    "ml_per_cm": "ml/cm",
    "ml_per_day": "ml/day",
    "mg_iodine_per_ml": "mg/ml",
    "ug": "µg",
    "mg": "mg",
    "ml": "ml",
    "cm": "cm",
    "mm": "mm",
    "kg": "kg",
    "min": "min",
    "days": "days",
    "hours": "h",
    "months": "months",
    "hu": "HU",
}
"""What the end of a field's name says of its unit; a longer ending comes first."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    key
        Name of the table and of the field: `patient.sex`. No two columns share it.
    smallest, largest
        Outside of them the database refuses: the unit was mistaken.
    table
        Key of the table an id column leads to.
    """

    key: str
    name: str
    label: str
    kind: Kind
    words: str = ""
    unit: str = ""
    closed_list: type[ClosedList] | None = None
    smallest: Decimal | None = None
    largest: Decimal | None = None
    most_characters: int | None = None
    required: bool = False
    identifying: bool = False
    table: str = ""


def columns_of(
    model: type[models.Model], *, prefix: str, without: frozenset[str] = frozenset()
) -> tuple[Column, ...]:
    """The columns of a model, in the order of its fields.

    Parameters
    ----------
    prefix
        Key of the table, which stands before the name of each field.
    without
        Fields that are the way to the record above, or no answer of a person.
    """
    left_out = NOT_EXPORTED | without
    if issubclass(model, Record):
        left_out |= {"created_at", "synthetic_fields"}
    return tuple(
        _column(model, field, prefix)
        for field in model._meta.concrete_fields
        if field.name not in left_out and _kind(field)
    )


def unit_of(name: str) -> str:
    """The unit that the name of a field ends with; "" where it ends with none."""
    for ending in sorted(UNITS, key=len, reverse=True):
        if name == ending or name.endswith(f"_{ending}"):
            return UNITS[ending]
    return ""


def closed_list_of(field: Any) -> type[ClosedList] | None:
    """The list the choices of a field are taken from.

    Models name the list by its `choices`, so that two lists of the same words are told apart; only
    numbers of a list are looked up by what they say.
    """
    if not field.choices:
        return None
    owner = getattr(getattr(field.choices, "func", None), "__self__", None)
    if owner is not None:
        return cast("type[ClosedList]", owner)
    said = [(str(code), str(label)) for code, label in field.flatchoices]
    return next(
        (
            one
            for one in ClosedList.__subclasses__()
            if [(member.code, member.term.label) for member in one] == said
        ),
        None,
    )


def _column(model: type[models.Model], field: Any, prefix: str) -> Column:
    kind = _kind(field)
    assert kind is not None
    smallest, largest = _range(model, field.name)
    unit = unit_of(field.name) if kind in ("integer", "decimal") else ""
    return Column(
        key=f"{prefix}.{field.name}",
        name=field.name,
        label=str(field.verbose_name)[:1].upper() + str(field.verbose_name)[1:],
        kind=kind,
        words=str(field.help_text),
        unit=unit,
        closed_list=closed_list_of(field),
        smallest=smallest,
        largest=largest,
        most_characters=getattr(field, "max_length", None) if kind == "text" else None,
        required=not field.blank and not field.null and not field.has_default(),
        identifying=field.name in getattr(model, "IDENTIFYING", ()),
        table=field.related_model._meta.model_name if kind == "id" else "",
    )


def _kind(field: Any) -> Kind | None:
    """None for what is no answer: sealed text, JSON, links to people or images."""
    if field.is_relation:
        return "id" if issubclass(field.related_model, Record) else None
    if field.choices and isinstance(field, models.CharField):
        return "code"
    kinds: tuple[tuple[Any, Kind], ...] = (
        (models.DateTimeField, "moment"),
        (models.DateField, "day"),
        (models.TimeField, "clock"),
        (models.BooleanField, "yes_no"),
        (models.DecimalField, "decimal"),
        (models.FloatField, "decimal"),
        (models.IntegerField, "integer"),
        (models.CharField, "text"),
        (models.TextField, "text"),
    )
    return next((kind for of, kind in kinds if isinstance(field, of)), None)


def _range(model: type[models.Model], name: str) -> tuple[Decimal | None, Decimal | None]:
    """The limits that a constraint of the model sets to this field alone."""
    found: dict[str, Decimal] = {}
    for constraint in model._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        leaves = list(_leaves(constraint.condition))
        if {path.partition("__")[0] for path, _ in leaves} != {name}:
            continue
        for path, value in leaves:
            if path in (f"{name}__gte", f"{name}__lte") and isinstance(value, int | float):
                found[path[-3:]] = Decimal(str(value))
    return found.get("gte"), found.get("lte")


def _leaves(condition: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(condition, Q):
        for child in condition.children:
            yield from _leaves(child)
    elif isinstance(condition, tuple):
        yield condition
