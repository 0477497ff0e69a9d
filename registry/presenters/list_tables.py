"""Every list as a table: a header and rows of plain values, fetched a chunk at a time.

A table shows what the page of the list shows, to whom it shows it, from its first row to its last.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet

from registry import queries
from registry.audit.advisory_match import Match
from registry.exchange.spreadsheets import Value
from registry.models import Advisory, User
from registry.presenters import (
    measurement_list,
    reading_list,
    reading_workload,
    work_lists,
)
from registry.presenters.audit_cases import PatientLine, TheatreRow
from registry.queries.lists import Wanted
from registry.queries.read_marks import Wanted as WantedMeasurements

CHUNK = 500

Row = Sequence[Value]
T = TypeVar("T")


@dataclass(frozen=True)
class Table:
    """A list; its rows can be asked for once."""

    header: Sequence[str]
    rows: Iterator[Row]


def in_chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows, `size` at a time."""
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk


def patients(*, viewer: User, search: str) -> Table:
    found = queries.patients.listing(viewer=viewer, search=search)
    header = ("number", "sex", "born", "diagnosis", "GMFCS", "centre", "cases", "synthetic")
    return Table(
        header,
        (
            (
                one.registry_number,
                one.get_sex_display(),
                one.birth_year,
                one.get_diagnosis_display(),
                one.get_gmfcs_display(),
                one.centre.code,
                one.case_count,  # type: ignore[attr-defined]  # annotated by the query
                "synthetic" if one.is_synthetic else "",
            )
            for one in found.iterator(chunk_size=CHUNK)
        ),
    )


def entries(*, viewer: User, asked: Wanted) -> Table:
    """A working list or what a search found."""
    header = ("number", "sex and birth year", "day", "what", "CT finding", "centre")
    return Table(
        header,
        (
            (
                line.number,
                line.facts,
                line.on,
                str(line.words),
                str(line.badge.label) if line.badge else "",
                line.centre,
            )
            for rows in queries.lists.chunks(viewer=viewer, wanted=asked, size=CHUNK)
            for line in work_lists.lines(viewer=viewer, rows=rows)
        ),
    )


def overview(*, viewer: User, today: date) -> Table:
    """The working lists with their counts, and how completely each question is answered."""
    open_now = work_lists.overview(viewer=viewer, today=today)
    answers = work_lists.answers(viewer=viewer)
    rows: list[Row] = [(str(one.words.title), "", None, None, str(one.count)) for one in open_now]
    rows += [
        (str(one.label), str(one.of), one.answered, one.asked, str(one.missing)) for one in answers
    ]
    return Table(("list or question", "asked of", "answered", "asked", "open"), iter(rows))


def measurements(*, viewer: User, wanted: WantedMeasurements) -> Table:
    found = queries.read_marks.measurements(viewer=viewer, wanted=wanted)
    header = (
        "number", "study of", "finding", "measured", "value", "further", "words", "signed",
        "reader",
    )  # fmt: skip
    return Table(
        header,
        (
            (
                line.registry_number,
                line.studied_on,
                str(line.finding.label),
                str(line.kind),
                line.value,
                line.further,
                line.words,
                line.signed_on,
                line.reader,
            )
            for line in measurement_list.lines(found.iterator(chunk_size=CHUNK))
        ),
    )


def reading(*, viewer: User, now: datetime, show: str, age: str) -> Table:
    """The reader's own list: what waits, or what is signed."""
    shown = reading_list.whole(viewer=viewer, now=now, show=show, age=age)
    return Table(
        ("study", "waits or signed", "series", "asked of you", "your finding"),
        (
            (
                line.code,
                line.when,
                line.series_count,
                "yes" if line.assigned else "",
                str(line.badge.label) if line.badge else "",
            )
            for line in shown
        ),
    )


def audit_people(
    people: Sequence[str], *, lines_of: Callable[[list[str]], list[PatientLine]]
) -> Table:
    """The cases behind a number, a row each; one row for a patient who has none."""
    return Table(
        ("number", "case opened", "contrast studies", "operations", "note"),
        (
            row
            for chunk in in_chunks(people)
            for line in lines_of(chunk)
            for row in _of_counted(line)
        ),
    )


def audit_theatre_lines(
    ids: Sequence[str], *, rows_of: Callable[[list[str]], list[TheatreRow]]
) -> Table:
    """The lines of theatre lists behind a number, as they stand in their files."""
    return Table(
        ("row of the file", "day of operation", "number", "centre", "list sent"),
        (
            (row.row, row.on, row.patient.registry_number if row.patient else "", row.centre,
             row.sent_on)
            for chunk in in_chunks(ids)
            for row in rows_of(chunk)
        ),
    )  # fmt: skip


