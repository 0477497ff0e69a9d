"""What the coordinator sees: how much is asked of whom. What was found is not on this page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from registry import queries
from registry.models import Centre, ReadingProtocol, User
from registry.presenters.reading_list import waits
from registry.presenters.reads import neutral_code
from registry.queries.adjudications import ReadPair
from registry.queries.keyset import BoundedCount
from registry.queries.reading_workload import OpenStudy, Workload

PER_PAGE: Final = 50


@dataclass(frozen=True)
class CentreWords:
    """The protocol of a centre in one line, and differences nobody can decide."""

    name: str
    code: str
    facts: list[str]
    protocol_url: str
    undecided: str


@dataclass(frozen=True)
class ReaderLine:
    name: str
    centre_code: str
    oldest: str
    waiting: BoundedCount
    assigned: BoundedCount
    drafts: int
    signed: BoundedCount
    rereads_waiting: BoundedCount
    rereads_signed: BoundedCount
    adjudicated: BoundedCount


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked, and the way to take it back."""

    name: str
    withdraw_url: str


@dataclass(frozen=True)
class StudyLine:
    key: str
    code: str
    case: str
    case_url: str
    waits: str
    reads: str
    asked: list[Asked]
    is_full: bool
    chosen: bool


@dataclass(frozen=True)
class Workloads:
    centres: list[CentreWords]
    readers: list[ReaderLine]
    studies: list[StudyLine]
    page: Page[Any]
    total: BoundedCount
    several_centres: bool


def present(
    *, viewer: User, now: datetime, lines: Sequence[OpenStudy], ticked: set[str], number: str
) -> Workloads:
    """
    Parameters
    ----------
    lines
        From `queries.reading_workload.open_studies`.
    ticked
        Public ids of studies that were chosen; they stay so on a form that was refused.
    """
    loads = queries.reading_workload.of_readers(viewer=viewer, at=now)
    centres = list(queries.reading_protocols.coordinated(viewer=viewer))
    pairs = queries.adjudications.undecided(viewer=viewer)
    page = Paginator(lines, PER_PAGE).get_page(number)
    return Workloads(
        centres=[_centre(centre, loads, pairs) for centre in centres],
        readers=[_reader(load, now=now) for load in loads],
        studies=[_study(line, now=now, ticked=ticked) for line in page],
        page=page,
        total=BoundedCount(len(lines)),
        several_centres=len(centres) > 1,
    )


def readers(*, viewer: User, now: datetime) -> list[ReaderLine]:
    """The lines of the readers alone, for a file."""
    loads = queries.reading_workload.of_readers(viewer=viewer, at=now)
    return [_reader(load, now=now) for load in loads]


def studies(*, viewer: User, now: datetime) -> list[StudyLine]:
    """Every study without its reads, for a file."""
    lines = queries.reading_workload.open_studies(viewer=viewer)
    return [_study(line, now=now, ticked=set()) for line in lines]


def initial_of(protocol: ReadingProtocol) -> dict[str, int]:
    """The protocol as its form shows it; edition 0 where nobody has set one."""
    return {
        "edition": protocol.edition if protocol.pk else 0,
        "reads_per_study": protocol.reads_per_study,
        "reread_share_percent": protocol.reread_share_percent,
        "reread_after_days": protocol.reread_after_days,
    }


def protocol_words(protocol: ReadingProtocol) -> list[str]:
    reads = (
        gettext("two readers, each alone")
        if protocol.reads_per_study == 2
        else gettext("one reader per study")
    )
    if not protocol.reread_share_percent:
        return [reads, gettext("nothing is read again")]
    days = protocol.reread_after_days
    again = ngettext(
        "%(percent)s %% of reads again after %(n)s day",
        "%(percent)s %% of reads again after %(n)s days",
        days,
    )
    return [reads, again % {"percent": protocol.reread_share_percent, "n": days}]


def _centre(centre: Centre, loads: Sequence[Workload], pairs: Sequence[ReadPair]) -> CentreWords:
    protocol = getattr(centre, "reading_protocol", None) or ReadingProtocol(centre=centre)
    here = [pair for pair in pairs if pair.study.centre_code == centre.code]
    readers = {load.reader.pk for load in loads if load.centre_code == centre.code}
    stuck = [pair for pair in here if readers <= {pair.read_a.reader_id, pair.read_b.reader_id}]
    words = ""
    if here:
        differ = ngettext(
            "%(n)s study with two reads that differ",
            "%(n)s studies with two reads that differ",
            len(here),
        )
        words = differ % {"n": BoundedCount(len(here))}
        words += gettext(" and nobody to decide: a third reader is needed.") if stuck else "."
    return CentreWords(
        name=centre.name,
        code=centre.code,
        facts=protocol_words(protocol),
        protocol_url=reverse("registry:reading-protocol", args=[centre.public_id]),
        undecided=words,
    )


def _reader(load: Workload, *, now: datetime) -> ReaderLine:
    return ReaderLine(
        name=load.reader.get_full_name() or load.reader.get_username(),
        centre_code=load.centre_code,
        oldest=waits(load.oldest, now=now) if load.oldest else "–",
        waiting=BoundedCount(load.waiting, and_more=not load.is_whole),
        assigned=BoundedCount(load.assigned, and_more=not load.is_whole),
        drafts=load.drafts,
        signed=BoundedCount(load.signed),
        rereads_waiting=BoundedCount(load.rereads_waiting),
        rereads_signed=BoundedCount(load.rereads_signed),
        adjudicated=BoundedCount(load.adjudicated),
    )


def _study(line: OpenStudy, *, now: datetime, ticked: set[str]) -> StudyLine:
    study, places = line.study, line.places
    key = str(study.public_id)
    return StudyLine(
        key=key,
        code=neutral_code(study),
        case=study.case.patient.registry_number,
        case_url=reverse("registry:case-detail", args=[study.case.public_id]),
        waits=waits(places.since, now=now),
        reads=gettext("%(readers)s of %(reads_asked)s")
        % {"readers": len(places.readers), "reads_asked": places.reads_asked},
        asked=[
            Asked(
                one.reader.get_username(),
                reverse("registry:reading-assignment-withdraw", args=[one.public_id]),
            )
            for one in line.assignments
        ],
        is_full=places.is_full,
        chosen=key in ticked,
    )
