"""The lists about images as tables: what came, what is kept apart, what waits to be linked."""

from collections.abc import Iterator
from datetime import timedelta

from imaging import queries as imaging_queries
from imaging.models import IngestedFile, Study
from imaging.queries.quarantine import quarantined, waiting
from imaging.reason_words import reason_sentence
from registry import queries
from registry.models import User
from registry.presenters import study_links
from registry.presenters.list_tables import Row, Table, chunked, in_chunks, moment

OF_QUARANTINED = ("arrived", "centre", "reason", "way", "delivery", "file")


def unlinked_images(*, viewer: User) -> Table:
    found = queries.study_links.unlinked(viewer=viewer).prefetch_related("series")
    return Table(
        ("study", "facts", "best proposal", "reasons"),
        (row for chunk in in_chunks(chunked(found)) for row in _unlinked(viewer, chunk)),
    )


def _unlinked(viewer: User, studies: list[Study]) -> Iterator[Row]:
    candidates = queries.study_links.candidates_of(viewer=viewer, studies=studies)
    for study in studies:
        one = study_links.present(study, candidates=candidates[study.pk])
        best = next(iter(one.proposals), None)
        yield (
            one.title,
            "; ".join(str(fact) for fact in one.facts if fact),
            f"{best.registry_number}, {best.study}" if best else "",
            "; ".join(str(reason.words) for reason in best.reasons) if best else "",
        )


def deliveries(*, viewer: User) -> Table:
    found = imaging_queries.runs(viewer=viewer)
    results = [*IngestedFile.Result.values, "ignored"]
    header = ("started", "centre", "way", "by", "files", *results, "state")

    def rows() -> Iterator[Row]:
        for chunk in in_chunks(chunked(found)):
            counts = imaging_queries.counts_of_runs(viewer=viewer, page=chunk)
            for run in chunk:
                count = counts[run.pk]
                yield (
                    moment(run.started_at),
                    run.centre_code,
                    run.get_source_display(),
                    run.started_by.get_username() if run.started_by else "command line",
                    count["files"] + count["ignored"],
                    *(count[result] for result in results),
                    "finished" if run.finished_at else "not finished",
                )

    return Table(header, rows())


def quarantine(*, viewer: User, decided: bool, kept: timedelta) -> Table:
    """Files that wait for a decision, or those somebody decided about; no name of a file."""
    if not decided:
        return Table(
            (*OF_QUARANTINED, "kept until"),
            (
                (*_of_quarantined(file), (file.recorded_at + kept).date())
                for file in chunked(waiting(viewer=viewer))
            ),
        )
    found = quarantined(viewer=viewer).exclude(quarantine_decision=None)
    return Table(
        (*OF_QUARANTINED, "decision", "decided", "by", "why"),
        (
            (
                *_of_quarantined(file),
                (said := file.quarantine_decision).get_decision_display(),
                said.decided_at.date(),
                said.decided_by.get_username() if said.decided_by else "",
                said.reason,
            )
            for file in chunked(found)
        ),
    )


def _of_quarantined(file: IngestedFile) -> Row:
    return (
        moment(file.recorded_at),
        file.run.centre_code,
        reason_sentence(file.reason_code),
        file.run.get_source_display(),
        str(file.run.public_id),
        f"{file.position}.{file.entry}" if file.entry else str(file.position),
    )
