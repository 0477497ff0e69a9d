"""Taking a table of retrospective cases in, as one transaction, and taking it back.

An import deletes nothing, and neither does taking it back: what the import made is moved to a
centre of its own, `UNDONE`, to which nobody belongs. Every query is limited by centre, so it is on
no page, in no count and in no export; a signed read stays as it was signed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext

from registry.actions import centres, history, patients, records
from registry.actions.errors import ImportGoneError, ImportRefusedError
from registry.actions.undoable_imports import Link, chunks, require_here, require_untouched
from registry.models import CaseImport, Centre, ImportedRecord, Patient, RevisionCase, User
from registry.models.record import Record

UNDONE_CENTRE = "UNDONE"

T = TypeVar("T")


@dataclass(frozen=True)
class Written:
    """A record that was made or changed; `before` holds what a change replaced."""

    table: str
    record: Record
    place: str
    was_there: bool
    before: Mapping[str, Any] | None = None


@transaction.atomic
def send(
    *,
    centre: Centre,
    by: User,
    at: datetime,
    file_name: str,
    content: str,
    mapping: Mapping[str, Any],
    rows: int,
) -> CaseImport:
    """Keep a file that was sent, sealed; nothing of it is a case yet."""
    sent = CaseImport.objects.create(
        centre=centre,
        file_name=file_name,
        content=content,
        mapping=json.dumps(mapping),
        rows=rows,
        sent_at=at,
        sent_by=by,
    )
    history.record(
        chain=centre.code, at=at, by=by, action="case_import.send", obj=sent, after={"rows": rows}
    )
    return sent


@transaction.atomic
def map_columns(
    *, case_import: CaseImport, mapping: Mapping[str, Any], by: User, at: datetime
) -> CaseImport:
    """Say which column answers which question.

    Raises
    ------
    ImportGoneError
        It was taken in already.
    """
    current = _open(case_import)
    current.mapping = json.dumps(mapping)
    current.checked = current.checked_at = None
    current.save(update_fields=["mapping", "checked", "checked_at"])
    history.record(chain=current.centre_code, at=at, by=by, action="case_import.map", obj=current)
    return current


@transaction.atomic
def keep_check(
    *, case_import: CaseImport, checked: str, refused: int, by: User, at: datetime
) -> CaseImport:
    """Keep what a rehearsal found, unless the columns were mapped anew meanwhile.

    Raises
    ------
    ImportGoneError
        It was taken in already.
    """
    current = _open(case_import)
    if current.mapping != case_import.mapping:
        return current
    current.checked, current.checked_at = checked, at
    current.save(update_fields=["checked", "checked_at"])
    history.record(
        chain=current.centre_code, at=at, by=by, action="case_import.check", obj=current,
        after={"refused": refused},
    )  # fmt: skip
    return current


def rehearse(*, by: User, at: datetime, write: Callable[[], T]) -> T:
    """Do all that an import does, with every check of the database, and take it back at once.

    What a rehearsal finds is what an import would find; nothing of it stays.
    """
    with transaction.atomic():
        result = write()
        transaction.set_rollback(True)
    return result


@transaction.atomic
def take_in(
    *,
    case_import: CaseImport,
    by: User,
    at: datetime,
    write: Callable[[], tuple[Sequence[Written], int]],
) -> CaseImport:
    """Take the file in, all of it or nothing.

    Parameters
    ----------
    write
        Writes the records through their actions, and says how many rows were refused.

    Raises
    ------
    ImportGoneError
        It was taken in already, or its columns were mapped anew meanwhile.
    ImportRefusedError
        A row was refused; nothing was written.
    """
    current = _open(case_import)
    if current.mapping != case_import.mapping:
        raise ImportGoneError(gettext("Nobody has checked the rows since the columns were mapped."))
    with history.checkpoint_moved_at_the_end():
        written, refused = write()
    if refused:
        raise ImportRefusedError(
            gettext("%(refused)s cells or rows are refused; nothing was written.")
            % {"refused": refused}
        )
    ImportedRecord.objects.bulk_create(
        ImportedRecord(
            case_import=current,
            table=one.table,
            record_id=one.record.public_id,
            place=one.place[:120],
            was_there=one.was_there,
            edition=one.record.edition,
            before=json.dumps(one.before, default=str) if one.before is not None else None,
        )
        for one in written
    )
    current.imported_at, current.imported_by = at, by
    current.save(update_fields=["imported_at", "imported_by"])
    made = sum(not one.was_there for one in written)
    history.record(
        chain=current.centre_code, at=at, by=by, action="case_import.take_in", obj=current,
        after={"made": made, "changed": len(written) - made},
    )  # fmt: skip
    return current


@transaction.atomic
def undo(
    *,
    case_import: CaseImport,
    by: User,
    at: datetime,
    links: Mapping[str, Link],
    models_by_table: Mapping[str, type[Record]],
    restore: Callable[[str, Any, Mapping[str, Any]], object],
) -> CaseImport:
    """Take an import back: what it made is set aside, what it changed is as it was.

    Parameters
    ----------
    links
        How the records of each table hang below others.
    restore
        Gives a record of a table the lists and rows that it had, by the action of its form.

    Raises
    ------
    ImportGoneError
        It was not taken in, or was taken back already.
    NotUndoableError
        Somebody has worked on what the import made, or a patient went to another centre; nothing is
        taken back.
    """
    current = CaseImport.objects.select_for_update().get(pk=case_import.pk)
    if current.imported_at is None or current.undone_at is not None:
        raise ImportGoneError(
            gettext("There is nothing to take back: see what became of the import.")
        )
    kept = list(current.records.order_by("-id"))
    found = _current(kept, links, models_by_table)
    made = {one.record_id for one in kept if not one.was_there}
    require_untouched(kept, found, made, links)
    require_here(kept, found, made, links, current.centre)
    aside = _undone_centre(current.centre, by=by, at=at)
    stand_ins: dict[Any, Record] = {}
    with_children: list[tuple[str, Record, dict[str, Any]]] = []
    for one in kept:
        record = found[one.pk]
        if one.was_there:
            changes, children = _as_before(one, record, links)
            if children:
                with_children.append((one.table, record, children))
        else:
            changes = _set_aside(one, record, made, links, aside, stand_ins, by=by, at=at)
        if changes:
            records.edit(
                record, edition=record.edition, by=by, at=at, action="case_import.set_back",
                changes=changes,
            )  # fmt: skip
    for of_table, record, children in with_children:
        # Read anew: its answers were set back, and a case that was closed is open again.
        restore(of_table, type(record)._default_manager.get(pk=record.pk), children)
    current.undone_at, current.undone_by = at, by
    current.save(update_fields=["undone_at", "undone_by"])
    history.record(
        chain=current.centre_code, at=at, by=by, action="case_import.undo", obj=current,
        after={"records": len(kept)},
    )  # fmt: skip
    return current


def _open(case_import: CaseImport) -> CaseImport:
    current = CaseImport.objects.select_for_update().get(pk=case_import.pk)
    if current.imported_at is not None:
        raise ImportGoneError(
            gettext("This file was taken in already. Send it again to import it again.")
        )
    return current


def _current(
    kept: Sequence[ImportedRecord],
    links: Mapping[str, Link],
    models_by_table: Mapping[str, type[Record]],
) -> dict[int, Any]:
    """The records as they are now, locked, by the row of the import that names them."""
    found: dict[UUID, Any] = {}
    for table in dict.fromkeys(one.table for one in kept):
        above = [links[table].field] if table in links else []
        locked = models_by_table[table]._default_manager.select_for_update(of=("self",))
        for ids in chunks([one.record_id for one in kept if one.table == table]):
            here = locked.select_related(*above).filter(public_id__in=ids)
            found |= {record.public_id: record for record in here}
    return {one.pk: found[one.record_id] for one in kept}


def _as_before(
    one: ImportedRecord, record: Record, links: Mapping[str, Link]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers an import replaced; and the lists and rows to which it added, as they were."""
    before: dict[str, Any] = json.loads(str(one.before)) if one.before else {}
    references = links[one.table].references if one.table in links else ()
    for name in references:
        if before.get(name):
            model = record._meta.get_field(name).related_model
            before[name] = model._default_manager.get(public_id=before[name])  # type: ignore[union-attr]
    fields = {field.name: field for field in record._meta.concrete_fields}
    answers = {
        name: value if name in references else fields[name].to_python(value)
        for name, value in before.items()
        if name in fields
    }
    return answers, {name: value for name, value in before.items() if name not in fields}


