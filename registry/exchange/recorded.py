"""What is recorded already of the records that a file speaks of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext

from registry import queries
from registry.actions.errors import InvalidRecordError
from registry.exchange.import_plan import Draft
from registry.exchange.tables import Table, table_of
from registry.models import Centre, Patient, User
from registry.models.record import Record

T = TypeVar("T")

CHUNK = 500
"""How many ids are asked for at once."""


class Recorded:
    """Records by the ids of the file, fetched table by table, and what the run came upon."""

    def __init__(self, *, centre: Centre, by: User) -> None:
        self.centre, self.by = centre, by
        self._by_id: dict[UUID, Any] = {}
        self._of_others: set[UUID] = set()
        self._by_ident: dict[str, Any] = {}
        self._met: defaultdict[tuple[UUID, str], list[int]] = defaultdict(list)
        self._new: set[UUID] = set()
        self._below: defaultdict[tuple[str, int], list[Any]] = defaultdict(list)

    def fetch(self, one: Table, drafts: Sequence[Draft], parents: Sequence[Record]) -> None:
        """Ask for all records of a table that the file may mean, with what hangs on them.

        Parameters
        ----------
        parents
            What the drafts without an id hang below.
        """
        ids = [public_id for draft in drafts if (public_id := as_uuid(draft.ident))]
        children = [*(child.name for child in one.lists), *(rows.name for rows in one.rows)]
        nested = [f"{rows.name}__{child.name}" for rows in one.rows for child in rows.lists]
        links = [one.link, *(column.name for column in one.columns if column.kind == "id")]
        every = one.visible(viewer=self.by).select_related(*links)
        visible = every.prefetch_related(*children, *nested)
        for some in _chunks(ids):
            found = visible.filter(public_id__in=some)
            self._by_id |= {record.public_id: record for record in found}
            elsewhere = one.model._default_manager.filter(public_id__in=some)
            self._of_others |= {*elsewhere.values_list("public_id", flat=True)} - {*self._by_id}
        known = {one.pk for one in parents if one.public_id not in self._new}
        for pks in _chunks(sorted(known)):
            for record in visible.filter(**{f"{one.link}__in": pks}):
                self._below[one.key, getattr(record, f"{one.link}_id")].append(record)

    def came_upon(self, draft: Draft, record: Any, parent: Any, *, is_new: bool) -> None:
        """Remember what a draft turned out to be."""
        if parent is not None:
            self._met[parent.public_id, draft.table.key].append(record.pk)
        if is_new:
            self._new.add(record.public_id)
        if draft.ident:
            self._by_ident[draft.ident.strip().upper()] = record

    def below(self, draft: Draft, parent: Record) -> Any:
        """The record that is meant, by id, or by what tells it apart below the same parent.

        Raises
        ------
        LookupError
            The id is that of a record elsewhere.
        """
        one = draft.table
        if public_id := as_uuid(draft.ident):
            found = self._by_id.get(public_id)
            if found is not None and getattr(found, one.link).pk == parent.pk:
                return found
            if found is not None or public_id in self._of_others:
                raise LookupError(
                    gettext("This %(record)s belongs to somebody else.")
                    % {"record": gettext(one.label)}
                )
        if draft.ident or parent.public_id in self._new:
            return None
        apart = {name: draft.values.get(name) for name in one.told_apart_by}
        if all(value is None for value in apart.values()):
            return None
        met = self._met[parent.public_id, one.key]
        return next(
            (
                record
                for record in self._below[one.key, parent.pk]
                if record.pk not in met
                and all(getattr(record, name) == value for name, value in apart.items())
            ),
            None,
        )

    def is_new(self, record: Record) -> bool:
        """Whether it was made by this run."""
        return record.public_id in self._new

    def patient(self, draft: Draft) -> Patient | None:
        """The patient of the centre with this registry number or number of the hospital.

        Raises
        ------
        LookupError
            Two patients have it.
        """
        number = draft.ident or draft.values.get("local_number") or ""
        if not number:
            return None
        found = queries.patients.by_number(
            viewer=self.by, permission="registry.log_case", number=number
        )
        here = [patient for patient in found if patient.centre_id == self.centre.pk]
        if len(here) > 1:
            raise LookupError(gettext("Two patients have this number."))
        return here[0] if here else None

    def referred(self, model_name: str, ident: str, name: str) -> Any:
        """The record that a link of the file leads to.

        Raises
        ------
        InvalidRecordError
            There is none with this id.
        """
        known = self._by_ident.get(ident.strip().upper())
        of = table_of(model_name)
        if known is None and of is not None and (public_id := as_uuid(ident)):
            known = of.visible(viewer=self.by).filter(public_id=public_id).first()
        if known is None:
            raise InvalidRecordError(
                {name: [gettext("There is no record with the id %(ident)s.") % {"ident": ident}]}
            )
        return known


def as_uuid(text: str) -> UUID | None:
    """An id of the registry; None for any other text."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def _chunks(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
