"""Writing what a file says into the registry, or comparing it with what is there.

Each record goes through the action that its form uses, so an import can do nothing that a person
could not. What is empty in the file leaves what is recorded alone, and nothing is ever removed:
codes and rows of a file come on top of those that are there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from registry import actions, queries
from registry.actions.case_imports import Written
from registry.actions.doubts import DoubtfulError
from registry.actions.errors import InvalidRecordError, RegistryError
from registry.actions.reads import FindingEntry
from registry.exchange.answers import implied, require_rows, said_of
from registry.exchange.comparison import children_of, row_of, same, stored, within
from registry.exchange.comparison import differences as differences_of
from registry.exchange.comparison import given as given_of
from registry.exchange.import_plan import IDENTITY_FIELDS, Draft, Place, Plan, Problem
from registry.exchange.recorded import Recorded, as_uuid
from registry.exchange.tables import TABLES
from registry.exchange.writers import WRITERS, Writer
from registry.models import Centre, Patient, User
from registry.models.record import Record
from registry.vocabulary import ReadAdequacy, ReadSource

NEW, CHANGED, UNCHANGED = gettext_noop("new"), gettext_noop("changed"), gettext_noop("unchanged")
REFUSED, LEFT_OUT = gettext_noop("refused"), gettext_noop("left out")
"""Kept in English; pages translate them."""

CLOSING = ("closed_on", "outcome")


Tell = Callable[[int, int], None]
"""Hears how many steps of how many are done."""


@dataclass(frozen=True)
class Line:
    """What becomes of one record of the file; `differences` are label, before and after."""

    place: Place
    label: str
    patient: str
    status: str
    differences: tuple[tuple[str, str, str], ...] = ()
    words: str = ""


@dataclass
class Outcome:
    """What an import did, or would do; `doubts` are unlikely answers that importing confirms."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    def count(self, status: str) -> int:
        return sum(line.status == status for line in self.lines)