def _set_aside(
    one: ImportedRecord,
    record: Record,
    made: set[Any],
    links: Mapping[str, Link],
    aside: Centre,
    stand_ins: dict[Any, Record],
    *,
    by: User,
    at: datetime,
) -> dict[str, Any]:
    """What of the record has to change; nothing where the record above is set aside with it."""
    if isinstance(record, Patient):
        return {"centre": aside, "subject_key": None}
    link = links[one.table]
    above = getattr(record, link.field)
    if above.public_id in made:
        return {}
    free = {
        name: None
        for name in link.references
        if (other := getattr(record, name)) is not None and other.public_id not in made
    }
    return free | {link.field: _stand_in(above, aside, stand_ins, by=by, at=at)}


def _stand_in(
    above: Any, aside: Centre, stand_ins: dict[Any, Record], *, by: User, at: datetime
) -> Record:
    """An empty patient or case in the centre nobody belongs to, one for each that was here."""
    if above.public_id not in stand_ins:
        if isinstance(above, RevisionCase):
            patient = _stand_in(above.patient, aside, stand_ins, by=by, at=at)
            assert isinstance(patient, Patient)
            stand_ins[above.public_id] = records.log(
                RevisionCase(patient=patient, opened_on=above.opened_on, trigger=above.trigger),
                by=by, at=at, action="case_import.stand_in",
            )  # fmt: skip
        else:
            stand_ins[above.public_id] = patients.add(
                centre=aside, by=by, at=at,
                fields={"sex": above.sex, "diagnosis": above.diagnosis},
            )  # fmt: skip
    return stand_ins[above.public_id]


def _undone_centre(like: Centre, *, by: User, at: datetime) -> Centre:
    known: models.QuerySet[Centre] = Centre.objects.filter(code=UNDONE_CENTRE)
    return known.first() or centres.add(
        code=UNDONE_CENTRE, name="Undone imports", time_zone=like.time_zone, by=by, at=at
    )