def _of_counted(line: PatientLine) -> Iterator[Row]:
    if line.patient is None:
        yield ("", None, "", "", line.why)
        return
    number = line.patient.registry_number
    for one in line.cases:
        studies = [
            f"{study.performed_on} {study.words}{' (counted)' if study.counted else ''}"
            for study in one.studies
        ]
        operations = [
            f"{surgery.performed_on} {surgery.found}".strip()
            + (" (verifies the study)" if surgery.counted else "")
            for surgery in one.surgeries
        ]
        yield (number, one.case.opened_on, "; ".join(studies), "; ".join(operations), "")
    if not line.cases:
        yield (number, None, "", "", "no case")


def reports(*, viewer: User) -> Table:
    found = queries.reports.listing(viewer=viewer)
    return Table(
        ("report", "protocol", "centres", "data as of", "frozen", "by"),
        (
            (
                one.title,
                one.protocol_key,
                ", ".join(centre.code for centre in one.centres.all()),
                one.as_of,
                moment(one.frozen_at),
                one.frozen_by.get_username(),
            )
            for one in chunked(found)
        ),
    )


def advisories(*, viewer: User) -> Table:
    found = queries.advisories.visible(viewer=viewer)
    return Table(
        ("advisory", "issued", "models", "source", "holds in", "ended"),
        (
            (
                one.title,
                one.issued,
                "; ".join(model.get_code_display() for model in one.models.all()),
                one.source,
                one.centre.code if one.centre else "every centre",
                moment(one.retired_at),
            )
            for one in chunked(found)
        ),
    )


def affected(*, viewer: User, advisory: Advisory) -> Table:
    """Patients with a component that an advisory is, or may be, about."""
    header = (
        "number", "centre", "component", "model", "serial number", "lot", "made", "implanted",
        "affected",
    )  # fmt: skip
    return Table(header, _affected(viewer, advisory))


def _affected(viewer: User, advisory: Advisory) -> Iterator[Row]:
    after: int | None = 0
    while after is not None:
        found, after = queries.advisories.affected(
            viewer=viewer, advisory=advisory, after=after, most=CHUNK
        )
        for one in found:
            part = one.component
            yield (
                part.patient.registry_number,
                part.patient.centre.code,
                part.get_kind_display(),
                part.get_model_display(),
                part.serial_number,
                part.lot_number,
                part.manufactured_on,
                part.implanted_on,
                "yes" if one.match is Match.AFFECTED else "possibly",
            )


def transfers(*, viewer: User) -> Table:
    found = queries.patient_transfers.visible(viewer=viewer)
    return Table(
        ("number", "day", "from", "to", "reason", "answer", "answered"),
        (
            (
                one.patient.registry_number,
                one.transferred_on,
                one.from_centre.code,
                one.to_centre.code,
                one.reason,
                one.get_answer_display() if one.answer else "waits",
                moment(one.answered_at),
            )
            for one in chunked(found)
        ),
    )


def people(*, viewer: User) -> Table:
    found = queries.people.visible(viewer=viewer)
    return Table(
        ("user name", "name", "roles", "last sign-in"),
        (
            (
                one.username,
                one.get_full_name(),
                "; ".join(
                    f"{role.get_role_display()} {role.centre.code}"
                    for role in queries.people.roles_of(one)
                ),
                moment(one.last_login),
            )
            for one in chunked(found)
        ),
    )


def history(*, viewer: User) -> Table:
    found = queries.history.visible(viewer=viewer)
    header = ("centre", "sequence", "at", "who", "what", "kind of record", "record", "fields",
              "reason")  # fmt: skip
    return Table(
        header,
        (
            (
                one.chain.code,
                one.sequence,
                moment(one.at),
                one.actor_name,
                one.action,
                one.object_type,
                str(one.object_id),
                "; ".join(f"{name}: {old} → {new}" for name, (old, new) in one.changes.items()),
                one.reason,
            )
            for one in found.iterator(chunk_size=CHUNK)
        ),
    )


def workload(*, viewer: User, now: datetime) -> Table:
    """How much is asked of each reader, and nothing of what they found."""
    header = (
        "reader", "centre", "waiting", "of these assigned", "oldest waits", "drafts",
        "first reads signed", "second looks due", "second looks signed", "adjudications",
    )  # fmt: skip
    lines = reading_workload.readers(viewer=viewer, now=now)
    return Table(
        header,
        (
            (
                line.name,
                line.centre_code,
                str(line.waiting),
                str(line.assigned),
                line.oldest,
                line.drafts,
                str(line.signed),
                str(line.rereads_waiting),
                str(line.rereads_signed),
                str(line.adjudicated),
            )
            for line in lines
        ),
    )


def open_studies(*, viewer: User, now: datetime) -> Table:
    """Studies without their reads, with who was asked."""
    return Table(
        ("study", "patient", "waits", "reads", "asked"),
        (
            (
                line.code,
                line.case,
                line.waits,
                line.reads,
                "; ".join(one.name for one in line.asked) or "any reader",
            )
            for line in reading_workload.studies(viewer=viewer, now=now)
        ),
    )


def chunked(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=CHUNK)


def moment(at: datetime | None) -> str:
    return at.astimezone().isoformat(timespec="seconds") if at else ""
