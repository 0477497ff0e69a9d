"""Whether what an import made can be taken back: nobody has worked on it, and it is still here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext

from registry.actions.errors import NotUndoableError
from registry.models import Centre, ImportedRecord
from registry.models.record import Record

CHUNK = 500
"""How many records are asked for at once."""

T = TypeVar("T")


@dataclass(frozen=True)
class Link:
    """How a record hangs below another: field and the model it leads to."""

    field: str
    above: type[Record]
    references: Sequence[str] = ()


def require_here(
    kept: Sequence[ImportedRecord],
    found: Mapping[int, Any],
    made: set[Any],
    links: Mapping[str, Link],
    centre: Centre,
) -> None:
    """What would be changed by itself belongs to the centre still.

    A patient who is transferred takes the records along, and is edited by that.
    """
    for one in kept:
        record, link = found[one.pk], links.get(one.table)
        if link is None or (not one.was_there and getattr(record, link.field).public_id in made):
            continue
        if record.centre_code != centre.code:
            raise NotUndoableError(
                gettext(
                    "A %(table)s of the import (%(place)s) belongs to another centre by now. "
                    "Nothing was taken back."
                )
                % {"table": one.table, "place": one.place}
            )


def require_untouched(
    kept: Sequence[ImportedRecord],
    found: Mapping[int, Record],
    made: set[Any],
    links: Mapping[str, Link],
) -> None:
    """Nobody edited what the import wrote, and nobody hung anything of their own below it."""
    for one in kept:
        record = found[one.pk]
        if record.edition != one.edition:
            raise NotUndoableError(
                gettext(
                    "A %(table)s of the import (%(place)s) was edited since. Nothing was taken "
                    "back."
                )
                % {"table": one.table, "place": one.place}
            )
        link = links.get(one.table)
        if one.table != "read" or one.was_there or link is None:
            continue
        if getattr(record, link.field).public_id not in made:
            raise NotUndoableError(
                gettext(
                    "A signed finding of the import (%(place)s) belongs to a study that was "
                    "here before. A signed finding stays; nothing was taken back."
                )
                % {"place": one.place}
            )
    for table in dict.fromkeys(one.table for one in kept):
        new = {found[one.pk].pk: one for one in kept if one.table == table and not one.was_there}
        for pks in chunks(list(new)):
            _require_nothing_below(type(found[new[pks[0]].pk]), pks, new, made)


def _require_nothing_below(
    model: type[Record], pks: Sequence[int], new: Mapping[int, ImportedRecord], made: set[Any]
) -> None:
    for related in model._meta.related_objects:
        if not issubclass(related.related_model, Record):
            continue
        name = related.field.attname
        below = related.related_model._default_manager.filter(**{f"{name}__in": pks})
        for public_id, above in below.values_list("public_id", name):
            if public_id not in made:
                one = new[above]
                raise NotUndoableError(
                    gettext(
                        "Somebody has added a record to a %(table)s of the import (%(place)s). "
                        "Nothing was taken back."
                    )
                    % {"table": one.table, "place": one.place}
                )


def chunks(many: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(many), CHUNK):
        yield many[start : start + CHUNK]