class Import:
    """One run over a plan. Use `run`."""

    def __init__(self, plan: Plan, *, centre: Centre, by: User, at: datetime, tell: Tell) -> None:
        self.tell, self.done = tell, 0
        self.steps = len(plan.drafts) + len(plan.of("patient"))
        self.centre, self.by, self.at = centre, by, at
        self.plan = plan
        self.outcome = Outcome(problems=list(plan.problems))
        self.records: dict[tuple[Any, ...], Any] = {}
        self.recorded = Recorded(centre=centre, by=by)
        self.failed: set[tuple[Any, ...]] = set()
        self.lines: dict[tuple[Any, ...], Line] = {}

    def run(self) -> Outcome:
        """Write every draft, tables from above; the cases are closed at the end."""
        with actions.list_entries.once_each(self._step):
            for one in TABLES:
                drafts = self.plan.of(one.key)
                if one.below:
                    above = [self.records.get(draft.parent.key) for draft in drafts if draft.parent]
                    self.recorded.fetch(one, drafts, [parent for parent in above if parent])
                for draft in drafts:
                    self._guarded(draft, self._write)
                    self._step()
            for draft in self.plan.of("case"):
                if draft.values.get("closed_on") or draft.values.get("outcome"):
                    self._guarded(draft, self._close)
        self.outcome.lines = sorted(self.lines.values(), key=lambda line: line.place)
        return self.outcome

    def _step(self) -> None:
        """A record is written, or the lists of a patient are worked out."""
        self.done += 1
        self.tell(self.done, self.steps)

    def _guarded(self, draft: Draft, write: Callable[[Draft], None]) -> None:
        """Every record on its own, so that all that is wrong is found at once."""
        if draft.key in self.failed or (draft.parent and draft.parent.key in self.failed):
            self._refuse(draft, "")
            return
        try:
            with transaction.atomic():
                write(draft)
        except InvalidRecordError as error:
            said = {name: said_of(draft, name, error.errors[name]) for name in error.errors}
            for name, words in said.items():
                if name not in draft.refused:  # else its cell has said so already
                    place = draft.cells.get(name, draft.place)
                    self.outcome.problems.append(Problem(place, words))
            self._refuse(draft, " ".join(draft.refused.get(name, said[name]) for name in said))
        except (RegistryError, LookupError) as error:
            self.outcome.problems.append(Problem(draft.place, str(error)))
            self._refuse(draft, str(error))

    def _refuse(self, draft: Draft, words: str) -> None:
        self.failed.add(draft.key)
        self._line(draft, REFUSED, words=words or gettext("What it belongs to is refused."))

    def _line(
        self,
        draft: Draft,
        status: str,
        differences: Sequence[tuple[str, str, str]] = (),
        words: str = "",
    ) -> None:
        top = draft
        while top.parent:
            top = top.parent
        patient = self.records.get(top.key)
        number = str(patient) if patient is not None else ""
        self.lines[draft.key] = Line(
            draft.place, draft.table.label, number, status, tuple(differences), words
        )

    def _write(self, draft: Draft) -> None:
        if draft.table.key == "patient":
            self._patient(draft)
            return
        require_rows(draft)
        assert draft.parent is not None
        parent = self.records[draft.parent.key]
        values = self._values(draft)
        known = self.recorded.below(draft, parent)
        if draft.table.key == "read":
            self._read(draft, parent, known, values)
        elif known is None:
            self._add(draft, parent, values)
        else:
            self._change(draft, known, values)

    def _values(self, draft: Draft) -> dict[str, Any]:
        values = {
            name: value for name, value in draft.values.items() if name not in IDENTITY_FIELDS
        }
        for column in draft.table.columns:
            if column.kind == "id" and column.name in values:
                values[column.name] = self.recorded.referred(
                    column.table, values[column.name], column.name
                )
        return implied(draft.table, values)

    def _add(self, draft: Draft, parent: Record, values: dict[str, Any]) -> None:
        writer = WRITERS[draft.table.key]
        lists = {one.name: values.pop(one.name, []) for one in draft.table.lists}
        fields = {name: value for name, value in values.items() if not self._closes(draft, name)}
        if public_id := as_uuid(draft.ident):
            fields["public_id"] = public_id
        rows = {
            argument: made_of(draft.rows.get(name, []))
            for name, (argument, made_of) in writer.rows.items()
        }
        given = {writer.parent: parent, "fields": fields, **lists, **rows}
        record = self._confirmed(draft, writer.add, given)
        self._done(draft, record, was_there=False)
        self._line(draft, NEW)

    def _change(self, draft: Draft, known: Any, values: dict[str, Any]) -> None:
        writer = WRITERS[draft.table.key]
        changes = {
            name: value
            for name, value in values.items()
            if name not in {one.name for one in draft.table.lists}
            and not same(getattr(known, name), value)
        }
        lists, differences = self._lists_on_top(draft, known, values)
        rows, more = self._rows_on_top(draft, known, writer)
        differences = [*differences_of(draft.table, known, changes), *differences, *more]
        if not differences:
            self._done(draft, known, was_there=True)
            self._line(draft, UNCHANGED)
            return
        before = {name: stored(getattr(known, name)) for name in changes}
        if len(differences) > len(changes):
            before |= children_of(draft.table, known)
        given = {
            writer.record: known,
            "edition": known.edition,
            "changes": changes,
            **lists,
            **rows,
        }
        record = self._confirmed(draft, writer.edit, given)
        self._done(draft, record, was_there=True, before=before)
        self._line(draft, CHANGED, differences)

    def _confirmed(self, draft: Draft, write: Callable[..., Any], given: Mapping[str, Any]) -> Any:
        """Write; what is only unlikely is listed, and importing the list confirms it."""
        try:
            with transaction.atomic():
                return write(by=self.by, at=self.at, **given)
        except DoubtfulError as error:
            for doubt in error.doubts:
                place = draft.cells.get(doubt.field, draft.place)
                self.outcome.doubts.append(Problem(place, str(doubt.words)))
            codes = [doubt.code for doubt in error.doubts]
            return write(by=self.by, at=self.at, confirmed=codes, **given)

    def _lists_on_top(
        self, draft: Draft, known: Any, values: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
        lists: dict[str, Any] = {}
        differences = []
        for one in draft.table.lists:
            there = sorted(child.code for child in getattr(known, one.name).all())
            lists[one.name] = sorted({*there, *values.get(one.name, ())})
            if lists[one.name] != there:
                words = ("; ".join(there), "; ".join(lists[one.name]))
                differences.append((one.name.replace("_", " "), *words))
        return lists, differences

    def _rows_on_top(
        self, draft: Draft, known: Any, writer: Writer
    ) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
        arguments: dict[str, Any] = {}
        differences = []
        for rows in draft.table.rows:
            argument, made_of = writer.rows[rows.name]
            there = [row_of(rows, child) for child in getattr(known, rows.name).all()]
            new = [
                row
                for row in draft.rows.get(rows.name, ())
                if not any(within(row, x) for x in there)
            ]
            arguments[argument] = made_of([given_of(row) for row in (*there, *new)])
            differences += [(rows.label, "", "; ".join(map(str, row.values()))) for row in new]
        return arguments, differences

    def _closes(self, draft: Draft, name: str) -> bool:
        return draft.table.key == "case" and name in CLOSING

    def _close(self, draft: Draft) -> None:
        """A case is closed last: nothing is added to a closed one."""
        case = self.records[draft.key]
        if case.closed_on is not None:
            return
        missing = [name for name in CLOSING if not draft.values.get(name)]
        if missing:
            raise InvalidRecordError(
                {missing[0]: [gettext("A case is closed with day and outcome.")]}
            )
        closed = actions.cases.close(
            case=case, edition=case.edition, by=self.by, at=self.at,
            closed_on=draft.values["closed_on"], outcome=draft.values["outcome"],
        )  # fmt: skip
        self.records[draft.key] = closed
        self.outcome.written = [
            Written(one.table, closed, one.place, one.was_there, one.before)
            if one.record.public_id == closed.public_id
            else one
            for one in self.outcome.written
        ]

    def _patient(self, draft: Draft) -> None:
        values = self._values(draft)
        identity = {name: draft.values.get(name) for name in IDENTITY_FIELDS}
        known = self.recorded.patient(draft)
        if known is not None:
            self._change_patient(draft, known, values)
            return
        birth = identity["birth_date"]
        if birth is not None:
            values.setdefault("birth_year", birth.year)
        patient = actions.patients.add(
            centre=self.centre, by=self.by, at=self.at, fields=values,
            local_number=identity["local_number"] or "", name=identity["name"] or "",
            birth_date=birth,
        )  # fmt: skip
        self._done(draft, patient, was_there=False)
        self._line(draft, NEW)

    def _change_patient(self, draft: Draft, known: Patient, values: dict[str, Any]) -> None:
        changes = {
            name: value for name, value in values.items() if not same(getattr(known, name), value)
        }
        if not changes:
            self._done(draft, known, was_there=True)
            self._line(draft, UNCHANGED)
            return
        before = {name: stored(getattr(known, name)) for name in changes}
        differences = differences_of(draft.table, known, changes)
        patient = actions.patients.edit(
            patient=known, edition=known.edition, by=self.by, at=self.at, changes=changes
        )
        self._done(draft, patient, was_there=True, before=before)
        self._line(draft, CHANGED, differences)

    def _read(self, draft: Draft, study: Any, known: Any, values: dict[str, Any]) -> None:
        """What a report says is signed by whoever imports it; a signed read is never changed."""
        source = values.pop("source", ReadSource.REPORT_ABSTRACTED.value)
        if known is None and not draft.ident and not self.recorded.is_new(study):
            own = queries.reads.standing(viewer=self.by).filter(contrast_study=study)
            known = own.filter(source=source).first()
        if known is not None:
            self._compare_read(draft, known, values)
            return
        if source != ReadSource.REPORT_ABSTRACTED.value:
            self.records[draft.key] = None
            self._line(
                draft, LEFT_OUT, words=gettext("A read of images is signed by its reader alone.")
            )
            return
        findings = sorted(
            draft.rows.get("findings", ()), key=lambda row: not row.get("is_primary", True)
        )
        read = actions.reads.sign(
            contrast_study=study, by=self.by, at=self.at, opened_at=self.at, source=source,
            information_shown=queries.reads.information_of_report(viewer=self.by, study=study),
            findings=[
                FindingEntry(row.get("code", ""), tuple(row.get("sites", ()))) for row in findings
            ],
            **{"adequacy": ReadAdequacy.NOT_ASSESSED.value} | values,
        )  # fmt: skip
        self._done(draft, read, was_there=False)
        self._line(draft, NEW)

    def _compare_read(self, draft: Draft, known: Any, values: Mapping[str, Any]) -> None:
        changes = {
            name: value
            for name, value in values.items()
            if hasattr(known, name) and not same(getattr(known, name), value)
        }
        there = {child.code for child in known.findings.all()}
        said = {row.get("code") for row in draft.rows.get("findings", ())}
        if changes or not said <= there:
            raise LookupError(
                gettext("A signed read is not changed by an import. Correct it by a new one.")
            )
        self._done(draft, known, was_there=True)
        self._line(draft, UNCHANGED)

    def _done(
        self,
        draft: Draft,
        record: Any,
        *,
        was_there: bool,
        before: Mapping[str, Any] | None = None,
    ) -> None:
        self.records[draft.key] = record
        above = self.records[draft.parent.key] if draft.parent else None
        self.recorded.came_upon(draft, record, above, is_new=not was_there)
        if not was_there or before is not None:
            place = f"{draft.place.sheet} row {draft.place.row}"
            self.outcome.written.append(Written(draft.table.key, record, place, was_there, before))


def run(said: Plan, *, centre: Centre, by: User, at: datetime, tell: Tell) -> Outcome:
    """Write the plan. The caller holds the transaction, and takes it back where a row is refused.

    Returns
    -------
    A line for each record, and every problem with its cell.
    """
    return Import(said, centre=centre, by=by, at=at, tell=tell).run()
